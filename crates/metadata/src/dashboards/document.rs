//! What is read out of a dashboard's JSON; the rest is nobody's business here.

use crate::{Error, Result, text};
use serde_json::Value;

/// What a dashboard says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Document {
    pub(super) uid: Option<String>,
    pub(super) title: String,
    pub(super) tags: Vec<String>,
}

impl Document {
    /// Reads a JSON of at most `most` bytes.
    pub(super) fn parse(json: &str, most: usize) -> Result<Self> {
        text::short("dashboard", json, most)?;
        let value: Value = serde_json::from_str(json)
            .map_err(|error| Error::invalid("dashboard", error.to_string()))?;
        let Value::Object(fields) = value else {
            return Err(Error::invalid("dashboard", "it is not a JSON object"));
        };
        let text = |name: &str| fields.get(name).and_then(Value::as_str);
        let title = text("title").unwrap_or_default().trim().to_owned();
        text::title("title", &title)?;
        let tags: Vec<String> = match fields.get("tags") {
            Some(Value::Array(tags)) => {
                let tags = tags.iter().filter_map(Value::as_str);
                tags.map(str::to_owned).collect()
            }
            _ => Vec::new(),
        };
        Ok(Self {
            uid: text("uid").filter(|uid| !uid.is_empty()).map(str::to_owned),
            title,
            tags: text::tags("tags", &tags)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uid_title_and_tags_are_read_whatever_else_there_is() {
        let json = r#"{"uid": "", "title": " A ", "tags": ["b", 5, "a", null, "b"], "x": [1e400]}"#;
        assert!(
            Document::parse(json, 1000).is_err(),
            "no JSON number is that big"
        );
        let json = json.replace("1e400", "{}");
        let document = Document::parse(&json, 1000).unwrap();
        assert_eq!(document.uid, None);
        assert_eq!(document.title, "A");
        assert_eq!(document.tags, ["a", "b"]);
        let null = Document::parse(r#"{"uid": null, "title": "A", "tags": null}"#, 1000).unwrap();
        assert!(null.uid.is_none() && null.tags.is_empty());
    }

    #[test]
    fn what_is_no_dashboard_is_refused() {
        let deep = format!(
            r#"{{"title": "a", "x": {}{}}}"#,
            "[".repeat(500),
            "]".repeat(500)
        );
        for wrong in [
            "",
            "[]",
            "{}",
            r#"{"title": ""}"#,
            r#"{"title": 5}"#,
            r#"{"title": "\u0000"}"#,
            &deep,
            r#"{"title": "a"} x"#,
        ] {
            assert!(Document::parse(wrong, 10_000).is_err(), "{wrong}");
        }
        assert!(Document::parse(r#"{"title": "long"}"#, 10).is_err());
    }
}
