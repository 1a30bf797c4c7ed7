//! Rules in forms: made, changed, tried and deleted in the browser.

mod calls;
mod chart;
mod condition;
mod draft;
mod fault;
mod form;
mod group;
mod pairs;
mod place;
mod save;
mod summary;
mod watch;

use crate::board::pairs_of;
use api_types::{RuleTree, STORED_RULES};
use app::components::{EmptyNotice, ErrorNotice, Skeleton};
use app::data::UiError;
use app::site::at;
use app::state::{encode, use_go};
use app::words::{t, t_string, use_i18n};
use draft::{Draft, Place};
use form::{Opened, RuleForm};
pub use group::RuleGroupPage;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_meta::Title;
use leptos_router::hooks::{use_location, use_params_map, use_query_map};
use std::sync::Arc;

/// How a form stands that is opened.
#[derive(Debug, Clone, PartialEq)]
enum Stage {
    Waiting,
    Ready,
    Failed(UiError),
}

/// What all three pages have.
#[derive(Clone, Copy)]
struct Page {
    draft: Draft,
    opened: RwSignal<Opened>,
    tree: RwSignal<Option<Arc<RuleTree>>>,
    stage: RwSignal<Stage>,
}

impl Page {
    fn new(stage: Stage) -> Self {
        Self {
            draft: Draft::new(),
            opened: RwSignal::new(Opened::New),
            tree: RwSignal::new(None),
            stage: RwSignal::new(stage),
        }
    }

    /// Asks for the places where rules may be. Without them a rule can still be changed where it is.
    async fn ask_tree(self) {
        match calls::tree().await {
            Ok(tree) => {
                self.tree.try_set(Some(Arc::new(tree)));
            }
            Err(error) => {
                self.stage.try_update(|stage| {
                    if *stage == Stage::Waiting {
                        *stage = Stage::Failed(error);
                    }
                });
            }
        }
    }

    fn show_stored(self, uid: String) {
        self.stage.set(Stage::Waiting);
        spawn_local(async move {
            match calls::stored(&uid).await {
                Ok(stored) => {
                    self.draft.fill(&stored.rule);
                    self.draft.group.set(stored.group.clone());
                    self.draft.place.set(Place::Folder(stored.folder.clone()));
                    self.opened.set(Opened::Stored(Box::new(stored)));
                    self.stage.set(Stage::Ready);
                }
                Err(error) => {
                    self.stage.try_set(Stage::Failed(error));
                }
            }
            self.ask_tree().await;
        });
    }

    fn show_file(self, file: String, group: String, index: usize) {
        spawn_local(async move {
            match calls::of_file(&file, &group, index).await {
                Ok(found) => {
                    self.draft.fill(&found.rule);
                    self.draft.group.set(found.group.clone());
                    self.draft.place.set(Place::File(found.file.clone()));
                    self.opened.set(Opened::File(Box::new(found)));
                    self.stage.set(Stage::Ready);
                }
                Err(error) => {
                    self.stage.try_set(Stage::Failed(error));
                }
            }
        });
    }
}

/// A form for a new rule, filled in from the address: `expr`, `op` and `threshold` of a condition on it, `name`, `for`,
/// `kind`, `group`, `label.<name>`, `annotation.<name>`.
#[component]
pub fn NewRulePage() -> impl IntoView {
    let i18n = use_i18n();
    let page = Page::new(Stage::Ready);
    let search = use_location().search;
    Effect::new(move |_| {
        let pairs = pairs_of(&search.get());
        page.draft.fill_from(&pairs);
        spawn_local(async move { page.ask_tree().await });
    });
    view! {
        <Title text=move || t_string!(i18n, rule_form.new_title)/>
        <Head title=Signal::derive(move || t_string!(i18n, rule_form.new_title).to_owned())/>
        <Body page/>
        <Resting page/>
    }
}

/// A rule of the metadata.
#[component]
pub fn StoredRulePage() -> impl IntoView {
    let page = Page::new(Stage::Waiting);
    let params = use_params_map();
    let uid = Memo::new(move |_| params.with(|params| params.get("uid").unwrap_or_default()));
    Effect::new(move |_| page.show_stored(uid.get()));
    view! { <Opening page/> }
}

/// The rule that stands in `file`, `group`, at `index`: of a file, or of the metadata, whose page it leads to.
#[component]
pub fn PlacedRulePage() -> impl IntoView {
    let page = Page::new(Stage::Waiting);
    let query = use_query_map();
    let go = use_go();
    Effect::new(move |_| {
        let text = |name: &str| query.with(|query| query.get(name).unwrap_or_default());
        let (file, group) = (text("file"), text("group"));
        let index = text("index").parse::<usize>().unwrap_or(0);
        page.stage.set(Stage::Waiting);
        spawn_local(async move {
            page.ask_tree().await;
            let tree = page.tree.try_get_untracked().flatten();
            let uid = tree.and_then(|tree| uid_at(&tree, &file, &group, index));
            match uid {
                Some(uid) => go.run(format!("/rules/{}", encode(&uid))),
                None => page.show_file(file, group, index),
            }
        });
    });
    view! { <Opening page/> }
}

