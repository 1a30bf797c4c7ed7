//! Queries that were run, as this browser keeps them.

use crate::state::storage;

/// How many are kept.
const KEPT: usize = 50;
const KEY: &str = "watchfire.history";

/// The kept queries, the newest first. For the browser only.
pub fn load_history() -> Vec<String> {
    let text = storage().and_then(|storage| storage.get_item(KEY).ok().flatten());
    text.and_then(|text| serde_json::from_str(&text).ok())
        .unwrap_or_default()
}

/// Keeps `query`, unless it is the bare name of a metric. For the browser only.
pub fn remember_query(query: &str) {
    store(&with(load_history(), query));
}

/// Forgets all queries. For the browser only.
pub fn clear_history() {
    store(&[]);
}

fn store(queries: &[String]) {
    if let (Some(storage), Ok(text)) = (storage(), serde_json::to_string(queries)) {
        // Storage that is full costs only the newest query.
        let _ = storage.set_item(KEY, &text);
    }
}

fn with(mut queries: Vec<String>, query: &str) -> Vec<String> {
    let query = query.trim();
    let is_name = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
    if query.chars().all(is_name) {
        return queries;
    }
    queries.retain(|other| other != query);
    queries.insert(0, query.to_owned());
    queries.truncate(KEPT);
    queries
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_comes_first_and_once() {
        let queries = with(with(with(Vec::new(), "a + 1"), "b + 1"), "a + 1");
        assert_eq!(queries, ["a + 1", "b + 1"]);
    }

    #[test]
    fn bare_names_and_old_queries_go() {
        assert!(with(Vec::new(), "up").is_empty());
        let many = (0..80).fold(Vec::new(), |all, n| with(all, &format!("{n} + 1")));
        assert_eq!((many.len(), many[0].as_str()), (KEPT, "79 + 1"));
    }
}
