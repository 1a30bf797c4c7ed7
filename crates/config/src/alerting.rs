//! The `alerting` section.

use crate::client::HttpClientConfig;
use crate::context::{Context, NameScheme};
use crate::discovery::{self, DiscoveryConfig, Sources, StaticConfig};
use crate::error::{Fault, Reason};
use crate::relabelling;
use crate::scrape::Scheme;
use crate::signing::SigV4;
use crate::yaml::{Fields, Node, Section, Value};
use model::DurationMs;
use relabel::Rule;

/// Where alerts go.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Alerting {
    /// What changes the labels of alerts. Ordering: of application.
    pub alert_relabel_configs: Vec<Rule>,
    /// Groups of Alertmanagers.
    pub alertmanagers: Vec<AlertmanagerConfig>,
}

/// A group of Alertmanagers.
#[derive(Debug, Clone, PartialEq)]
pub struct AlertmanagerConfig {
    /// How they are reached.
    pub client: HttpClientConfig,
    /// Signing of requests, as a service of Amazon's wants it.
    pub sigv4: Option<SigV4>,
    /// How they are spoken to.
    pub scheme: Scheme,
    /// What stands before the path of their API.
    pub path_prefix: String,
    /// When sending is given up.
    pub timeout: DurationMs,
    /// Those that are written down.
    pub static_configs: Vec<StaticConfig>,
    /// Where further ones come from.
    pub discoveries: Vec<DiscoveryConfig>,
    /// What makes Alertmanagers of the labels that were discovered. Ordering: of application.
    pub relabel_configs: Vec<Rule>,
    /// What changes the labels of alerts for them. Ordering: of application.
    pub alert_relabel_configs: Vec<Rule>,
}

impl Alerting {
    pub(crate) fn read(node: &Node, context: &Context<'_>) -> Result<Self, Fault> {
        let mut fields = Fields::of(node, "config.plain")?;
        let what = "alert relabeling rule";
        let rules = relabelling::read(&mut fields, "alert_relabel_configs", what, context.names)?;
        let mut alertmanagers = Vec::new();
        for node in fields.list("alertmanagers")? {
            if node.is_null() {
                let what = "Alertmanager section";
                return Err(Fault::new(node.line, Reason::EmptyEntry { what }));
            }
            alertmanagers.push(AlertmanagerConfig::read(node, context)?);
        }
        fields.finish()?;
        Ok(Self {
            alert_relabel_configs: rules,
            alertmanagers,
        })
    }

    pub(crate) fn write(&self) -> Section {
        let mut section = Section::default();
        let rules = &self.alert_relabel_configs;
        relabelling::write("alert_relabel_configs", rules, &mut section);
        let groups = self
            .alertmanagers
            .iter()
            .map(|group| Value::Map(group.write()));
        section.some_list("alertmanagers", groups.collect());
        section
    }
}

impl AlertmanagerConfig {
    fn read(node: &Node, context: &Context<'_>) -> Result<Self, Fault> {
        let mut fields = Fields::of(node, "config.AlertmanagerConfig")?;
        let names: NameScheme = context.names;
        let client = HttpClientConfig::read(&mut fields, context, true)?;
        let sigv4 = SigV4::take(&mut fields)?;
        if let Some(line) = sigv4.as_ref().map(|_| node.line) {
            if client.auth.is_some() {
                let words =
                    "at most one of basic_auth, authorization, oauth2, & sigv4 must be configured";
                return Err(Fault::rule(line, words));
            }
            context.no_effect("sigv4", line);
        }
        let line = fields.line_of("api_version");
        let version: String = fields.or("api_version", "v2".to_owned())?;
        if version != "v2" {
            let words =
                format!("expected Alertmanager api version to be one of [v2] but got {version}");
            return Err(Fault::rule(line, words));
        }
        let targets_line = fields.line_of("static_configs");
        let sources = Sources::read(&mut fields, context)?;
        let target_rules = "Alertmanager target relabeling rule";
        let alert_rules = "Alertmanager alert relabeling rule";
        let config = Self {
            client,
            sigv4,
            scheme: Scheme::take(&mut fields)?,
            path_prefix: fields.or_default("path_prefix")?,
            timeout: fields.or("timeout", DurationMs::from_secs(10))?,
            static_configs: sources.static_configs,
            discoveries: sources.discoveries,
            relabel_configs: relabelling::read(
                &mut fields,
                "relabel_configs",
                target_rules,
                names,
            )?,
            alert_relabel_configs: relabelling::read(
                &mut fields,
                "alert_relabel_configs",
                alert_rules,
                names,
            )?,
        };
        fields.finish()?;
        if config.relabel_configs.is_empty() {
            discovery::check_addresses(&config.static_configs, targets_line)?;
        }
        Ok(config)
    }

    fn write(&self) -> Section {
        let mut section = self.client.write();
        if let Some(sigv4) = &self.sigv4 {
            section.put("sigv4", Value::Map(sigv4.write()));
        }
        section.text("scheme", self.scheme.as_str());
        section.some_text("path_prefix", &self.path_prefix);
        section.word("timeout", self.timeout);
        section.text("api_version", "v2");
        relabelling::write("relabel_configs", &self.relabel_configs, &mut section);
        relabelling::write(
            "alert_relabel_configs",
            &self.alert_relabel_configs,
            &mut section,
        );
        discovery::write(&self.static_configs, &self.discoveries, &mut section);
        section
    }
}
