//! A native histogram: its buckets with bars.

use crate::fmt;
use crate::words::{t, use_i18n};
use api_types::{HistogramBucket, HistogramValue};
use leptos::prelude::*;

/// Count and sum, and the buckets behind a click.
#[component]
pub fn HistogramTable(
    /// The histogram.
    histogram: HistogramValue,
) -> impl IntoView {
    let i18n = use_i18n();
    let most = histogram
        .buckets
        .iter()
        .map(|b| b.count)
        .fold(0.0, f64::max);
    let rows: Vec<_> = histogram
        .buckets
        .iter()
        .map(|bucket| {
            let share = if most > 0.0 { bucket.count / most } else { 0.0 };
            view! {
                <tr>
                    <th scope="row">{bounds(bucket)}</th>
                    <td class="histogram__bar" style:--share=format!("{share:.3}")>
                        {fmt::value(bucket.count)}
                    </td>
                </tr>
            }
        })
        .collect();
    view! {
        <p class="histogram__facts">
            {t!(i18n, graph.count)} " " <b>{fmt::value(histogram.count)}</b> " · "
            {t!(i18n, graph.sum)} " " <b>{fmt::value(histogram.sum)}</b>
        </p>
        <table class="histogram">
            <thead>
                <tr>
                    <th scope="col">{t!(i18n, graph.bucket)}</th>
                    <th scope="col">{t!(i18n, graph.observations)}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
}

/// A bucket as an interval: `(0.5, 1]`.
fn bounds(bucket: &HistogramBucket) -> String {
    let (open, close) = match bucket.bounds {
        0 => ('(', ']'),
        1 => ('[', ')'),
        2 => ('(', ')'),
        _ => ('[', ']'),
    };
    let (lower, upper) = (fmt::value(bucket.lower), fmt::value(bucket.upper));
    format!("{open}{lower}, {upper}{close}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_tell_which_bounds_belong_to_a_bucket() {
        let bucket = |bounds| HistogramBucket {
            bounds,
            lower: 0.5,
            upper: 1.0,
            count: 3.0,
        };
        assert_eq!(bounds(&bucket(0)), "(0.5, 1]");
        assert_eq!(bounds(&bucket(3)), "[0.5, 1]");
    }
}
