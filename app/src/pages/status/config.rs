//! The configuration that runs, how its last reload went, and a check of another one.

use crate::components::status::{Code, CopyButton, Language, fact, live};
use crate::components::{DiffView, ErrorNotice, Glyph, Icon, TimeAgo, use_clock};
use crate::data::{Latest, post};
use crate::fmt;
use crate::words::{t, t_string, use_i18n};
use api_types::{ConfigCheck, ConfigState, ConfigWarning};
use leptos::prelude::*;
use leptos_meta::Title;
use std::sync::Arc;

/// The running configuration.
#[component]
pub fn ConfigPage() -> impl IntoView {
    let i18n = use_i18n();
    let path = Signal::stored("/api/watchfire/config".to_owned());
    view! {
        <Title text=move || t_string!(i18n, config.title)/>
        <div class="page-head">
            <h1 class="page-head__title">{t!(i18n, config.title)}</h1>
        </div>
        {live::<ConfigState>(path, "table", |state| {
            let has_file = Memo::new(move |_| state.with(|state| !state.file.is_empty()));
            view! {
                <Running state/>
                <CheckForm has_file/>
            }
            .into_any()
        })}
    }
}

#[component]
fn Running(state: Signal<Arc<ConfigState>>) -> impl IntoView {
    let i18n = use_i18n();
    let clock = use_clock();
    let yaml = Memo::new(move |_| state.with(|state| state.yaml.clone()));
    let changed = Memo::new(move |_| state.with(|state| state.changed.clone()));
    let warnings = Memo::new(move |_| state.with(|state| state.warnings.clone()));
    let failure = Memo::new(move |_| {
        state.with(|state| (!state.successful).then(|| (state.error.clone(), state.failed.clone())))
    });
    let file = move || {
        let file = state.with(|state| state.file.clone());
        if file.is_empty() {
            t_string!(i18n, config.no_file).to_owned()
        } else {
            file
        }
    };
    let loaded = Signal::derive(move || state.with(|state| state.loaded.clone()));
    let failed = move || {
        failure.get().map(|(error, at)| {
            view! {
                <div class="notice" data-kind="error" role="alert">
                    <Icon glyph=Glyph::Alert/>
                    <div class="notice__body">
                        <p class="notice__title">
                            {t!(i18n, config.failed)}
                            " "
                            <TimeAgo time=Signal::stored(at) clock/>
                        </p>
                        <p class="notice__text">{error}</p>
                    </div>
                </div>
            }
        })
    };
    view! {
        {failed}
        {move || warning_list(warnings.get())}
        <section class="card" aria-labelledby="running">
            <div class="card__head">
                <h2 class="card__title" id="running">{t!(i18n, config.running)}</h2>
                <span class="card__facts"><CopyButton text=yaml/></span>
            </div>
            <table class="table facts-table">
                <tbody>
                    {fact(t!(i18n, config.file), file)}
                    <tr><th scope="row">{t!(i18n, config.loaded)}</th><td><TimeAgo time=loaded clock/></td></tr>
                </tbody>
            </table>
            <Show when=move || !changed.with(String::is_empty)>
                <details class="card__fold">
                    <summary>{t!(i18n, config.changed)}</summary>
                    {move || view! { <DiffView text=changed.get()/> }}
                </details>
            </Show>
            <pre class="file" tabindex="0" aria-label=move || t_string!(i18n, config.running)>
                <Code text=yaml language=Language::Yaml/>
            </pre>
        </section>
    }
}

fn warning_list(warnings: Vec<ConfigWarning>) -> AnyView {
    let i18n = use_i18n();
    let line = |warning: ConfigWarning| {
        view! {
            <li class="hint" data-kind="warning">
                <strong>{t!(i18n, shell.warning)}</strong>
                " "
                <code>{warning.place}</code>
                " "
                {t!(i18n, config.no_effect)}
                " "
                <code>{warning.field}</code>
            </li>
        }
    };
    let lines: Vec<_> = warnings.into_iter().map(line).collect();
    (!lines.is_empty())
        .then(|| view! { <ul class="hints">{lines}</ul> })
        .into_any()
}

/// A configuration that is pasted is checked, compared with the one that runs, and forgotten; likewise what
/// stands in the file.
#[component]
fn CheckForm(has_file: Memo<bool>) -> impl IntoView {
    let i18n = use_i18n();
    let text = RwSignal::new(String::new());
    let latest = Latest::<ConfigCheck>::new();
    let of_file = StoredValue::new(false);
    let check = move |file: bool| {
        of_file.set_value(file);
        let field = if file {
            ("file", "true".to_owned())
        } else {
            ("yaml", text.get_untracked())
        };
        latest.start(|signal| async move {
            let form = [(field.0, field.1.as_str())];
            post("/api/watchfire/config/check", &form, signal.as_ref()).await
        });
    };
    let retry = Callback::new(move |()| check(of_file.get_value()));
    let told = move || {
        let state = latest.state.get();
        if let Some(error) = state.error {
            return Some(view! { <ErrorNotice error on_retry=retry/> }.into_any());
        }
        let check = state.loaded?.data.clone();
        if check.error.is_empty() {
            let (jobs, files) = (fmt::count(check.jobs), fmt::count(check.rule_files));
            return Some(
                view! {
                    <p class="callout" data-kind="ok">
                        <Icon glyph=Glyph::Check/>
                        <span>{t!(i18n, config.valid, jobs = jobs, files = files)}</span>
                    </p>
                    {warning_list(check.warnings)}
                    {difference(check.diff)}
                }
                .into_any(),
            );
        }
        let line = (check.line != 0).then_some(check.line);
        Some(
            view! {
                <div class="notice" data-kind="error">
                    <Icon glyph=Glyph::Alert/>
                    <div class="notice__body">
                        <p class="notice__title">
                            {line.map(|line| t!(i18n, config.line, n = line))}
                        </p>
                        <p class="notice__text">{check.error}</p>
                    </div>
                </div>
            }
            .into_any(),
        )
    };
    view! {
        <section class="card" aria-labelledby="check">
            <div class="card__head"><h2 class="card__title" id="check">{t!(i18n, config.check)}</h2></div>
            <div class="form">
                <label class="form__wide">
                    <span>{t!(i18n, config.paste)}</span>
                    <textarea
                        class="field field--text"
                        rows="6"
                        spellcheck="false"
                        prop:value=move || text.get()
                        on:input=move |event| {
                            text.set(event_target_value(&event));
                            latest.clear();
                        }
                    ></textarea>
                </label>
                <div class="form__wide">
                    <div class="group">
                        <button
                            type="button"
                            class="button"
                            disabled=move || text.with(|text| text.trim().is_empty())
                            on:click=move |_| check(false)
                        >
                            {t!(i18n, config.check_now)}
                        </button>
                        <Show when=move || has_file.get()>
                            <button type="button" class="button" on:click=move |_| check(true)>
                                {t!(i18n, config.check_file)}
                            </button>
                        </Show>
                    </div>
                </div>
                <div class="form__wide" role="status">{told}</div>
            </div>
        </section>
    }
}

/// How what was checked differs from what runs.
fn difference(diff: String) -> AnyView {
    let i18n = use_i18n();
    if diff.is_empty() {
        return view! { <p>{t!(i18n, config.same)}</p> }.into_any();
    }
    view! {
        <p>{t!(i18n, config.differs)}</p>
        <DiffView text=diff/>
    }
    .into_any()
}
