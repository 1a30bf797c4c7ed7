//! The targets of one pool.

use crate::components::icon::{Glyph, Icon};
use crate::components::series_name::LabelList;
use crate::components::time_ago::TimeAgo;
use crate::fmt;
use crate::state::{PoolView, TargetBoard, TargetKey};
use api_types::{ActiveTarget, Health};
use leptos::prelude::*;
use std::sync::Arc;

/// A pool's share of targets that answer, and its targets.
#[component]
pub fn TargetPool(
    /// The pool.
    name: String,
    /// Its share, and which of its targets are shown.
    pool: Memo<PoolView>,
    /// All targets.
    board: Memo<Arc<TargetBoard>>,
    /// The browser's time.
    clock: Signal<Option<f64>>,
) -> impl IntoView {
    let id = format!("pool-{name}");
    let label = id.clone();
    let all_up = move || pool.with(|p| p.up == p.total);
    let share = move || pool.with(|p| format!("{} / {} up", fmt::count(p.up), fmt::count(p.total)));
    view! {
        <section class="pool" aria-labelledby=label>
            <div class="pool__head">
                <h2 class="pool__name" id=id>{name}</h2>
                <span class="pool__count" data-state=move || if all_up() { "up" } else { "down" }>{share}</span>
                <meter
                    class="pool__bar"
                    min="0"
                    max=move || pool.with(|p| p.total)
                    value=move || pool.with(|p| p.up)
                    aria-hidden="true"
                ></meter>
            </div>
            <div class="scroll-x">
                <table class="table targets">
                    <thead>
                        <tr>
                            <th scope="col">"State"</th>
                            <th scope="col">"Endpoint"</th>
                            <th scope="col">"Labels"</th>
                            <th scope="col" class="targets__number">"Last scrape"</th>
                            <th scope="col" class="targets__number">"Duration"</th>
                        </tr>
                    </thead>
                    <tbody>
                        <For each=move || pool.get().targets key=Clone::clone let:key>
                            {board
                                .with_untracked(|board| board.target(&key))
                                .map(|first| view! { <Row key first board clock/> })}
                        </For>
                    </tbody>
                </table>
            </div>
        </section>
    }
}

/// One target. Its address and labels never change; what the last scrape brought does.
#[component]
fn Row(
    key: TargetKey,
    first: Arc<ActiveTarget>,
    board: Memo<Arc<TargetBoard>>,
    clock: Signal<Option<f64>>,
) -> impl IntoView {
    let initial = first.clone();
    let target = Memo::new(move |last: Option<&Arc<ActiveTarget>>| {
        let now = board.with(|board| board.target(&key));
        now.unwrap_or_else(|| last.cloned().unwrap_or_else(|| initial.clone()))
    });
    let error = Memo::new(move |_| target.with(|t| t.last_error.clone()));
    let failure = move || {
        let text = error.get();
        (!text.is_empty()).then(|| {
            view! {
                <p class="targets__error">
                    <strong>"Scrape failed: "</strong>
                    {text}
                </p>
            }
        })
    };
    let duration = move || {
        target.with(|t| match t.health {
            Health::Unknown => "–".to_owned(),
            Health::Up | Health::Down => fmt::elapsed(t.last_scrape_duration * 1e3),
        })
    };
    let health = Memo::new(move |_| target.with(|t| t.health));
    let every = format!(
        "every {}, at most {}",
        first.scrape_interval, first.scrape_timeout
    );
    view! {
        <tr>
            <td>{move || view! { <HealthBadge health=health.get()/> }}</td>
            <td>
                <a class="targets__url" href=first.global_url.clone() rel="noreferrer">
                    {first.scrape_url.clone()}
                </a>
                {failure}
            </td>
            <td>
                <LabelList labels=first.labels.clone()/>
                <details class="targets__discovered">
                    <summary>"Discovered labels"</summary>
                    <LabelList labels=first.discovered_labels.clone()/>
                </details>
            </td>
            <td class="targets__number">
                <TimeAgo time=Signal::derive(move || target.with(|t| t.last_scrape.clone())) clock/>
            </td>
            <td class="targets__number" title=every>{duration}</td>
        </tr>
    }
}

#[component]
fn HealthBadge(health: Health) -> impl IntoView {
    let (state, glyph, word) = match health {
        Health::Up => ("up", Glyph::Check, "Up"),
        Health::Down => ("down", Glyph::Alert, "Down"),
        Health::Unknown => ("unknown", Glyph::Question, "Unknown"),
    };
    view! {
        <span class="badge" data-state=state>
            <Icon glyph/>
            {word}
        </span>
    }
}
