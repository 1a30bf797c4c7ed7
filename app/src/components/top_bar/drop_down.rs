//! A list that drops down from the bar.

use leptos::html::Details;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{FocusEvent, KeyboardEvent, Node};

/// A `details` element that closes when it is left, as menus do.
#[derive(Clone, Copy)]
pub(super) struct DropDown(pub(super) NodeRef<Details>);

impl DropDown {
    pub(super) fn new() -> Self {
        Self(NodeRef::new())
    }

    pub(super) fn close(self) {
        if let Some(details) = self.0.try_get_untracked().flatten() {
            details.set_open(false);
        }
    }

    /// The focus left an element inside: for another one inside, or for good.
    pub(super) fn left(self, event: &FocusEvent) {
        let next = event
            .related_target()
            .and_then(|target| target.dyn_into::<Node>().ok());
        let inside = self
            .0
            .try_get_untracked()
            .flatten()
            .is_some_and(|details| details.contains(next.as_ref()));
        if !inside {
            self.close();
        }
    }

    pub(super) fn key(self, event: &KeyboardEvent) {
        if event.key() == "Escape" {
            self.close();
        }
    }
}
