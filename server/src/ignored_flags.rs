//! Flags of Prometheus that have no effect here: a command line that was written for it is taken as it is.

use std::ffi::OsString;

/// Names and defaults; a switch has `true` or `false`. Ordering: by name.
const FLAGS: [(&str, &str); 33] = [
    ("auto-gomaxprocs", "true"),
    ("auto-gomemlimit", "true"),
    ("auto-gomemlimit.ratio", "0.9"),
    ("auto-gomemlimit.refresh-interval", "0s"),
    ("scrape.adjust-timestamps", "true"),
    ("scrape.discovery-reload-interval", "5s"),
    ("scrape.timestamp-tolerance", "2ms"),
    ("storage.agent.checkpoint-batch-size", "1000"),
    ("storage.agent.checkpoint-from-in-memory-series", "false"),
    ("storage.agent.no-lockfile", "false"),
    ("storage.agent.path", "data-agent/"),
    ("storage.agent.retention.max-time", "4h"),
    ("storage.agent.retention.min-time", "5m"),
    ("storage.agent.wal-compression", "true"),
    ("storage.remote.read-concurrent-limit", "10"),
    ("storage.remote.read-max-bytes-in-frame", "1048576"),
    ("storage.remote.read-sample-limit", "50000000"),
    ("storage.tsdb.allow-overlapping-blocks", "true"),
    ("storage.tsdb.allow-overlapping-compaction", "true"),
    ("storage.tsdb.block-reload-interval", "1m"),
    ("storage.tsdb.delay-compact-file.path", ""),
    ("storage.tsdb.delayed-compaction.max-percent", "10"),
    ("storage.tsdb.head-chunks-write-queue-size", "0"),
    ("storage.tsdb.max-block-chunk-segment-size", "0B"),
    ("storage.tsdb.no-lockfile", "false"),
    ("storage.tsdb.samples-per-chunk", "120"),
    ("storage.tsdb.wal-compression", "true"),
    ("storage.tsdb.wal-compression-type", "snappy"),
    ("storage.tsdb.wal-segment-size", "0B"),
    ("web.console.libraries", "console_libraries"),
    ("web.console.templates", "consoles"),
    ("web.enable-otlp-receiver", "false"),
    ("web.search.max-limit", "10000"),
];

/// A command line without the flags that have no effect, and those that were given.
pub(crate) struct Taken {
    pub(crate) arguments: Vec<OsString>,
    /// Names and values. Ordering: as given.
    pub(crate) ignored: Vec<(&'static str, String)>,
}

/// Takes the flags without effect out of a command line. `--no-` before one of `switches` goes with its flag:
/// they are off unless they are asked for.
pub(crate) fn take(arguments: impl Iterator<Item = OsString>, switches: &[String]) -> Taken {
    let mut taken = Taken {
        arguments: Vec::new(),
        ignored: Vec::new(),
    };
    let mut rest = arguments;
    while let Some(argument) = rest.next() {
        let Some(text) = argument.to_str().and_then(|text| text.strip_prefix("--")) else {
            taken.arguments.push(argument);
            continue;
        };
        if text.is_empty() {
            // What follows a lone `--` is no flag.
            taken.arguments.push(argument);
            taken.arguments.extend(rest);
            break;
        }
        let (name, value) = match text.split_once('=') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None => (text, None),
        };
        let off = name.strip_prefix("no-");
        if off.is_some_and(|name| switches.iter().any(|switch| switch == name)) {
            continue;
        }
        let known = FLAGS
            .iter()
            .find(|(have, default)| *have == name || (is_switch(default) && off == Some(*have)));
        let Some((known, default)) = known else {
            taken.arguments.push(argument);
            continue;
        };
        let value = match value {
            Some(value) => value,
            None if is_switch(default) => (off.is_none()).to_string(),
            None => rest
                .next()
                .map(|value| value.to_string_lossy().into_owned())
                .unwrap_or_default(),
        };
        taken.ignored.push((known, value));
    }
    taken
}

/// Names and values of all flags without effect, where some were given.
pub(crate) fn named(given: &[(&'static str, String)]) -> Vec<(String, String)> {
    let defaults = FLAGS
        .iter()
        .map(|(name, value)| (*name, (*value).to_owned()));
    let all = defaults.chain(given.iter().cloned());
    all.map(|(name, value)| (name.to_owned(), value)).collect()
}

fn is_switch(default: &str) -> bool {
    matches!(default, "true" | "false")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, stays: &str, ignored: &[(&str, &str)]) {
        let switches = ["web.enable-lifecycle".to_owned()];
        let taken = take(line.split(' ').map(Into::into), &switches);
        let stayed: Vec<_> = taken
            .arguments
            .iter()
            .map(|one| one.to_str().unwrap())
            .collect();
        assert_eq!(stayed.join(" "), stays);
        let found: Vec<_> = taken
            .ignored
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        assert_eq!(found, ignored);
    }

    #[test]
    fn flags_without_effect_go_with_their_values() {
        check("w --config.file=a", "w --config.file=a", &[]);
        check(
            "w --web.console.templates=/x --web.search.max-limit 7 --web.enable-lifecycle",
            "w --web.enable-lifecycle",
            &[
                ("web.console.templates", "/x"),
                ("web.search.max-limit", "7"),
            ],
        );
        check(
            "w --storage.tsdb.wal-compression --no-storage.tsdb.no-lockfile query",
            "w query",
            &[
                ("storage.tsdb.wal-compression", "true"),
                ("storage.tsdb.no-lockfile", "false"),
            ],
        );
        check(
            "w --no-web.enable-lifecycle --no-nothing",
            "w --no-nothing",
            &[],
        );
        check(
            "w -- --web.search.max-limit=1",
            "w -- --web.search.max-limit=1",
            &[],
        );
    }

    #[test]
    fn flags_are_sorted_and_unique() {
        assert!(FLAGS.windows(2).all(|pair| pair[0].0 < pair[1].0));
    }
}
