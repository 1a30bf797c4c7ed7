//! Earlier versions, and one of them made the newest again.

use crate::board::{Board, read_stored};
use crate::call::{Load, get, load, send, text_of};
use app::components::{Dialog, TimeAgo, use_clock};
use app::data::UiError;
use app::words::{t, t_string, use_i18n};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::{Value, json};
use std::sync::Arc;

/// The dialog with all versions.
#[component]
pub(super) fn VersionsDialog(board: Board, open: RwSignal<bool>) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <Dialog open kind="wide" label=Signal::derive(move || t_string!(i18n, dashboards.versions).to_owned())>
            <h2 class="dialog__title">{t!(i18n, dashboards.versions)}</h2>
            <VersionsTable board on_restored=Callback::new(move |()| { open.try_set(false); })/>
            <p class="dialog__end">
                <button type="button" class="button" on:click=move |_| open.set(false)>{t!(i18n, shell.close)}</button>
            </p>
        </Dialog>
    }
}

/// All versions, each of which can be restored.
#[component]
pub(crate) fn VersionsTable(board: Board, on_restored: Callback<()>) -> impl IntoView {
    let i18n = use_i18n();
    let versions = RwSignal::new(Load::<Vec<Value>>::Waiting);
    let failed = RwSignal::new(None::<UiError>);
    let clock = use_clock();
    let uid = move || board.meta.with_untracked(|meta| meta.uid.clone());
    Effect::new(move |_| {
        // A save makes a new one.
        let version = board.meta.with(|meta| meta.version);
        let _ = version;
        failed.set(None);
        let path = format!("/api/dashboards/uid/{}/versions", uid());
        load(versions, async move {
            let answer = get(&path).await?;
            let list = answer.get("versions").and_then(Value::as_array);
            Ok(list.cloned().unwrap_or_default())
        });
    });
    let restore = move |version: i64| {
        let uid = uid();
        spawn_local(async move {
            let body = json!({"version": version});
            let path = format!("/api/dashboards/uid/{uid}");
            let done = send("POST", &format!("{path}/restore"), Some(&body), None).await;
            let found = match done {
                Ok(_) => get(&path).await,
                Err(error) => Err(error),
            };
            match found.and_then(|found| read_stored(&found)) {
                Ok(stored) => {
                    let (document, meta) = (*stored).clone();
                    let document = Arc::new(document);
                    board.meta.set(meta);
                    board.saved.set(Arc::clone(&document));
                    board.undo.set(Vec::new());
                    board.redo.set(Vec::new());
                    board.show(document);
                    on_restored.run(());
                }
                Err(error) => {
                    failed.try_set(Some(error));
                }
            }
        });
    };
    let line = move |entry: &Value| {
        let version = entry.get("version").and_then(Value::as_i64).unwrap_or(0);
        let now = board.meta.with(|meta| meta.version);
        let may = board.meta.with(|meta| meta.can_save) && version != now;
        let time = text_of(entry, "created").to_owned();
        view! {
            <tr>
                <td>{version}</td>
                <td><TimeAgo time clock/></td>
                <td>{text_of(entry, "createdBy").to_owned()}</td>
                <td data-wrap="true">{text_of(entry, "message").to_owned()}</td>
                <td>{may.then(|| view! {
                    <button type="button" class="button" data-kind="quiet" on:click=move |_| restore(version)>
                        {t!(i18n, dashboards.restore)}
                    </button>
                })}</td>
            </tr>
        }
    };
    let body = move || match versions.get() {
        Load::Waiting => view! { <p>{t!(i18n, shell.loading)}</p> }.into_any(),
        Load::Failed(error) => {
            view! { <p class="form__error" role="alert">{error.to_string()}</p> }.into_any()
        }
        Load::Ready(list) => view! {
            <div class="form__list">
                <table class="grid-table">
                    <thead><tr>
                        <th scope="col">{t!(i18n, dashboards.version)}</th>
                        <th scope="col">{t!(i18n, dashboards.saved)}</th>
                        <th scope="col">{t!(i18n, dashboards.by)}</th>
                        <th scope="col">{t!(i18n, dashboards.save_message)}</th>
                        <th></th>
                    </tr></thead>
                    <tbody>{list.iter().map(line).collect_view()}</tbody>
                </table>
            </div>
        }
        .into_any(),
    };
    view! {
        {body}
        {move || failed.get().map(|error| view! { <p class="form__error" role="alert">{error.to_string()}</p> })}
    }
}
