//! A folder of the list.

use super::ListState;
use super::entry::{Entry, Folder};
use super::folder_form::FolderForm;
use crate::call::send;
use app::components::{Dialog, Glyph, Icon};
use app::data::UiError;
use app::site::at;
use app::words::{t, t_string, use_i18n};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// A folder's dashboards under its name.
#[component]
pub(super) fn FolderSection(folder: Folder, state: ListState) -> impl IntoView {
    let i18n = use_i18n();
    let Folder {
        uid,
        path,
        dashboards,
    } = folder;
    let name = path.join(" / ");
    let is_loose = uid.is_empty();
    let title = {
        let name = name.clone();
        move || {
            if is_loose {
                t_string!(i18n, dashboards.general).to_owned()
            } else {
                name.clone()
            }
        }
    };
    let is_empty = dashboards.is_empty();
    let access = (!is_loose).then(|| {
        let address = at(&format!("/dashboards/f/{uid}/permissions"));
        let name = name.clone();
        let label = move || t_string!(i18n, people.access_of, name = name.clone());
        view! {
            <Show when=move || state.may.get().manage>
                <a
                    class="button"
                    data-kind="icon"
                    href=address.clone()
                    aria-label=label.clone()
                    title=label.clone()
                >
                    <Icon glyph=Glyph::Person/>
                </a>
            </Show>
        }
    });
    let change = (!is_loose).then(|| {
        let (uid, name) = (
            StoredValue::new(uid.clone()),
            StoredValue::new(name.clone()),
        );
        view! {
            <Show when=move || state.may.get().edit>
                <FolderForm uid=uid.get_value() name=name.get_value() state/>
            </Show>
        }
    });
    let delete = (!is_loose).then(|| {
        view! { <DeleteButton name path=format!("/api/folders/{uid}?forceDeleteRules=true") is_folder=true state/> }
    });
    view! {
        <section class="shelf">
            <div class="shelf__head">
                <h2 class="shelf__title">{title}</h2>
                {change}
                {access}
                {delete}
            </div>
            <ul class="shelf__list">
                {dashboards.into_iter().map(|entry| view! { <Line entry state/> }).collect_view()}
                {is_empty.then(|| view! { <li class="shelf__none">{t!(i18n, dashboards.empty_folder)}</li> })}
            </ul>
        </section>
    }
}

#[component]
fn Line(entry: Entry, state: ListState) -> impl IntoView {
    let i18n = use_i18n();
    let Entry {
        uid,
        title,
        url,
        tags,
        starred,
        ..
    } = entry;
    let star = {
        let (uid, title) = (uid.clone(), title.clone());
        move || {
            let (uid, name) = (uid.clone(), title.clone());
            let label = move || {
                let name = name.clone();
                if starred {
                    t_string!(i18n, dashboards.unstar, name = name)
                } else {
                    t_string!(i18n, dashboards.star, name = name)
                }
            };
            let toggle = move |_| {
                let path = format!("/api/user/stars/dashboard/uid/{uid}");
                spawn_local(async move {
                    let method = if starred { "DELETE" } else { "POST" };
                    // The list that comes again tells whether it was done.
                    let _ = send(method, &path, None, None).await;
                    state.reload.run(());
                });
            };
            view! {
                <button
                    type="button"
                    class="button shelf__star"
                    data-kind="icon"
                    aria-label=label
                    aria-pressed=if starred { "true" } else { "false" }
                    on:click=toggle
                >
                    <Icon glyph=Glyph::Star/>
                </button>
            }
        }
    };
    let tags = tags
        .into_iter()
        .map(|tag| view! { <span class="badge">{tag}</span> })
        .collect_view();
    let name = title.clone();
    view! {
        <li class="shelf__line">
            <Show when=move || state.may.get().star>{star.clone()}</Show>
            <a class="shelf__link" href=at(&url)>{title}</a>
            <span class="shelf__tags">{tags}</span>
            <DeleteButton name path=format!("/api/dashboards/uid/{uid}") is_folder=false state/>
        </li>
    }
}

/// A button that asks before it deletes.
#[component]
fn DeleteButton(name: String, path: String, is_folder: bool, state: ListState) -> impl IntoView {
    let i18n = use_i18n();
    let open = RwSignal::new(false);
    let failed = RwSignal::new(None::<UiError>);
    let shown = StoredValue::new(name);
    let path = StoredValue::new(path);
    let label = move || t_string!(i18n, dashboards.delete_named, name = shown.get_value());
    let delete = move |_| {
        spawn_local(async move {
            let done = send("DELETE", &path.get_value(), None, None).await;
            state.ended(done, open, failed);
        });
    };
    view! {
        <Show when=move || state.may.get().edit>
            <button
                type="button"
                class="button shelf__delete"
                data-kind="icon"
                aria-label=label
                title=label
                on:click=move |_| {
                    failed.set(None);
                    open.set(true);
                }
            >
                <Icon glyph=Glyph::Cross/>
            </button>
            <Dialog open kind="confirm" label=Signal::derive(label)>
                <h2 class="dialog__title">{move || shown.get_value()}</h2>
                <p>
                    {move || if is_folder {
                        t_string!(i18n, dashboards.delete_folder)
                    } else {
                        t_string!(i18n, dashboards.delete_dashboard)
                    }}
                </p>
                {move || failed.get().map(|error| view! { <p class="form__error" role="alert">{error.to_string()}</p> })}
                <p class="dialog__end">
                    <button type="button" class="button" on:click=move |_| open.set(false)>
                        {t!(i18n, shell.cancel)}
                    </button>
                    <button type="button" class="button" data-kind="primary" on:click=delete>
                        {t!(i18n, dashboards.delete)}
                    </button>
                </p>
            </Dialog>
        </Show>
    }
}
