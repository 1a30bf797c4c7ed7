//! Bars in groups, and histograms.

use super::legend;
use super::{LABEL, PanelPicture, Pens};
use crate::bars::{BARS_BELOW, BARS_LEFT, BarPicture, bars_of, counts_of};
use crate::svg::{Area, TextStyle, shortened};
use dashboard::{BarChart, Histogram, LegendOptions, LegendRow, legend_rows};
use std::collections::BTreeSet;

pub(super) fn bar_chart(picture: &PanelPicture<'_>, pens: &mut Pens<'_>, size: (f64, f64)) {
    let chart = BarChart::new(&picture.data.frames, picture.panel.options(), pens.context);
    let fields: Vec<_> = chart.series.iter().map(|series| &series.field).collect();
    let rows = legend_rows(&fields, &chart.options.legend, pens.context);
    let room = legend::draw(pens, size, &rows, &chart.options.legend);
    let bars = bars_of(&chart, &BTreeSet::new(), pens.context);
    place(pens, &bars, room);
}

pub(super) fn histogram(picture: &PanelPicture<'_>, pens: &mut Pens<'_>, size: (f64, f64)) {
    let histogram = Histogram::new(&picture.data.frames, picture.panel.options(), pens.context);
    let rows: Vec<LegendRow> = histogram
        .series
        .iter()
        .enumerate()
        .map(|(index, series)| LegendRow {
            index,
            name: series.name.clone(),
            color: series.color,
            values: Vec::new(),
        })
        .collect();
    let options = LegendOptions {
        calcs: Vec::new(),
        ..histogram.legend.clone()
    };
    let room = legend::draw(pens, size, &rows, &options);
    let bars = counts_of(&histogram, &BTreeSet::new(), pens.context);
    place(pens, &bars, room);
}

fn place(pens: &mut Pens<'_>, bars: &BarPicture, room: (f64, f64)) {
    if room.0 < 40.0 || room.1 < 40.0 {
        return;
    }
    let placed = bars.placed(room);
    for (from, to) in &placed.lines {
        pens.svg.line(*from, *to, pens.tones.grid);
    }
    for bar in &placed.bars {
        let rect = bar.rect;
        let area = Area::new(rect.left, rect.top, rect.width, rect.height);
        pens.svg.rect(area, &bar.color, 0.0);
    }
    let style = TextStyle::new(LABEL, pens.tones.soft);
    for (top, label) in &placed.beside {
        let at = (BARS_LEFT - 6.0, top + 4.0);
        pens.svg
            .text_within(at, label, BARS_LEFT - 8.0, style.end());
    }
    let one = (room.0 - BARS_LEFT - 8.0) / placed.below.len().max(1) as f64;
    for (left, label) in &placed.below {
        let text = shortened(label, one.max(24.0), LABEL);
        let at = (*left, room.1 - BARS_BELOW + 14.0);
        pens.svg.text(at, &text, style.middle());
    }
}
