//! A list of very many rows of the same height, of which only those in view exist.

use leptos::html::Div;
use leptos::prelude::*;

/// Rows above and below the view that exist already.
const SPARE: usize = 8;

/// A list that scrolls. Rows are made for those in view and a few around them.
#[component]
pub fn VirtualList(
    /// Name for those who do not see it.
    #[prop(into)]
    label: Signal<String>,
    /// How many rows there are.
    #[prop(into)]
    count: Signal<usize>,
    /// Units: CSS pixels.
    row_height: f64,
    /// Height of the list. Units: CSS pixels.
    height: f64,
    /// Makes row number `n`.
    row: Callback<usize, AnyView>,
) -> impl IntoView {
    let frame = NodeRef::<Div>::new();
    let top = RwSignal::new(0.0_f64);
    let shown = Memo::new(move |_| rows_in_view(top.get(), row_height, height, count.get()));
    // Another list begins at its top.
    Effect::new(move |_| {
        count.track();
        if let Some(frame) = frame.get() {
            frame.set_scroll_top(0);
        }
        top.set(0.0);
    });
    let rows = move || {
        let (first, last) = shown.get();
        (first..last)
            .map(|n| {
                let offset = format!("{:.0}px", n as f64 * row_height);
                view! {
                    <div
                        class="virtual__row"
                        role="row"
                        aria-rowindex=n + 1
                        style:top=offset
                        style:height=format!("{row_height}px")
                    >
                        {row.run(n)}
                    </div>
                }
            })
            .collect_view()
    };
    view! {
        <div
            class="virtual"
            role="grid"
            tabindex="0"
            aria-label=move || label.get()
            aria-rowcount=move || count.get()
            node_ref=frame
            style:height=move || format!("{:.0}px", height.min((count.get() as f64 * row_height).max(row_height)))
            on:scroll=move |_| {
                if let Some(frame) = frame.get_untracked() {
                    top.set(f64::from(frame.scroll_top()));
                }
            }
        >
            <div
                class="virtual__all"
                role="rowgroup"
                style:height=move || format!("{:.0}px", count.get() as f64 * row_height)
            >
                {rows}
            </div>
        </div>
    }
}

/// The first row that exists and the one behind the last.
#[expect(
    clippy::cast_possible_truncation,
    reason = "the casts saturate, and the count bounds them"
)]
fn rows_in_view(top: f64, row: f64, height: f64, count: usize) -> (usize, usize) {
    let first = ((top / row).floor() as usize).saturating_sub(SPARE);
    let last = ((top + height) / row).ceil() as usize + SPARE;
    (first.min(count), last.min(count))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_rows_in_view_exist() {
        assert_eq!(rows_in_view(0.0, 20.0, 400.0, 500_000), (0, 28));
        assert_eq!(rows_in_view(10_000.0, 20.0, 400.0, 500_000), (492, 528));
        assert_eq!(rows_in_view(1e9, 20.0, 400.0, 100), (100, 100));
        assert_eq!(rows_in_view(0.0, 20.0, 400.0, 3), (0, 3));
    }
}
