//! Which targets the targets page shows, as its address tells it.

use crate::state::address::query_string;
use api_types::{ActiveTarget, Health};

/// A choice of targets. What is empty chooses all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TargetFilter {
    /// Pool, by its whole name.
    pub pool: String,
    /// State.
    pub health: Option<Health>,
    /// Part of an address or a label, in any case.
    pub search: String,
}

impl TargetFilter {
    /// Reads `pool`, `health` and `search`; `get` looks a parameter up.
    pub fn parse(get: impl Fn(&str) -> Option<String>) -> Self {
        Self {
            pool: get("pool").unwrap_or_default(),
            health: get("health").as_deref().and_then(health_from),
            search: get("search").unwrap_or_default(),
        }
    }

    /// The query string that [`TargetFilter::parse`] reads back; empty if everything is chosen.
    pub fn query(&self) -> String {
        let health = self.health.map_or("", health_word);
        let pairs = [
            ("pool", self.pool.as_str()),
            ("health", health),
            ("search", &self.search),
        ];
        query_string(pairs.into_iter().filter(|(_, value)| !value.is_empty()))
    }

    /// Whether the filter chooses `target`.
    pub fn matches(&self, target: &ActiveTarget) -> bool {
        let in_pool = self.pool.is_empty() || self.pool == target.scrape_pool;
        let in_state = self.health.is_none_or(|health| health == target.health);
        in_pool && in_state && self.finds(target)
    }

    fn finds(&self, target: &ActiveTarget) -> bool {
        let wanted = self.search.trim().to_lowercase();
        if wanted.is_empty() {
            return true;
        }
        let has = |text: &str| text.to_lowercase().contains(&wanted);
        has(&target.scrape_url)
            || target
                .labels
                .iter()
                .any(|(name, value)| has(&format!("{name}=\"{value}\"")) || has(value))
    }
}

/// The word for a state.
pub(crate) fn health_word(health: Health) -> &'static str {
    match health {
        Health::Up => "up",
        Health::Down => "down",
        Health::Unknown => "unknown",
    }
}

fn health_from(word: &str) -> Option<Health> {
    [Health::Up, Health::Down, Health::Unknown]
        .into_iter()
        .find(|health| health_word(*health).eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target() -> ActiveTarget {
        ActiveTarget {
            discovered_labels: [].into(),
            labels: [
                ("instance".to_owned(), "Host-1:9100".to_owned()),
                ("job".to_owned(), "node".to_owned()),
            ]
            .into(),
            scrape_pool: "node".into(),
            scrape_url: "http://host-1:9100/metrics".into(),
            global_url: String::new(),
            last_error: String::new(),
            last_scrape: String::new(),
            last_scrape_duration: 0.0,
            health: Health::Up,
            scrape_interval: "15s".into(),
            scrape_timeout: "10s".into(),
        }
    }

    fn filter(pool: &str, health: Option<Health>, search: &str) -> TargetFilter {
        TargetFilter {
            pool: pool.into(),
            health,
            search: search.into(),
        }
    }

    #[test]
    fn an_empty_filter_matches_everything() {
        assert!(TargetFilter::default().matches(&target()));
    }

    #[test]
    fn every_part_must_match() {
        assert!(filter("node", Some(Health::Up), "host-1").matches(&target()));
        assert!(!filter("api", None, "").matches(&target()));
        assert!(!filter("", Some(Health::Down), "").matches(&target()));
        assert!(!filter("", None, "host-2").matches(&target()));
    }

    #[test]
    fn search_looks_at_labels_in_any_case() {
        assert!(filter("", None, "JOB=\"no").matches(&target()));
        assert!(!filter("", None, "job=\"x").matches(&target()));
    }

    #[test]
    fn only_what_is_chosen_is_in_the_address() {
        assert_eq!(TargetFilter::default().query(), "");
        assert_eq!(
            filter("", Some(Health::Down), "a b").query(),
            "health=down&search=a%20b"
        );
    }
}
