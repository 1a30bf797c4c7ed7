//! Lists of alerts and of dashboards: what they ask for.

use crate::json::{Reading, number_of};
use serde_json::Value;

/// The options of a list of alerts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlertListOptions {
    /// Whether their number alone is shown.
    pub as_number: bool,
    /// Labels to group by; none groups by rule.
    pub group_by: Vec<String>,
    /// How many at most.
    pub max_items: usize,
    /// 1 and 2 by name, 3 by importance, 4 and 5 by time; the even ones backwards but the last.
    pub sort_order: i64,
    /// Whether those of this dashboard alone are shown.
    pub this_dashboard: bool,
    /// Part of the name.
    pub name: String,
    /// Matchers of labels, as PromQL writes them.
    pub labels: String,
    /// Folder of the rules.
    pub folder: String,
    /// States that are shown: `firing`, `pending`, `noData`, `normal`, `error`.
    pub states: Vec<String>,
    /// Whether each alert is shown, not its rule alone.
    pub show_instances: bool,
}

impl AlertListOptions {
    /// Reads the options; texts may hold variables still.
    pub fn read(options: &Value) -> Self {
        let filter = options
            .object("stateFilter")
            .or(options.object("alertStateFilter"));
        let states = match filter {
            Some(filter) => ["firing", "pending", "noData", "normal", "error"]
                .iter()
                .filter(|state| filter.is(state) || **state == "noData" && filter.is("no_data"))
                .map(|state| (*state).to_owned())
                .collect(),
            None => ["firing", "pending", "noData", "error"]
                .map(str::to_owned)
                .to_vec(),
        };
        Self {
            as_number: options.str("viewMode") == Some("stat"),
            group_by: if options.str("groupMode") == Some("custom") {
                options.texts("groupBy")
            } else {
                Vec::new()
            },
            max_items: options
                .field("maxItems")
                .and_then(number_of)
                .map_or(20, crate::number::to_usize),
            sort_order: options.whole("sortOrder").unwrap_or(1),
            this_dashboard: options.is("dashboardAlerts"),
            name: options.text("alertName").unwrap_or_default(),
            labels: options.text("alertInstanceLabelFilter").unwrap_or_default(),
            folder: options
                .at(&["folder", "title"])
                .and_then(crate::json::text_of)
                .unwrap_or_default(),
            states,
            show_instances: options.is("showInstances"),
        }
    }
}

/// The options of a list of dashboards.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent switches of the document"
)]
pub struct DashListOptions {
    /// Whether those with a star are shown.
    pub starred: bool,
    /// Whether those that were open lately are shown.
    pub recent: bool,
    /// Whether those that are found are shown.
    pub search: bool,
    /// Whether the parts have titles.
    pub headings: bool,
    /// How many of each at most.
    pub max_items: usize,
    /// What is looked for.
    pub query: String,
    /// Folder to look in.
    pub folder_uid: String,
    /// Tags to look for.
    pub tags: Vec<String>,
    /// Whether links keep the time range.
    pub keep_time: bool,
    /// Whether links keep the values of variables.
    pub include_variables: bool,
}

impl DashListOptions {
    /// Reads the options.
    pub fn read(options: &Value) -> Self {
        Self {
            starred: options.flag("showStarred").unwrap_or(true),
            recent: options.is("showRecentlyViewed"),
            search: options.is("showSearch"),
            headings: options.flag("showHeadings").unwrap_or(true),
            max_items: options
                .field("maxItems")
                .and_then(number_of)
                .map_or(10, crate::number::to_usize),
            query: options.text("query").unwrap_or_default(),
            folder_uid: options.text("folderUID").unwrap_or_default(),
            tags: options.texts("tags"),
            keep_time: options.is("keepTime"),
            include_variables: options.is("includeVars"),
        }
    }
}
