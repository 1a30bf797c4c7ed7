//! A group of rules of the metadata: its name and folder, how often it is evaluated, and its rules in their order.

use super::calls::{self, Outcome};
use super::{Page, Stage};
use api_types::{
    FormGroup, FormRule, GroupSettings, MoveGroup, OrderGroup, RuleTree, STORED_RULES,
};
use app::components::{Dialog, EmptyNotice, ErrorNotice, Skeleton};
use app::data::UiError;
use app::site::at;
use app::state::{encode, use_go};
use app::words::{t, t_string, use_i18n};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use std::sync::Arc;

/// The group that the address names: `file` as in `/api/v1/rules`, or `folder`, and `group`.
#[component]
pub fn RuleGroupPage() -> impl IntoView {
    let i18n = use_i18n();
    let page = Page::new(Stage::Waiting);
    let query = use_query_map();
    let text = move |name: &str| query.with(|query| query.get(name).unwrap_or_default());
    let ask = move || {
        spawn_local(async move {
            page.ask_tree().await;
            page.stage.try_update(|stage| {
                if *stage == Stage::Waiting {
                    *stage = Stage::Ready;
                }
            });
        });
    };
    Effect::new(move |_| {
        query.track();
        ask();
    });
    let again = Callback::new(move |()| {
        page.stage.set(Stage::Waiting);
        ask();
    });
    let title = Signal::derive(move || text("group"));
    let body = move || match (page.stage.get(), page.tree.get()) {
        (Stage::Waiting, _) => view! { <Skeleton shape="table"/> }.into_any(),
        (Stage::Failed(error), _) => view! { <ErrorNotice error on_retry=again/> }.into_any(),
        (Stage::Ready, tree) => {
            let tree = tree.unwrap_or_default();
            match find(&tree, &text("file"), &text("folder"), &text("group")) {
                Some(group) => view! { <GroupForm group tree again=Callback::new(move |()| ask())/> }.into_any(),
                None => view! {
                    <EmptyNotice title=Signal::derive(move || t_string!(i18n, rule_form.no_group).to_owned())>
                        <p><a href=at("/rules") rel="external">{t!(i18n, rule_form.all_rules)}</a></p>
                    </EmptyNotice>
                }
                .into_any(),
            }
        }
    };
    view! {
        <Title text=move || title.get()/>
        <super::Head title/>
        {body}
    }
}

/// The group of the metadata in a file or a folder.
fn find(tree: &RuleTree, file: &str, folder: &str, name: &str) -> Option<FormGroup> {
    let is_it = |group: &&FormGroup| {
        let is_here = if file.is_empty() {
            group.folder.as_deref().unwrap_or_default() == folder
        } else {
            group.file == file
        };
        group.origin == STORED_RULES && group.name == name && is_here
    };
    tree.groups.iter().find(is_it).cloned()
}

/// What the form does, and how that went.
#[derive(Clone, Copy)]
struct Work {
    busy: RwSignal<bool>,
    failed: RwSignal<Option<String>>,
    saved: RwSignal<bool>,
}

impl Work {
    /// Waits for a change; gives what was done.
    async fn wait<T>(self, change: impl Future<Output = Outcome<T>>) -> Option<T> {
        self.busy.set(true);
        self.failed.set(None);
        self.saved.set(false);
        let outcome = change.await;
        // The page may have gone meanwhile.
        self.busy.try_set(false);
        let words = match outcome {
            Outcome::Done(done) => return Some(done),
            Outcome::Faults(faults) => faults.into_iter().map(|fault| fault.message).collect(),
            Outcome::Conflict(conflict) => conflict.message,
            Outcome::Failed(UiError::Refused { message, .. }) => message,
            Outcome::Failed(error) => error.to_string(),
        };
        self.failed.try_set(Some(words));
        None
    }
}

