//! The page of all dashboards, by folder.

mod entry;
mod folder_form;
mod import;
mod make;
mod section;

use crate::call::{Load, get, is, load};
use app::components::{EmptyNotice, ErrorNotice, Skeleton};
use app::data::UiError;
use app::words::{t, t_string, use_i18n};
use entry::{Entry, Folder, arrange};
use import::ImportDialog;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use make::{MakeDialog, Making};
use section::FolderSection;
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What the page knows, shared by its parts.
#[derive(Clone, Copy)]
pub(crate) struct ListState {
    /// Everything that is stored.
    pub(crate) entries: RwSignal<Load<Arc<Vec<Entry>>>>,
    /// Who looks: whether they have stars and may change something.
    pub(crate) may: RwSignal<May>,
    /// Asks for everything again.
    pub(crate) reload: Callback<()>,
}

/// What somebody may do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct May {
    /// Make and delete.
    pub(crate) edit: bool,
    /// Have stars.
    pub(crate) star: bool,
    /// Say who may do what in folders: with an account, the server decides for each folder.
    pub(crate) manage: bool,
}

impl ListState {
    fn new() -> Self {
        let entries = RwSignal::new(Load::Waiting);
        let may = RwSignal::new(May::default());
        let ask = move || {
            load(entries, async {
                let found = get("/api/search?limit=5000").await?;
                Ok(Arc::new(Entry::read_all(&found)))
            });
        };
        Effect::new(move |_| {
            ask();
            leptos::task::spawn_local(async move {
                // Whoever cannot be asked may do nothing here; the server decides in any case.
                if let Ok(me) = get("/api/watchfire/me").await {
                    let star = crate::call::text_of(&me, "kind") == "user";
                    let edit = is(&me, "canEdit");
                    may.try_set(May {
                        edit,
                        star,
                        manage: edit && star,
                    });
                }
            });
        });
        Self {
            entries,
            may,
            reload: Callback::new(move |()| ask()),
        }
    }

    /// A dialog's call has ended: closes it and asks for everything again, or says why not.
    fn ended(
        self,
        result: Result<Value, UiError>,
        open: RwSignal<bool>,
        failed: RwSignal<Option<UiError>>,
    ) {
        match result {
            Ok(_) => {
                open.try_set(false);
                self.reload.run(());
            }
            Err(error) => {
                failed.try_set(Some(error));
            }
        }
    }
}

/// All dashboards.
#[component]
pub(crate) fn ListPage() -> impl IntoView {
    let i18n = use_i18n();
    let state = ListState::new();
    let find = RwSignal::new(String::new());
    let tag = RwSignal::new(String::new());
    let starred = RwSignal::new(false);
    let making = RwSignal::new(None::<Making>);
    let importing = RwSignal::new(false);
    let query = use_query_map();
    // A link may lead straight to the import.
    Effect::new(move |_| {
        if query.with(|query| query.get("import").is_some()) && state.may.get().edit {
            importing.set(true);
        }
    });
    let tags = Memo::new(move |_| {
        state.entries.with(|entries| {
            let entries = entries
                .ready()
                .map(|all| all.as_slice())
                .unwrap_or_default();
            let tags: BTreeSet<String> = entries.iter().flat_map(|e| e.tags.clone()).collect();
            tags.into_iter().collect::<Vec<_>>()
        })
    });
    let is_filtered =
        move || !find.with(String::is_empty) || !tag.with(String::is_empty) || starred.get();
    let shown = Memo::new(move |_| {
        state.entries.with(|entries| {
            let entries = entries
                .ready()
                .map(|all| all.as_slice())
                .unwrap_or_default();
            let wanted = find.get().trim().to_lowercase();
            let tag = tag.get();
            let fits = |entry: &Entry| {
                entry.title.to_lowercase().contains(&wanted)
                    && (tag.is_empty() || entry.tags.contains(&tag))
                    && (!starred.get() || entry.starred)
            };
            arrange(entries, &fits, is_filtered())
        })
    });
    let body = move || {
        let waiting = match state.entries.get() {
            Load::Waiting => Some(view! { <Skeleton shape="table"/> }.into_any()),
            Load::Failed(error) => {
                Some(view! { <ErrorNotice error on_retry=state.reload/> }.into_any())
            }
            Load::Ready(entries) if entries.is_empty() => Some(
                view! {
                    <EmptyNotice title=Signal::derive(move || {
                        t_string!(i18n, dashboards.none_title).to_owned()
                    })>
                        <p>{t!(i18n, dashboards.none_text)}</p>
                    </EmptyNotice>
                }
                .into_any(),
            ),
            Load::Ready(_) => None,
        };
        if let Some(waiting) = waiting {
            return waiting;
        }
        if shown.with(Vec::is_empty) {
            return view! {
                <EmptyNotice title=Signal::derive(move || {
                    t_string!(i18n, dashboards.no_match).to_owned()
                })>
                    <p>{t!(i18n, dashboards.no_match_text)}</p>
                </EmptyNotice>
            }
            .into_any();
        }
        view! {
            <For
                each=move || shown.get()
                key=|folder: &Folder| folder.clone()
                children=move |folder| view! { <FolderSection folder state/> }
            />
        }
        .into_any()
    };
    view! {
        <Title text=move || t_string!(i18n, dashboards.title)/>
        <div class="page-head">
            <h1 class="page-head__title">{t!(i18n, dashboards.title)}</h1>
            <Show when=move || state.may.get().edit>
                <div class="page-head__actions">
                    <button type="button" class="button" on:click=move |_| importing.set(true)>
                        {t!(i18n, dashboards.import)}
                    </button>
                    <button type="button" class="button" on:click=move |_| making.set(Some(Making::Folder))>
                        {t!(i18n, dashboards.new_folder)}
                    </button>
                    <button
                        type="button"
                        class="button"
                        data-kind="primary"
                        on:click=move |_| making.set(Some(Making::Dashboard))
                    >
                        {t!(i18n, dashboards.new_dashboard)}
                    </button>
                </div>
            </Show>
        </div>
        <div class="filters">
            <input
                class="field"
                type="search"
                aria-label=move || t_string!(i18n, dashboards.find)
                placeholder=move || t_string!(i18n, dashboards.find)
                prop:value=move || find.get()
                on:input=move |event| find.set(event_target_value(&event))
            />
            <Show when=move || tags.with(|tags| !tags.is_empty())>
                <select
                    class="field"
                    aria-label=move || t_string!(i18n, dashboards.tags)
                    on:change=move |event| tag.set(event_target_value(&event))
                >
                    <option value="">{t!(i18n, dashboards.all_tags)}</option>
                    {move || tags.get().into_iter().map(|name| {
                        let value = name.clone();
                        view! { <option value=value>{name}</option> }
                    }).collect_view()}
                </select>
            </Show>
            <Show when=move || state.may.get().star>
                <button
                    type="button"
                    class="button"
                    data-kind="toggle"
                    aria-pressed=move || if starred.get() { "true" } else { "false" }
                    on:click=move |_| starred.update(|on| *on = !*on)
                >
                    {t!(i18n, dashboards.starred_only)}
                </button>
            </Show>
        </div>
        {body}
        <MakeDialog making state/>
        <ImportDialog open=importing state/>
    }
}
