//! What somebody set for this browser.
//!
//! Source: the settings of Prometheus' pages, under the same keys, so that they are found again.

use leptos::prelude::*;
use std::str::FromStr;

/// One setting: its value, and where the browser keeps it.
pub struct Setting<T: 'static> {
    key: &'static str,
    value: RwSignal<T>,
}

impl<T> Clone for Setting<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Setting<T> {}

impl<T: Copy + FromStr + ToString + Send + Sync + 'static> Setting<T> {
    fn new(key: &'static str, initial: T) -> Self {
        Self {
            key,
            value: RwSignal::new(initial),
        }
    }

    /// The value, tracked.
    pub fn get(self) -> T {
        self.value.get()
    }

    /// The value now.
    pub fn get_untracked(self) -> T {
        self.value.get_untracked()
    }

    /// Changes and keeps the value. For the browser only.
    pub fn set(self, value: T) {
        self.value.set(value);
        if let Some(storage) = storage() {
            // Storage that is full or forbidden costs only the memory of the choice.
            let _ = storage.set_item(self.key, &value.to_string());
        }
    }

    fn load(self) {
        let kept = storage().and_then(|storage| storage.get_item(self.key).ok().flatten());
        if let Some(value) = kept.and_then(|text| text.parse().ok()) {
            self.value.set(value);
        }
    }
}

/// All settings, in context. The server and the first render see the defaults.
#[derive(Clone, Copy)]
pub struct Settings {
    /// Times in the zone of the browser instead of UTC.
    pub local_time: Setting<bool>,
    /// Whether queries that ran are offered again.
    pub history: Setting<bool>,
    /// Whether words are completed.
    pub autocomplete: Setting<bool>,
    /// Whether queries are coloured.
    pub highlight: Setting<bool>,
    /// Whether errors are underlined while typing.
    pub linter: Setting<bool>,
    /// Whether warnings of queries are shown.
    pub warnings: Setting<bool>,
    /// Whether notes of queries are shown.
    pub infos: Setting<bool>,
    /// Whether annotations of alerts are shown opened.
    pub expanded_annotations: Setting<bool>,
    /// Bounds: at least 1.
    pub alert_groups_per_page: Setting<usize>,
    /// Bounds: at least 1.
    pub rule_groups_per_page: Setting<usize>,
}

impl Settings {
    /// Provides the settings to all components below, and reads what the browser keeps.
    pub fn provide() {
        let settings = Self {
            local_time: Setting::new("settings.useLocalTime", false),
            history: Setting::new("settings.enableQueryHistory", false),
            autocomplete: Setting::new("settings.enableAutocomplete", true),
            highlight: Setting::new("settings.enableSyntaxHighlighting", true),
            linter: Setting::new("settings.enableLinter", true),
            warnings: Setting::new("settings.showQueryWarnings", true),
            infos: Setting::new("settings.showQueryInfoNotices", true),
            expanded_annotations: Setting::new("settings.showAnnotations", false),
            alert_groups_per_page: Setting::new("settings.alertGroupsPerPage", 10),
            rule_groups_per_page: Setting::new("settings.ruleGroupsPerPage", 10),
        };
        provide_context(settings);
        Effect::new(move |_| settings.load());
    }

    fn load(self) {
        for switch in [
            self.local_time,
            self.history,
            self.autocomplete,
            self.highlight,
            self.linter,
            self.warnings,
            self.infos,
            self.expanded_annotations,
        ] {
            switch.load();
        }
        self.alert_groups_per_page.load();
        self.rule_groups_per_page.load();
    }
}

/// What the browser keeps for this site; `None` where it keeps nothing. For the browser only.
pub fn storage() -> Option<web_sys::Storage> {
    web_sys::window()?.local_storage().ok().flatten()
}
