//! What an alert's template is about.

use crate::Value;
use model::Labels;
use std::sync::Arc;

/// The data of an alert's template: `.Labels`, `.ExternalLabels`, `.ExternalURL`, `.Value`, and the
/// variables `$labels`, `$externalLabels`, `$externalURL`, `$value`.
#[derive(Debug, Clone)]
pub struct AlertData {
    /// Labels of the sample that made the alert, its metric name included.
    pub labels: Labels,
    /// Labels of this server.
    pub external_labels: Labels,
    /// Address of this server.
    pub external_url: Arc<str>,
    /// The sample's value, a float or a histogram.
    pub value: Value,
}

impl AlertData {
    /// What stands before every text, so that the variables are there. On the same line as the text, as
    /// columns in errors are counted with it in Prometheus too.
    pub(crate) const VARIABLES: &str = "{{$labels := .Labels}}\
        {{$externalLabels := .ExternalLabels}}\
        {{$externalURL := .ExternalURL}}\
        {{$value := .Value}}";

    pub(crate) fn field(&self, name: &str) -> Option<Value> {
        match name {
            "Labels" => Some(Value::Labels(self.labels.clone())),
            "ExternalLabels" => Some(Value::Labels(self.external_labels.clone())),
            "ExternalURL" => Some(Value::Str(Arc::clone(&self.external_url))),
            "Value" => Some(self.value.clone()),
            _ => None,
        }
    }
}

impl From<AlertData> for Value {
    fn from(data: AlertData) -> Self {
        Self::Alert(Arc::new(data))
    }
}
