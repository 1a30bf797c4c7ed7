//! Histograms as text.

use super::bucket::histogram_buckets;
use crate::annotations::go_float;
use model::Histogram;
use std::fmt::Write;

/// `{count:3, sum:2.5, [-0.1,0.1]:1, (1,2]:2}`: what buckets hold, empty ones left out.
pub(crate) fn text(histogram: &Histogram) -> String {
    let mut out = format!(
        "{{count:{}, sum:{}",
        go_float(histogram.count),
        go_float(histogram.sum)
    );
    for bucket in histogram_buckets(histogram) {
        if bucket.count == 0.0 {
            continue;
        }
        let open = if bucket.includes_lower { '[' } else { '(' };
        let close = if bucket.includes_upper { ']' } else { ')' };
        // Writing to a text cannot fail.
        let _ = write!(
            out,
            ", {open}{},{}{close}:{}",
            go_float(bucket.lower),
            go_float(bucket.upper),
            go_float(bucket.count)
        );
    }
    out.push('}');
    out
}
