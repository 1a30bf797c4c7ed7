//! States over time, as stretches or squares.

use super::{BODY, PanelPicture, Pens, message, time_labels};
use crate::plot::zone_ticks;
use crate::svg::{Area, TextStyle, width_of};
use chart::Scale;
use dashboard::{ShowValue, State, StateOptions, state_timeline, status_history};

/// States that a panel shows; more would be thinner than a pixel.
const MOST: usize = 5000;
/// Room below for times. Units: CSS pixels.
const BELOW: f64 = 32.0;

pub(super) fn draw(
    picture: &PanelPicture<'_>,
    pens: &mut Pens<'_>,
    (width, height): (f64, f64),
    squares: bool,
) {
    if width < 60.0 || height < 50.0 {
        return;
    }
    let options = StateOptions::read(picture.panel.options());
    let end = picture.window.1 as f64;
    let lanes = if squares {
        status_history(&picture.data.frames, pens.context)
    } else {
        state_timeline(&picture.data.frames, &options, end, pens.context)
    };
    let count: usize = lanes.iter().map(|lane| lane.states.len()).sum();
    if count > MOST {
        let words = "more states than there are pixels for them";
        return message(pens, (width, height), words, pens.tones.soft);
    }
    let names = lanes.iter().map(|lane| width_of(&lane.name, BODY));
    let left = (names.fold(0.0, f64::max) + 12.0)
        .max(40.0)
        .min(width * 0.3);
    let from = picture.window.0 as f64;
    let x = Scale::new((from, end.max(from + 1.0)), (left, width - 12.0));
    let room = ((height - BELOW) / lanes.len().max(1) as f64).max(14.0);
    let thick = room * options.row_height.clamp(0.1, 1.0);
    let style = TextStyle::new(BODY, pens.tones.ink);
    for (index, lane) in lanes.iter().enumerate() {
        let top = index as f64 * room + (room - thick) / 2.0;
        if top + thick > height - BELOW + 1.0 {
            break;
        }
        let line = top + thick / 2.0 + 4.0;
        pens.svg
            .text_within((4.0, line), &lane.name, left - 10.0, style);
        let alpha = (lane.fill_opacity / 100.0).clamp(0.1, 1.0);
        for state in &lane.states {
            let start = x.to_pixel(state.from).clamp(left, width - 12.0);
            let stop = x.to_pixel(state.to).clamp(left, width - 12.0);
            let area = Area::new(start, top, (stop - start).max(0.5), thick);
            stretch(pens, state, area, alpha, &options);
        }
    }
    let ticks = zone_ticks(picture.window, width - left, pens.context.dates.zone);
    time_labels(pens, &ticks, &x, height - BELOW + 4.0);
}

fn stretch(pens: &mut Pens<'_>, state: &State, area: Area, alpha: f64, options: &StateOptions) {
    let color = state.shown.color;
    pens.svg.rect(area, &color.with_alpha(alpha).to_css(), 0.0);
    let text = state.shown.text.to_string();
    let is_wide = area.width > width_of(&text, BODY) + 4.0;
    let shows = match options.show_value {
        ShowValue::Always => true,
        ShowValue::Auto => is_wide,
        ShowValue::Never => false,
    };
    if !shows || area.height < 10.0 {
        return;
    }
    let ink = color.contrasting().to_css();
    let style = TextStyle::new(BODY, &ink);
    let (middle, line) = area.middle();
    let line = line + 4.0;
    let room = area.width - 4.0;
    match options.align_value.as_str() {
        "center" => pens
            .svg
            .text_within((middle, line), &text, room, style.middle()),
        "right" => pens
            .svg
            .text_within((area.right() - 3.0, line), &text, room, style.end()),
        _ => pens
            .svg
            .text_within((area.left + 3.0, line), &text, room, style),
    }
}
