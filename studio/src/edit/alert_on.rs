//! The address of a form for a rule that is made of a panel.

use crate::board::{Board, scope_of};
use app::state::query_string;
use dashboard::{AlertProposal, Choice, Panel};
use leptos::prelude::*;
use serde_json::Value;

/// The form's address; none for a panel that asks nothing. Tracked.
pub(super) fn rule_address(
    board: Board,
    json: &Value,
    clones: &[(String, Choice)],
) -> Option<String> {
    board.values.track();
    let panel = Panel::of(json)?;
    let made = scope_of(board, clones, |scope| AlertProposal::of(&panel, scope))?;
    let uid = board.meta.with(|meta| meta.uid.clone());
    Some(address(&made, &uid, panel.id()))
}

fn address(made: &AlertProposal, uid: &str, panel: i64) -> String {
    let panel = panel.to_string();
    let mut pairs = vec![("expr", made.expr.as_str()), ("name", made.name.as_str())];
    if !made.op.is_empty() {
        pairs.extend([
            ("op", made.op.as_str()),
            ("threshold", made.threshold.as_str()),
        ]);
    }
    if !made.description.is_empty() {
        pairs.push(("annotation.description", &made.description));
    }
    if !uid.is_empty() {
        pairs.extend([
            ("annotation.__dashboardUid__", uid),
            ("annotation.__panelId__", panel.as_str()),
        ]);
    }
    pairs.retain(|(_, value)| !value.is_empty());
    format!("/rules/new?{}", query_string(pairs))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_says_what_the_panel_says() {
        let made = AlertProposal {
            expr: "a{b=\"c\"} + 1".into(),
            name: "Load".into(),
            op: ">".into(),
            threshold: "0.5".into(),
            description: String::new(),
        };
        let address = address(&made, "u", 3);
        let pairs = crate::board::pairs_of(address.trim_start_matches("/rules/new"));
        let text = |name: &str| {
            pairs
                .iter()
                .find(|(known, _)| known == name)
                .map(|(_, value)| value.as_str())
        };
        assert_eq!(text("expr"), Some("a{b=\"c\"} + 1"));
        assert_eq!((text("op"), text("threshold")), (Some(">"), Some("0.5")));
        assert_eq!(
            (
                text("annotation.__dashboardUid__"),
                text("annotation.__panelId__")
            ),
            (Some("u"), Some("3"))
        );
        assert_eq!(text("annotation.description"), None);
    }
}
