//! What a dashboard is besides its panels, in forms.

mod annotations;
mod general;
mod links;
mod list;
mod permissions;
mod variable_form;
mod variables;

use crate::board::Board;
use crate::edit::{ModelForm, VersionsTable};
use annotations::AnnotationsTab;
use app::components::{Glyph, Icon};
use app::words::{t, t_string, use_i18n};
use general::GeneralTab;
use leptos::prelude::*;
use links::LinksTab;
use permissions::PermissionsTab;
use variables::VariablesTab;

/// A part of the settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SettingsTab {
    General,
    Variables,
    Annotations,
    Links,
    Versions,
    Permissions,
    Json,
}

impl SettingsTab {
    const ALL: [Self; 7] = [
        Self::General,
        Self::Variables,
        Self::Annotations,
        Self::Links,
        Self::Versions,
        Self::Permissions,
        Self::Json,
    ];

    /// Reads its word in the address; the first one for what is none.
    pub(crate) fn read(word: &str) -> Self {
        let known = Self::ALL.into_iter().find(|tab| tab.word() == word);
        known.unwrap_or(Self::General)
    }

    fn word(self) -> &'static str {
        match self {
            Self::General => "general",
            Self::Variables => "variables",
            Self::Annotations => "annotations",
            Self::Links => "links",
            Self::Versions => "versions",
            Self::Permissions => "permissions",
            Self::Json => "json",
        }
    }
}

/// The settings of a dashboard.
#[component]
pub(crate) fn SettingsPage(board: Board, tab: SettingsTab) -> impl IntoView {
    let i18n = use_i18n();
    // A link to the settings is a link to change them.
    Effect::new(move |_| board.begin_editing());
    let back = move |_| board.visit(&board.home_path(), &[("edit", Some(""))]);
    let name = move |tab: SettingsTab| match tab {
        SettingsTab::General => t!(i18n, boards.general),
        SettingsTab::Variables => t!(i18n, boards.variables),
        SettingsTab::Annotations => t!(i18n, boards.annotations),
        SettingsTab::Links => t!(i18n, boards.links),
        SettingsTab::Versions => t!(i18n, dashboards.versions),
        SettingsTab::Permissions => t!(i18n, boards.permissions),
        SettingsTab::Json => Signal::stored("JSON"),
    };
    let tabs = SettingsTab::ALL.map(|one| {
        view! {
            <button type="button" class="menu-line" aria-current=(one == tab).then_some("true")
                on:click=move |_| board.visit(&format!("{}/settings/{}", board.home_path(), one.word()), &[("edit", Some(""))])>
                {name(one)}
            </button>
        }
    });
    let body = match tab {
        SettingsTab::General => view! { <GeneralTab board/> }.into_any(),
        SettingsTab::Variables => view! { <VariablesTab board/> }.into_any(),
        SettingsTab::Annotations => view! { <AnnotationsTab board/> }.into_any(),
        SettingsTab::Links => view! { <LinksTab board/> }.into_any(),
        SettingsTab::Versions => {
            view! { <VersionsTable board on_restored=Callback::new(|()| ())/> }.into_any()
        }
        SettingsTab::Permissions => view! { <PermissionsTab board/> }.into_any(),
        SettingsTab::Json => view! { <ModelForm board/> }.into_any(),
    };
    view! {
        <p class="workbench__back">
            <button type="button" class="button" on:click=back>
                <Icon glyph=Glyph::Left/>
                {t!(i18n, dashboards.back)}
            </button>
        </p>
        <div class="board-settings">
            <nav class="board-settings__tabs" aria-label=move || t_string!(i18n, boards.settings)>{tabs}</nav>
            <section class="board-settings__body" aria-label=move || name(tab).get()>
                <h2 class="dialog__title">{name(tab)}</h2>
                {body}
            </section>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tabs_come_back_from_their_words() {
        for tab in SettingsTab::ALL {
            assert_eq!(SettingsTab::read(tab.word()), tab);
        }
        assert_eq!(SettingsTab::read("nothing"), SettingsTab::General);
    }
}
