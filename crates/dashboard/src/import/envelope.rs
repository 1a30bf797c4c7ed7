//! What dashboards come wrapped in.

use crate::error::{Error, Result};
use crate::json::{Object, Reading, take};
use serde_json::Value;

/// What was inside.
pub(super) struct Opened {
    pub(super) document: Object,
    pub(super) folder_uid: Option<String>,
}

pub(super) fn open(value: Value) -> Result<Opened> {
    let Value::Object(mut object) = value else {
        return Err(Error::NotADashboard {
            found: match value {
                Value::Array(_) => "it is a list; import its items one by one",
                _ => "it is a single value",
            },
        });
    };
    let mut folder_uid = object.text("folderUid");
    // `POST /api/dashboards/db`, and `GET /api/dashboards/uid/...`.
    if let Some(Value::Object(inner)) = object.get("dashboard").cloned() {
        folder_uid = folder_uid.or_else(|| {
            object
                .at(&["meta", "folderUid"])
                .and_then(crate::json::text_of)
        });
        object = inner;
    }
    if object.str("kind") == Some("Dashboard") && object.field("spec").is_some() {
        let api_version = object.text("apiVersion").unwrap_or_default();
        let metadata = object.object("metadata").cloned().unwrap_or_default();
        let Some(Value::Object(mut spec)) = take(&mut object, "spec") else {
            return Err(Error::NotADashboard {
                found: "its `spec` is no object",
            });
        };
        if is_v2(&spec) || api_version.contains("/v2") {
            return Err(Error::SchemaV2 {
                version: if api_version.is_empty() {
                    "v2".into()
                } else {
                    api_version
                },
            });
        }
        if spec.field("layouts").is_some() && spec.field("schemaVersion").is_none() {
            return Err(Error::Perses);
        }
        folder_uid = metadata
            .at(&["annotations", "grafana.app/folder"])
            .and_then(crate::json::text_of)
            .or(folder_uid);
        if let Some(name) = metadata.text("name") {
            spec.insert("uid".into(), name.into());
        }
        return Ok(Opened {
            document: spec,
            folder_uid,
        });
    }
    if is_v2(&object) {
        return Err(Error::SchemaV2 {
            version: "elements and layout".into(),
        });
    }
    let known = [
        "panels",
        "rows",
        "templating",
        "schemaVersion",
        "schemaversion",
        "annotations",
        "title",
    ];
    if !known.iter().any(|key| object.contains_key(*key)) {
        return Err(Error::NotADashboard {
            found: "it has neither a title nor panels",
        });
    }
    Ok(Opened {
        document: object,
        folder_uid: folder_uid.filter(|uid| !uid.is_empty()),
    })
}

fn is_v2(object: &Object) -> bool {
    object.object("elements").is_some() && object.object("layout").is_some()
}
