//! Save, delete and test, with the dialogs that they open.

use super::calls::{self, Outcome};
use super::draft::{Draft, Place};
use super::form::Opened;
use super::watch::Watch;
use api_types::{FileChange, RuleConflict, RuleFields, SaveRule};
use app::components::{Dialog, DiffView};
use app::data::UiError;
use app::state::{encode, use_go};
use app::words::{t, t_string, use_i18n};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// A change of a file that waits for a yes.
#[derive(Debug, Clone, PartialEq)]
struct Pending {
    change: FileChange,
    diff: String,
}

/// What the buttons work on.
#[derive(Clone, Copy)]
struct Work {
    draft: Draft,
    opened: RwSignal<Opened>,
    watch: Watch,
    go: Callback<String>,
    busy: RwSignal<bool>,
    failed: RwSignal<Option<UiError>>,
    /// What was done last, in words.
    said: RwSignal<Vec<String>>,
    saved: RwSignal<bool>,
    pending: RwSignal<Option<Pending>>,
    conflict: RwSignal<Option<RuleConflict>>,
    deleting: RwSignal<bool>,
    /// That a rule is right, in words.
    tested: Signal<String>,
}

impl Work {
    fn begin(self) {
        self.busy.set(true);
        self.failed.set(None);
        self.saved.set(false);
        self.said.set(Vec::new());
    }

    /// Takes in what is not done; gives what is.
    fn settle<T>(self, outcome: Outcome<T>) -> Option<T> {
        // The page may have gone meanwhile.
        self.busy.try_set(false);
        match outcome {
            Outcome::Done(done) => return Some(done),
            Outcome::Faults(faults) => {
                let words = faults.into_iter().map(|fault| fault.message).collect();
                self.said.try_set(words);
                self.watch.now.run(());
            }
            Outcome::Conflict(conflict) => {
                self.pending.try_set(None);
                self.conflict.try_set(Some(*conflict));
            }
            Outcome::Failed(error) => {
                self.failed.try_set(Some(error));
            }
        }
        None
    }

    fn save(self, over: Option<i64>) {
        let place = self.draft.place.get_untracked();
        let rule = untrack(|| self.draft.fields());
        let group = self.draft.group.get_untracked().trim().to_owned();
        match (place, self.opened.get_untracked()) {
            (Place::File(file), opened) => self.show_diff(change(file, group, &opened, Some(rule))),
            (Place::Folder(folder), opened) => {
                let stored = match opened {
                    Opened::Stored(stored) => Some(stored),
                    _ => None,
                };
                let body = SaveRule {
                    folder,
                    group,
                    rule,
                    version: over.or(stored.as_ref().map(|stored| stored.version)),
                };
                self.begin();
                spawn_local(async move {
                    let uid = stored.as_ref().map(|stored| stored.uid.as_str());
                    let outcome = calls::save(uid, &body).await;
                    let Some(done) = self.settle(outcome) else {
                        return;
                    };
                    self.conflict.try_set(None);
                    self.saved.try_set(true);
                    if stored.is_none() {
                        self.go.run(format!("/rules/{}", encode(&done.uid)));
                    } else {
                        self.opened.try_set(Opened::Stored(Box::new(done)));
                    }
                });
            }
        }
    }

    fn show_diff(self, change: FileChange) {
        self.begin();
        spawn_local(async move {
            let outcome = calls::file_diff(&change).await;
            if let Some(told) = self.settle(outcome) {
                let mut change = change;
                // A new rule stands on the file as it is now.
                change.hash = told.hash;
                let diff = told.diff;
                self.pending.try_set(Some(Pending { change, diff }));
            }
        });
    }

    fn write(self, change: FileChange) {
        self.begin();
        spawn_local(async move {
            let outcome = calls::write_file(&change).await;
            let Some(told) = self.settle(outcome) else {
                return;
            };
            self.pending.try_set(None);
            let Some(rule) = change.rule else {
                self.go.run("/rules".to_owned());
                return;
            };
            self.saved.try_set(true);
            let opened = self.opened.try_get_untracked();
            if let Some(Opened::File(mut file)) = opened {
                file.hash = told.new_hash;
                file.rule = rule;
                self.opened.try_set(Opened::File(file));
            } else {
                self.go.run("/rules".to_owned());
            }
        });
    }

    fn delete(self) {
        match self.opened.get_untracked() {
            Opened::New => {}
            Opened::File(file) => {
                let (path, group) = (file.file.clone(), file.group.clone());
                self.show_diff(change(path, group, &Opened::File(file), None));
            }
            Opened::Stored(stored) => {
                self.begin();
                spawn_local(async move {
                    let outcome = calls::delete(&stored.uid, stored.version).await;
                    if self.settle(outcome).is_some() {
                        self.go.run("/rules".to_owned());
                    }
                });
            }
        }
    }

