//! How much of the page is shown: everything, or for a screen on the wall only what changes.

use super::Board;
use leptos::prelude::*;

/// How much of the page is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Kiosk {
    /// Everything.
    #[default]
    Off,
    /// All but the bar of the program: `kiosk=tv`.
    Bar,
    /// Title and panels alone: `kiosk`, whatever else it says.
    Full,
}

impl Kiosk {
    /// Reads the parameter of the address.
    pub(crate) fn read(value: Option<&str>) -> Self {
        match value {
            None | Some("0" | "false") => Self::Off,
            Some("tv") => Self::Bar,
            Some(_) => Self::Full,
        }
    }

    fn word(self) -> Option<&'static str> {
        match self {
            Self::Off => None,
            Self::Bar => Some("tv"),
            Self::Full => Some("full"),
        }
    }
}

/// Hides what the address asks to hide, and brings it back on Escape.
pub(crate) fn keep_kiosk(board: Board) {
    let mark = |word: Option<&str>| {
        let Some(root) = document().document_element() else {
            return;
        };
        // An element takes any attribute.
        let _ = match word {
            Some(word) => root.set_attribute("data-kiosk", word),
            None => root.remove_attribute("data-kiosk"),
        };
    };
    Effect::new(move |_| {
        mark(board.kiosk.get().word());
        on_cleanup(move || mark(None));
    });
    Effect::new(move |_| {
        let handle = window_event_listener(leptos::ev::keydown, move |event| {
            let is_off = board.kiosk.get_untracked() == Kiosk::Off;
            if event.key() == "Escape" && !event.default_prevented() && !is_off {
                board.change_address(&[("kiosk", None)], true);
            }
        });
        on_cleanup(move || handle.remove());
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_says_how_much_is_shown() {
        let read = |value| Kiosk::read(value);
        assert_eq!((read(None), read(Some("false"))), (Kiosk::Off, Kiosk::Off));
        assert_eq!(
            (read(Some("")), read(Some("true"))),
            (Kiosk::Full, Kiosk::Full)
        );
        assert_eq!(read(Some("tv")), Kiosk::Bar);
    }
}
