//! Lines, bars and points over time.

use super::legend;
use super::{LABEL, PanelPicture, Pens, time_labels};
use crate::ink::{Shades, paint};
use crate::plot::Plot;
use crate::svg::{SvgInk, TextStyle};
use dashboard::{AxisSide, LegendOptions, TimeSeries};

pub(super) fn draw(picture: &PanelPicture<'_>, pens: &mut Pens<'_>, size: (f64, f64)) {
    let options = picture.panel.options();
    let series = TimeSeries::new(&picture.data.frames, options, pens.context);
    let rows = series.legend_rows(pens.context);
    let room = legend::draw(pens, size, &rows, &LegendOptions::read(options));
    if room.0 < 30.0 || room.1 < 30.0 {
        return;
    }
    let plot = Plot::new(series, picture.window, picture.step, room, pens.context);
    let shades = Shades::of(pens.context.theme);
    paint(&mut SvgInk::new(pens.svg), &plot, &shades, None);
    labels(&plot, pens);
    let top = plot.rect.top + plot.rect.height + 4.0;
    time_labels(pens, &plot.ticks, &plot.x, top);
}

fn labels(plot: &Plot, pens: &mut Pens<'_>) {
    let shown = plot
        .axes
        .iter()
        .filter(|axis| axis.side != AxisSide::Hidden);
    for axis in shown {
        let color = axis.color.as_deref().unwrap_or(pens.tones.soft);
        let style = TextStyle::new(LABEL, color);
        let is_right = axis.side == AxisSide::Right;
        for (value, label) in &axis.ticks {
            let y = axis.scale.to_pixel(*value) + 4.0;
            if is_right {
                pens.svg.text((axis.left + 6.0, y), label, style);
            } else {
                pens.svg
                    .text((axis.left + axis.width - 6.0, y), label, style.end());
            }
        }
        let middle = plot.rect.top + plot.rect.height / 2.0;
        let left = if is_right {
            axis.left + axis.width - 4.0
        } else {
            axis.left + 11.0
        };
        pens.svg
            .text_turned((left, middle), &axis.label, style.middle(), true);
    }
}
