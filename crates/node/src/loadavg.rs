//! Load averages, from `/proc/loadavg`.

use crate::error::{Malformed, Result};
use crate::family::gauge;
use crate::paths::Paths;
use model::MetricFamily;

pub(crate) fn collect(paths: &Paths) -> Result<Vec<MetricFamily>> {
    paths.parse_proc("loadavg", parse)
}

fn parse(text: &str) -> Result<Vec<MetricFamily>, Malformed> {
    let mut words = text.split_ascii_whitespace();
    let mut average = |name: &str, help: &str| {
        let value = parse_number(words.next().unwrap_or(""))?;
        Ok(gauge(name, help, value))
    };
    Ok(vec![
        average("node_load1", "Load average over one minute.")?,
        average("node_load5", "Load average over five minutes.")?,
        average("node_load15", "Load average over fifteen minutes.")?,
    ])
}

/// Reads a file or word that is one number.
pub(crate) fn parse_number(text: &str) -> Result<f64, Malformed> {
    text.trim().parse().map_err(|_| Malformed::new("a number"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::family::dump;

    #[test]
    fn the_first_three_words_are_the_averages() {
        let families = parse("0.21 0.37 0.39 1/719 19737\n").unwrap();
        assert_eq!(
            dump(&families),
            ["node_load1 0.21", "node_load5 0.37", "node_load15 0.39"]
        );
        assert!(parse("0.21 x").is_err() && parse("").is_err());
    }
}
