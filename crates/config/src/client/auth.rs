//! Basic auth and the `Authorization` header.

use crate::context::Context;
use crate::error::Fault;
use crate::secret::{HIDDEN, Secret};
use crate::yaml::{Fields, Node, Section};
use std::path::PathBuf;

/// A secret, or the file that holds it and is read whenever it is needed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Credential {
    /// None.
    #[default]
    None,
    /// Written down.
    Inline(Secret),
    /// In a file.
    File(PathBuf),
}

impl Credential {
    pub(crate) fn of(inline: String, file: &str) -> Self {
        if !file.is_empty() {
            Self::File(PathBuf::from(file))
        } else if inline.is_empty() {
            Self::None
        } else {
            Self::Inline(Secret::new(inline))
        }
    }

    /// The secret now; of a file without the white space around it.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn load(&self) -> std::io::Result<Option<Secret>> {
        match self {
            Self::None => Ok(None),
            Self::Inline(secret) => Ok(Some(secret.clone())),
            Self::File(path) => {
                let text = std::fs::read_to_string(path)?;
                Ok(Some(Secret::new(text.trim())))
            }
        }
    }

    pub(crate) fn write(&self, name: &str, section: &mut Section) {
        match self {
            Self::None => {}
            Self::Inline(_) => section.word(name, HIDDEN),
            Self::File(path) => {
                section.text(&format!("{name}_file"), &path.display().to_string());
            }
        }
    }
}

/// User and password.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BasicAuth {
    /// User.
    pub username: String,
    /// File that holds the user; wins over `username`.
    pub username_file: Option<PathBuf>,
    /// Password.
    pub password: Credential,
}

impl BasicAuth {
    pub(crate) fn read(node: &Node, context: &Context<'_>) -> Result<Self, Fault> {
        let mut fields = Fields::of(node, "config.plain")?;
        let username: String = fields.or_default("username")?;
        let username_file: String = fields.or_default("username_file")?;
        let password: String = fields.or_default("password")?;
        let password_file: String = fields.or_default("password_file")?;
        if !username.is_empty() && !username_file.is_empty() {
            let words = "at most one of basic_auth username & username_file must be configured";
            return Err(Fault::rule(node.line, words));
        }
        if !password.is_empty() && !password_file.is_empty() {
            let words = "at most one of basic_auth password & password_file must be configured";
            return Err(Fault::rule(node.line, words));
        }
        fields.finish()?;
        let file = Some(context.resolve(&username_file)).filter(|file| !file.is_empty());
        Ok(Self {
            username,
            username_file: file.map(PathBuf::from),
            password: Credential::of(password, &context.resolve(&password_file)),
        })
    }

    pub(crate) fn write(&self) -> Section {
        let mut section = Section::default();
        section.some_text("username", &self.username);
        if let Some(file) = &self.username_file {
            section.text("username_file", &file.display().to_string());
        }
        self.password.write("password", &mut section);
        section
    }
}

/// A ready-made `Authorization` header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authorization {
    /// First word of the header, such as `Bearer`.
    pub kind: String,
    /// What follows it.
    pub credentials: Credential,
}

impl Authorization {
    pub(crate) fn read(node: &Node, context: &Context<'_>) -> Result<Self, Fault> {
        let mut fields = Fields::of(node, "config.plain")?;
        let kind: String = fields.or_default("type")?;
        let credentials: String = fields.or_default("credentials")?;
        let file: String = fields.or_default("credentials_file")?;
        fields.finish()?;
        if !credentials.is_empty() && !file.is_empty() {
            let words =
                "at most one of authorization credentials & credentials_file must be configured";
            return Err(Fault::rule(node.line, words));
        }
        let kind = match kind.trim() {
            "" => "Bearer",
            basic if basic.eq_ignore_ascii_case("basic") => {
                let words =
                    "authorization type cannot be set to \"basic\", use \"basic_auth\" instead";
                return Err(Fault::rule(node.line, words));
            }
            other => other,
        };
        Ok(Self {
            kind: kind.to_owned(),
            credentials: Credential::of(credentials, &context.resolve(&file)),
        })
    }

    pub(crate) fn write(&self) -> Section {
        let mut section = Section::default();
        section.text("type", &self.kind);
        self.credentials.write("credentials", &mut section);
        section
    }
}
