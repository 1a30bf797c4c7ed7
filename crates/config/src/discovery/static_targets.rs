//! Targets that are written down.

use crate::context::Context;
use crate::error::{Error, Fault, Reason};
use crate::yaml::{self, Fields, Kind, Node, Section, Value};
use model::Labels;
use std::path::Path;

/// Targets that are written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaticConfig {
    /// Addresses as `host:port`.
    pub targets: Vec<String>,
    /// Labels of all of them.
    pub labels: Labels,
}

impl StaticConfig {
    pub(crate) fn read(node: &Node, context: &Context<'_>) -> Result<Self, Fault> {
        if node.is_null() {
            let what = "section in static_configs";
            return Err(Fault::new(node.line, Reason::EmptyEntry { what }));
        }
        let mut fields = Fields::of(
            node,
            "struct { Targets []string \"yaml:\\\"targets\\\"\"; Labels model.LabelSet \"yaml:\\\"labels\\\"\" }",
        )?;
        let targets: Vec<String> = fields.or_default("targets")?;
        let line = fields.line_of("labels");
        let labels: Vec<(String, String)> = fields.or_default("labels")?;
        fields.finish()?;
        if let Some((name, _)) = labels
            .iter()
            .find(|(name, _)| !context.names.allows_label(name))
        {
            let name = name.clone();
            return Err(Fault::new(line, Reason::BadLabelName { name }));
        }
        Ok(Self {
            targets,
            labels: Labels::from_pairs(labels),
        })
    }

    pub(crate) fn write(&self) -> Section {
        let mut section = Section::default();
        let targets = self.targets.iter().cloned().map(Value::Text).collect();
        section.put("targets", Value::List(targets));
        section.some_pairs("labels", self.labels.iter());
        section
    }
}

/// The target groups of a file or answer in the format of file discovery: a list of groups, as JSON or YAML.
///
/// # Errors
/// [`Error::Invalid`] with the line of the first fault; `path` is for it.
pub fn parse_target_groups(text: &str, path: &Path) -> Result<Vec<StaticConfig>, Error> {
    let context = Context::new(path, &|_| None);
    let read = yaml::parse(text).and_then(|node| list(&node, &context));
    read.map_err(|fault| Error::Invalid {
        path: path.to_owned(),
        line: fault.line,
        reason: fault.reason,
    })
}

fn list(node: &Node, context: &Context<'_>) -> Result<Vec<StaticConfig>, Fault> {
    let items: &[Node] = match &node.kind {
        Kind::List(items) => items,
        _ if node.is_null() => &[],
        _ => return Err(node.wrong("[]*targetgroup.Group")),
    };
    let group = |(index, node): (usize, &Node)| {
        if node.is_null() {
            let words = format!("nil target group item found (index {index})");
            return Err(Fault::rule(node.line, words));
        }
        StaticConfig::read(node, context)
    };
    items.iter().enumerate().map(group).collect()
}

/// Whether no address is a URL: those that nothing relabels are taken as they stand.
pub(crate) fn check_addresses(groups: &[StaticConfig], line: u64) -> Result<(), Fault> {
    let mut targets = groups.iter().flat_map(|group| &group.targets);
    match targets.find(|target| target.contains('/')) {
        None => Ok(()),
        Some(target) => {
            let target = target.clone();
            Err(Fault::new(line, Reason::BadTarget { target }))
        }
    }
}