#[component]
fn GroupForm(group: FormGroup, tree: Arc<RuleTree>, again: Callback<()>) -> impl IntoView {
    let i18n = use_i18n();
    let go = use_go();
    let [name, folder, interval, offset] = [
        group.name.clone(),
        group.folder.clone().unwrap_or_default(),
        group.interval.clone(),
        group.query_offset.clone(),
    ]
    .map(RwSignal::new);
    let limit = RwSignal::new(group.limit.to_string());
    let version = RwSignal::new(group.version);
    let work = Work {
        busy: RwSignal::new(false),
        failed: RwSignal::new(None),
        saved: RwSignal::new(false),
    };
    let locked = !group.may_edit;
    let old = StoredValue::new(group.clone());
    let save = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let before = old.get_value();
        let settings = GroupSettings {
            folder: before.folder.clone(),
            group: before.name.clone(),
            interval: interval.get_untracked(),
            query_offset: offset.get_untracked(),
            limit: limit.with_untracked(|limit| limit.trim().parse().unwrap_or(0)),
            version: version.get_untracked(),
        };
        let moved = MoveGroup {
            folder: before.folder.clone(),
            group: before.name.clone(),
            new_folder: Some(folder.get_untracked()).filter(|uid| !uid.is_empty()),
            new_group: name.get_untracked().trim().to_owned(),
            version: None,
        };
        spawn_local(async move {
            let Some(set) = work.wait(calls::set_group(&settings)).await else {
                return;
            };
            version.try_set(Some(set.version));
            let place = |folder: &Option<String>| folder.clone().unwrap_or_default();
            if place(&moved.new_folder) == place(&before.folder) && moved.new_group == before.name {
                work.saved.try_set(true);
                return;
            }
            let moved = MoveGroup {
                version: Some(set.version),
                ..moved
            };
            if let Some(done) = work.wait(calls::move_group(&moved)).await {
                let folder = encode(&done.folder.unwrap_or_default());
                let group = encode(&done.group);
                go.run(format!("/rules/group?folder={folder}&group={group}"));
            }
        });
    };
    let field = move |label: Signal<&'static str>, value: RwSignal<String>, hint: &'static str| {
        view! {
            <label class="form__row">
                <span>{label}</span>
                <input class="field" spellcheck="false" autocomplete="off" placeholder=hint prop:value=move || value.get()
                    on:input=move |event| value.set(event_target_value(&event))/>
            </label>
        }
    };
    let folders = tree.folders.iter().map(|one| {
        let own = one.uid.clone();
        let disabled = !one.may_edit && group.folder.as_deref() != Some(own.as_str());
        let chosen = move || folder.with(|folder| *folder == own);
        view! { <option value=one.uid.clone() selected=chosen disabled=disabled>{one.title.clone()}</option> }
    });
    let may_edit = tree.may_edit;
    view! {
        <div class="columns">
            <section class="card" aria-labelledby="group-form">
                <div class="card__head"><h2 class="card__title" id="group-form">{t!(i18n, rule_form.group)}</h2></div>
                <form class="form people__form" on:submit=save autocomplete="off">
                    <fieldset class="rule-form__fields" disabled=locked>
                        {field(t!(i18n, rule_form.name), name, "api")}
                        <label class="form__row">
                            <span>{t!(i18n, rule_form.place)}</span>
                            <select class="field" on:change=move |event| folder.set(event_target_value(&event))>
                                <option value="" selected=move || folder.with(String::is_empty) disabled=!may_edit>
                                    {t!(i18n, rule_form.no_folder)}
                                </option>
                                {folders.collect_view()}
                            </select>
                        </label>
                        {field(t!(i18n, rule_form.interval), interval, "1m")}
                        {field(t!(i18n, rule_form.offset), offset, "0s")}
                        {field(t!(i18n, rule_form.limit), limit, "0")}
                    </fieldset>
                    <div role="status">
                        {move || work.failed.get().map(|words| view! { <p class="form__error">{words}</p> })}
                        {move || work.saved.get().then(|| view! { <p class="form__note">{t!(i18n, rule_form.saved)}</p> })}
                    </div>
                    <p class="people__buttons">
                        <button type="submit" class="button" data-kind="primary" disabled=move || locked || work.busy.get()>
                            {t!(i18n, rule_form.save)}
                        </button>
                    </p>
                </form>
            </section>
            <div>
                <Order group=group.clone() version work again/>
                <Remove group version work locked/>
            </div>
        </div>
    }
}

