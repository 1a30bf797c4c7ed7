//! Queries, their tables and their charts. The address is the state of the page.

use crate::components::chart::HoverTime;
use crate::components::{ClockSkew, Glyph, Icon, QueryPanel};
use crate::state::{PanelParams, panels_from, panels_to_query};
use crate::words::{t, t_string, use_i18n};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};

/// A column of panels.
#[component]
pub fn GraphPage() -> impl IntoView {
    let i18n = use_i18n();
    HoverTime::provide();
    let query = use_query_map();
    let panels = Memo::new(move |_| query.with(|query| panels_from(|name| query.get(name))));
    let removed = StoredValue::new(None::<usize>);
    let ids = Memo::new(move |last: Option<&Vec<u64>>| {
        let count = panels.with(Vec::len);
        keep_ids(
            last.map_or(&[], Vec::as_slice),
            count,
            removed.try_update_value(Option::take).flatten(),
        )
    });
    let navigate = use_navigate();
    let write = Callback::new(move |panels: Vec<PanelParams>| {
        let address = format!("/graph?{}", panels_to_query(&panels));
        navigate(
            &address,
            NavigateOptions {
                scroll: false,
                ..NavigateOptions::default()
            },
        );
    });
    let add = move |_| {
        let mut next = panels.get_untracked();
        // A new panel looks at the same time in the same way.
        let like = next.last().cloned().unwrap_or_default();
        next.push(PanelParams {
            expr: String::new(),
            ..like
        });
        write.run(next);
    };
    let duplicate = move |index: usize| {
        let mut next = panels.get_untracked();
        if let Some(panel) = next.get(index).cloned() {
            next.insert(index + 1, panel);
        }
        write.run(next);
    };
    let remove = move |index: usize| {
        let mut next = panels.get_untracked();
        if index < next.len() {
            next.remove(index);
            removed.set_value(Some(index));
        }
        write.run(next);
    };
    let title = move || {
        let first = panels.with(|p| p.first().map(|p| p.expr.clone()).unwrap_or_default());
        let start: String = first.chars().take(60).collect();
        let page = t_string!(i18n, graph.graph);
        if start.is_empty() {
            page.to_owned()
        } else {
            format!("{start} · {page}")
        }
    };
    view! {
        <Title text=title/>
        <h1 class="visually-hidden">{t!(i18n, graph.graph)}</h1>
        <ClockSkew/>
        <For each=move || ids.get() key=|id| *id let:id>
            {
                let index = Signal::derive(move || {
                    ids.with(|ids| ids.iter().position(|other| *other == id)).unwrap_or_default()
                });
                let params = Memo::new(move |last: Option<&PanelParams>| {
                    // A panel that is on its way out keeps what it had.
                    let place = ids.with(|ids| ids.iter().position(|other| *other == id));
                    let now = place.and_then(|place| panels.with(|p| p.get(place).cloned()));
                    now.or_else(|| last.cloned()).unwrap_or_default()
                });
                let change = Callback::new(move |next: PanelParams| {
                    let mut all = panels.get_untracked();
                    if let Some(panel) = all.get_mut(index.get_untracked()) {
                        *panel = next;
                    }
                    write.run(all);
                });
                view! {
                    <QueryPanel
                        id
                        index
                        params
                        on_change=change
                        on_duplicate=Callback::new(move |()| duplicate(index.get_untracked()))
                        on_remove=Callback::new(move |()| remove(index.get_untracked()))
                    />
                }
            }
        </For>
        <button type="button" class="button" on:click=add>
            <Icon glyph=Glyph::Plus/>
            {t!(i18n, graph.add_panel)}
        </button>
    }
}

/// Ids for `count` panels that keep as many of the last ones as they can.
///
/// `removed` is the place of a panel that the user took away; without it, panels come and go at the end.
fn keep_ids(last: &[u64], count: usize, removed: Option<usize>) -> Vec<u64> {
    let next = last.iter().max().map_or(0, |id| id + 1);
    let mut ids = last.to_vec();
    // The only panel is replaced by an empty one.
    if let Some(place) = removed.filter(|place| *place < ids.len()) {
        ids.remove(place);
    }
    ids.truncate(count);
    let missing = u64::try_from(count - ids.len()).unwrap_or(0);
    ids.extend(next..next + missing);
    ids
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn panels_keep_their_ids_when_others_go() {
        assert_eq!(keep_ids(&[], 2, None), [0, 1]);
        assert_eq!(keep_ids(&[0, 1, 2], 2, Some(0)), [1, 2]);
        assert_eq!(keep_ids(&[0, 1, 2], 2, None), [0, 1]);
        assert_eq!(keep_ids(&[1, 2], 3, None), [1, 2, 3]);
    }

    #[test]
    fn the_only_panel_is_replaced() {
        assert_eq!(keep_ids(&[0], 1, Some(0)), [1]);
    }
}
