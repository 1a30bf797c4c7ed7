//! The targets of one pool.

use crate::components::icon::{Glyph, Icon};
use crate::components::series_name::LabelList;
use crate::components::time_ago::TimeAgo;
use crate::fmt;
use api_types::{ActiveTarget, Health};
use leptos::prelude::*;

/// A pool's share of targets that answer, and its targets.
#[component]
pub fn TargetPool(
    /// The pool.
    name: String,
    /// Its targets, those that the filter chose.
    targets: Vec<ActiveTarget>,
    /// How many of all its targets are up, and how many there are.
    up: (usize, usize),
    /// The browser's time.
    clock: Signal<Option<f64>>,
) -> impl IntoView {
    let (n_up, total) = up;
    let all_up = n_up == total;
    let rows: Vec<_> = targets
        .into_iter()
        .map(|target| view! { <Row target clock/> })
        .collect();
    let heading = format!("pool-{name}");
    let label = heading.clone();
    view! {
        <section class="pool" aria-labelledby=label>
            <div class="pool__head">
                <h2 class="pool__name" id=heading>{name}</h2>
                <span class="pool__count" data-state=if all_up { "up" } else { "down" }>
                    {format!("{} / {} up", fmt::count(n_up), fmt::count(total))}
                </span>
                <meter class="pool__bar" min="0" max=total value=n_up aria-hidden="true"></meter>
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
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </section>
    }
}

#[component]
fn Row(target: ActiveTarget, clock: Signal<Option<f64>>) -> impl IntoView {
    let error = (!target.last_error.is_empty()).then(|| {
        view! {
            <p class="targets__error">
                <strong>"Scrape failed: "</strong>
                {target.last_error.clone()}
            </p>
        }
    });
    let duration =
        (target.health != Health::Unknown).then(|| fmt::elapsed(target.last_scrape_duration * 1e3));
    let every = format!(
        "every {}, at most {}",
        target.scrape_interval, target.scrape_timeout
    );
    view! {
        <tr>
            <td>
                <HealthBadge health=target.health/>
            </td>
            <td>
                <a class="targets__url" href=target.global_url rel="noreferrer">{target.scrape_url}</a>
                {error}
            </td>
            <td>
                <LabelList labels=target.labels/>
                <details class="targets__discovered">
                    <summary>"Discovered labels"</summary>
                    <LabelList labels=target.discovered_labels/>
                </details>
            </td>
            <td class="targets__number">
                <TimeAgo time=target.last_scrape clock/>
            </td>
            <td class="targets__number" title=every>{duration.unwrap_or_else(|| "–".to_owned())}</td>
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
