//! Light, dark, or as the system has it.

use crate::state::storage;

/// A choice of theme.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ThemeChoice {
    /// As the system has it.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl ThemeChoice {
    /// The word in storage and on the page's root element.
    pub fn word(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// What the switch goes to next.
    #[must_use]
    pub fn next(self) -> Self {
        match self {
            Self::System => Self::Light,
            Self::Light => Self::Dark,
            Self::Dark => Self::System,
        }
    }

    /// The choice of a word; any other word is the system's.
    pub(crate) fn from_word(word: &str) -> Self {
        match word {
            "light" => Self::Light,
            "dark" => Self::Dark,
            _ => Self::System,
        }
    }
}

const KEY: &str = "watchfire.theme";

/// Puts the stored choice on the root element before anything is painted.
pub const FIRST_PAINT: &str = "try{var t=localStorage.getItem('watchfire.theme');\
    if(t==='light'||t==='dark')document.documentElement.dataset.theme=t}catch(e){}";

/// The stored choice. For the browser only.
pub fn load_theme() -> ThemeChoice {
    storage()
        .and_then(|storage| storage.get_item(KEY).ok().flatten())
        .map_or(ThemeChoice::System, |word| ThemeChoice::from_word(&word))
}

/// Keeps the choice and puts it on the root element. For the browser only.
pub fn store_theme(choice: ThemeChoice) {
    if let Some(storage) = storage() {
        // Storage that is full or forbidden costs only the memory of the choice.
        let _ = storage.set_item(KEY, choice.word());
    }
    let Some(root) = web_sys::window()
        .and_then(|w| w.document())
        .and_then(|d| d.document_element())
    else {
        return;
    };
    let _ = match choice {
        ThemeChoice::System => root.remove_attribute("data-theme"),
        chosen => root.set_attribute("data-theme", chosen.word()),
    };
}
