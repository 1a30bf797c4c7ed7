//! Clocks that disagree.

use crate::components::icon::{Glyph, Icon};
use crate::data::{get, now_seconds};
use crate::fmt;
use crate::words::{t_string, use_i18n};
use api_types::RuntimeInfo;
use chart::CivilTime;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Clocks may differ by so much before anybody is bothered. Units: seconds.
const TOLERATED: f64 = 30.0;

/// A line where the server's clock and the browser's differ: "now" is then not where the data is.
#[component]
pub fn ClockSkew() -> impl IntoView {
    let i18n = use_i18n();
    let ahead = RwSignal::new(0.0);
    Effect::new(move |_| {
        spawn_local(async move {
            let asked = now_seconds();
            // A server that does not answer says so elsewhere.
            let Ok(answer) = get::<RuntimeInfo>("/api/v1/status/runtimeinfo", None).await else {
                return;
            };
            if let Some(time) = CivilTime::parse(&answer.data.server_time) {
                ahead.try_set(skew(time.to_seconds(), (asked, now_seconds())));
            }
        });
    });
    let words = move || {
        let by = fmt::seconds(ahead.get().abs().round());
        if ahead.get() > 0.0 {
            t_string!(i18n, graph.server_ahead, by = by)
        } else {
            t_string!(i18n, graph.server_behind, by = by)
        }
    };
    view! {
        <Show when=move || { ahead.get().abs() > TOLERATED }>
            <p class="hint clock-skew" data-kind="warning" role="status">
                <Icon glyph=Glyph::Alert/>
                {words}
            </p>
        </Show>
    }
}

/// By how much the server's time is ahead of all times between question and answer; negative if behind.
fn skew(server: f64, (asked, answered): (f64, f64)) -> f64 {
    // The server tells whole seconds.
    if server + 1.0 < asked {
        server - asked
    } else if server > answered {
        server - answered
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slow_answer_is_no_skew() {
        assert_eq!(skew(100.0, (100.5, 100.6)), 0.0);
        assert_eq!(skew(150.0, (100.0, 200.0)), 0.0);
        assert_eq!(skew(50.0, (100.0, 101.0)), -50.0);
        assert_eq!(skew(200.0, (100.0, 101.0)), 99.0);
    }
}
