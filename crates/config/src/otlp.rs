//! The `otlp` section.

use crate::context::{Context, NameScheme};
use crate::error::Fault;
use crate::yaml::{Fields, Node, Section};

/// How metrics of OpenTelemetry become series.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "the switches of the file, one field each"
)]
pub struct OtlpConfig {
    /// Whether all attributes of a resource become labels.
    pub promote_all_resource_attributes: bool,
    /// Attributes of a resource that become labels.
    pub promote_resource_attributes: Vec<String>,
    /// Attributes that do not, where all others do.
    pub ignore_resource_attributes: Vec<String>,
    /// How names are translated.
    pub translation_strategy: String,
    /// Whether the attributes that identify a resource are labels of `target_info` too.
    pub keep_identifying_resource_attributes: bool,
    /// Whether explicit histograms become native ones with custom buckets.
    pub convert_histograms_to_nhcb: bool,
    /// Whether name and version of a scope become labels.
    pub promote_scope_metadata: bool,
    /// Whether label names that begin with an underscore get `key` before it.
    pub label_name_underscore_sanitization: bool,
    /// Whether several underscores in a row stay.
    pub label_name_preserve_multiple_underscores: bool,
}

impl Default for OtlpConfig {
    fn default() -> Self {
        Self {
            promote_all_resource_attributes: false,
            promote_resource_attributes: Vec::new(),
            ignore_resource_attributes: Vec::new(),
            translation_strategy: "UnderscoreEscapingWithSuffixes".to_owned(),
            keep_identifying_resource_attributes: false,
            convert_histograms_to_nhcb: false,
            promote_scope_metadata: false,
            label_name_underscore_sanitization: true,
            label_name_preserve_multiple_underscores: true,
        }
    }
}

impl OtlpConfig {
    pub(crate) fn read(node: &Node, context: &Context<'_>) -> Result<Self, Fault> {
        let mut fields = Fields::of(node, "config.plain")?;
        let usual = Self::default();
        let line = fields.line_of("translation_strategy");
        let strategy: String = fields.or("translation_strategy", usual.translation_strategy)?;
        match strategy.as_str() {
            "" | "UnderscoreEscapingWithSuffixes" | "UnderscoreEscapingWithoutSuffixes" => {}
            "NoTranslation" | "NoUTF8EscapingWithSuffixes" => {
                if context.names == NameScheme::Legacy {
                    let words = format!(
                        "OTLP translation strategy {strategy:?} is not allowed when UTF8 is disabled"
                    );
                    return Err(Fault::rule(line, words));
                }
            }
            _ => {
                let words = format!("unsupported OTLP translation strategy {strategy:?}");
                return Err(Fault::rule(line, words));
            }
        }
        let config = Self {
            promote_all_resource_attributes: fields
                .or_default("promote_all_resource_attributes")?,
            promote_resource_attributes: attributes(&mut fields, "promote")?,
            ignore_resource_attributes: attributes(&mut fields, "ignore")?,
            translation_strategy: strategy,
            keep_identifying_resource_attributes: fields
                .or_default("keep_identifying_resource_attributes")?,
            convert_histograms_to_nhcb: fields.or_default("convert_histograms_to_nhcb")?,
            promote_scope_metadata: fields.or_default("promote_scope_metadata")?,
            label_name_underscore_sanitization: fields
                .or("label_name_underscore_sanitization", true)?,
            label_name_preserve_multiple_underscores: fields
                .or("label_name_preserve_multiple_underscores", true)?,
        };
        fields.finish()?;
        let all = config.promote_all_resource_attributes;
        if all && !config.promote_resource_attributes.is_empty() {
            let words = "'promote_all_resource_attributes' and 'promote_resource_attributes' cannot be configured simultaneously";
            return Err(Fault::rule(node.line, words));
        }
        if !all && !config.ignore_resource_attributes.is_empty() {
            let words = "'ignore_resource_attributes' cannot be configured unless 'promote_all_resource_attributes' is true";
            return Err(Fault::rule(node.line, words));
        }
        Ok(config)
    }

    pub(crate) fn write(&self) -> Section {
        let mut section = Section::default();
        let all = self.promote_all_resource_attributes;
        section.word_unless("promote_all_resource_attributes", all, &false);
        section.some_texts(
            "promote_resource_attributes",
            &self.promote_resource_attributes,
        );
        section.some_texts(
            "ignore_resource_attributes",
            &self.ignore_resource_attributes,
        );
        section.some_text("translation_strategy", &self.translation_strategy);
        for (name, switch) in [
            (
                "keep_identifying_resource_attributes",
                self.keep_identifying_resource_attributes,
            ),
            (
                "convert_histograms_to_nhcb",
                self.convert_histograms_to_nhcb,
            ),
            ("promote_scope_metadata", self.promote_scope_metadata),
            (
                "label_name_underscore_sanitization",
                self.label_name_underscore_sanitization,
            ),
            (
                "label_name_preserve_multiple_underscores",
                self.label_name_preserve_multiple_underscores,
            ),
        ] {
            section.word_unless(name, switch, &false);
        }
        section
    }
}

/// Takes a list of attributes, each once and none empty.
fn attributes(fields: &mut Fields<'_>, verb: &str) -> Result<Vec<String>, Fault> {
    let name = format!("{verb}_resource_attributes");
    let line = fields.line_of(&name);
    let given: Vec<String> = fields.or_default(&name)?;
    let mut attributes: Vec<String> = Vec::new();
    for attribute in given {
        let attribute = attribute.trim().to_owned();
        let past = verb.trim_end_matches('e');
        if attribute.is_empty() {
            let words = format!("invalid '{name}': empty {past}ed OTel resource attribute");
            return Err(Fault::rule(line, words));
        }
        if attributes.contains(&attribute) {
            let words = format!(
                "invalid '{name}': duplicated {past}ed OTel resource attribute {attribute:?}"
            );
            return Err(Fault::rule(line, words));
        }
        attributes.push(attribute);
    }
    Ok(attributes)
}
