//! Frames as text for spreadsheets.

use super::{Cell, Frame};
use std::borrow::Cow;

/// A frame as CSV, its fields' names in the first line; times are written in UTC.
///
/// Source: RFC 4180, with lines that end as on Unix.
pub fn csv(frame: &Frame) -> String {
    let mut out = String::new();
    let line = |out: &mut String, cells: &mut dyn Iterator<Item = String>| {
        for (i, cell) in cells.enumerate() {
            if i > 0 {
                out.push(',');
            }
            out.push_str(&quoted(&cell));
        }
        out.push('\n');
    };
    line(
        &mut out,
        &mut frame.fields.iter().map(|field| field.label().to_owned()),
    );
    for row in 0..frame.rows() {
        let mut cells = frame
            .fields
            .iter()
            .map(|field| match field.column.cell(row) {
                Cell::Time(time) => {
                    crate::time::format_iso(crate::number::to_i64(time), &crate::Utc)
                }
                cell => cell.plain_text(),
            });
        line(&mut out, &mut cells);
    }
    out
}

/// A cell that keeps to itself: with quotes where it must have them, and never a formula.
fn quoted(cell: &str) -> Cow<'_, str> {
    // Spreadsheets run what begins like this; numbers may begin with a sign.
    let runs = cell.starts_with(['=', '+', '-', '@']) && cell.parse::<f64>().is_err();
    if !runs && !cell.contains([',', '"', '\n', '\r']) {
        return cell.into();
    }
    let mark = if runs { "'" } else { "" };
    format!("\"{mark}{}\"", cell.replace('"', "\"\"")).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::{Column, Field, NULL};

    #[test]
    fn cells_that_would_break_the_line_are_quoted() {
        let text =
            |texts: &[&str]| Column::Text(texts.iter().map(|t| Some((*t).to_owned())).collect());
        let frame = Frame {
            fields: vec![
                Field::new("Time", Column::Time(vec![0.0, 1500.0])),
                Field::new("a,b", text(&["say \"x\"", "=1+1"])),
                Field::new("Value", Column::Number(vec![-1.5, NULL])),
            ],
            ..Frame::default()
        };
        let lines = csv(&frame);
        let lines: Vec<&str> = lines.lines().collect();
        assert_eq!(lines[0], "Time,\"a,b\",Value");
        assert!(
            lines[1].starts_with("1970-01-01") && lines[1].ends_with(",\"say \"\"x\"\"\",-1.5")
        );
        assert!(lines[2].ends_with(",\"'=1+1\","));
    }
}
