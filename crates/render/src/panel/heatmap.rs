//! Buckets over time, by colour.

use super::{LABEL, PanelPicture, Pens, time_labels};
use crate::plot::zone_ticks;
use crate::svg::{Area, TextStyle};
use chart::Scale;
use dashboard::Heatmap;

/// Room for the names of buckets, for times, and at the right. Units: CSS pixels.
const LEFT: f64 = 64.0;
const BELOW: f64 = 32.0;
const RIGHT: f64 = 16.0;

pub(super) fn draw(picture: &PanelPicture<'_>, pens: &mut Pens<'_>, (width, height): (f64, f64)) {
    if width < 100.0 || height < 50.0 {
        return;
    }
    let heat = Heatmap::new(&picture.data.frames, picture.panel.options(), pens.context);
    let (from, to) = (picture.window.0 as f64, picture.window.1 as f64);
    let right = width - RIGHT;
    let x = Scale::new((from, to.max(from + 1.0)), (LEFT, right));
    let row = (height - BELOW - 4.0) / heat.ys.len().max(1) as f64;
    let top_of = |y: usize| {
        let place = if heat.options.y_reverse {
            y
        } else {
            heat.ys.len().saturating_sub(y + 1)
        };
        place as f64 * row + 4.0
    };
    let gap = heat.options.cell_gap.clamp(0.0, 4.0);
    for cell in &heat.cells {
        let Some(start) = heat.xs.get(cell.x) else {
            continue;
        };
        let left = x.to_pixel(*start).clamp(LEFT, right);
        let end = x.to_pixel(start + heat.x_size).clamp(LEFT, right);
        let area = Area::new(
            left,
            top_of(cell.y),
            (end - left - gap).max(0.5),
            (row - gap).max(0.5),
        );
        pens.svg.rect(area, &cell.color.to_css(), 0.0);
    }
    #[expect(clippy::cast_possible_truncation, reason = "a number of rows")]
    let every = (16.0 / row.max(0.1)).ceil().max(1.0) as usize;
    let style = TextStyle::new(LABEL, pens.tones.soft).end();
    for (y, bucket) in heat.ys.iter().enumerate().step_by(every) {
        let at = (LEFT - 6.0, top_of(y) + row / 2.0 + 4.0);
        pens.svg.text_within(at, &bucket.label, LEFT - 8.0, style);
    }
    let ticks = zone_ticks(picture.window, width - LEFT, pens.context.dates.zone);
    time_labels(pens, &ticks, &x, height - BELOW + 4.0);
}
