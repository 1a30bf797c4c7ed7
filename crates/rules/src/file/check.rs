//! Wire structs to definitions.

use super::fault::{Fault, FileErrors, Place, RuleProblem};
use super::wire::{self, Text};
use super::{GroupDefinition, Pairs, RuleDefinition, RuleFile, RuleKind};
use crate::written::{WrittenKind, WrittenRule};
use model::{DurationMs, METRIC_NAME};
use promql_syntax::{Expr, ParseOptions};
use serde_saphyr::{Location, Spanned};
use std::collections::{BTreeMap, HashSet};
use template::Template;

pub(super) fn parse(text: &str, path: &str, options: ParseOptions) -> Result<RuleFile, FileErrors> {
    let failed = |faults| FileErrors {
        path: path.to_owned(),
        faults,
    };
    let file = checked_yaml(text, path)?;
    let mut checker = Checker {
        options,
        faults: Vec::new(),
    };
    let groups = checker.groups(file.groups.unwrap_or_default());
    if checker.faults.is_empty() {
        return Ok(RuleFile {
            path: path.to_owned(),
            groups,
        });
    }
    Err(failed(checker.faults))
}

/// The file as it is written.
pub(crate) fn checked_yaml(text: &str, path: &str) -> Result<wire::File, FileErrors> {
    let file = serde_saphyr::from_str::<Option<wire::File>>(first_document(text));
    let file = file.map_err(|error| FileErrors {
        path: path.to_owned(),
        faults: vec![yaml_fault(&error)],
    })?;
    Ok(file.unwrap_or_default())
}

/// The definition of one written rule.
pub(crate) fn checked_rule(
    written: &WrittenRule,
    options: ParseOptions,
) -> Result<RuleDefinition, Vec<Fault>> {
    let text = |text: &str| {
        let text = text.trim();
        let here = Location::UNKNOWN;
        (!text.is_empty()).then(|| Spanned::new(text.to_owned(), here, here))
    };
    let pairs = |pairs: &BTreeMap<String, String>| {
        let all = pairs.iter();
        Some(
            all.map(|(name, value)| (name.clone(), Some(value.clone())))
                .collect(),
        )
    };
    let (record, alert) = match written.kind {
        WrittenKind::Record => (text(&written.name), None),
        WrittenKind::Alert => (None, text(&written.name)),
    };
    let wire = wire::Rule {
        record,
        alert,
        // As it stands: errors name places in it.
        expr: text(&written.expr).map(|expr| Spanned {
            value: written.expr.clone(),
            ..expr
        }),
        hold: text(&written.hold),
        keep_firing_for: text(&written.keep_firing_for),
        labels: pairs(&written.labels),
        annotations: pairs(&written.annotations),
    };
    let mut checker = Checker {
        options,
        faults: Vec::new(),
    };
    let rule = checker.rule(("", 1), &BTreeMap::new(), wire);
    rule.filter(|_| checker.faults.is_empty())
        .ok_or(checker.faults)
}

/// The text up to the line that begins a second document.
pub(crate) fn first_document(text: &str) -> &str {
    let mut at = 0;
    let mut content = false;
    for line in text.split_inclusive('\n') {
        let bare = line.trim_end();
        let marker = bare == "---" || bare.starts_with("--- ");
        if content && (marker || bare == "...") {
            return text.get(..at).unwrap_or(text);
        }
        content |= !marker && !bare.is_empty() && !bare.starts_with(['#', '%']);
        at += line.len();
    }
    text
}

fn yaml_fault(error: &serde_saphyr::Error) -> Fault {
    use serde_saphyr::Error as Yaml;
    let inner = error.without_snippet();
    let line = inner.location().map_or(0, |location| location.line());
    match inner {
        Yaml::SerdeUnknownField {
            field, expected, ..
        } => Fault::UnknownField {
            line,
            field: field.clone(),
            kind: wire::type_name(expected),
        },
        Yaml::DuplicateMappingKey {
            key: Some(field), ..
        } => Fault::RepeatedField {
            line,
            field: field.clone(),
        },
        other => {
            let message = other.to_string();
            let first = message.lines().next().unwrap_or("");
            let first = first.split(" at line ").next().unwrap_or(first);
            Fault::Yaml {
                line,
                message: first.trim_start_matches("error: ").to_owned(),
            }
        }
    }
}

fn place(location: Location) -> Place {
    Place {
        line: location.line(),
        column: location.column(),
    }
}

fn text_place(text: &Text) -> Place {
    text.as_ref()
        .map_or(Place::default(), |text| place(text.referenced))
}

/// The text, if it is there and not empty.
fn filled(text: Text) -> Option<String> {
    text.map(|text| text.value).filter(|text| !text.is_empty())
}

fn pairs(wire: wire::Pairs) -> BTreeMap<String, String> {
    let all = wire.unwrap_or_default().into_iter();
    all.map(|(name, value)| (name, value.unwrap_or_default()))
        .collect()
}

/// Whether a label may have this name: with UTF-8 names, any but the empty one.
fn is_label_name(name: &str) -> bool {
    !name.is_empty() && name != METRIC_NAME
}

struct Checker {
    options: ParseOptions,
    faults: Vec<Fault>,
}

