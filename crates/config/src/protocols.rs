//! Formats that targets are asked for.

use crate::context::Context;
use crate::error::Fault;
use crate::yaml::{Fields, Section, Value};
use exposition::Protocol;

/// Name of the one scrape protocol of Prometheus that targets are not asked for yet.
const PROTOBUF: &str = "PrometheusProto";

/// Formats that targets are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Protocols {
    /// Those that are spoken here. Ordering: the preferred one first.
    pub spoken: Vec<Protocol>,
    /// All names of the list, as they were written.
    pub names: Vec<String>,
}

impl Protocols {
    /// What is asked for where the file does not say.
    pub(crate) fn usual(native_histograms: bool) -> Self {
        let spoken = Protocol::ALL.to_vec();
        let proto = native_histograms.then(|| PROTOBUF.to_owned());
        let text = spoken.iter().map(|protocol| protocol.as_str().to_owned());
        Self {
            names: proto.into_iter().chain(text).collect(),
            spoken,
        }
    }

    /// Takes the list of a section; `None` where it has none.
    pub(crate) fn take(
        fields: &mut Fields<'_>,
        context: &Context<'_>,
    ) -> Result<Option<Self>, Fault> {
        let line = fields.line_of("scrape_protocols");
        let Some(names) = fields.get::<Vec<String>>("scrape_protocols")? else {
            return Ok(None);
        };
        if names.is_empty() {
            return Err(Fault::rule(line, "scrape_protocols cannot be empty"));
        }
        let mut spoken = Vec::new();
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
            if protocol.is_none() {
                context.no_effect("scrape_protocols: PrometheusProto", line);
            }
            spoken.extend(protocol);
        }
        if spoken.is_empty() {
            spoken = Protocol::ALL.to_vec();
        }
        Ok(Some(Self { spoken, names }))
    }

    pub(crate) fn write(&self, section: &mut Section) {
        let names = self.names.iter().cloned().map(Value::Text).collect();
        section.put("scrape_protocols", Value::List(names));
    }
}

/// The protocol of a name; nothing for the one that targets are not asked for yet.
pub(crate) fn known(name: &str) -> Result<Option<Protocol>, String> {
    if name == PROTOBUF {
        return Ok(None);
    }
    Protocol::from_name(name).map(Some).ok_or_else(|| {
        let mut names: Vec<&str> = Protocol::ALL.map(Protocol::as_str).to_vec();
        names.push(PROTOBUF);
        names.sort_unstable();
        format!(
            "unknown scrape protocol {name}, supported: [{}]",
            names.join(" ")
        )
    })
}
