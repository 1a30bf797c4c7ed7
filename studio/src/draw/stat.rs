//! Large numbers.

use super::Drawn;
use super::canvas::{observe_size, px};
use crate::board::Board;
use dashboard::{Orientation, Stat, StatItem};
use leptos::html::Div;
use leptos::prelude::*;

/// A panel of large numbers, each as large as there is room for.
#[component]
pub(crate) fn StatView(drawn: Drawn, board: Board) -> impl IntoView {
    let frame = NodeRef::<Div>::new();
    let size = observe_size(frame);
    let items = move || {
        let (outcome, (width, height)) = (drawn.get()?, size.get());
        if width < 10.0 || height < 10.0 {
            return None;
        }
        let stat =
            board.display(|context| Stat::new(&outcome.data.frames, outcome.options(), context));
        let count = stat.items.len().max(1) as f64;
        let across = match stat.options.orientation {
            Orientation::Vertical => true,
            Orientation::Horizontal => false,
            Orientation::Auto => width > height,
        };
        let (columns, rows) = grid_of(count, width, height, across);
        let room = (width / columns - 16.0, height / rows - 8.0);
        let views = stat
            .items
            .iter()
            .map(|item| number(item, room, stat.options.centered, &stat.options));
        Some(view! {
            <div class="stats" style:grid-template-columns=format!("repeat({columns}, 1fr)")>
                {views.collect_view()}
            </div>
        })
    };
    view! { <div class="fill" node_ref=frame>{items}</div> }
}

/// Columns and rows for so many items.
pub(super) fn grid_of(count: f64, width: f64, height: f64, across: bool) -> (f64, f64) {
    if !across {
        return (1.0, count);
    }
    let columns = (1..=100_u32)
        .map(f64::from)
        .take_while(|columns| *columns <= count)
        .max_by(|a, b| {
            let smallest = |columns: f64| {
                let rows = (count / columns).ceil();
                (width / columns / 2.0).min(height / rows)
            };
            smallest(*a).total_cmp(&smallest(*b)).then(b.total_cmp(a))
        })
        .unwrap_or(1.0);
    (columns, (count / columns).ceil())
}

/// Size of a text that fits into a room. Units: CSS pixels.
pub(super) fn fitting(text: &str, width: f64, height: f64) -> f64 {
    let chars = text.chars().count().max(1) as f64;
    (width / chars / 0.58).min(height * 0.8).clamp(12.0, 72.0)
}

fn number(
    item: &StatItem,
    (width, height): (f64, f64),
    centered: bool,
    options: &dashboard::StatOptions,
) -> AnyView {
    let name = item.name.clone();
    let for_name = if name.is_some() { 0.3 } else { 0.0 };
    let text = item.text.clone().unwrap_or_default();
    let value_size = options
        .value_size
        .unwrap_or_else(|| fitting(&text, width, height * (1.0 - for_name)));
    let name_size = options
        .title_size
        .unwrap_or((value_size * 0.4).clamp(12.0, 20.0));
    let line = item.value.sparkline.as_ref().filter(|_| options.graph);
    let color = item.value.shown.color;
    let spark =
        line.and_then(|(times, values)| spark_path(times, values, width + 16.0, height * 0.4));
    let graph = spark.map(|(line, area)| {
        view! {
            <svg class="stat__graph" viewBox=format!("0 0 {:.0} {:.0}", width + 16.0, height * 0.4) preserveAspectRatio="none" aria-hidden="true">
                <path d=area fill=color.with_alpha(0.18).to_css()></path>
                <path d=line fill="none" stroke=color.to_css() stroke-width="1"></path>
            </svg>
        }
    });
    let change = item.change.clone().map(|(text, good)| {
        view! { <span class="stat__change" data-good=if good { "true" } else { "false" }>{text}</span> }
    });
    view! {
        <div
            class="stat"
            data-centered=centered.then_some("true")
            style:background=item.background.map(dashboard::Color::to_css)
            style:color=item.text_color.map(dashboard::Color::to_css)
        >
            {graph}
            {name.map(|name| view! { <span class="stat__name" style:font-size=px(name_size) title=name.clone()>{name.clone()}</span> })}
            <span class="stat__value" style:font-size=px(value_size)>{text}</span>
            {change}
        </div>
    }
    .into_any()
}

/// The line of a small chart, and its area.
fn spark_path(times: &[f64], values: &[f64], width: f64, height: f64) -> Option<(String, String)> {
    let points: Vec<(f64, f64)> = times
        .iter()
        .copied()
        .zip(values.iter().copied())
        .filter(|(_, value)| value.is_finite())
        .collect();
    let (first, last) = (points.first()?.0, points.last()?.0);
    if last <= first {
        return None;
    }
    let low = points
        .iter()
        .map(|point| point.1)
        .fold(f64::INFINITY, f64::min);
    let high = points
        .iter()
        .map(|point| point.1)
        .fold(f64::NEG_INFINITY, f64::max);
    let span = if high > low { high - low } else { 1.0 };
    let mut line = String::new();
    for (index, (time, value)) in points.iter().enumerate() {
        let x = (time - first) / (last - first) * width;
        let y = height - 2.0 - (value - low) / span * (height - 4.0);
        let letter = if index == 0 { 'M' } else { 'L' };
        line.push_str(&format!("{letter}{x:.1} {y:.1}"));
    }
    let area = format!("{line}L{width:.1} {height:.1}L0 {height:.1}Z");
    Some((line, area))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_share_the_room() {
        assert_eq!(grid_of(4.0, 800.0, 100.0, true), (4.0, 1.0));
        assert_eq!(grid_of(3.0, 800.0, 100.0, false), (1.0, 3.0));
        let (columns, rows) = grid_of(6.0, 300.0, 300.0, true);
        assert!(columns * rows >= 6.0 && rows > 1.0);
    }

    #[test]
    fn a_small_chart_needs_two_points() {
        assert!(spark_path(&[0.0], &[1.0], 10.0, 10.0).is_none());
        let (line, _) = spark_path(&[0.0, 1.0], &[0.0, 1.0], 10.0, 10.0).unwrap();
        assert_eq!(line, "M0.0 8.0L10.0 2.0");
    }
}
