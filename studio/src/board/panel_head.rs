//! The head of a panel: its title, what there is to say of it, and its menu.

use super::grid::Item;
use super::panel::Asked;
use super::{Board, scope_of};
use crate::edit::{Handle, PanelMenu};
use app::components::{Glyph, Icon};
use app::words::{t_string, use_i18n};
use dashboard::{Format, Panel, interpolate};
use leptos::prelude::*;
use render::safe_url;

/// Title, notes, links and menu.
#[component]
pub(super) fn Head(
    item: Signal<Item>,
    board: Board,
    asked: Asked,
    inspecting: RwSignal<bool>,
) -> impl IntoView {
    let i18n = use_i18n();
    let id = item.with_untracked(|item| item.id);
    let put = move |text: &str, item: &Item| {
        board.values.track();
        scope_of(board, &item.clones, |scope| {
            interpolate(text, scope, &Format::Text)
        })
    };
    let title = move || {
        let item = item.get();
        let text = Panel::of(&item.json).map(|panel| panel.title().to_owned());
        put(&text.unwrap_or_default(), &item)
    };
    let description = move || {
        let item = item.get();
        let text = Panel::of(&item.json).map(|panel| panel.description().to_owned());
        text.filter(|text| !text.is_empty())
            .map(|text| put(&text, &item))
    };
    let links = move || {
        let item = item.get();
        let links = Panel::of(&item.json)
            .map(|panel| panel.links())
            .unwrap_or_default();
        let shown = links.into_iter().filter_map(|link| {
            let url = scope_of(board, &item.clones, |scope| {
                interpolate(&link.url, scope, &Format::PercentEncode)
            });
            let url = safe_url(&url)?;
            let away = link.new_page.then_some("_blank");
            let title = put(&link.title, &item);
            let hint = title.clone();
            Some(view! {
                <a class="tile__link" href=url target=away rel=away.map(|_| "noopener") title=hint>
                    <Icon glyph=Glyph::Link/>
                    <span class="visually-hidden">{title}</span>
                </a>
            })
        });
        shown.collect_view()
    };
    let own_time = move || {
        item.with(|item| {
            let panel = Panel::of(&item.json)?;
            let texts = [panel.time_from(), panel.time_shift()];
            let text: Vec<&str> = texts.into_iter().flatten().collect();
            (!text.is_empty()).then(|| text.join(" "))
        })
    };
    let notices = move || {
        let mut lines = asked.warnings.get();
        if let Some(outcome) = asked.drawn.get() {
            lines.extend(outcome.data.notices.iter().map(ToString::to_string));
        }
        if let Some(error) = asked
            .error
            .get()
            .filter(|_| asked.drawn.with(Option::is_some))
        {
            lines.insert(0, error);
        }
        (!lines.is_empty()).then(|| lines.join("\n"))
    };
    view! {
        <header
            class="tile__head"
            data-drags=move || board.editing.get().then_some("true")
            on:pointerdown=move |event| Handle::Place.press(board, id, &event)
        >
            <h2 class="tile__title" title=title>{title}</h2>
            {move || description().map(|text| view! {
                <span class="tile__note" title=text.clone() tabindex="0" role="note" aria-label=text>
                    <Icon glyph=Glyph::Question/>
                </span>
            })}
            {links}
            {move || own_time().map(|text| view! { <span class="tile__time">{text}</span> })}
            {move || notices().map(|text| view! {
                <span
                    class="tile__note"
                    data-kind="warning"
                    title=text.clone()
                    tabindex="0"
                    role="note"
                    aria-label=move || format!("{} {text}", t_string!(i18n, shell.warning))
                >
                    <Icon glyph=Glyph::Alert/>
                </span>
            })}
            <PanelMenu board item inspecting/>
        </header>
    }
}
