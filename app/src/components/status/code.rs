//! Expressions and files, coloured.

use crate::highlight::{self, Piece};
use crate::site::at;
use crate::state::query_string;
use crate::words::{t_string, use_i18n};
use leptos::prelude::*;

/// What a text is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// PromQL.
    Promql,
    /// YAML.
    Yaml,
}

/// A text in the colours of its language.
#[component]
pub fn Code(
    /// The text.
    #[prop(into)]
    text: Signal<String>,
    /// Its language.
    language: Language,
) -> impl IntoView {
    let pieces = move || {
        let text = text.get();
        let pieces = match language {
            Language::Promql => highlight::promql(&text),
            Language::Yaml => highlight::yaml(&text),
        };
        pieces.into_iter().map(span).collect_view()
    };
    view! { <code class="code">{pieces}</code> }
}

fn span(piece: Piece<'_>) -> AnyView {
    let text = piece.text.to_owned();
    match piece.kind {
        "" => text.into_any(),
        kind => view! { <span class=kind>{text}</span> }.into_any(),
    }
}

/// An expression that leads to the graph page.
#[component]
pub fn Expression(
    /// The expression.
    #[prop(into)]
    text: Signal<String>,
) -> impl IntoView {
    let i18n = use_i18n();
    let href = move || graph_link(&text.get(), "graph");
    view! {
        <a class="expression" href=href title=move || t_string!(i18n, status.open_graph)>
            <Code text language=Language::Promql/>
        </a>
    }
}

/// The address of the graph page with an expression; `tab` is `graph` or `table`.
pub(crate) fn graph_link(expression: &str, tab: &str) -> String {
    let query = query_string([("g0.expr", expression), ("g0.tab", tab)]);
    at(&format!("/graph?{query}"))
}