/// The rules of a group; they are evaluated one after the other.
#[component]
fn Order(
    group: FormGroup,
    version: RwSignal<Option<i64>>,
    work: Work,
    again: Callback<()>,
) -> impl IntoView {
    let i18n = use_i18n();
    let (may_edit, count) = (group.may_edit, group.rules.len());
    let (name, folder) = (group.name.clone(), group.folder.clone());
    let uids: Vec<String> = group
        .rules
        .iter()
        .filter_map(|rule| rule.uid.clone())
        .collect();
    let swap = move |from: usize, to: usize| {
        let mut rules = uids.clone();
        if from.max(to) < rules.len() {
            rules.swap(from, to);
        }
        let body = OrderGroup {
            folder: folder.clone(),
            group: name.clone(),
            rules,
            version: version.get_untracked(),
        };
        spawn_local(async move {
            if work.wait(calls::order_group(&body)).await.is_some() {
                again.run(());
            }
        });
    };
    let swap = StoredValue::new(swap);
    let line = |(index, rule): (usize, FormRule)| {
        let href = at(&format!("/rules/{}", encode(&rule.uid.unwrap_or_default())));
        let name = StoredValue::new(rule.rule.name);
        view! {
            <tr>
                <th scope="row"><a class="people__name" href=href>{name.get_value()}</a></th>
                <td class="people__end">
                    <button type="button" class="button" data-kind="icon" disabled=!may_edit || index == 0
                        aria-label=move || t_string!(i18n, boards.up, name = name.get_value())
                        on:click=move |_| swap.with_value(|swap| swap(index, index.saturating_sub(1)))>
                        <span aria-hidden="true">"↑"</span>
                    </button>
                    <button type="button" class="button" data-kind="icon" disabled=!may_edit || count <= index + 1
                        aria-label=move || t_string!(i18n, boards.down, name = name.get_value())
                        on:click=move |_| swap.with_value(|swap| swap(index, index + 1))>
                        <span aria-hidden="true">"↓"</span>
                    </button>
                </td>
            </tr>
        }
    };
    let lines = group.rules.into_iter().enumerate().map(line);
    view! {
        <section class="card" aria-labelledby="group-order">
            <div class="card__head"><h2 class="card__title" id="group-order">{t!(i18n, rule_form.rules_of)}</h2></div>
            <table class="table"><tbody>{lines.collect_view()}</tbody></table>
        </section>
    }
}

#[component]
fn Remove(
    group: FormGroup,
    version: RwSignal<Option<i64>>,
    work: Work,
    locked: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    let go = use_go();
    let open = RwSignal::new(false);
    let name = StoredValue::new(group.name.clone());
    let title = move || t_string!(i18n, rule_form.delete_group, name = name.get_value());
    let count = group.rules.len();
    let delete = move |_| {
        let (folder, name) = (group.folder.clone().unwrap_or_default(), group.name.clone());
        let version = version.get_untracked().unwrap_or(0);
        spawn_local(async move {
            let done = work
                .wait(calls::delete_group(&folder, &name, version))
                .await;
            open.try_set(false);
            if done.is_some() {
                go.run("/rules".to_owned());
            }
        });
    };
    view! {
        <section class="card" aria-labelledby="group-danger">
            <div class="card__head"><h2 class="card__title" id="group-danger">{t!(i18n, people.take_away)}</h2></div>
            <div class="people__danger">
                <button type="button" class="button" data-kind="danger" disabled=locked on:click=move |_| open.set(true)>
                    {t!(i18n, rule_form.delete_group_button)}
                </button>
                <p>{t!(i18n, rule_form.delete_group_text, n = move || count)}</p>
            </div>
        </section>
        <Dialog open kind="confirm" label=Signal::derive(title)>
            <h2 class="dialog__title">{title}</h2>
            <p>{t!(i18n, rule_form.delete_text)}</p>
            <p class="dialog__end">
                <button type="button" class="button" on:click=move |_| open.set(false)>{t!(i18n, shell.cancel)}</button>
                <button type="button" class="button" data-kind="danger" disabled=move || work.busy.get() on:click=delete.clone()>
                    {t!(i18n, rule_form.delete)}
                </button>
            </p>
        </Dialog>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_is_found_by_its_file_or_its_folder() {
        let group = |origin: &str, file: &str, folder: Option<&str>| FormGroup {
            name: "g".into(),
            origin: origin.into(),
            file: file.into(),
            folder: folder.map(str::to_owned),
            ..FormGroup::default()
        };
        let tree = RuleTree {
            groups: vec![
                group("file", "r.yml", None),
                group("metadata", "metadata", None),
                group("metadata", "metadata/Ops", Some("u1")),
            ],
            ..RuleTree::default()
        };
        let folder_of =
            |file: &str, folder: &str| find(&tree, file, folder, "g").map(|one| one.folder);
        assert_eq!(folder_of("metadata/Ops", ""), Some(Some("u1".into())));
        assert_eq!(folder_of("", "u1"), Some(Some("u1".into())));
        assert_eq!(folder_of("", ""), Some(None));
        assert_eq!(folder_of("r.yml", ""), None);
    }
}