    fn test(self) {
        self.begin();
        self.watch.now.run(());
        let rule = untrack(|| self.draft.fields());
        let before = self.opened.with_untracked(|opened| opened.rule().cloned());
        let right = self.tested.get_untracked();
        spawn_local(async move {
            let checked = calls::check(&rule, before.as_ref()).await;
            self.busy.try_set(false);
            match checked {
                Ok(checked) => {
                    let faults = checked.faults.into_iter().map(|fault| fault.message);
                    let mut words: Vec<String> = faults.chain(checked.warnings).collect();
                    if words.is_empty() {
                        words.push(right);
                    }
                    self.said.try_set(words);
                }
                Err(error) => {
                    self.failed.try_set(Some(error));
                }
            }
        });
    }
}

fn change(file: String, group: String, opened: &Opened, rule: Option<RuleFields>) -> FileChange {
    let (index, hash) = match opened {
        Opened::File(own) => (Some(own.index), own.hash.clone()),
        _ => (None, String::new()),
    };
    FileChange {
        file,
        group,
        index,
        rule,
        hash,
    }
}

/// The buttons under a form.
#[component]
pub(super) fn Actions(draft: Draft, opened: RwSignal<Opened>, watch: Watch) -> impl IntoView {
    let i18n = use_i18n();
    let tested = Signal::derive(move || t_string!(i18n, rule_form.tested).to_owned());
    let work = Work {
        draft,
        opened,
        watch,
        go: use_go(),
        busy: RwSignal::new(false),
        failed: RwSignal::new(None),
        said: RwSignal::new(Vec::new()),
        saved: RwSignal::new(false),
        pending: RwSignal::new(None),
        conflict: RwSignal::new(None),
        deleting: RwSignal::new(false),
        tested,
    };
    let may = move || opened.with(Opened::may_edit);
    let is_kept = move || opened.with(|opened| !matches!(opened, Opened::New));
    let in_file = move || draft.place.with(|place| matches!(place, Place::File(_)));
    let save_word = move || {
        if work.busy.get() {
            t_string!(i18n, rule_form.saving)
        } else if in_file() {
            t_string!(i18n, rule_form.save_file)
        } else {
            t_string!(i18n, rule_form.save)
        }
    };
    let delete = move |_| {
        if opened.with_untracked(|opened| matches!(opened, Opened::File(_))) {
            work.delete();
        } else {
            work.deleting.set(true);
        }
    };
    let why_not = move || {
        let words = opened.with(|opened| match opened {
            Opened::File(file) if !file.why_not.is_empty() => {
                let head = t_string!(i18n, rule_form.cannot_write);
                Some(format!("{head}: {}", file.why_not))
            }
            opened if !opened.may_edit() => Some(t_string!(i18n, rule_form.may_not).to_owned()),
            _ => None,
        })?;
        Some(view! { <p class="form__note" role="status">{words}</p> })
    };
    view! {
        <div class="rule-form__actions">
            <Show when=may>
                <button
                    type="button"
                    class="button"
                    data-kind="primary"
                    disabled=move || work.busy.get()
                    on:click=move |_| work.save(None)
                >
                    {save_word}
                </button>
            </Show>
            <button type="button" class="button" disabled=move || work.busy.get() on:click=move |_| work.test()>
                {t!(i18n, rule_form.test)}
            </button>
            <Show when=move || is_kept() && may()>
                <button type="button" class="button" data-kind="danger" disabled=move || work.busy.get() on:click=delete>
                    {t!(i18n, rule_form.delete)}
                </button>
            </Show>
            <div class="rule-form__said" role="status">
                <Show when=move || work.saved.get()><p>{t!(i18n, rule_form.saved)}</p></Show>
                {move || work.said.get().into_iter().map(|words| view! { <p>{words}</p> }).collect_view()}
            </div>
            {move || work.failed.get().map(|error| view! { <p class="form__error" role="alert">{error.to_string()}</p> })}
            {why_not}
        </div>
        <DeleteDialog work/>
        <FileDialog work/>
        <ConflictDialog work/>
    }
}

#[component]
fn DeleteDialog(work: Work) -> impl IntoView {
    let i18n = use_i18n();
    let title = move || {
        let name = work.draft.name.get();
        t_string!(i18n, rule_form.delete_title, name = name).clone()
    };
    let sure = move |_| {
        work.deleting.set(false);
        work.delete();
    };
    view! {
        <Dialog open=work.deleting kind="form" label=Signal::derive(title)>
            <h2 class="dialog__title">{title}</h2>
            <p>{t!(i18n, rule_form.delete_text)}</p>
            <p class="dialog__end">
                <button type="button" class="button" on:click=move |_| work.deleting.set(false)>
                    {t!(i18n, shell.cancel)}
                </button>
                <button type="button" class="button" data-kind="danger" on:click=sure>
                    {t!(i18n, rule_form.delete)}
                </button>
            </p>
        </Dialog>
    }
}

