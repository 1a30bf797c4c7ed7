//! Slices of a circle.

use super::legend;
use super::{PanelPicture, Pens};
use crate::shapes::{pie_label_place, wedge_path};
use crate::svg::{Area, TextStyle};
use dashboard::{LegendRow, Pie};

pub(super) fn draw(picture: &PanelPicture<'_>, pens: &mut Pens<'_>, size: (f64, f64)) {
    let pie = Pie::new(&picture.data.frames, picture.panel.options(), pens.context);
    let rows: Vec<LegendRow> = pie
        .slices
        .iter()
        .enumerate()
        .map(|(index, slice)| LegendRow {
            index,
            name: slice.value.name.clone(),
            color: slice.color,
            values: Vec::new(),
        })
        .collect();
    let mut options = pie.options.legend.clone();
    options.calcs.clear();
    let (width, height) = legend::draw(pens, size, &rows, &options);
    let side = width.min(height) - 4.0;
    if side < 20.0 {
        return;
    }
    let place = Area::new((width - side) / 2.0, (height - side) / 2.0, side, side);
    // Slices are told in a square of 200.
    pens.svg.open_scaled(place, (200.0, 200.0));
    let whole: f64 = pie.slices.iter().map(|slice| slice.part).sum();
    let inner = if pie.options.donut { 55.0 } else { 0.0 };
    let mut start = 0.0;
    let mut labels = Vec::new();
    for slice in &pie.slices {
        let part = if whole > 0.0 { slice.part / whole } else { 0.0 };
        let path = wedge_path(start, part, inner);
        pens.svg.filled(&path, &slice.color.to_css());
        let words = pie.options.labels.iter().map(|label| match label.as_str() {
            "name" => slice.value.name.clone(),
            "value" => slice.value.shown.text.to_string(),
            _ => slice.percent.clone(),
        });
        let words: Vec<String> = words.collect();
        if part > 0.05 && !words.is_empty() {
            let place = pie_label_place(start + part / 2.0);
            labels.push((place, words.join(" "), slice.color.contrasting().to_css()));
        }
        start += part;
    }
    for (place, words, color) in labels {
        let style = TextStyle::new(2400.0 / side.max(200.0), &color).middle();
        pens.svg.text(place, &words, style);
    }
    pens.svg.close();
}
