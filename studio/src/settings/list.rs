//! A list of the document whose items are changed in a form.

use crate::board::Board;
use crate::edit::{Part, Path};
use app::components::{Glyph, Icon};
use app::words::{t_string, use_i18n};
use leptos::prelude::*;
use serde_json::Value;

/// What a list is made of.
#[derive(Clone, Copy)]
pub(super) struct Items {
    /// Where it is.
    pub(super) path: Path,
    /// The name of an item and what else its line says.
    pub(super) describe: fn(&Value) -> (String, String),
    /// A new item among those that are there.
    pub(super) fresh: fn(&[Value]) -> Value,
    /// A copy of an item among those that are there.
    pub(super) again: fn(&Value, &[Value]) -> Value,
    /// The form of an item.
    pub(super) form: fn(Board, usize) -> AnyView,
}

/// The list, and the form of the item that was chosen.
#[component]
pub(super) fn ItemList(
    board: Board,
    items: Items,
    add: Signal<&'static str>,
    none: Signal<&'static str>,
) -> impl IntoView {
    let i18n = use_i18n();
    let part = Part::dashboard(board);
    let chosen = RwSignal::new(None::<usize>);
    let lines = Memo::new(move |_| {
        let list = part.list(items.path);
        list.iter().map(items.describe).collect::<Vec<_>>()
    });
    let count = Memo::new(move |_| lines.with(Vec::len));
    // Undo may take away what was open.
    let open = Memo::new(move |_| chosen.get().filter(|index| *index < count.get()));
    let change = move |change: &dyn Fn(&mut Vec<Value>)| part.change_list(items.path, change);
    let line = move |index: usize| {
        let text = move || lines.with(|lines| lines.get(index).cloned().unwrap_or_default());
        let name = move || text().0;
        let move_to = move |to: usize| {
            change(&|list| {
                if index.max(to) < list.len() {
                    list.swap(index, to);
                }
            });
            chosen.set(None);
        };
        view! {
            <tr>
                <th scope="row">
                    <button type="button" class="button" data-kind="quiet" aria-expanded=move || if open.get() == Some(index) { "true" } else { "false" }
                        on:click=move |_| chosen.update(|chosen| *chosen = (*chosen != Some(index)).then_some(index))>
                        {name}
                    </button>
                </th>
                <td data-wrap="true"><code>{move || text().1}</code></td>
                <td class="board-settings__line-tools">
                    <button type="button" class="button" data-kind="icon" disabled=index == 0
                        aria-label=move || t_string!(i18n, boards.up, name = name()) on:click=move |_| move_to(index.saturating_sub(1))>
                        <span aria-hidden="true">"↑"</span>
                    </button>
                    <button type="button" class="button" data-kind="icon" disabled=move || count.get() <= index + 1
                        aria-label=move || t_string!(i18n, boards.down, name = name()) on:click=move |_| move_to(index + 1)>
                        <span aria-hidden="true">"↓"</span>
                    </button>
                    <button type="button" class="button" data-kind="icon" aria-label=move || t_string!(i18n, boards.duplicate_named, name = name())
                        on:click=move |_| change(&|list| {
                            if let Some(item) = list.get(index) {
                                let copy = (items.again)(item, list);
                                list.insert(index + 1, copy);
                            }
                        })>
                        <Icon glyph=Glyph::Copy/>
                    </button>
                    <button type="button" class="button" data-kind="icon" aria-label=move || t_string!(i18n, dashboards.delete_named, name = name())
                        on:click=move |_| {
                            chosen.set(None);
                            change(&|list| { if index < list.len() { list.remove(index); } });
                        }>
                        <Icon glyph=Glyph::Cross/>
                    </button>
                </td>
            </tr>
        }
    };
    let push = move |_| {
        change(&|list| {
            let fresh = (items.fresh)(list);
            list.push(fresh);
        });
        chosen.set(count.get_untracked().checked_sub(1));
    };
    view! {
        <Show when=move || 0 < count.get() fallback=move || view! { <p class="form__note">{none}</p> }>
            <div class="board-settings__list">
                <table class="grid-table">
                    <tbody>
                        <For each=move || 0..count.get() key=|index| *index children=line/>
                    </tbody>
                </table>
            </div>
        </Show>
        <p class="board-settings__tools">
            <button type="button" class="button" on:click=push>
                <Icon glyph=Glyph::Plus/>
                {add}
            </button>
        </p>
        {move || open.get().map(|index| view! {
            <div class="form board-settings__form board-settings__item">{(items.form)(board, index)}</div>
        })}
    }
}
