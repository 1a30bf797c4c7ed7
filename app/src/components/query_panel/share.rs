//! The answer out of the page: files, a command, a link.

use super::Answers;
use super::answers::window;
use crate::components::icon::{Glyph, Icon};
use crate::data::{copy_text, save_text};
use crate::site::at;
use crate::state::{PanelParams, Tab, chart_csv, curl, encode, moment_csv};
use crate::words::{t_string, use_i18n};
use leptos::prelude::*;

/// How long a button says that something was copied.
const SAID: std::time::Duration = std::time::Duration::from_millis(1500);

#[component]
pub(super) fn Share(params: Signal<PanelParams>, answers: Answers) -> impl IntoView {
    let i18n = use_i18n();
    let said = RwSignal::new("");
    let copied = move |what: &'static str, text: &str| {
        copy_text(text);
        said.set(what);
        set_timeout(
            move || {
                said.try_set("");
            },
            SAID,
        );
    };
    let link = move |()| {
        if let Ok(address) = leptos::prelude::window().location().href() {
            copied("link", &address);
        }
    };
    let word = move |own: &'static str| {
        if said.get() == own {
            return t_string!(i18n, shell.copied);
        }
        match own {
            "csv" => t_string!(i18n, graph.csv),
            "curl" => t_string!(i18n, graph.curl),
            _ => t_string!(i18n, graph.link),
        }
    };
    let button = move |own: &'static str, usual: Glyph, click: Callback<()>| {
        let glyph = Signal::derive(move || {
            if said.get() == own {
                Glyph::Check
            } else {
                usual
            }
        });
        view! {
            <button
                type="button"
                class="button"
                data-kind="icon"
                aria-label=move || word(own)
                title=move || word(own)
                on:click=move |_| click.run(())
            >
                <Icon glyph/>
            </button>
        }
    };
    let alert_on = move || params.with(|p| format!("/rules/new?expr={}", encode(p.expr.trim())));
    view! {
        <div class="share">
            <Show when=move || params.with(|p| !p.expr.trim().is_empty())>
                <a
                    class="button"
                    data-kind="icon"
                    href=move || at(&alert_on())
                    rel="external"
                    aria-label=move || t_string!(i18n, rule_form.alert_on_this)
                    title=move || t_string!(i18n, rule_form.alert_on_this)
                >
                    <Icon glyph=Glyph::Alert/>
                </a>
            </Show>
            <Show when=move || params.with(|p| p.tab != Tab::Explain)>
                {button("csv", Glyph::Download, Callback::new(move |()| save_csv(params, answers)))}
            </Show>
            {button("curl", Glyph::Terminal, Callback::new(move |()| copied("curl", &command(&params.get_untracked()))))}
            {button("link", Glyph::Link, Callback::new(link))}
        </div>
    }
}

fn save_csv(params: Signal<PanelParams>, answers: Answers) {
    if params.with_untracked(|p| p.tab == Tab::Graph) {
        if let Some(loaded) = answers.chart.state.get_untracked().loaded {
            save_text("watchfire.csv", &chart_csv(&loaded.data));
        }
    } else if let Some(loaded) = answers.table.state.get_untracked().loaded {
        save_text("watchfire.csv", &moment_csv(&loaded.data.result));
    }
}

/// What a shell asks the same with.
fn command(params: &PanelParams) -> String {
    let mut form = vec![("query", params.expr.clone())];
    let path = match params.tab {
        Tab::Graph => {
            let ((start, end), step) = window(params);
            form.push(("start", start.to_string()));
            form.push(("end", end.to_string()));
            form.push(("step", step.to_string()));
            "/api/v1/query_range"
        }
        tab => {
            let moment = params.moment.map(|ms| (ms as f64 / 1e3).to_string());
            form.extend(moment.map(|time| ("time", time)));
            if tab == Tab::Explain {
                "/api/watchfire/explain"
            } else {
                "/api/v1/query"
            }
        }
    };
    let origin = leptos::prelude::window().location().origin();
    curl(&origin.unwrap_or_default(), &at(path), &form)
}
