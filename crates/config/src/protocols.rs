//! Formats that targets are asked for.

use crate::error::Fault;
use crate::yaml::{Fields, Section, Value};
use exposition::Protocol;

/// Formats that targets are asked for. Ordering: the preferred one first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Protocols(pub Vec<Protocol>);

impl Protocols {
    /// What is asked for where the file does not say.
    pub fn usual(native_histograms: bool) -> Self {
        let proto = native_histograms.then_some(Protocol::PrometheusProto);
        Self(proto.into_iter().chain(Protocol::ALL).collect())
    }

    /// Takes the list of a section; `None` where it has none.
    pub(crate) fn take(fields: &mut Fields<'_>) -> Result<Option<Self>, Fault> {
        let line = fields.line_of("scrape_protocols");
        let Some(names) = fields.get::<Vec<String>>("scrape_protocols")? else {
            return Ok(None);
        };
        if names.is_empty() {
            return Err(Fault::rule(line, "scrape_protocols cannot be empty"));
        }
        let mut all = Vec::new();
        for (index, name) in names.iter().enumerate() {
            let before = names.iter().take(index);
            if before
                .into_iter()
                .any(|have| have.eq_ignore_ascii_case(name))
            {
                let words = format!(
                    "duplicated protocol in scrape_protocols, got [{}]",
                    names.join(" ")
                );
                return Err(Fault::rule(line, words));
            }
            let protocol = known(name)
                .map_err(|words| Fault::rule(line, format!("scrape_protocols: {words}")))?;
            all.push(protocol);
        }
        Ok(Some(Self(all)))
    }

    pub(crate) fn write(&self, section: &mut Section) {
        let names = self.0.iter().map(|protocol| protocol.as_str().to_owned());
        let names = names.map(Value::Text).collect();
        section.put("scrape_protocols", Value::List(names));
    }
}

/// The protocol of a name.
pub(crate) fn known(name: &str) -> Result<Protocol, String> {
    Protocol::from_name(name).ok_or_else(|| {
        let mut names: Vec<&str> = Protocol::ALL.map(Protocol::as_str).to_vec();
        names.push(Protocol::PrometheusProto.as_str());
        names.sort_unstable();
        format!(
            "unknown scrape protocol {name}, supported: [{}]",
            names.join(" ")
        )
    })
}
