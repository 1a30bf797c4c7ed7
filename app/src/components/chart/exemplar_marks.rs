//! Marks of single observations on a chart.

use super::Picture;
use crate::components::canvas::px;
use crate::data::{Exemplar, Loaded};
use crate::fmt;
use leptos::prelude::*;
use std::sync::Arc;

/// So many are marked at once; more would hide the chart.
const MARKED: usize = 300;

/// A diamond at each observation; what is known of it on hover.
#[component]
pub(super) fn ExemplarMarks(
    picture: Signal<Option<Picture>>,
    exemplars: Signal<Option<Arc<Loaded<Vec<Exemplar>>>>>,
) -> impl IntoView {
    let marks = move || {
        let (picture, loaded) = (picture.get()?, exemplars.get()?);
        let (x, y) = (
            picture.plot.x_scale(&picture.layout),
            picture.plot.y_scale(&picture.layout),
        );
        let plot = picture.layout.plot;
        let data = picture.data();
        // The newest say most.
        let inside = loaded
            .data
            .iter()
            .rev()
            .filter(|exemplar| (data.start..=data.end).contains(&exemplar.time));
        let mark = |exemplar: &Exemplar| {
            let top = y
                .to_pixel(exemplar.value)
                .clamp(plot.top, plot.top + plot.height);
            let title = format!(
                "{} = {}\n{}\n{}",
                fmt::series(&exemplar.series),
                data.unit.format(exemplar.value),
                fmt::series(&exemplar.labels),
                fmt::time_in(picture.zone, exemplar.time),
            );
            view! {
                <span
                    class="chart__exemplar"
                    role="img"
                    aria-label=title.clone()
                    title=title
                    style:left=px(x.to_pixel(exemplar.time))
                    style:top=px(top)
                ></span>
            }
        };
        Some(inside.take(MARKED).map(mark).collect_view())
    };
    view! { <div class="chart__exemplars">{marks}</div> }
}
