//! Targets that a DNS server knows.

use crate::error::Fault;
use crate::yaml::{Fields, Node, Section};
use model::DurationMs;

/// What a name is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordType {
    /// Hosts and ports of a service.
    Srv,
    /// Addresses.
    A,
    /// Addresses of 128 bits.
    Aaaa,
    /// Mail servers.
    Mx,
    /// Name servers.
    Ns,
}

impl RecordType {
    /// As in the file.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Srv => "SRV",
            Self::A => "A",
            Self::Aaaa => "AAAA",
            Self::Mx => "MX",
            Self::Ns => "NS",
        }
    }
}

/// Targets that a DNS server knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DnsDiscovery {
    /// Names to ask for.
    pub names: Vec<String>,
    /// What for.
    pub record_type: RecordType,
    /// Port of the targets, except where the record has one.
    pub port: u16,
    /// How often they are asked for.
    pub refresh_interval: DurationMs,
}

impl DnsDiscovery {
    pub(crate) fn read(node: &Node) -> Result<Self, Fault> {
        let mut fields = Fields::of(node, "dns.plain")?;
        let line = node.line;
        let names: Vec<String> = fields.or_default("names")?;
        if names.is_empty() {
            let words = "DNS-SD config must contain at least one SRV record name";
            return Err(Fault::rule(line, words));
        }
        let word: String = fields.or_default("type")?;
        let record_type = match word.to_ascii_uppercase().as_str() {
            "" | "SRV" => RecordType::Srv,
            "A" => RecordType::A,
            "AAAA" => RecordType::Aaaa,
            "MX" => RecordType::Mx,
            "NS" => RecordType::Ns,
            _ => {
                let words = format!("invalid DNS-SD records type {word}");
                return Err(Fault::rule(line, words));
            }
        };
        let port: Option<u64> = fields.get("port")?;
        if port.is_none() && record_type != RecordType::Srv {
            let words = "a port is required in DNS-SD configs for all record types except SRV";
            return Err(Fault::rule(line, words));
        }
        let port = port.unwrap_or(0);
        let config = Self {
            names,
            record_type,
            port: u16::try_from(port)
                .map_err(|_| Fault::rule(line, format!("{port} is no port")))?,
            refresh_interval: fields.or("refresh_interval", DurationMs::from_secs(30))?,
        };
        fields.finish()?;
        Ok(config)
    }

    pub(super) fn write(&self) -> Section {
        let mut section = Section::default();
        section.some_texts("names", &self.names);
        section.word("refresh_interval", self.refresh_interval);
        section.word("type", self.record_type.as_str());
        section.word("port", self.port);
        section
    }
}
