//! A variable as its dashboard describes it.

use super::{
    AdHocFilter, Choice, Format, Scope, SortMode, VariableQuery, choices_from_text,
    choices_from_values, find_references, interpolate,
};
use crate::error::Result;
use crate::json::{Reading, flag_of, text_of};
use crate::notice::Notice;
use crate::regex::Regex;
use serde_json::Value;

/// What a variable is.
#[derive(Debug, Clone, PartialEq)]
pub enum VariableKind {
    /// Its choices are the answer to a query.
    Query(VariableQuery),
    /// Its choices are written down.
    Custom,
    /// A length of time.
    Interval {
        /// Whether one choice follows the time range.
        auto: bool,
        /// How many intervals that choice makes of the range.
        auto_count: i64,
        /// What that choice is at least.
        auto_min: String,
    },
    /// A fixed value.
    Constant,
    /// Free text.
    TextBox,
    /// A data source.
    DataSource {
        /// Kind of the data sources to choose from.
        plugin: String,
    },
    /// Filters on labels for every query.
    AdHoc {
        /// Chosen filters.
        filters: Vec<AdHocFilter>,
        /// Filters that cannot be taken away.
        base: Vec<AdHocFilter>,
    },
    /// One of two values.
    Switch {
        /// When it is on.
        on: String,
        /// When it is off.
        off: String,
    },
    /// Labels to group by.
    GroupBy,
    /// Something that is not known; its saved value is used.
    Other(String),
}

/// How much of a variable is seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Hide {
    /// Label and value.
    #[default]
    Nothing,
    /// The value alone.
    Label,
    /// Neither.
    Variable,
}

/// When the choices of a query are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Refresh {
    /// Never; the saved ones are used, or asked for once if there are none.
    Never,
    /// When the dashboard opens.
    #[default]
    OnLoad,
    /// When the time range changes, too.
    OnTimeRange,
}

/// A variable.
#[derive(Debug, Clone)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent switches of the document"
)]
pub struct Variable {
    /// What texts call it.
    pub name: String,
    /// What people read; its name if there is none.
    pub label: String,
    /// For people.
    pub description: String,
    /// What it is.
    pub kind: VariableKind,
    /// How much of it is seen.
    pub hide: Hide,
    /// Whether addresses leave it out.
    pub skip_url: bool,
    /// Whether several choices can be taken.
    pub multi: bool,
    /// Whether there is a choice that stands for all.
    pub include_all: bool,
    /// What that choice writes, as it stands.
    pub all_value: Option<String>,
    /// Whether a value may be typed that is no choice.
    pub allow_custom: bool,
    /// Pattern of the part of the answers that is taken; may mention other variables. Empty takes all.
    pub regex: String,
    /// Whether the pattern looks at texts instead of values.
    pub regex_on_text: bool,
    /// Order of the choices.
    pub sort: SortMode,
    /// When they are asked for.
    pub refresh: Refresh,
    /// The choices that are written down or were saved.
    pub options: Vec<Choice>,
    /// What was chosen when the dashboard was saved.
    pub current: Vec<Choice>,
    /// Texts in which other variables may stand.
    pub(super) depends_on: Vec<String>,
}

impl Variable {
    /// Reads a variable; without a name it is none.
    pub fn read(value: &Value, notices: &mut Vec<Notice>) -> Option<Self> {
        let name = value
            .str("name")
            .filter(|name| !name.is_empty())?
            .to_owned();
        let path = format!("variable `{name}`");
        let query = query_text(value);
        let kind = read_kind(value, &query, &path, notices);
        let regex_text = value.str_or_empty("regex").to_owned();
        if find_references(&regex_text).is_empty()
            && let Err(error) = Regex::from_slashed(&regex_text)
        {
            notices.push(Notice::new(&path, error.to_string()));
        }
        let mut options: Vec<Choice> = value
            .list("options")
            .iter()
            .filter_map(Choice::read)
            .collect();
        options.retain(|choice| choice.value != super::ALL_VALUE);
        match &kind {
            VariableKind::Custom => options = choices_from_text(&query),
            VariableKind::Interval { auto, .. } => {
                options = choices_from_text(&query);
                if *auto {
                    let value = format!("$__auto_interval_{name}");
                    options.insert(0, Choice::new("auto", value));
                }
            }
            VariableKind::Constant | VariableKind::TextBox => options = vec![Choice::plain(&query)],
            VariableKind::Switch { on, off } => {
                options = vec![Choice::plain(on), Choice::plain(off)];
            }
            _ => {}
        }
        let current = match &kind {
            VariableKind::Constant => vec![Choice::plain(&query)],
            _ => read_current(value),
        };
        let label = value
            .str("label")
            .filter(|label| !label.is_empty())
            .unwrap_or(&name);
        Some(Self {
            label: label.to_owned(),
            description: value.str_or_empty("description").to_owned(),
            hide: match (value.whole("hide"), value.str("hide")) {
                (Some(1), _) | (_, Some("hideLabel")) => Hide::Label,
                (Some(2), _) | (_, Some("hideVariable")) => Hide::Variable,
                _ => Hide::Nothing,
            },
            skip_url: value.is("skipUrlSync"),
            multi: value.is("multi"),
            include_all: value.is("includeAll"),
            all_value: value.text("allValue").filter(|text| !text.is_empty()),
            allow_custom: value.flag("allowCustomValue").unwrap_or(true),
            regex_on_text: value.str("regexApplyTo") == Some("text"),
            sort: SortMode::read(value),
            refresh: match (value.whole("refresh"), value.flag("refresh")) {
                (Some(2), _) => Refresh::OnTimeRange,
                (Some(0), _) | (_, Some(false)) => Refresh::Never,
                _ => Refresh::OnLoad,
            },
            depends_on: vec![query, regex_text.clone()],
            regex: regex_text,
            name,
            kind,
            options,
            current,
        })
    }

