//! Rows and columns, as many as there is room for.

use super::{PanelPicture, Pens};
use crate::svg::{Area, TextStyle, width_of};
use dashboard::{Color, Table, TableCell, TableCellStyle, TableColumn};

/// Size of texts. Units: CSS pixels.
const SIZE: f64 = 13.0;

pub(super) fn draw(picture: &PanelPicture<'_>, pens: &mut Pens<'_>, (width, height): (f64, f64)) {
    let table = Table::new(&picture.data.frames, picture.panel.options(), pens.context);
    let line = match table.options.cell_height.as_str() {
        "md" => 34.0,
        "lg" => 44.0,
        _ => 26.0,
    };
    let has_footer = table.columns.iter().any(|column| !column.footer.is_empty());
    let head = if table.options.show_header { 26.0 } else { 0.0 };
    let foot = if has_footer { 26.0 } else { 0.0 };
    #[expect(clippy::cast_possible_truncation, reason = "a number of rows")]
    let room = ((height - head - foot) / line).floor().max(0.0) as usize;
    let is_cut = table.rows() > room;
    let shown = if is_cut { room.saturating_sub(1) } else { room };
    let rows = (0..table.rows().min(shown)).map(|row| table.row(row, pens.context));
    let rows: Vec<Vec<TableCell>> = rows.collect();
    let widths = widths_of(&table, &rows, width);
    let soft = TextStyle::new(12.0, pens.tones.soft).bold();
    if table.options.show_header {
        let texts = table.columns.iter().map(|column| column.name.as_str());
        texts_in_line(pens, &table.columns, &widths, texts, (0.0, head), soft);
        pens.svg
            .line((0.0, head - 0.5), (width, head - 0.5), pens.tones.line);
    }
    for (index, cells) in rows.iter().enumerate() {
        let top = head + index as f64 * line;
        let mut left = 0.0;
        for ((cell, column), own) in cells.iter().zip(&table.columns).zip(&widths) {
            cell_at(pens, cell, column, Area::new(left, top, *own, line));
            left += own;
        }
        let bottom = top + line - 0.5;
        pens.svg
            .line((0.0, bottom), (width, bottom), pens.tones.grid);
    }
    if is_cut {
        let words = format!("+{}", table.rows().saturating_sub(shown));
        let at = (8.0, head + shown as f64 * line + 17.0);
        pens.svg.text(at, &words, soft);
    }
    if has_footer {
        let texts = table.columns.iter().map(|column| column.footer.as_str());
        let place = (height - foot, foot);
        texts_in_line(pens, &table.columns, &widths, texts, place, soft);
    }
}

/// Widths of columns that fill the panel. Units: CSS pixels.
fn widths_of(table: &Table, rows: &[Vec<TableCell>], width: f64) -> Vec<f64> {
    let wanted: Vec<f64> = table
        .columns
        .iter()
        .enumerate()
        .map(|(index, column)| {
            let texts = rows.iter().filter_map(|row| row.get(index));
            let widest = texts
                .map(|cell| width_of(&cell.shown.text.to_string(), SIZE))
                .fold(width_of(&column.name, SIZE), f64::max);
            column.width.unwrap_or((widest + 20.0).clamp(50.0, 400.0))
        })
        .collect();
    let sum: f64 = wanted.iter().sum();
    let fixed: f64 = table.columns.iter().filter_map(|column| column.width).sum();
    let (free, own) = ((width - fixed).max(1.0), (sum - fixed).max(1.0));
    wanted
        .iter()
        .zip(&table.columns)
        .map(|(wanted, column)| match column.width {
            Some(width) => width,
            None => wanted * free / own,
        })
        .collect()
}

fn texts_in_line<'a>(
    pens: &mut Pens<'_>,
    columns: &[TableColumn],
    widths: &[f64],
    texts: impl Iterator<Item = &'a str>,
    (top, height): (f64, f64),
    style: TextStyle<'_>,
) {
    let mut left = 0.0;
    for ((text, column), width) in texts.zip(columns).zip(widths) {
        let area = Area::new(left, top, *width, height);
        text_in(pens, text, column.align, area, style);
        left += width;
    }
}

fn text_in(pens: &mut Pens<'_>, text: &str, align: &str, area: Area, style: TextStyle<'_>) {
    let (middle, line) = area.middle();
    let line = line + style.size * 0.36;
    let room = area.width - 14.0;
    match align {
        "right" => pens
            .svg
            .text_within((area.right() - 8.0, line), text, room, style.end()),
        "center" => pens
            .svg
            .text_within((middle, line), text, room, style.middle()),
        _ => pens
            .svg
            .text_within((area.left + 8.0, line), text, room, style),
    }
}

fn cell_at(pens: &mut Pens<'_>, cell: &TableCell, column: &TableColumn, area: Area) {
    if let Some(ground) = cell.background {
        pens.svg.rect(area, &ground.to_css(), 0.0);
    }
    let text = cell.shown.text.to_string();
    let ink = cell.text_color.map(Color::to_css);
    let style = TextStyle::new(SIZE, ink.as_deref().unwrap_or(pens.tones.ink));
    if matches!(column.style, TableCellStyle::Gauge(_)) {
        let for_text = width_of(&text, SIZE) + 16.0;
        let track = Area::new(
            area.left + 6.0,
            area.top + 5.0,
            area.width - for_text - 8.0,
            area.height - 10.0,
        );
        pens.svg.rect(track, pens.tones.sunken, 2.0);
        let length = track.width * cell.shown.percent.clamp(0.0, 1.0);
        let bar = Area::new(track.left, track.top, length, track.height);
        pens.svg.rect(bar, &cell.shown.color.to_css(), 2.0);
        return text_in(pens, &text, "right", area, style);
    }
    text_in(pens, &text, column.align, area, style);
}
