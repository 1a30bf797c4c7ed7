//! Links above the panels of a dashboard.

use super::list::{ItemList, Items};
use crate::board::Board;
use crate::edit::{CheckField, ListField, NamedField, Part, TextField};
use app::words::{t, use_i18n};
use leptos::prelude::*;
use serde_json::{Value, json};

/// All links.
#[component]
pub(super) fn LinksTab(board: Board) -> impl IntoView {
    let i18n = use_i18n();
    let items = Items {
        path: &["links"],
        describe,
        fresh: |_| {
            json!({"title": "", "type": "link", "url": "", "tags": [], "icon": "external link", "tooltip": "",
                "asDropdown": false, "includeVars": false, "keepTime": true, "targetBlank": false})
        },
        again: |item, _| item.clone(),
        form: |board, index| view! { <LinkForm board index/> }.into_any(),
    };
    view! { <ItemList board items add=t!(i18n, boards.add_link) none=t!(i18n, boards.no_links)/> }
}

fn describe(item: &Value) -> (String, String) {
    let text = |name: &str| {
        item.get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    let tags = item
        .get("tags")
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    let tags: Vec<&str> = tags.filter_map(Value::as_str).collect();
    let goes_to = if text("type") == "dashboards" {
        tags.join(", ")
    } else {
        text("url")
    };
    let title = text("title");
    (
        if title.is_empty() {
            "—".to_owned()
        } else {
            title
        },
        goes_to,
    )
}

/// The fields of a link.
#[component]
fn LinkForm(board: Board, index: usize) -> impl IntoView {
    let i18n = use_i18n();
    let number = index.to_string();
    let part = Part::dashboard(board).inside(&["links", &number]);
    let by_tags = move || part.text(&["type"]) == "dashboards";
    view! {
        <div class="options__pair">
            <TextField part path=&["title"] label=t!(i18n, dashboards.name)/>
            <NamedField part path=&["type"] label=t!(i18n, boards.leads_to) choices=vec![
                ("link", t!(i18n, boards.an_address)), ("dashboards", t!(i18n, boards.of_tags)),
            ]/>
        </div>
        <Show when=by_tags fallback=move || view! {
            <TextField part path=&["url"] label=t!(i18n, boards.address) hint="/d/other?var-job=$job"/>
            <TextField part path=&["tooltip"] label=t!(i18n, boards.hint)/>
        }>
            <ListField part path=&["tags"] label=t!(i18n, dashboards.tags)/>
            <CheckField part path=&["asDropdown"] label=t!(i18n, boards.as_list)/>
        </Show>
        <div class="options__checks">
            <CheckField part path=&["keepTime"] label=t!(i18n, boards.keep_time)/>
            <CheckField part path=&["includeVars"] label=t!(i18n, boards.keep_values)/>
            <CheckField part path=&["targetBlank"] label=t!(i18n, boards.new_page)/>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_say_where_links_lead() {
        assert_eq!(
            describe(&json!({"title": "a", "type": "link", "url": "/x"})),
            ("a".to_owned(), "/x".to_owned())
        );
        assert_eq!(
            describe(&json!({"title": "", "type": "dashboards", "tags": ["k"]})),
            ("—".to_owned(), "k".to_owned())
        );
    }
}