/// The uid of the rule of the metadata that runs there. Those that do not run are not counted.
fn uid_at(tree: &RuleTree, file: &str, group: &str, index: usize) -> Option<String> {
    let found = tree
        .groups
        .iter()
        .find(|one| one.origin == STORED_RULES && one.file == file && one.name == group)?;
    let mut running = found
        .rules
        .iter()
        .filter(|rule| !rule.rule.paused && rule.problem.is_empty());
    running.nth(index)?.uid.clone()
}

/// A rule that is there already.
#[component]
fn Opening(page: Page) -> impl IntoView {
    let i18n = use_i18n();
    let title = Signal::derive(move || {
        let name = page.draft.name.get();
        if name.is_empty() {
            t_string!(i18n, rule_form.edit_title).to_owned()
        } else {
            name
        }
    });
    view! {
        <Title text=move || title.get()/>
        <Head title/>
        <OfGroup page/>
        <Body page/>
    }
}

/// The way from a rule of the metadata to its group.
#[component]
fn OfGroup(page: Page) -> impl IntoView {
    let i18n = use_i18n();
    move || {
        let opened = page.opened.get();
        let Opened::Stored(stored) = opened else {
            return None;
        };
        let folder = encode(stored.folder.as_deref().unwrap_or_default());
        let href = format!(
            "/rules/group?folder={folder}&group={}",
            encode(&stored.group)
        );
        let name = stored.group;
        Some(view! {
            <p class="form__note">
                {t!(i18n, rule_form.group)} " "
                <a href=at(&href)>{name}</a>
            </p>
        })
    }
}

#[component]
fn Head(title: Signal<String>) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <div class="page-head">
            <h1 class="page-head__title">{move || title.get()}</h1>
            <div class="page-head__actions">
                <a class="button" href=at("/api/watchfire/rules/export") rel="external" download="rules.yml">
                    {t!(i18n, rule_form.export)}
                </a>
                <a class="button" href=at("/rules") rel="external">{t!(i18n, rule_form.all_rules)}</a>
            </div>
        </div>
    }
}

#[component]
fn Body(page: Page) -> impl IntoView {
    let i18n = use_i18n();
    let stage = Memo::new(move |_| page.stage.get());
    let again = Callback::new(move |()| {
        // As whoever does it by hand.
        let _ = window().location().reload();
    });
    move || {
        match stage.get() {
        Stage::Waiting => view! { <Skeleton shape="table"/> }.into_any(),
        Stage::Failed(UiError::Refused { kind, message }) if kind == "404" => view! {
            <EmptyNotice title=Signal::derive(move || t_string!(i18n, rule_form.not_found).to_owned())>
                <p>{message.clone()}</p>
            </EmptyNotice>
        }
        .into_any(),
        Stage::Failed(error) => view! { <ErrorNotice error on_retry=again/> }.into_any(),
        Stage::Ready => view! {
            <RuleForm draft=page.draft opened=page.opened tree=page.tree/>
        }
        .into_any(),
    }
    }
}

/// Rules that do not run are on no list of those that do.
#[component]
fn Resting(page: Page) -> impl IntoView {
    let i18n = use_i18n();
    let resting = Memo::new(move |_| {
        let tree = page.tree.get();
        let groups = tree.map(|tree| tree.groups.clone()).unwrap_or_default();
        let rules = groups.into_iter().flat_map(|group| group.rules);
        let rules = rules.filter(|rule| rule.rule.paused || !rule.problem.is_empty());
        let shown = rules.filter_map(|rule| Some((rule.uid?, rule.rule.name, rule.problem)));
        shown.collect::<Vec<_>>()
    });
    let line = move |(uid, name, problem): (String, String, String)| {
        let is_paused = problem.is_empty();
        let why = move || {
            if is_paused {
                t_string!(i18n, rule_form.is_paused)
            } else {
                t_string!(i18n, rule_form.is_broken)
            }
        };
        view! {
            <li>
                <a href=at(&format!("/rules/{}", encode(&uid)))>{name}</a>
                " "
                <span class="form__note">{why}{(!is_paused).then(|| format!(": {problem}"))}</span>
            </li>
        }
    };
    view! {
        <Show when=move || !resting.with(Vec::is_empty)>
            <section class="rule-form__resting">
                <h2>{t!(i18n, rule_form.resting)}</h2>
                <ul class="form__list">{move || resting.get().into_iter().map(line).collect_view()}</ul>
            </section>
        </Show>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use api_types::{FormGroup, FormRule, RuleFields};

    #[test]
    fn the_place_of_a_running_rule_names_its_uid() {
        let rule = |uid: &str, paused: bool, problem: &str| FormRule {
            uid: Some(uid.to_owned()),
            version: Some(1),
            rule: RuleFields {
                paused,
                ..RuleFields::default()
            },
            problem: problem.to_owned(),
        };
        let tree = RuleTree {
            groups: vec![FormGroup {
                name: "g".into(),
                file: "metadata/Ops".into(),
                origin: "metadata".into(),
                rules: vec![
                    rule("a", true, ""),
                    rule("b", false, "bad"),
                    rule("c", false, ""),
                ],
                ..FormGroup::default()
            }],
            ..RuleTree::default()
        };
        assert_eq!(uid_at(&tree, "metadata/Ops", "g", 0).as_deref(), Some("c"));
        assert_eq!(uid_at(&tree, "metadata/Ops", "g", 1), None);
        assert_eq!(uid_at(&tree, "r.yml", "g", 0), None);
    }
}
