//! Labels and annotations of alerts, expanded.

use super::ALERT_NAME;
use crate::RuleOptions;
use crate::file::check::template_name;
use crate::file::{Pairs, RuleDefinition, RuleKind};
use crate::query::{World, template_value};
use model::{Labels, METRIC_NAME};
use promql::VectorElement;
use std::sync::Arc;
use template::{AlertData, Template, Value};

/// The templates of one rule.
pub(crate) struct Texts {
    labels: Vec<Text>,
    annotations: Vec<Text>,
}

/// One of them.
struct Text {
    name: String,
    /// The text as it is written, where it is no template.
    template: Result<Template, template::Error>,
}

/// What one series makes of them.
pub(crate) struct Expanded {
    pub(crate) labels: Labels,
    pub(crate) annotations: Pairs,
}

impl Texts {
    pub(crate) fn of(definition: &RuleDefinition) -> Self {
        let name = template_name(definition.name());
        let texts = |pairs: &Pairs| {
            let one = |(label, text): &(String, String)| Text {
                name: label.clone(),
                template: Template::parse_alert(&name, text),
            };
            pairs.iter().map(one).collect()
        };
        Self {
            labels: texts(&definition.labels),
            annotations: match &definition.kind {
                RuleKind::Alert { annotations, .. } => texts(annotations),
                RuleKind::Record { .. } => Vec::new(),
            },
        }
    }

    /// The labels and annotations of the alert `name` that `element` makes.
    pub(crate) fn expand(
        &self,
        name: &str,
        element: &VectorElement,
        options: &RuleOptions,
        world: &World<'_>,
    ) -> Expanded {
        let data = Value::from(AlertData {
            labels: element.labels.clone(),
            external_labels: options.external_labels.clone(),
            external_url: Arc::clone(&options.external_url),
            value: template_value(element),
        });
        let mut builder = element.labels.to_builder();
        builder.remove(METRIC_NAME);
        for text in &self.labels {
            builder.set(&text.name, &text.expand(name, &data, world));
        }
        builder.set(ALERT_NAME, name);
        let annotations = self.annotations.iter().map(|text| {
            let value = text.expand(name, &data, world);
            (text.name.clone(), value)
        });
        Expanded {
            annotations: annotations.collect(),
            labels: builder.build(),
        }
    }
}

impl Text {
    /// The expanded text; an error stands in its place, so that the alert is told in any case.
    fn expand(&self, alert: &str, data: &Value, world: &World<'_>) -> String {
        world.asker.metrics.expansions.inc();
        let expanded = match &self.template {
            Ok(template) => template.expand(data, world).map_err(|error| {
                format!("error executing template {}: {error}", template_name(alert))
            }),
            Err(error) => Err(format!(
                "error parsing template {}: {error}",
                template_name(alert)
            )),
        };
        expanded.unwrap_or_else(|error| {
            world.asker.metrics.expansion_failures.inc();
            if !world.is_trial {
                tracing::warn!(alert, error, "expanding a template of an alert failed");
            }
            format!("<error expanding template: {error}>")
        })
    }
}
