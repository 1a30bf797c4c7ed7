//! That the server starts, stops or does not answer, on every page.

use crate::components::icon::{Glyph, Icon};
use crate::data::{Cuts, fetch, get};
use crate::words::{t, use_i18n};
use api_types::ReplayData;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::time::Duration;
use web_sys::RequestInit;

/// How often a server that is ready is asked; that it went, the cut of the page's connection tells at once.
const CALM: Duration = Duration::from_secs(12);
/// How often one is asked that is not.
const TENSE: Duration = Duration::from_secs(1);
/// So many questions in a row must fail: one may fail because the page is being left.
const PATIENCE: u32 = 2;

/// How the server is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Server {
    /// Ready, or not asked yet.
    #[default]
    Ready,
    /// Reads its storage back: segments read, and all.
    Starting(u64, u64),
    /// Answers, and refuses.
    NotReady,
    /// Does not answer.
    Gone,
}

/// A strip while the server is not ready; nothing else.
#[component]
pub fn ServerState() -> impl IntoView {
    let i18n = use_i18n();
    let server = RwSignal::new(Server::default());
    let cuts = expect_context::<Cuts>();
    Effect::new(move |_| watch(server, cuts));
    let words = move || match server.get() {
        Server::Ready => None,
        Server::Starting(done, all) => Some(
            view! {
                <span>{t!(i18n, status.starting)}</span>
                <progress max=all value=done></progress>
            }
            .into_any(),
        ),
        Server::NotReady => Some(t!(i18n, status.not_ready).into_any()),
        Server::Gone => Some(t!(i18n, status.gone).into_any()),
    };
    move || {
        words().map(|words| {
            view! {
                <div class="strip" data-kind="pending" role="status">
                    <Icon glyph=Glyph::Alert/>
                    {words}
                </div>
            }
        })
    }
}

/// Asks again and again while the page is open and seen, and whenever its connection was cut.
fn watch(server: RwSignal<Server>, cuts: Cuts) {
    let failures = StoredValue::new(0_u32);
    let waited = StoredValue::new(Duration::ZERO);
    let ask = move || {
        waited.set_value(Duration::ZERO);
        spawn_local(async move {
            let state = ask_once().await;
            let failed = state != Server::Ready;
            let Some(count) = failures.try_update_value(|count| {
                *count = if failed { count.saturating_add(1) } else { 0 };
                *count
            }) else {
                return;
            };
            if !failed || count >= PATIENCE {
                server.try_set(state);
            }
        });
    };
    let tick = move || {
        if document().hidden() {
            return;
        }
        let calm = server.try_get_untracked().unwrap_or_default() == Server::Ready;
        waited.update_value(|waited| *waited += TENSE);
        if !calm || failures.get_value() != 0 || waited.get_value() >= CALM {
            ask();
        }
    };
    Effect::new(move |before: Option<u32>| {
        let now = cuts.count();
        if before.is_some_and(|before| before != now) {
            ask();
        }
        now
    });
    let timer = set_interval_with_handle(tick, TENSE);
    on_cleanup(move || {
        if let Ok(timer) = timer {
            timer.clear();
        }
    });
}

async fn ask_once() -> Server {
    match fetch("/-/ready", &RequestInit::new(), None).await {
        Err(_) => Server::Gone,
        Ok((200, _)) => Server::Ready,
        Ok(_) => match get::<ReplayData>("/api/v1/status/walreplay", None).await {
            Ok(answer) if answer.data.max > answer.data.current => {
                Server::Starting(answer.data.current, answer.data.max)
            }
            _ => Server::NotReady,
        },
    }
}