/// What a change does to its file, before it is done.
#[component]
fn FileDialog(work: Work) -> impl IntoView {
    let i18n = use_i18n();
    let open = opens(work.pending);
    let file = move || {
        let pending = work.pending.get();
        pending
            .map(|pending| pending.change.file)
            .unwrap_or_default()
    };
    let title = move || t_string!(i18n, rule_form.diff_title, file = file()).clone();
    let diff = move || {
        work.pending
            .get()
            .map(|pending| pending.diff)
            .unwrap_or_default()
    };
    let is_same = move || diff().is_empty();
    let yes = move || {
        let removes = work.pending.with(|pending| {
            pending
                .as_ref()
                .is_some_and(|pending| pending.change.rule.is_none())
        });
        if removes {
            t_string!(i18n, rule_form.remove_from_file)
        } else {
            t_string!(i18n, rule_form.write)
        }
    };
    let write = move |_| {
        if let Some(pending) = work.pending.get_untracked() {
            work.write(pending.change);
        }
    };
    view! {
        <Dialog open kind="wide" label=Signal::derive(title)>
            <h2 class="dialog__title">{title}</h2>
            <Show
                when=move || !is_same()
                fallback=move || view! { <p>{t!(i18n, rule_form.diff_none)}</p> }
            >
                <p class="form__note">{t!(i18n, rule_form.diff_text)}</p>
                <DiffView text=diff()/>
            </Show>
            {move || work.failed.get().map(|error| view! { <p class="form__error" role="alert">{error.to_string()}</p> })}
            <p class="dialog__end">
                <button type="button" class="button" on:click=move |_| open.set(false)>
                    {t!(i18n, shell.cancel)}
                </button>
                <button
                    type="button"
                    class="button"
                    data-kind="primary"
                    disabled=move || is_same() || work.busy.get()
                    on:click=write
                >
                    {yes}
                </button>
            </p>
        </Dialog>
    }
}

/// Somebody else was faster: theirs or mine.
#[component]
fn ConflictDialog(work: Work) -> impl IntoView {
    let i18n = use_i18n();
    let open = opens(work.conflict);
    let is_file = move || work.opened.with(|opened| matches!(opened, Opened::File(_)));
    let title = move || {
        if is_file() {
            t_string!(i18n, rule_form.conflict_file_title)
        } else {
            t_string!(i18n, rule_form.conflict_title)
        }
    };
    let diff = move || {
        work.conflict
            .get()
            .map(|conflict| conflict.diff)
            .unwrap_or_default()
    };
    let theirs = move |_| {
        let conflict = work.conflict.get_untracked();
        work.conflict.set(None);
        match (
            conflict.and_then(|conflict| conflict.current),
            work.opened.get_untracked(),
        ) {
            (Some(current), _) => {
                work.draft.fill(&current.rule);
                work.draft.group.set(current.group.clone());
                work.draft.place.set(Place::Folder(current.folder.clone()));
                work.opened.set(Opened::Stored(Box::new(current)));
            }
            (None, Opened::File(file)) => again(work, *file, true),
            (None, _) => {}
        }
    };
    let mine = move |_| {
        let conflict = work.conflict.get_untracked();
        match (
            conflict.and_then(|conflict| conflict.current),
            work.opened.get_untracked(),
        ) {
            (Some(current), _) => work.save(Some(current.version)),
            (None, Opened::File(file)) => {
                work.conflict.set(None);
                again(work, *file, false);
            }
            (None, _) => work.conflict.set(None),
        }
    };
    view! {
        <Dialog open kind="wide" label=Signal::derive(move || title().to_owned())>
            <h2 class="dialog__title">{title}</h2>
            <p>{t!(i18n, rule_form.conflict_text)}</p>
            <DiffView text=diff()/>
            <p class="dialog__end">
                <button type="button" class="button" on:click=move |_| open.set(false)>
                    {t!(i18n, shell.cancel)}
                </button>
                <button type="button" class="button" on:click=theirs>{t!(i18n, rule_form.take_theirs)}</button>
                <button type="button" class="button" data-kind="primary" on:click=mine>
                    {t!(i18n, rule_form.keep_mine)}
                </button>
            </p>
        </Dialog>
    }
}

/// Reads a rule of a file again: to show it, or to stand on it and show what mine changes.
fn again(work: Work, file: api_types::FileRule, shows: bool) {
    spawn_local(async move {
        match calls::of_file(&file.file, &file.group, file.index).await {
            Ok(now) => {
                if shows {
                    work.draft.fill(&now.rule);
                }
                work.opened.try_set(Opened::File(Box::new(now)));
                if !shows {
                    work.save(None);
                }
            }
            Err(error) => {
                work.failed.try_set(Some(error));
            }
        }
    });
}

/// Whether a dialog about something is open; closing it forgets the thing.
fn opens<T: Send + Sync + Clone + 'static>(about: RwSignal<Option<T>>) -> RwSignal<bool> {
    let open = RwSignal::new(false);
    Effect::new(move |_| open.set(about.with(Option::is_some)));
    Effect::new(move |_| {
        if !open.get() && about.with_untracked(Option::is_some) {
            about.set(None);
        }
    });
    open
}
