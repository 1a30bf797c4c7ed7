//! Help with writing: metrics, labels, history, layout.

use crate::components::dialog::Dialog;
use crate::components::explorer::{Explorer, HistoryList, Place};
use crate::words::{t, t_string, use_i18n};
use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// Buttons under the editor, and the dialogs that they open.
#[component]
pub(super) fn Toolbar(
    id: u64,
    text: Memo<String>,
    on_input: Callback<String>,
    on_run: Callback<String>,
) -> impl IntoView {
    let i18n = use_i18n();
    let exploring = RwSignal::new(false);
    let place = RwSignal::new(Place::default());
    let remembering = RwSignal::new(false);
    let open = move |at: Place| {
        place.set(at);
        exploring.set(true);
    };
    let labels = move |_| {
        // The metric that is written already, if there is one.
        let metric = metric_in(&text.get_untracked());
        open(metric.map_or(Place::Metrics, Place::labels_of));
    };
    let format = move |_| {
        if let Ok(expr) = promql_syntax::parse(&text.get_untracked()) {
            on_input.run(expr.pretty());
        }
    };
    let readable = Memo::new(move |_| text.with(|text| promql_syntax::parse(text).is_ok()));
    let insert = Callback::new(move |piece: String| {
        exploring.set(false);
        on_input.run(inserted(id, &text.get_untracked(), &piece));
    });
    let run = Callback::new(move |expr: String| {
        exploring.set(false);
        remembering.set(false);
        on_run.run(expr);
    });
    view! {
        <div class="tools">
            <button type="button" class="button" data-kind="tool" on:click=move |_| open(Place::Metrics)>
                {t!(i18n, graph.metrics)}
            </button>
            <button type="button" class="button" data-kind="tool" on:click=labels>
                {t!(i18n, graph.labels)}
            </button>
            <button type="button" class="button" data-kind="tool" on:click=move |_| remembering.set(true)>
                {t!(i18n, graph.history)}
            </button>
            <button
                type="button"
                class="button"
                data-kind="tool"
                disabled=move || !readable.get()
                on:click=format
            >
                {t!(i18n, graph.format)}
            </button>
        </div>
        <Dialog
            open=exploring
            kind="wide"
            label=Signal::derive(move || t_string!(i18n, graph.metrics).to_owned())
        >
            <Explorer place on_insert=insert on_run=run/>
        </Dialog>
        <Dialog
            open=remembering
            kind="wide"
            label=Signal::derive(move || t_string!(i18n, graph.history).to_owned())
        >
            <HistoryList on_run=run/>
        </Dialog>
    }
}

/// The first metric that an expression names.
fn metric_in(text: &str) -> Option<String> {
    let expr = promql_syntax::parse(text).ok()?;
    let mut found = None;
    expr.walk(&mut |node| {
        let selector = match &node.kind {
            promql_syntax::ExprKind::Selector(selector) => selector,
            promql_syntax::ExprKind::Matrix(matrix) => &matrix.selector,
            _ => return,
        };
        found = found.take().or_else(|| selector.name.clone());
    });
    found
}

/// `text` with `piece` at the caret of the panel's editor.
fn inserted(id: u64, text: &str, piece: &str) -> String {
    let field = document()
        .get_element_by_id(&format!("expression-{id}"))
        .and_then(|element| element.dyn_into::<web_sys::HtmlTextAreaElement>().ok());
    let caret = field.and_then(|field| field.selection_start().ok().flatten());
    let units = caret.and_then(|caret| usize::try_from(caret).ok());
    let at = units.map_or(text.len(), |units| {
        crate::components::suggestions::byte_offset(text, units)
    });
    let (before, after) = text.split_at_checked(at).unwrap_or((text, ""));
    format!("{before}{piece}{after}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_metric_is_found() {
        assert_eq!(metric_in("sum(rate(a[5m])) / b").as_deref(), Some("a"));
        assert_eq!(metric_in("1 + 1"), None);
        assert_eq!(metric_in("sum("), None);
    }
}
