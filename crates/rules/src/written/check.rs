//! Whether a written rule is one, with what is wrong at the field that it is about.

use super::{WrittenKind, WrittenRule};
use crate::file::{Fault, RuleDefinition, RuleProblem, checked_rule};
use model::DurationMs;
use promql_syntax::ParseOptions;
use std::ops::Range;

/// A field of a rule.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Field {
    /// `alert` or `record`.
    Name,
    /// `expr`.
    Expr,
    /// `for`.
    For,
    /// `keep_firing_for`.
    KeepFiringFor,
    /// The label of this name.
    Label(String),
    /// The annotation of this name.
    Annotation(String),
    /// `annotations` as a whole.
    Annotations,
}

/// Something that is wrong with a field.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct FieldFault {
    /// The field.
    pub field: Field,
    /// The part of the expression that it is about. Units: bytes.
    pub span: Option<Range<usize>>,
    /// What is wrong, as a check of rule files words it.
    pub message: String,
    /// What would help, where that is known.
    pub hint: Option<&'static str>,
}

impl FieldFault {
    fn new(field: Field, message: &dyn std::fmt::Display) -> Self {
        Self {
            field,
            span: None,
            message: message.to_string(),
            hint: None,
        }
    }
}

impl WrittenRule {
    /// The rule that is written here, checked as a rule file is.
    ///
    /// # Errors
    /// All that is wrong, each at its field. Never empty.
    pub fn check(&self, options: ParseOptions) -> Result<RuleDefinition, Vec<FieldFault>> {
        let mut faults = Vec::new();
        let mut time = |field: Field, text: &str| {
            let text = text.trim();
            if text.is_empty() {
                return;
            }
            if let Err(source) = text.parse::<DurationMs>() {
                let fault = Fault::Duration {
                    text: text.to_owned(),
                    source,
                };
                faults.push(FieldFault::new(field, &fault));
            }
        };
        time(Field::For, &self.hold);
        time(Field::KeepFiringFor, &self.keep_firing_for);
        match checked_rule(self, options) {
            Ok(rule) if faults.is_empty() => return Ok(rule),
            Ok(_) => {}
            Err(more) => {
                for fault in more {
                    match fault {
                        Fault::Rule { problem, .. } => faults.extend(self.of_problem(&problem)),
                        // Told above, where the field is known.
                        Fault::Duration { .. } => {}
                        other => faults.push(FieldFault::new(Field::Name, &other)),
                    }
                }
            }
        }
        Err(faults)
    }

    fn of_problem(&self, problem: &RuleProblem) -> Vec<FieldFault> {
        let field = match problem {
            RuleProblem::Expr(errors) => {
                let fault = |error: &promql_syntax::ParseError| FieldFault {
                    field: Field::Expr,
                    span: Some(error.span.start..error.span.end),
                    message: error.to_string(),
                    hint: error.hint,
                };
                return errors.iter().map(fault).collect();
            }
            RuleProblem::NoExpr => Field::Expr,
            RuleProblem::RecordField("for") => Field::For,
            RuleProblem::RecordField("keep_firing_for") => Field::KeepFiringFor,
            RuleProblem::RecordField(_) => Field::Annotations,
            RuleProblem::LabelName(name) => Field::Label(name.clone()),
            RuleProblem::Template { what, name, .. } if *what == "label" => {
                Field::Label(name.clone())
            }
            RuleProblem::AnnotationName(name) | RuleProblem::Template { name, .. } => {
                Field::Annotation(name.clone())
            }
            _ => Field::Name,
        };
        let message = match problem {
            // The form has one field for both names.
            RuleProblem::NoKind => format!("the name of the {} is missing", self.word()),
            problem => problem.to_string(),
        };
        vec![FieldFault::new(field, &message)]
    }

    fn word(&self) -> &'static str {
        match self.kind {
            WrittenKind::Alert => "alert",
            WrittenKind::Record => "recorded series",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule() -> WrittenRule {
        WrittenRule {
            name: "Down".into(),
            expr: "up == 0".into(),
            hold: "5m".into(),
            ..WrittenRule::default()
        }
    }

    fn faults(rule: &WrittenRule) -> Vec<(Field, String)> {
        let faults = rule.check(ParseOptions::default()).unwrap_err();
        faults
            .into_iter()
            .map(|fault| (fault.field, fault.message))
            .collect()
    }

    #[test]
    fn a_good_rule_is_the_one_that_a_file_gives() {
        let text = "groups: [{name: g, rules: [{alert: Down, expr: up == 0, for: 5m}]}]";
        let file = crate::RuleFile::parse(text, "f", ParseOptions::default()).unwrap();
        let checked = rule().check(ParseOptions::default()).unwrap();
        assert_eq!(checked, file.groups[0].rules[0]);
    }

    #[test]
    fn every_fault_stands_at_its_field() {
        let bad = WrittenRule {
            name: String::new(),
            expr: "rate(up[5m]".into(),
            hold: "5x".into(),
            keep_firing_for: "soon".into(),
            labels: [("__name__".into(), "x".into())].into(),
            ..rule()
        };
        let fields: Vec<Field> = faults(&bad).into_iter().map(|(field, _)| field).collect();
        assert_eq!(
            fields,
            [
                Field::For,
                Field::KeepFiringFor,
                Field::Name,
                Field::Expr,
                Field::Label("__name__".into())
            ]
        );
        let templates = WrittenRule {
            labels: [("severity".into(), "{{ if }}".into())].into(),
            annotations: [("summary".into(), "{{ $labels.".into())].into(),
            ..rule()
        };
        let fields: Vec<Field> = faults(&templates).into_iter().map(|(f, _)| f).collect();
        assert_eq!(
            fields,
            [
                Field::Label("severity".into()),
                Field::Annotation("summary".into())
            ]
        );
    }

    #[test]
    fn faults_of_the_expression_name_the_spot() {
        let bad = WrittenRule {
            expr: "sum(up".into(),
            ..rule()
        };
        let faults = bad.check(ParseOptions::default()).unwrap_err();
        assert_eq!(faults[0].field, Field::Expr);
        assert!(faults[0].span.is_some() && faults[0].message.contains("parse error"));
    }

    #[test]
    fn recording_rules_have_neither_waits_nor_annotations() {
        let bad = WrittenRule {
            kind: WrittenKind::Record,
            annotations: [("a".into(), "b".into())].into(),
            ..rule()
        };
        let fields: Vec<Field> = faults(&bad).into_iter().map(|(field, _)| field).collect();
        assert_eq!(fields, [Field::Annotations, Field::For]);
    }
}