    /// The pattern of the part of the answers that is taken, other variables put in; `None` takes all.
    ///
    /// # Errors
    /// [`Error::Pattern`](crate::Error::Pattern) if it is none.
    pub fn pattern(&self, scope: &Scope<'_>) -> Result<Option<Regex>> {
        if self.regex.is_empty() {
            return Ok(None);
        }
        let text = interpolate(&self.regex, scope, &Format::Regex);
        Regex::from_slashed(&text).map(Some)
    }

    /// The choices that the answers of its query make.
    ///
    /// # Errors
    /// [`Error::Pattern`](crate::Error::Pattern) if its pattern is none.
    pub fn choices(&self, answers: &[String], scope: &Scope<'_>) -> Result<Vec<Choice>> {
        let pattern = self.pattern(scope)?;
        Ok(choices_from_values(
            answers,
            pattern.as_ref(),
            self.regex_on_text,
            self.sort,
        ))
    }

    /// Whether its value is written as a pattern of alternatives in PromQL.
    pub fn is_pattern(&self) -> bool {
        self.multi || self.include_all
    }
}

fn query_text(value: &Value) -> String {
    match value.field("query") {
        Some(Value::Object(query)) => query
            .text("query")
            .or_else(|| value.text("definition"))
            .unwrap_or_default(),
        Some(other) => text_of(other).unwrap_or_default(),
        None => value.text("definition").unwrap_or_default(),
    }
}

fn read_kind(value: &Value, query: &str, path: &str, notices: &mut Vec<Notice>) -> VariableKind {
    let filters = |key| {
        value
            .list(key)
            .iter()
            .filter_map(AdHocFilter::read)
            .collect()
    };
    match value.str("type").unwrap_or("query") {
        "query" => {
            let object = value.field("query").filter(|query| query.is_object());
            VariableKind::Query(VariableQuery::read(query, object))
        }
        "custom" => VariableKind::Custom,
        "interval" => VariableKind::Interval {
            auto: value.is("auto"),
            auto_count: value.whole("auto_count").unwrap_or(30).max(1),
            auto_min: value.str("auto_min").unwrap_or("10s").to_owned(),
        },
        "constant" => VariableKind::Constant,
        "textbox" => VariableKind::TextBox,
        "datasource" => VariableKind::DataSource {
            plugin: query.to_owned(),
        },
        "adhoc" => VariableKind::AdHoc {
            filters: filters("filters"),
            base: filters("baseFilters"),
        },
        "switch" => {
            let side = |key: &str, at: usize, default: &str| {
                value
                    .text(key)
                    .or_else(|| value.list("options").get(at)?.text("value"))
                    .unwrap_or_else(|| default.to_owned())
            };
            VariableKind::Switch {
                on: side("enabledValue", 0, "true"),
                off: side("disabledValue", 1, "false"),
            }
        }
        "groupby" => {
            notices.push(Notice::new(
                path,
                "variables that group are shown, but queries are not regrouped by them",
            ));
            VariableKind::GroupBy
        }
        other => {
            notices.push(Notice::new(
                path,
                format!("the kind of variable `{other}` is not known; its saved value is used"),
            ));
            VariableKind::Other(other.to_owned())
        }
    }
}

/// `{text, value}`, each a text or a list.
fn read_current(value: &Value) -> Vec<Choice> {
    let Some(current) = value.field("current") else {
        return Vec::new();
    };
    if let Some(flag) = current
        .field("value")
        .filter(|value| value.is_boolean())
        .and_then(flag_of)
    {
        return vec![Choice::plain(if flag { "true" } else { "false" })];
    }
    let values = current.texts("value");
    let texts = current.texts("text");
    values
        .iter()
        .enumerate()
        .filter(|(_, value)| !value.is_empty())
        .map(|(i, value)| {
            let text = if values.len() == texts.len() {
                texts.get(i)
            } else {
                None
            };
            Choice::new(text.unwrap_or(value), value)
        })
        .collect()
}
