//! Open files of the whole machine, from `/proc/sys/fs/file-nr`.

use crate::error::{Malformed, Result};
use crate::family::gauge;
use crate::loadavg::parse_number;
use crate::paths::Paths;
use model::MetricFamily;

pub(crate) fn collect(paths: &Paths) -> Result<Vec<MetricFamily>> {
    paths.parse_proc("sys/fs/file-nr", parse)
}

fn parse(text: &str) -> Result<Vec<MetricFamily>, Malformed> {
    let words: Vec<&str> = text.split_ascii_whitespace().collect();
    // The word between the two counts free handles, which Linux always reports as 0.
    let [allocated, _, maximum] = *words else {
        return Err(Malformed::new("three numbers"));
    };
    Ok(vec![
        gauge(
            "node_filefd_allocated",
            "File handles in use.",
            parse_number(allocated)?,
        ),
        gauge(
            "node_filefd_maximum",
            "File handles that there can be.",
            parse_number(maximum)?,
        ),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::family::dump;

    #[test]
    fn first_and_last_number_count() {
        let families = parse("1024\t0\t1631329\n").unwrap();
        assert_eq!(
            dump(&families),
            ["node_filefd_allocated 1024", "node_filefd_maximum 1631329"]
        );
        assert!(parse("1 2").is_err());
    }
}