impl Checker {
    fn groups(&mut self, wire: Vec<Spanned<wire::Group>>) -> Vec<GroupDefinition> {
        let mut names = HashSet::new();
        let mut groups = Vec::with_capacity(wire.len());
        for group in wire {
            let at = place(group.referenced);
            let name = group.value.name.clone().unwrap_or_default();
            if name.is_empty() {
                self.faults.push(Fault::NoGroupName { place: at });
            }
            if !names.insert(name.clone()) {
                self.faults.push(Fault::RepeatedGroup {
                    place: at,
                    group: name.clone(),
                });
            }
            groups.push(self.group(name, at, group.value));
        }
        groups
    }

    fn group(&mut self, name: String, at: Place, wire: wire::Group) -> GroupDefinition {
        let limit = wire.limit.unwrap_or(0);
        if limit < 0 {
            self.faults.push(Fault::NegativeLimit {
                place: at,
                group: name.clone(),
                limit,
            });
        }
        let labels = pairs(wire.labels);
        for name in labels.keys().filter(|name| !is_label_name(name)) {
            let name = name.clone();
            self.faults.push(Fault::GroupLabel { name });
        }
        let interval = self.duration(wire.interval).filter(|time| time.0 > 0);
        let query_offset = self.duration(wire.query_offset);
        let mut rules = Vec::new();
        for (index, rule) in wire.rules.unwrap_or_default().into_iter().enumerate() {
            rules.extend(self.rule((&name, index + 1), &labels, rule));
        }
        GroupDefinition {
            interval,
            query_offset,
            limit: usize::try_from(limit).unwrap_or(0),
            rules,
            name,
        }
    }

    fn duration(&mut self, text: Text) -> Option<DurationMs> {
        let text = text?.value;
        match text.parse() {
            Ok(duration) => Some(duration),
            Err(source) => {
                self.faults.push(Fault::Duration { text, source });
                None
            }
        }
    }

    /// The rule, unless something is wrong with it.
    fn rule(
        &mut self,
        (group, number): (&str, usize),
        group_labels: &BTreeMap<String, String>,
        wire: wire::Rule,
    ) -> Option<RuleDefinition> {
        let (record_at, alert_at) = (text_place(&wire.record), text_place(&wire.alert));
        let expr_at = text_place(&wire.expr);
        let (record, alert) = (filled(wire.record), filled(wire.alert));
        let name = alert.clone().or_else(|| record.clone()).unwrap_or_default();
        let hold = self.duration(wire.hold).unwrap_or_default();
        let keep_firing_for = self.duration(wire.keep_firing_for).unwrap_or_default();
        let (own, annotations) = (pairs(wire.labels), pairs(wire.annotations));
        let before = self.faults.len();
        let mut refuse = |at: Vec<Place>, problem| {
            self.faults.push(Fault::Rule {
                at,
                group: group.to_owned(),
                number,
                name: name.clone(),
                problem,
            });
        };
        match (&record, &alert) {
            (Some(_), Some(_)) => refuse(vec![record_at, alert_at], RuleProblem::BothKinds),
            (None, None) => refuse(vec![record_at, alert_at], RuleProblem::NoKind),
            _ => {}
        }
        let mut expr: Option<Expr> = None;
        match filled(wire.expr) {
            None => refuse(vec![expr_at], RuleProblem::NoExpr),
            Some(text) => match promql::parse(&text, self.options) {
                Ok(parsed) => expr = Some(parsed),
                Err(errors) => refuse(vec![expr_at], RuleProblem::Expr(errors)),
            },
        }
        if let Some(record) = &record {
            for (field, there) in [
                ("annotations", !annotations.is_empty()),
                ("for", hold.0 != 0),
                ("keep_firing_for", keep_firing_for.0 != 0),
            ] {
                if there {
                    refuse(vec![record_at], RuleProblem::RecordField(field));
                }
            }
            if record.contains(['{', '}']) {
                refuse(vec![record_at], RuleProblem::Braces(record.clone()));
            }
        }
        for name in own.keys().filter(|name| !is_label_name(name)) {
            refuse(Vec::new(), RuleProblem::LabelName(name.clone()));
        }
        for name in annotations.keys().filter(|name| name.is_empty()) {
            refuse(Vec::new(), RuleProblem::AnnotationName(name.clone()));
        }
        if let Some(alert) = &alert {
            for problem in template_problems(alert, &own, &annotations) {
                refuse(Vec::new(), problem);
            }
        }
        if self.faults.len() > before {
            return None;
        }
        let mut labels = group_labels.clone();
        labels.extend(own);
        let kind = match alert {
            Some(name) => RuleKind::Alert {
                name,
                hold,
                keep_firing_for,
                annotations: annotations.into_iter().collect(),
            },
            None => RuleKind::Record { name },
        };
        Some(RuleDefinition {
            kind,
            expr: expr?,
            labels: labels.into_iter().collect::<Pairs>(),
        })
    }
}

/// What is wrong with the templates of the alert `name`.
fn template_problems(
    name: &str,
    labels: &BTreeMap<String, String>,
    annotations: &BTreeMap<String, String>,
) -> Vec<RuleProblem> {
    let template_name = template_name(name);
    let mut problems = Vec::new();
    for (what, texts) in [("label", labels), ("annotation", annotations)] {
        for (name, text) in texts {
            if let Err(error) = Template::parse_alert(&template_name, text) {
                problems.push(RuleProblem::Template {
                    what,
                    name: name.clone(),
                    error,
                });
            }
        }
    }
    problems
}

/// The name of an alert's templates in errors.
pub(crate) fn template_name(alert: &str) -> String {
    format!("__alert_{alert}")
}
