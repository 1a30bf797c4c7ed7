//! Legends below or beside what they explain.

use super::{BODY, Pens};
use crate::svg::{Area, TextStyle, shortened, width_of};
use dashboard::{LegendOptions, LegendRow};
use std::fmt::Write as _;

/// Height of a line. Units: CSS pixels.
const LINE: f64 = 20.0;
/// Room of the mark of a colour. Units: CSS pixels.
const MARK: f64 = 18.0;
/// Part of the height that a legend takes at most.
const MOST: f64 = 0.35;
/// Part of the width that a legend beside the chart takes at most.
const WIDEST: f64 = 0.45;

/// Draws a legend, and says what room is left for the chart.
pub(super) fn draw(
    pens: &mut Pens<'_>,
    (width, height): (f64, f64),
    rows: &[LegendRow],
    options: &LegendOptions,
) -> (f64, f64) {
    if !options.show || rows.is_empty() {
        return (width, height);
    }
    if options.right {
        let columns = columns_of(rows, options);
        let own = columns.iter().sum::<f64>() + MARK + 12.0;
        let room = options.width.unwrap_or(own).min(width * WIDEST);
        let area = Area::new(width - room, 0.0, room, height);
        if options.table {
            table(pens, area, rows, options);
        } else {
            list(pens, area, rows, options);
        }
        return (width - room - 4.0, height);
    }
    let most = (height * MOST).max(LINE);
    let wanted = if options.table {
        (rows.len() as f64 + 1.0) * LINE
    } else {
        lines_of(rows, options, width).len() as f64 * LINE
    };
    let room = wanted.min((most / LINE).floor() * LINE);
    let area = Area::new(0.0, height - room, width, room);
    if options.table {
        table(pens, area, rows, options);
    } else {
        list(pens, area, rows, options);
    }
    (width, height - room - 2.0)
}

fn text_of(row: &LegendRow, options: &LegendOptions) -> String {
    let mut text = row.name.clone();
    for (shown, calc) in row.values.iter().zip(&options.calcs) {
        // Writing to a string cannot fail.
        let _ = write!(text, "  {}: {}", calc.name(), shown.text);
    }
    text
}

/// Which rows stand on which line.
fn lines_of(rows: &[LegendRow], options: &LegendOptions, width: f64) -> Vec<Vec<usize>> {
    let mut lines: Vec<Vec<usize>> = Vec::new();
    let mut left = 0.0;
    for (index, row) in rows.iter().enumerate() {
        let own = (MARK + width_of(&text_of(row, options), BODY) + 12.0).min(width);
        if options.right || lines.is_empty() || left + own > width {
            lines.push(Vec::new());
            left = 0.0;
        }
        left += own;
        if let Some(line) = lines.last_mut() {
            line.push(index);
        }
    }
    lines
}

fn list(pens: &mut Pens<'_>, area: Area, rows: &[LegendRow], options: &LegendOptions) {
    pens.svg.open(area);
    let lines = lines_of(rows, options, area.width);
    #[expect(clippy::cast_possible_truncation, reason = "a number of lines")]
    let room = (area.height / LINE).floor().max(1.0) as usize;
    let is_cut = lines.len() > room;
    let shown = if is_cut { room.saturating_sub(1) } else { room };
    let mut count = 0;
    for (number, line) in lines.iter().take(shown).enumerate() {
        let mut left = 4.0;
        let top = number as f64 * LINE;
        for row in line.iter().filter_map(|index| rows.get(*index)) {
            let text = text_of(row, options);
            mark(pens, row, (left, top));
            let cut = shortened(&text, area.width - left - MARK, BODY);
            let style = TextStyle::new(BODY, pens.tones.ink);
            pens.svg.text((left + MARK, top + 14.0), &cut, style);
            left += MARK + width_of(&text, BODY) + 12.0;
            count += 1;
        }
    }
    if is_cut {
        let words = format!("+{}", rows.len().saturating_sub(count));
        let top = shown as f64 * LINE + 14.0;
        let style = TextStyle::new(BODY, pens.tones.soft);
        pens.svg.text((4.0 + MARK, top), &words, style);
    }
    pens.svg.close();
}

fn mark(pens: &mut Pens<'_>, row: &LegendRow, (left, top): (f64, f64)) {
    let place = Area::new(left, top + 8.0, 12.0, 4.0);
    pens.svg.rect(place, &row.color.to_css(), 2.0);
}

/// Widths of the name and of each calculation. Units: CSS pixels.
fn columns_of(rows: &[LegendRow], options: &LegendOptions) -> Vec<f64> {
    let widest = |texts: &mut dyn Iterator<Item = String>| {
        texts.map(|text| width_of(&text, BODY)).fold(0.0, f64::max) + 12.0
    };
    let mut columns = vec![widest(&mut rows.iter().map(|row| row.name.clone()))];
    for (index, calc) in options.calcs.iter().enumerate() {
        let values = rows
            .iter()
            .filter_map(|row| Some(row.values.get(index)?.text.to_string()));
        columns.push(widest(&mut values.chain([calc.name()])));
    }
    columns
}

fn table(pens: &mut Pens<'_>, area: Area, rows: &[LegendRow], options: &LegendOptions) {
    pens.svg.open(area);
    let columns = columns_of(rows, options);
    let values: f64 = columns.iter().skip(1).sum();
    let name_room = (area.width - values - MARK - 8.0).max(40.0);
    let rights: Vec<f64> = columns
        .iter()
        .skip(1)
        .scan(MARK + 4.0 + name_room, |right, width| {
            *right += width;
            Some(*right)
        })
        .collect();
    let head = TextStyle::new(BODY, pens.tones.info).end();
    for (calc, right) in options.calcs.iter().zip(&rights) {
        pens.svg.text((*right, 14.0), &calc.name(), head);
    }
    #[expect(clippy::cast_possible_truncation, reason = "a number of lines")]
    let room = (area.height / LINE).floor().max(2.0) as usize - 1;
    for (number, row) in rows.iter().take(room).enumerate() {
        let top = (number as f64 + 1.0) * LINE;
        mark(pens, row, (4.0, top));
        let style = TextStyle::new(BODY, pens.tones.ink);
        pens.svg
            .text_within((4.0 + MARK, top + 14.0), &row.name, name_room, style);
        for (shown, right) in row.values.iter().zip(&rights) {
            pens.svg
                .text((*right, top + 14.0), &shown.text.to_string(), style.end());
        }
    }
    pens.svg.close();
}
