//! Who looks at the pages.

use crate::components::ThemeState;
use crate::data::fetch;
use crate::state::{Settings, storage};
use api_types::Me;
use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::RequestInit;

/// Who looks, asked once for all components of a page.
#[derive(Clone, Copy)]
pub struct WhoLooks(RwSignal<Option<Me>>);

impl WhoLooks {
    /// Provides it to all components below, and asks the server. What a user likes holds in a browser in
    /// which nothing else was chosen.
    pub fn provide() {
        let who = Self(RwSignal::new(None));
        provide_context(who);
        let theme = use_context::<ThemeState>();
        let settings = use_context::<Settings>();
        Effect::new(move |_| {
            spawn_local(async move {
                let answer = fetch("/api/watchfire/me", &RequestInit::new(), None).await;
                // Whoever is not known gets the pages of whoever is not known.
                let me = answer
                    .ok()
                    .and_then(|(_, text)| serde_json::from_str::<Me>(&text).ok());
                let me = me.unwrap_or_default();
                let is_chosen = |key: &str| {
                    storage().is_none_or(|kept| kept.get_item(key).ok().flatten().is_some())
                };
                if let Some(theme) = theme.filter(|_| !is_chosen("watchfire.theme")) {
                    theme.like(&me.preferences.theme);
                }
                if let Some(settings) = settings.filter(|_| !is_chosen("settings.useLocalTime"))
                    && me.preferences.timezone == "browser"
                {
                    settings.local_time.set(true);
                }
                who.0.try_set(Some(me));
            });
        });
    }
}

/// Who looks; `None` until the server has answered. For components only.
pub fn use_me() -> Signal<Option<Me>> {
    use_context::<WhoLooks>().map_or_else(|| Signal::stored(None), |who| who.0.into())
}
