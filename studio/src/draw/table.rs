//! Rows and columns.

use super::Drawn;
use super::canvas::px;
use crate::board::{Board, scope_of};
use app::words::{t, use_i18n};
use dashboard::{Cell, Table, TableCell, TableCellStyle, link_url};
use leptos::prelude::*;
use render::safe_url;
use std::sync::Arc;

/// Rows that are shown until somebody asks for more.
const SHOWN: usize = 200;

/// A table. A click on a head sorts.
#[component]
pub(crate) fn TableView(drawn: Drawn, board: Board) -> impl IntoView {
    let i18n = use_i18n();
    let shown = RwSignal::new(SHOWN);
    // A column by its name, and whether it falls.
    let sort = RwSignal::new(None::<(String, bool)>);
    let which = RwSignal::new(None::<usize>);
    let table = Memo::new_with_compare(
        move |_| {
            let outcome = drawn.get()?;
            let mut options = outcome.options().clone();
            if let (Some(frame), Some(options)) = (which.get(), options.as_object_mut()) {
                options.insert("frameIndex".to_owned(), frame.into());
            }
            let table =
                board.display(|context| Table::new(&outcome.data.frames, &options, context));
            Some(Arc::new((outcome, table)))
        },
        |_, _| true,
    );
    let order = move |table: &Table| -> Vec<usize> {
        let mut rows: Vec<usize> = (0..table.rows()).collect();
        let Some((name, falling)) = sort.get() else {
            return rows;
        };
        let column = table.columns.iter().find(|column| column.name == name);
        let Some(field) = column.and_then(|column| table.frame.fields.get(column.field)) else {
            return rows;
        };
        rows.sort_by(|a, b| {
            let (a, b): (Cell, Cell) = (field.column.cell(*a), field.column.cell(*b));
            let order = a.order(&b);
            if falling { order.reverse() } else { order }
        });
        rows
    };
    let head = move |table: &Table| {
        let cells = table.columns.iter().map(|column| {
            let (name, pressed) = (column.name.clone(), column.name.clone());
            let of = column.name.clone();
            let state = move || match sort.get() {
                Some((sorted, falling)) if sorted == of => Some(if falling { "descending" } else { "ascending" }),
                _ => None,
            };
            let press = move |_| {
                sort.update(|sort| {
                    *sort = match sort.take() {
                        Some((old, false)) if old == pressed => Some((old, true)),
                        Some((old, true)) if old == pressed => None,
                        _ => Some((pressed.clone(), false)),
                    };
                });
            };
            view! {
                <th scope="col" data-align=column.align style:width=column.width.map(px) style:min-width=px(column.min_width.min(column.width.unwrap_or(60.0)).min(60.0)) aria-sort=state>
                    <button type="button" class="grid-table__head" on:click=press>{name}</button>
                </th>
            }
        });
        view! { <thead><tr>{cells.collect_view()}</tr></thead> }
    };
    let body = move || {
        let kept = table.get()?;
        let (outcome, table) = (&kept.0, &kept.1);
        let rows = order(table);
        let more = rows.len().saturating_sub(shown.get());
        let lines = rows.iter().take(shown.get()).map(|row| {
            let cells = board.display(|context| table.row(*row, context));
            let cells = cells.into_iter().zip(&table.columns).map(|(cell, column)| {
                let link = link_of(table, column.field, *row, outcome, board);
                shown_cell(&cell, column, link)
            });
            view! { <tr>{cells.collect_view()}</tr> }
        });
        let lines = lines.collect_view();
        let has_footer = table.columns.iter().any(|column| !column.footer.is_empty());
        let footer = has_footer.then(|| {
            let cells = table.columns.iter().map(|column| {
                view! { <td data-align=column.align>{column.footer.clone()}</td> }
            });
            view! { <tfoot><tr>{cells.collect_view()}</tr></tfoot> }
        });
        let names = table.frame_names.clone();
        let choice = (names.len() > 1).then(|| {
            let options = names.iter().enumerate().map(|(index, name)| {
                let chosen = table.options.frame_index == index;
                view! { <option value=index.to_string() selected=chosen>{name.clone()}</option> }
            });
            view! {
                <select class="field" on:change=move |event| which.set(event_target_value(&event).parse().ok())>
                    {options.collect_view()}
                </select>
            }
        });
        Some(view! {
            <table class="grid-table" data-height=table.options.cell_height.clone()>
                {table.options.show_header.then(|| head(table))}
                <tbody>{lines}</tbody>
                {footer}
            </table>
            {(more > 0).then(|| view! {
                <button type="button" class="button" data-kind="tool" on:click=move |_| shown.update(|n| *n += 1000)>
                    {t!(i18n, dashboards.more_rows, n = move || more)}
                </button>
            })}
            {choice}
        })
    };
    view! { <div class="fill fill--scroll" tabindex="0">{body}</div> }
}

fn shown_cell(
    cell: &TableCell,
    column: &dashboard::TableColumn,
    link: Option<(String, bool)>,
) -> AnyView {
    let text = cell.shown.text.to_string();
    let inner = match (&column.style, link) {
        (_, Some((url, new_page))) => view! {
            <a href=url target=new_page.then_some("_blank") rel=new_page.then_some("noopener")>{text}</a>
        }
        .into_any(),
        (TableCellStyle::Gauge(_), None) => {
            let width = format!("{:.1}%", cell.shown.percent * 100.0);
            view! {
                <span class="cell-bar"><span class="cell-bar__fill" style:width=width style:background=cell.shown.color.to_css()></span></span>
                <span>{text}</span>
            }
            .into_any()
        }
        _ => text.into_any(),
    };
    view! {
        <td
            data-align=column.align
            data-wrap=column.wrap.then_some("true")
            style:color=cell.text_color.map(dashboard::Color::to_css)
            style:background=cell.background.map(dashboard::Color::to_css)
        >
            {inner}
        </td>
    }
    .into_any()
}

/// The first link of a value, if it is one that may be followed.
fn link_of(
    table: &Table,
    field: usize,
    row: usize,
    outcome: &super::Outcome,
    board: Board,
) -> Option<(String, bool)> {
    let field = table.frame.fields.get(field)?;
    let link = field.options.links.first()?;
    let url = scope_of(board, &outcome.clones, |scope| {
        link_url(&link.url, scope, &table.frame, field, Some(row))
    });
    Some((safe_url(&url)?, link.new_page))
}
