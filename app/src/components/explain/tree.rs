//! The nodes of an expression as an indented table.

use crate::fmt;
use crate::words::{t, use_i18n};
use api_types::PlanNode;
use leptos::prelude::*;
use std::sync::Arc;

/// A node and how deep it lies.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Row {
    pub(super) node: PlanNode,
    pub(super) depth: usize,
    /// The share of the whole time that it takes itself. Bounds: from 0 to 1.
    pub(super) share: f64,
}

/// All nodes, parents before their operands.
pub(super) fn rows(plan: &PlanNode) -> Vec<Row> {
    let whole = plan.total_time.unwrap_or(0.0);
    let mut rows = Vec::new();
    collect(plan, 0, whole, &mut rows);
    rows
}

fn collect(node: &PlanNode, depth: usize, whole: f64, rows: &mut Vec<Row>) {
    let share = match node.own_time {
        Some(own) if whole > 0.0 => (own / whole).clamp(0.0, 1.0),
        _ => 0.0,
    };
    rows.push(Row {
        node: node.clone(),
        depth,
        share,
    });
    for child in &node.children {
        collect(child, depth + 1, whole, rows);
    }
}

#[component]
pub(super) fn Tree(rows: Arc<Vec<Row>>, chosen: RwSignal<usize>) -> impl IntoView {
    let i18n = use_i18n();
    let count = rows.len();
    let key = move |event: web_sys::KeyboardEvent| {
        match event.key().as_str() {
            "ArrowDown" => chosen.update(|n| *n = (*n + 1).min(count.saturating_sub(1))),
            "ArrowUp" => chosen.update(|n| *n = n.saturating_sub(1)),
            _ => return,
        }
        event.prevent_default();
    };
    let body = rows
        .iter()
        .enumerate()
        .map(|(n, row)| line(n, row, chosen))
        .collect_view();
    view! {
        <div class="plan__tree scroll-x">
            <table
                class="table plan__table"
                role="treegrid"
                tabindex="0"
                aria-label=t!(i18n, graph.explain)
                on:keydown=key
            >
                <thead>
                    <tr>
                        <th scope="col">{t!(i18n, graph.node)}</th>
                        <th scope="col" class="plan__number">{t!(i18n, graph.series)}</th>
                        <th scope="col" class="plan__number">{t!(i18n, graph.samples)}</th>
                        <th scope="col" class="plan__number">{t!(i18n, graph.own_time)}</th>
                    </tr>
                </thead>
                <tbody>{body}</tbody>
            </table>
        </div>
    }
}

fn line(n: usize, row: &Row, chosen: RwSignal<usize>) -> impl IntoView + use<> {
    let number = |n: Option<u64>| {
        n.map_or_else(
            || "–".to_owned(),
            |n| fmt::count(usize::try_from(n).unwrap_or(usize::MAX)),
        )
    };
    let own = row.node.own_time.map(|time| fmt::elapsed(time * 1e3));
    let text = row.node.text.clone();
    view! {
        <tr
            role="row"
            attr:aria-level=row.depth + 1
            aria-selected=move || if chosen.get() == n { "true" } else { "false" }
            on:click=move |_| chosen.set(n)
        >
            <th scope="row" class="plan__node">
                <span class="plan__indent" style:--depth=row.depth.to_string()></span>
                <span class="plan__kind">{row.node.kind.clone()}</span>
                <code class="plan__text" title=text.clone()>{text.clone()}</code>
            </th>
            <td class="plan__number">{number(row.node.series_out)}</td>
            <td class="plan__number">{number(row.node.samples)}</td>
            <td class="plan__number plan__time" style:--share=format!("{:.3}", row.share)>
                {own.unwrap_or_else(|| "–".to_owned())}
            </td>
        </tr>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parents_stand_before_their_operands() {
        let leaf = |text: &str| PlanNode {
            text: text.into(),
            start: 0,
            end: 0,
            kind: "selector".into(),
            how: String::new(),
            series_in: None,
            series_out: Some(1),
            samples: Some(1),
            total_time: Some(0.25),
            own_time: Some(0.25),
            children: Vec::new(),
        };
        let plan = PlanNode {
            total_time: Some(1.0),
            own_time: Some(0.5),
            children: vec![leaf("a"), leaf("b")],
            ..leaf("a + b")
        };
        let rows = rows(&plan);
        let told: Vec<_> = rows
            .iter()
            .map(|r| (r.node.text.as_str(), r.depth, r.share))
            .collect();
        assert_eq!(told, [("a + b", 0, 0.5), ("a", 1, 0.25), ("b", 1, 0.25)]);
    }
}
