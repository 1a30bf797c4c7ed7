//! How far each receiver is, in a file.

use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::path::Path;
use tsdb::LogPosition;

/// Places in the log behind what was sent, by the key of the receiver.
pub(crate) type Positions = BTreeMap<String, LogPosition>;

/// What the file says; nothing where there is none or it cannot be understood.
pub(crate) fn load(path: &Path) -> Positions {
    let Ok(bytes) = std::fs::read(path) else {
        return Positions::new();
    };
    let read: Option<Positions> = serde_json::from_slice::<Map<String, Value>>(&bytes)
        .ok()
        .and_then(|all| all.into_iter().map(position).collect());
    read.unwrap_or_else(|| {
        tracing::error!(file = %path.display(), "places of remote write cannot be read; sending begins now");
        Positions::new()
    })
}

fn position((key, value): (String, Value)) -> Option<(String, LogPosition)> {
    let number = |name: &str| value.get(name).and_then(Value::as_u64);
    let position = LogPosition {
        segment: number("segment")?,
        offset: number("offset")?,
    };
    Some((key, position))
}

/// Writes the file, so that whoever looks sees the old one or the new one.
pub(crate) fn store(path: &Path, positions: &Positions) -> std::io::Result<()> {
    let entry = |(key, place): (&String, &LogPosition)| {
        let value = json!({"segment": place.segment, "offset": place.offset});
        (key.clone(), value)
    };
    let all: Map<String, Value> = positions.iter().map(entry).collect();
    let new = path.with_extension("new");
    std::fs::write(&new, Value::Object(all).to_string())?;
    std::fs::rename(&new, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_come_back_and_nonsense_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("remote_write.json");
        assert_eq!(load(&file), Positions::new());
        let place = LogPosition {
            segment: 7,
            offset: 1 << 40,
        };
        let positions = Positions::from([("http://a/\"x\" é".to_owned(), place)]);
        store(&file, &positions).unwrap();
        assert_eq!(load(&file), positions);
        std::fs::write(&file, "{\"a\": {\"segment\": -1}}").unwrap();
        assert_eq!(load(&file), Positions::new());
    }
}
