//! Saving, and what to do where somebody else saved in between.

use crate::board::{Board, read_stored};
use crate::call::{get, send, text_of};
use app::components::Dialog;
use app::data::UiError;
use app::words::{t, t_string, use_i18n};
use dashboard::export;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::{Value, json};
use std::sync::Arc;

/// A difference to what somebody else saved: where, what theirs is, what ours is.
type Change = (String, String, String);

/// The dialog that saves, with a message.
#[component]
pub(super) fn SaveDialog(board: Board, open: RwSignal<bool>) -> impl IntoView {
    let i18n = use_i18n();
    let message = RwSignal::new(String::new());
    let failed = RwSignal::new(None::<UiError>);
    let conflict = RwSignal::new(None::<Vec<Change>>);
    Effect::new(move |_| {
        if open.get() {
            message.set(String::new());
            failed.set(None);
            conflict.set(None);
        }
    });
    let save = move |overwrite: bool| {
        let body = request(board, &message.get_untracked(), overwrite);
        spawn_local(async move {
            match send("POST", "/api/dashboards/db", Some(&body), None).await {
                Ok(answer) => {
                    taken(board, &answer);
                    open.try_set(false);
                }
                Err(UiError::Refused { kind, .. }) if kind == "version-mismatch" => {
                    conflict.try_set(Some(differences(board).await.unwrap_or_default()));
                }
                Err(error) => {
                    failed.try_set(Some(error));
                }
            }
        });
    };
    let theirs = move |_| {
        spawn_local(async move {
            let uid = board.meta.with_untracked(|meta| meta.uid.clone());
            if let Ok(found) = get(&format!("/api/dashboards/uid/{uid}")).await
                && let Ok(stored) = read_stored(&found)
            {
                let (document, meta) = (*stored).clone();
                let document = Arc::new(document);
                // Ours can be brought back by undoing.
                board
                    .undo
                    .update(|undo| undo.push(board.document.get_untracked()));
                board.meta.set(meta);
                board.saved.set(Arc::clone(&document));
                board.show(document);
                open.try_set(false);
            }
        });
    };
    let of_conflict = move |changes: Vec<Change>| {
        let lines = changes.into_iter().take(200).map(|(path, theirs, ours)| {
            view! {
                <tr>
                    <th scope="row"><code>{path}</code></th>
                    <td><code>{theirs}</code></td>
                    <td><code>{ours}</code></td>
                </tr>
            }
        });
        view! {
            <h2 class="dialog__title">{t!(i18n, dashboards.conflict)}</h2>
            <p>{t!(i18n, dashboards.conflict_text)}</p>
            <div class="form__list">
                <table class="grid-table">
                    <thead><tr>
                        <th scope="col">{t!(i18n, dashboards.where_)}</th>
                        <th scope="col">{t!(i18n, dashboards.theirs)}</th>
                        <th scope="col">{t!(i18n, dashboards.ours)}</th>
                    </tr></thead>
                    <tbody>{lines.collect_view()}</tbody>
                </table>
            </div>
            <p class="dialog__end">
                <button type="button" class="button" on:click=move |_| open.set(false)>{t!(i18n, shell.cancel)}</button>
                <button type="button" class="button" on:click=theirs>{t!(i18n, dashboards.take_theirs)}</button>
                <button type="button" class="button" data-kind="primary" on:click=move |_| save(true)>
                    {t!(i18n, dashboards.overwrite)}
                </button>
            </p>
        }
    };
    let form = move || {
        view! {
            <form class="form" on:submit=move |event| {
                event.prevent_default();
                save(false);
            }>
                <h2 class="dialog__title">{t!(i18n, dashboards.save)}</h2>
                <label class="form__row">
                    <span>{t!(i18n, dashboards.save_message)}</span>
                    <input class="field" autofocus prop:value=move || message.get() on:input=move |event| message.set(event_target_value(&event))/>
                </label>
                {move || failed.get().map(|error| view! { <p class="form__error" role="alert">{error.to_string()}</p> })}
                <p class="dialog__end">
                    <button type="button" class="button" on:click=move |_| open.set(false)>{t!(i18n, shell.cancel)}</button>
                    <button type="submit" class="button" data-kind="primary">{t!(i18n, dashboards.save)}</button>
                </p>
            </form>
        }
    };
    view! {
        <Dialog open kind="form" label=Signal::derive(move || t_string!(i18n, dashboards.save).to_owned())>
            {move || match conflict.get() {
                Some(changes) => of_conflict(changes).into_any(),
                None => form().into_any(),
            }}
        </Dialog>
    }
}

fn unsaved(board: Board) -> Value {
    let mut document = export(&board.document.get_untracked());
    let (uid, version) = board
        .meta
        .with_untracked(|meta| (meta.uid.clone(), meta.version));
    if let Some(document) = document.as_object_mut() {
        document.insert("uid".to_owned(), uid.into());
        document.insert("version".to_owned(), version.into());
    }
    document
}

fn request(board: Board, message: &str, overwrite: bool) -> Value {
    let mut body = json!({"dashboard": unsaved(board), "message": message, "overwrite": overwrite});
    if let (Some(folder), Some(body)) = (board.moved.get_untracked(), body.as_object_mut()) {
        body.insert("folderUid".to_owned(), folder.into());
    }
    body
}

/// Notes what the server says of what was saved.
fn taken(board: Board, answer: &Value) {
    let moved = board.moved.get_untracked();
    board.moved.set(None);
    board.meta.update(|meta| {
        if let Some(folder) = moved {
            meta.folder = folder;
        }
        meta.version = answer
            .get("version")
            .and_then(Value::as_i64)
            .unwrap_or(meta.version);
        let slug = text_of(answer, "slug");
        if !slug.is_empty() {
            slug.clone_into(&mut meta.slug);
        }
    });
    board.saved.set(board.document.get_untracked());
}

/// What differs between what the server has and what is shown here.
async fn differences(board: Board) -> Option<Vec<Change>> {
    let uid = board.meta.with_untracked(|meta| meta.uid.clone());
    let body = json!({
        "base": {"dashboardUid": uid}, "new": {"unsavedDashboard": unsaved(board)},
    });
    let answer = send("POST", "/api/dashboards/calculate-diff", Some(&body), None)
        .await
        .ok()?;
    let changes = answer.get("changes")?.as_array()?;
    let short = |value: Option<&Value>| {
        let text = value
            .filter(|value| !value.is_null())
            .map(Value::to_string)
            .unwrap_or_default();
        text.chars().take(120).collect::<String>()
    };
    let read = |change: &Value| {
        (
            text_of(change, "path").to_owned(),
            short(change.get("before")),
            short(change.get("after")),
        )
    };
    Some(changes.iter().map(read).collect())
}
