//! Name, place and times of a dashboard.

use crate::board::Board;
use crate::call::{Load, get, load, text_of};
use crate::edit::{CheckField, ListField, LongField, NamedField, Part, TextField};
use app::words::{t, use_i18n};
use leptos::prelude::*;
use serde_json::Value;

/// The fields of a dashboard itself.
#[component]
pub(super) fn GeneralTab(board: Board) -> impl IntoView {
    let i18n = use_i18n();
    let part = Part::dashboard(board);
    let take_range = move |_| {
        let (from, to) = board.range.get_untracked();
        part.set_all(&[
            (&["time", "from"], Some(from.into())),
            (&["time", "to"], Some(to.into())),
        ]);
    };
    let take_values = move |_| board.keep_values();
    let plain = |text: &'static str| Signal::stored(text);
    view! {
        <div class="form board-settings__form">
            <TextField part path=&["title"] label=t!(i18n, dashboards.name)/>
            <LongField part path=&["description"] label=t!(i18n, dashboards.description) rows=3/>
            <ListField part path=&["tags"] label=t!(i18n, dashboards.tags) hint="linux, network"/>
            <FolderField board/>
            <div class="options__pair">
                <NamedField part path=&["timezone"] label=t!(i18n, boards.timezone) choices=vec![
                    ("", t!(i18n, boards.zone_reader)), ("browser", t!(i18n, boards.zone_browser)), ("utc", plain("UTC")),
                ]/>
                <NamedField part path=&["weekStart"] label=t!(i18n, boards.week_start) choices=vec![
                    ("", t!(i18n, boards.usual)), ("monday", t!(i18n, boards.monday)), ("saturday", t!(i18n, boards.saturday)),
                    ("sunday", t!(i18n, boards.sunday)),
                ]/>
                <NamedField part path=&["graphTooltip"] label=t!(i18n, boards.crosshair) choices=vec![
                    ("0", t!(i18n, boards.crosshair_own)), ("1", t!(i18n, boards.crosshair_shared)),
                    ("2", t!(i18n, boards.tooltip_shared)),
                ]/>
            </div>
            <div class="options__pair">
                <TextField part path=&["time", "from"] label=t!(i18n, dashboards.from) hint="now-6h"/>
                <TextField part path=&["time", "to"] label=t!(i18n, dashboards.to) hint="now"/>
                <TextField part path=&["refresh"] label=t!(i18n, dashboards.refresh_every) hint="30s"/>
            </div>
            <p class="board-settings__tools">
                <button type="button" class="button" on:click=take_range>{t!(i18n, boards.take_range)}</button>
                <button type="button" class="button" on:click=take_values>{t!(i18n, boards.take_values)}</button>
            </p>
            <div class="options__pair">
                <ListField part path=&["timepicker", "refresh_intervals"] label=t!(i18n, boards.intervals) hint="10s, 1m, 5m"/>
                <TextField part path=&["timepicker", "nowDelay"] label=t!(i18n, boards.now_delay) hint="1m" lazy=true/>
            </div>
            <CheckField part path=&["timepicker", "hidden"] label=t!(i18n, boards.hide_times)/>
            <CheckField part path=&["preload"] label=t!(i18n, boards.preload)/>
            <CheckField part path=&["editable"] label=t!(i18n, boards.editable) usual=true/>
        </div>
    }
}

/// The folder that the dashboard is in; it moves when it is saved.
#[component]
fn FolderField(board: Board) -> impl IntoView {
    let i18n = use_i18n();
    let folders = RwSignal::new(Load::<Vec<(String, String)>>::Waiting);
    Effect::new(move |_| {
        load(folders, async move {
            let answer = get("/api/search?type=dash-folder&limit=1000").await?;
            let list = answer.as_array().map(Vec::as_slice).unwrap_or_default();
            let read = |hit: &Value| {
                (
                    text_of(hit, "uid").to_owned(),
                    text_of(hit, "title").to_owned(),
                )
            };
            Ok(list.iter().map(read).collect())
        });
    });
    let now = move || {
        let is_in = board.meta.with(|meta| meta.folder.clone());
        board.moved.get().unwrap_or(is_in)
    };
    let options = move || {
        let all = folders.with(|folders| folders.ready().cloned().unwrap_or_default());
        all.into_iter()
            .map(|(uid, title)| {
                let own = uid.clone();
                view! { <option value=uid selected=move || now() == own>{title}</option> }
            })
            .collect_view()
    };
    view! {
        <label class="form__row">
            <span>{t!(i18n, dashboards.folder)}</span>
            <select class="field" on:change=move |event| {
                let wanted = event_target_value(&event);
                let is_in = board.meta.with_untracked(|meta| meta.folder.clone());
                board.moved.set((wanted != is_in).then_some(wanted));
            }>
                <option value="" selected=move || now().is_empty()>{t!(i18n, dashboards.general)}</option>
                {options}
            </select>
        </label>
    }
}
