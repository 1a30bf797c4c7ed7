//! A unified diff, line by line; what went and what came is marked by sign, not by colour alone.

use leptos::prelude::*;

/// A diff, whether something is in it or not.
#[component]
pub fn DiffView(
    /// In the unified format.
    text: String,
) -> impl IntoView {
    let line = |line: &str| {
        let sort = match line.as_bytes() {
            [b'+', b'+', b'+', ..] | [b'-', b'-', b'-', ..] => "file",
            [b'@', ..] => "place",
            [b'+', ..] => "new",
            [b'-', ..] => "gone",
            _ => "same",
        };
        view! { <span class="diff__line" data-sort=sort>{format!("{line}\n")}</span> }
    };
    let lines: Vec<_> = text.lines().map(line).collect();
    view! { <pre class="diff" tabindex="0">{lines}</pre> }
}
