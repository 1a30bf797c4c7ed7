//! The rich editor: a custom element whose script comes once the page is awake.

use super::mirror::Mark;
use crate::components::suggestions::utf16_offset;
use leptos::prelude::*;

/// Where the server has the script, built from `editor/`.
const SCRIPT: &str = "/editor/promql-editor.js";

/// Asks for the script, once for all editors and pages.
pub(super) fn fetch() {
    let document = document();
    let asked = document.query_selector("script[data-editor]");
    let (Ok(None), Some(head)) = (asked, document.head()) else {
        return;
    };
    let script = document.create_element("script").and_then(|script| {
        script.set_attribute("type", "module")?;
        script.set_attribute("data-editor", "")?;
        script.set_attribute("src", &crate::site::at(SCRIPT))?;
        head.append_child(&script)
    });
    if let Err(reason) = script {
        leptos::logging::warn!("the rich editor cannot be asked for: {reason:?}");
    }
}

/// The underlines as the element takes them: JSON, in the UTF-16 units that browsers count in.
pub(super) fn told(text: &str, marks: &[Mark]) -> String {
    let told: Vec<String> = marks
        .iter()
        .map(|mark| {
            let (from, to) = (utf16_offset(text, mark.start), utf16_offset(text, mark.end));
            format!(r#"{{"from":{from},"to":{to},"kind":"{}"}}"#, mark.kind)
        })
        .collect();
    format!("[{}]", told.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;
    use promql_syntax::Span;

    #[test]
    fn underlines_are_told_in_the_units_of_browsers() {
        let text = "한글 + sum(";
        let mark = Mark::of_error(text, Span { start: 9, end: 13 });
        assert_eq!(told(text, &[mark]), r#"[{"from":5,"to":9,"kind":"error"}]"#);
        assert_eq!(told(text, &[]), "[]");
    }
}
