//! Everything that a text may mention.

use super::values::Resolved;
use super::{Choice, VariableValues, url_pairs};
use crate::civil::{Utc, Zone};
use crate::interval::Intervals;
use crate::time::format_moment;

/// What is the same for the whole page.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Globals {
    /// Start of the time range. Units: milliseconds since the epoch.
    pub from: i64,
    /// Its end.
    pub to: i64,
    /// The start as the address has it, such as `now-6h`.
    pub raw_from: String,
    /// The end as the address has it.
    pub raw_to: String,
    /// Name of the zone.
    pub timezone: String,
    /// Title of the dashboard.
    pub dashboard_title: String,
    /// Uid of the dashboard.
    pub dashboard_uid: String,
    /// Who looks at it.
    pub user_login: String,
    /// Their address.
    pub user_email: String,
    /// Their number.
    pub user_id: String,
    /// Name of the organisation.
    pub org_name: String,
}

/// What is asked for a name that is neither a variable nor global, with the path behind its dot.
type Lookup<'a> = &'a dyn Fn(&str, &str) -> Option<String>;

/// Everything that a text may mention.
#[derive(Clone)]
pub struct Scope<'a> {
    /// The variables.
    pub values: &'a VariableValues,
    /// What is the same for the page.
    pub globals: &'a Globals,
    /// The lengths of time of a query; none outside of queries.
    pub intervals: Option<Intervals>,
    /// Values that go before those of variables: those of a repeated panel or row.
    pub clones: Vec<(String, Choice)>,
    /// Values of data links: `__field`, `__value`, `__series`, `__data`.
    pub lookup: Option<Lookup<'a>>,
    /// Where moments are read.
    pub zone: &'a dyn Zone,
}

impl<'a> Scope<'a> {
    /// The scope of a page.
    pub fn new(values: &'a VariableValues, globals: &'a Globals) -> Self {
        Self {
            values,
            globals,
            intervals: None,
            clones: Vec::new(),
            lookup: None,
            zone: &Utc,
        }
    }

    /// The scope of a query.
    #[must_use]
    pub fn with_intervals(mut self, intervals: Intervals) -> Self {
        self.intervals = Some(intervals);
        self
    }

    /// The scope of a repeated panel or row.
    #[must_use]
    pub fn with_clones(mut self, clones: &[(String, Choice)]) -> Self {
        self.clones.extend(clones.iter().cloned());
        self
    }

    /// The scope of a link of a value.
    #[must_use]
    pub fn with_lookup(mut self, lookup: Lookup<'a>) -> Self {
        self.lookup = Some(lookup);
        self
    }

    /// The scope of a reader in a zone.
    #[must_use]
    pub fn in_zone(mut self, zone: &'a dyn Zone) -> Self {
        self.zone = zone;
        self
    }

    /// The values of a variable; of a property of it, if there is a path.
    pub(super) fn variable(&self, name: &str, path: &str) -> Option<Resolved> {
        if let Some((_, choice)) = self.clones.iter().rev().find(|(known, _)| known == name) {
            let variable = self.values.get(name).map(|value| &value.variable);
            let value = property(choice, path).unwrap_or(&choice.value).to_owned();
            return Some(Resolved {
                texts: vec![choice.text.clone()],
                values: vec![value],
                pattern: variable.is_some_and(super::Variable::is_pattern),
                ..Resolved::default()
            });
        }
        let value = self.values.get(name)?;
        let range = self
            .intervals
            .map(|intervals| intervals.range)
            .or(Some(self.globals.to - self.globals.from))
            .filter(|range| *range > 0);
        let mut resolved = value.resolve(range);
        if !path.is_empty() {
            if let Ok(index) = path.parse::<usize>() {
                let at = |list: &[String]| list.get(index).cloned().into_iter().collect();
                resolved.values = at(&resolved.values);
                resolved.texts = at(&resolved.texts);
            } else {
                let chosen = value.chosen();
                resolved.values = chosen
                    .iter()
                    .map(|choice| property(choice, path).unwrap_or(&choice.value).to_owned())
                    .collect();
            }
        }
        Some(resolved)
    }

    /// The value of a name that begins with two underscores (or is `timeFilter`).
    pub(super) fn global(&self, name: &str, path: &str) -> Option<Resolved> {
        if let Some(value) = self
            .intervals
            .and_then(|intervals| intervals.macro_value(name))
        {
            return Some(Resolved::one(value));
        }
        let globals = self.globals;
        let text = match (name, path) {
            ("__from", _) => globals.from.to_string(),
            ("__to", _) => globals.to.to_string(),
            ("__timezone", _) => globals.timezone.clone(),
            ("__dashboard", "uid") => globals.dashboard_uid.clone(),
            ("__dashboard", _) => globals.dashboard_title.clone(),
            ("__org", "name") => globals.org_name.clone(),
            ("__org", _) => "1".into(),
            ("__user", "email") => globals.user_email.clone(),
            ("__user", "id") => globals.user_id.clone(),
            ("__user", _) => globals.user_login.clone(),
            ("__url_time_range", _) => self.url_time_range(),
            ("__all_variables", _) => pairs_text(&url_pairs(self.values, &self.clones)),
            ("timeFilter" | "__timeFilter", _) => {
                let iso = |ms| format_moment(ms, &Utc, "YYYY-MM-DD[T]HH:mm:ss[Z]");
                format!(
                    "time >= '{}' AND time <= '{}'",
                    iso(globals.from),
                    iso(globals.to)
                )
            }
            _ => {
                return self
                    .lookup
                    .and_then(|lookup| lookup(name, path))
                    .map(Resolved::one);
            }
        };
        Some(Resolved::one(text))
    }

    fn url_time_range(&self) -> String {
        let end = |raw: &str, ms: i64| {
            if raw.is_empty() {
                ms.to_string()
            } else {
                raw.to_owned()
            }
        };
        pairs_text(&[
            (
                "from".into(),
                end(&self.globals.raw_from, self.globals.from),
            ),
            ("to".into(), end(&self.globals.raw_to, self.globals.to)),
        ])
    }
}

fn property<'a>(choice: &'a Choice, path: &str) -> Option<&'a str> {
    match path {
        "" => None,
        "text" => Some(&choice.text),
        "value" => Some(&choice.value),
        _ => choice
            .properties
            .iter()
            .find(|(name, _)| name == path)
            .map(|(_, value)| value.as_str()),
    }
}

fn pairs_text(pairs: &[(String, String)]) -> String {
    use super::percent_encode;
    pairs
        .iter()
        .map(|(name, value)| format!("{}={}", percent_encode(name), percent_encode(value)))
        .collect::<Vec<_>>()
        .join("&")
}
