//! What clouds want requests to prove: read and validated, not used yet.

use crate::error::Fault;
use crate::secret::{HIDDEN, Secret};
use crate::yaml::{Fields, Node, ReadNode, Section, Value};

/// Signing of requests with Amazon's keys.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SigV4 {
    /// Region.
    pub region: String,
    /// Name of the key.
    pub access_key: String,
    /// The key.
    pub secret_key: Secret,
    /// Profile of a credentials file.
    pub profile: String,
    /// Role to take.
    pub role_arn: String,
    /// Name that the role asks for.
    pub external_id: String,
    /// Whether the hardened token service is asked.
    pub use_fips_sts_endpoint: bool,
    /// Name of the service in signatures.
    pub service_name: String,
}

impl SigV4 {
    pub(crate) fn take(fields: &mut Fields<'_>) -> Result<Option<Self>, Fault> {
        let Some(node) = fields.take("sigv4") else {
            return Ok(None);
        };
        let mut fields = Fields::of(node, "sigv4.plain")?;
        let secret: String = fields.or_default("secret_key")?;
        let config = Self {
            region: fields.or_default("region")?,
            access_key: fields.or_default("access_key")?,
            secret_key: Secret::new(secret),
            profile: fields.or_default("profile")?,
            role_arn: fields.or_default("role_arn")?,
            external_id: fields.or_default("external_id")?,
            use_fips_sts_endpoint: fields.or_default("use_fips_sts_endpoint")?,
            service_name: fields.or_default("service_name")?,
        };
        fields.finish()?;
        if config.access_key.is_empty() != config.secret_key.is_empty() {
            let words = "must provide a AWS SigV4 Access key and Secret Key if credentials are specified in the SigV4 config";
            return Err(Fault::rule(node.line, words));
        }
        Ok(Some(config))
    }

    pub(crate) fn write(&self) -> Section {
        let mut section = Section::default();
        section.some_text("region", &self.region);
        section.some_text("access_key", &self.access_key);
        if !self.secret_key.is_empty() {
            section.word("secret_key", HIDDEN);
        }
        section.some_text("profile", &self.profile);
        section.some_text("role_arn", &self.role_arn);
        section.some_text("external_id", &self.external_id);
        section.word_unless("use_fips_sts_endpoint", self.use_fips_sts_endpoint, &false);
        section.some_text("service_name", &self.service_name);
        section
    }
}

/// A cloud's way to sign requests whose fields are only names and texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CloudAuth {
    /// Fields of the section itself. Ordering: as listed by the reader.
    pub fields: Vec<(String, String)>,
    /// Fields of sections in it; values that are secrets are kept as such.
    pub sections: Vec<(String, Vec<(String, Secret)>)>,
}

const AZURE_SECTIONS: [(&str, &[&str]); 5] = [
    ("managed_identity", &["client_id"]),
    (
        "workload_identity",
        &["client_id", "tenant_id", "token_file_path"],
    ),
    ("oauth", &["client_id", "client_secret", "tenant_id"]),
    (
        "certificate",
        &[
            "client_id",
            "tenant_id",
            "certificate_path",
            "certificate_password",
            "send_certificate_chain",
        ],
    ),
    ("sdk", &["tenant_id"]),
];

impl CloudAuth {
    /// Reads an `azuread` section.
    pub(crate) fn azuread(node: &Node) -> Result<Self, Fault> {
        let mut fields = Fields::of(node, "azuread.plain")?;
        let cloud: String = fields.or("cloud", "AzurePublic".to_owned())?;
        let scope: String = fields.or_default("scope")?;
        if !["AzurePublic", "AzureChina", "AzureGovernment"].contains(&cloud.as_str()) {
            let words = "must provide a cloud in the Azure AD config";
            return Err(Fault::rule(node.line, words));
        }
        let mut sections = Vec::new();
        for (name, known) in AZURE_SECTIONS {
            let Some(inner) = fields.take(name) else {
                continue;
            };
            let mut inner_fields = Fields::of(inner, "azuread.plain")?;
            let mut entries = Vec::new();
            for field in known {
                let text: String = inner_fields.or_default(field)?;
                if !text.is_empty() {
                    entries.push(((*field).to_owned(), Secret::new(text)));
                }
            }
            inner_fields.finish()?;
            sections.push((name.to_owned(), entries));
        }
        fields.finish()?;
        let words = match sections.len() {
            0 => {
                "must provide an Azure Managed Identity, Azure Workload Identity, Azure OAuth, Azure Certificate or Azure SDK in the Azure AD config"
            }
            1 => "",
            _ => "cannot provide multiple authentication methods in the Azure AD config",
        };
        if !words.is_empty() {
            return Err(Fault::rule(node.line, words));
        }
        let scope = Some(("scope".to_owned(), scope)).filter(|(_, scope)| !scope.is_empty());
        let fields = [("cloud".to_owned(), cloud)].into_iter().chain(scope);
        Ok(Self {
            fields: fields.collect(),
            sections,
        })
    }

    /// Reads a `google_iam` section.
    pub(crate) fn google_iam(node: &Node) -> Result<Self, Fault> {
        let mut fields = Fields::of(node, "googleiam.Config")?;
        let file = fields.take("credentials_file");
        let file = file.map(String::read).transpose()?;
        fields.finish()?;
        let file = file.map(|file| ("credentials_file".to_owned(), file));
        Ok(Self {
            fields: file.into_iter().collect(),
            sections: Vec::new(),
        })
    }

    pub(crate) fn write(&self) -> Section {
        let mut section = Section::default();
        for (name, entries) in &self.sections {
            let mut inner = Section::default();
            for (field, value) in entries {
                if matches!(field.as_str(), "client_secret" | "certificate_password") {
                    inner.word(field, HIDDEN);
                } else {
                    inner.text(field, value.expose());
                }
            }
            section.put(name, Value::Map(inner));
        }
        for (name, value) in &self.fields {
            section.text(name, value);
        }
        section
    }
}
