//! Further headers of requests.

use super::Credential;
use crate::context::Context;
use crate::error::Fault;
use crate::secret::HIDDEN;
use crate::yaml::{Fields, Section, Value};

/// A header that every request carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpHeader {
    /// Name.
    pub name: String,
    /// Values that are no secret.
    pub values: Vec<String>,
    /// Values that are, or files that hold them.
    pub secrets: Vec<Credential>,
}

/// Headers that the client sets itself.
const RESERVED: [&str; 20] = [
    "accept",
    "accept-charset",
    "accept-encoding",
    "authorization",
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "cookie",
    "date",
    "host",
    "keep-alive",
    "origin",
    "proxy-authenticate",
    "proxy-authorization",
    "transfer-encoding",
    "user-agent",
    "www-authenticate",
    "x-prometheus-remote-read-version",
    "x-prometheus-remote-write-version",
];

pub(super) fn read(
    fields: &mut Fields<'_>,
    context: &Context<'_>,
) -> Result<Vec<HttpHeader>, Fault> {
    let Some(node) = fields.take("http_headers") else {
        return Ok(Vec::new());
    };
    let mut all = Fields::of(node, "map[string]config.Header")?;
    let mut names: Vec<(&str, u64)> = all.left().collect();
    names.sort_unstable();
    let mut headers = Vec::new();
    for (name, line) in names {
        let reserved = RESERVED.iter().any(|have| name.eq_ignore_ascii_case(have));
        if reserved || name.to_ascii_lowercase().starts_with("x-prometheus-") {
            let words = format!("setting header {name:?} is not allowed");
            return Err(Fault::rule(line, words));
        }
        let bad_name = name.is_empty()
            || !name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte));
        if bad_name {
            return Err(Fault::rule(line, format!("{name:?} is no header name")));
        }
        let mut values = Vec::new();
        let mut secrets = Vec::new();
        if let Some(node) = all.take(name) {
            let mut header = Fields::of(node, "config.Header")?;
            values = header.or_default("values")?;
            let inline: Vec<String> = header.or_default("secrets")?;
            let files: Vec<String> = header.or_default("files")?;
            header.finish()?;
            if values
                .iter()
                .chain(&inline)
                .any(|value| value.contains(['\r', '\n', '\0']))
            {
                let words = format!("a value of header {name:?} has a line end in it");
                return Err(Fault::rule(line, words));
            }
            secrets.extend(inline.into_iter().map(|text| Credential::of(text, "")));
            secrets.extend(
                files
                    .iter()
                    .map(|file| Credential::of(String::new(), &context.resolve(file))),
            );
        }
        headers.push(HttpHeader {
            name: name.to_owned(),
            values,
            secrets,
        });
    }
    Ok(headers)
}

pub(super) fn write(headers: &[HttpHeader], section: &mut Section) {
    let mut all = Section::default();
    for header in headers {
        let mut one = Section::default();
        one.some_texts("values", &header.values);
        let (mut secrets, mut files) = (Vec::new(), Vec::new());
        for secret in &header.secrets {
            match secret {
                Credential::File(path) => files.push(path.display().to_string()),
                _ => secrets.push(Value::Word(HIDDEN.to_owned())),
            }
        }
        one.some_list("secrets", secrets);
        one.some_texts("files", &files);
        all.put(&header.name, Value::Map(one));
    }
    section.some_section("http_headers", all);
}
