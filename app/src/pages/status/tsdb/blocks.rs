//! The blocks on a line of time, and as a table.

use crate::fmt;
use crate::words::{t, use_i18n};
use api_types::{BlockMeta, BlocksData};
use leptos::prelude::*;
use std::sync::Arc;

#[component]
pub(super) fn BlockLine(data: Signal<Arc<BlocksData>>) -> impl IntoView {
    let i18n = use_i18n();
    let ends = move || {
        data.with(|data| {
            let start = data.blocks.iter().map(|block| block.min_time).min()?;
            let end = data.blocks.iter().map(|block| block.max_time).max()?;
            Some((start as f64, end as f64))
        })
    };
    let bars = move || {
        let (start, end) = ends()?;
        let length = (end - start).max(1.0);
        let bar = |block: &BlockMeta| {
            let left = 100.0 * (block.min_time as f64 - start) / length;
            let width = 100.0 * (block.max_time - block.min_time) as f64 / length;
            let level = block.compaction.level.min(6);
            let title = format!(
                "{} · {} – {} UTC · {}",
                block.ulid,
                moment(block.min_time),
                moment(block.max_time),
                fmt::bytes(block.stats.num_bytes as f64)
            );
            view! {
                <li
                    class="blocks__bar"
                    style:left=format!("{left:.3}%")
                    style:width=format!("{width:.3}%")
                    style:top=format!("{}px", level * 16)
                    title=title
                ></li>
            }
        };
        let bars: Vec<_> = data.with(|data| data.blocks.iter().map(bar).collect());
        Some(view! {
            <div class="blocks__frame" aria-hidden="true">
                <ul class="blocks__line">{bars}</ul>
                <p class="blocks__ends">
                    <span>{moment(to_millis(start))}</span>
                    <span>{moment(to_millis(end))} " UTC"</span>
                </p>
            </div>
        })
    };
    let row = |block: &BlockMeta| {
        let number = |n: u64| fmt::count(usize::try_from(n).unwrap_or(usize::MAX));
        view! {
            <tr>
                <th scope="row"><code>{block.ulid.clone()}</code></th>
                <td class="nowrap">{moment(block.min_time)}</td>
                <td class="nowrap">{fmt::duration(block.max_time.saturating_sub(block.min_time))}</td>
                <td class="number">{number(block.stats.num_series)}</td>
                <td class="number">{number(block.stats.num_samples)}</td>
                <td class="number">{fmt::bytes(block.stats.num_bytes as f64)}</td>
                <td class="number">{block.compaction.level}</td>
                <td class="number">{number(block.stats.num_tombstones)}</td>
            </tr>
        }
    };
    let table = move || {
        let list: Vec<_> = data.with(|data| data.blocks.iter().rev().map(row).collect());
        if list.is_empty() {
            return view! { <p class="card__line">{t!(i18n, tsdb.no_blocks)}</p> }.into_any();
        }
        view! {
            <div class="scroll-x">
                <table class="table">
                    <thead>
                        <tr>
                            <th scope="col">{t!(i18n, tsdb.block)}</th>
                            <th scope="col">{t!(i18n, tsdb.from)}</th>
                            <th scope="col">{t!(i18n, tsdb.length)}</th>
                            <th scope="col" class="number">{t!(i18n, tsdb.series)}</th>
                            <th scope="col" class="number">{t!(i18n, tsdb.samples)}</th>
                            <th scope="col" class="number">{t!(i18n, tsdb.bytes)}</th>
                            <th scope="col" class="number">{t!(i18n, tsdb.level)}</th>
                            <th scope="col" class="number">{t!(i18n, tsdb.tombstones)}</th>
                        </tr>
                    </thead>
                    <tbody>{list}</tbody>
                </table>
            </div>
        }
        .into_any()
    };
    view! {
        {bars}
        {table}
    }
}

fn moment(milliseconds: i64) -> String {
    fmt::time((milliseconds as f64 / 1e3).round())
}

fn to_millis(time: f64) -> i64 {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "it was a whole number of milliseconds"
    )]
    let time = time as i64;
    time
}
