//! Legends: names, calculations, and which series are shown.

use super::canvas::px;
use app::words::{t, use_i18n};
use dashboard::{LegendOptions, LegendRow};
use leptos::prelude::*;
use std::collections::BTreeSet;

/// Names that a legend shows at once.
const SHOWN: usize = 100;

/// A legend with its options.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct LegendData {
    pub(crate) rows: Vec<LegendRow>,
    pub(crate) options: LegendOptions,
}

/// A legend. A click shows one series alone, with Ctrl it takes one away or brings it back.
#[component]
pub(crate) fn Legend(
    data: Signal<Option<LegendData>>,
    /// Names of series that are not shown.
    hidden: RwSignal<BTreeSet<String>>,
    /// The series under the pointer, by its number.
    lifted: RwSignal<Option<usize>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let all = RwSignal::new(false);
    let press = move |name: &str, adds: bool| {
        let names: Vec<String> = data.with_untracked(|data| {
            let rows = data.iter().flat_map(|data| &data.rows);
            rows.map(|row| row.name.clone()).collect()
        });
        hidden.update(|hidden| {
            if adds {
                if !hidden.remove(name) {
                    hidden.insert(name.to_owned());
                }
                return;
            }
            let others: BTreeSet<String> = names
                .iter()
                .filter(|other| *other != name)
                .cloned()
                .collect();
            // The second click on the same name brings the others back.
            *hidden = if *hidden == others {
                BTreeSet::new()
            } else {
                others
            };
        });
        lifted.set(None);
    };
    let name_of = move |row: &LegendRow| {
        let (name, index) = (row.name.clone(), row.index);
        let (pressed, shown, hint) = (name.clone(), name.clone(), name.clone());
        let color = row.color.to_css();
        view! {
            <button
                type="button"
                class="key-name"
                title=hint
                aria-pressed=move || if hidden.with(|hidden| hidden.contains(&shown)) { "false" } else { "true" }
                on:click=move |event| press(&pressed, event.ctrl_key() || event.meta_key())
                on:pointerenter=move |_| lifted.set(Some(index))
                on:pointerleave=move |_| lifted.set(None)
            >
                <span class="key-name__mark" style:background=color></span>
                <span class="key-name__text">{name}</span>
            </button>
        }
    };
    move || {
        let LegendData { rows, options } = data.get().filter(|data| data.options.show)?;
        let limit = if all.get() {
            usize::MAX
        } else {
            options.limit.unwrap_or(SHOWN)
        };
        let more = rows.len().saturating_sub(limit);
        let width = options.width.filter(|_| options.right).map(px);
        let list = if options.table && !options.calcs.is_empty() || options.table {
            let heads = options
                .calcs
                .iter()
                .map(|calc| view! { <th scope="col">{calc.name()}</th> });
            let lines = rows.iter().take(limit).map(|row| {
                let values = row
                    .values
                    .iter()
                    .map(|shown| view! { <td>{shown.text.to_string()}</td> });
                view! { <tr><th scope="row">{name_of(row)}</th>{values.collect_view()}</tr> }
            });
            view! {
                <table class="keys-table">
                    <thead><tr><th scope="col">{t!(i18n, dashboards.series)}</th>{heads.collect_view()}</tr></thead>
                    <tbody>{lines.collect_view()}</tbody>
                </table>
            }
            .into_any()
        } else {
            let items = rows.iter().take(limit).map(|row| {
                let values = row.values.iter().zip(&options.calcs).map(|(shown, calc)| {
                    view! {
                        <span class="keys-list__value">{format!("{}: {}", calc.name(), shown.text)}</span>
                    }
                });
                view! { <li>{name_of(row)}{values.collect_view()}</li> }
            });
            view! { <ul class="keys-list">{items.collect_view()}</ul> }.into_any()
        };
        let button = (more > 0).then(|| {
            view! {
                <button type="button" class="button" data-kind="tool" on:click=move |_| all.set(true)>
                    {t!(i18n, dashboards.more_series, n = move || more)}
                </button>
            }
        });
        Some(view! {
            <div class="keys-box" style:width=width>
                {list}
                {button}
            </div>
        })
    }
}
