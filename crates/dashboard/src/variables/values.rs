//! What variables are at the moment.

use super::{ALL_VALUE, AdHocFilter, Choice, Variable, VariableKind};
use crate::interval::{fit_interval, format_interval, parse_interval};

/// What one variable is, and could be.
#[derive(Debug, Clone)]
pub struct VariableValue {
    /// Its description.
    pub variable: Variable,
    /// What it can be.
    pub options: Vec<Choice>,
    /// What it is. Several only where that is allowed; [`ALL_VALUE`] stands alone.
    pub selected: Vec<Choice>,
    /// Filters, of a variable that is filters.
    pub filters: Vec<AdHocFilter>,
}

/// A variable's values as they are written.
#[derive(Debug, Clone, Default)]
pub(super) struct Resolved {
    pub(super) values: Vec<String>,
    pub(super) texts: Vec<String>,
    /// What stands for all, if the author says so.
    pub(super) all_raw: Option<String>,
    pub(super) is_all: bool,
    /// Whether the values are alternatives of a pattern.
    pub(super) pattern: bool,
    /// Whether there may be several.
    pub(super) several: bool,
}

impl Resolved {
    pub(super) fn one(value: impl Into<String>) -> Self {
        let value = value.into();
        Self {
            texts: vec![value.clone()],
            values: vec![value],
            ..Self::default()
        }
    }
}

impl VariableValue {
    /// The variable with its saved choices and value.
    pub fn new(variable: Variable) -> Self {
        let filters = match &variable.kind {
            VariableKind::AdHoc { filters, .. } => filters.clone(),
            _ => Vec::new(),
        };
        let mut value = Self {
            options: variable.options.clone(),
            selected: variable.current.clone(),
            filters,
            variable,
        };
        for choice in &mut value.selected {
            if let Some(option) = value
                .options
                .iter()
                .find(|option| option.value == choice.value)
            {
                choice.clone_from(option);
            }
        }
        value.settle(false);
        value
    }

    /// Takes new choices, and keeps the chosen values that are still among them.
    pub fn set_options(&mut self, options: Vec<Choice>) {
        self.options = options;
        self.settle(true);
    }

    /// Chooses values; what is no choice is kept as it is, for it may become one.
    pub fn select(&mut self, values: &[String]) {
        let all =
            |value: &String| value == ALL_VALUE || value == "All" && self.variable.include_all;
        self.selected = if values.iter().any(all) && self.variable.include_all {
            vec![Choice::new("All", ALL_VALUE)]
        } else {
            let known = |value: &String| {
                self.options
                    .iter()
                    .find(|choice| choice.value == *value || choice.text == *value)
                    .cloned()
                    .unwrap_or_else(|| Choice::plain(value))
            };
            values.iter().map(known).collect()
        };
        if !self.variable.multi {
            self.selected.truncate(1);
        }
    }

    /// Whether all is chosen.
    pub fn is_all(&self) -> bool {
        matches!(self.selected.as_slice(), [choice] if choice.value == ALL_VALUE)
    }

    /// The chosen values; for all, every choice.
    pub fn chosen(&self) -> Vec<Choice> {
        if self.is_all() {
            self.options.clone()
        } else {
            self.selected.clone()
        }
    }

    /// Falls back to something that can be chosen; `known` says whether the choices are up to date.
    fn settle(&mut self, known: bool) {
        let fixed = matches!(
            self.variable.kind,
            VariableKind::TextBox
                | VariableKind::Constant
                | VariableKind::AdHoc { .. }
                | VariableKind::Other(_)
                | VariableKind::GroupBy
        );
        if self.selected.iter().any(|choice| choice.value == ALL_VALUE) {
            self.selected = if self.variable.include_all {
                vec![Choice::new("All", ALL_VALUE)]
            } else {
                Vec::new()
            };
        }
        if known && !fixed && !self.is_all() {
            let options = &self.options;
            let keep = |choice: &Choice| {
                options
                    .iter()
                    .find(|option| option.value == choice.value)
                    .or_else(|| options.iter().find(|option| option.text == choice.text))
                    .cloned()
            };
            self.selected = self.selected.iter().filter_map(keep).collect();
        }
        if self.selected.is_empty() {
            self.selected = match self.options.first() {
                // A dashboard that has never been opened begins with all there is, if it may.
                _ if self.variable.include_all && self.variable.current.is_empty() => {
                    vec![Choice::new("All", ALL_VALUE)]
                }
                Some(first) => vec![first.clone()],
                None if self.variable.include_all => vec![Choice::new("All", ALL_VALUE)],
                None => Vec::new(),
            };
        }
    }

    /// The values for texts; an interval that follows the time range needs its length. Units: milliseconds.
    pub(super) fn resolve(&self, range: Option<i64>) -> Resolved {
        let variable = &self.variable;
        if let VariableKind::Interval {
            auto: true,
            auto_count,
            auto_min,
        } = &variable.kind
            && let [choice] = self.selected.as_slice()
            && choice.value.starts_with("$__auto_interval")
            && let Some(range) = range
        {
            let floor = parse_interval(auto_min).unwrap_or(10_000);
            return Resolved::one(format_interval(fit_interval(range, *auto_count, floor)));
        }
        let chosen = self.chosen();
        let is_all = self.is_all();
        Resolved {
            texts: if is_all {
                vec!["All".into()]
            } else {
                chosen.iter().map(|choice| choice.text.clone()).collect()
            },
            values: chosen.into_iter().map(|choice| choice.value).collect(),
            all_raw: variable.all_value.clone().filter(|_| is_all),
            is_all,
            pattern: variable.is_pattern(),
            several: variable.multi || is_all,
        }
    }
}

/// What all variables of a dashboard are. Ordering: that of the dashboard.
#[derive(Debug, Clone, Default)]
pub struct VariableValues {
    values: Vec<VariableValue>,
}

impl VariableValues {
    /// The variables with their saved values.
    pub fn new(variables: impl IntoIterator<Item = Variable>) -> Self {
        Self {
            values: variables.into_iter().map(VariableValue::new).collect(),
        }
    }

    /// The variable with a name.
    pub fn get(&self, name: &str) -> Option<&VariableValue> {
        self.values.iter().find(|value| value.variable.name == name)
    }

    /// The variable with a name, to be changed.
    pub fn get_mut(&mut self, name: &str) -> Option<&mut VariableValue> {
        self.values
            .iter_mut()
            .find(|value| value.variable.name == name)
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &VariableValue> {
        self.values.iter()
    }

    /// All of them, to be changed.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut VariableValue> {
        self.values.iter_mut()
    }

    /// The filters that every query gets, those that cannot be taken away first.
    pub fn filters(&self) -> Vec<AdHocFilter> {
        self.values
            .iter()
            .filter_map(|value| match &value.variable.kind {
                VariableKind::AdHoc { base, .. } => Some(base.iter().chain(&value.filters)),
                _ => None,
            })
            .flatten()
            .cloned()
            .collect()
    }
}
