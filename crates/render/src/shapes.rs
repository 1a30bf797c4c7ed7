//! Shapes of panels that are no charts: dials, slices, small lines, and items that share a room.

use std::f64::consts::{PI, TAU};
use std::fmt::Write as _;

/// The arc goes from a little below the left to a little below the right.
const FROM: f64 = 1.15 * PI;
const TO: f64 = -0.15 * PI;

/// Columns and rows for so many items.
pub fn grid_of(count: f64, width: f64, height: f64, across: bool) -> (f64, f64) {
    if !across {
        return (1.0, count);
    }
    let columns = (1..=100_u32)
        .map(f64::from)
        .take_while(|columns| *columns <= count)
        .max_by(|a, b| {
            let smallest = |columns: f64| {
                let rows = (count / columns).ceil();
                (width / columns / 2.0).min(height / rows)
            };
            smallest(*a).total_cmp(&smallest(*b)).then(b.total_cmp(a))
        })
        .unwrap_or(1.0);
    (columns, (count / columns).ceil())
}

/// Size of a text that fits into a room. Units: CSS pixels.
pub fn fitting(text: &str, width: f64, height: f64) -> f64 {
    let ems: f64 = text.chars().map(ems).sum();
    (width / ems.max(0.5)).min(height * 0.8).clamp(12.0, 72.0)
}

/// Width of a bold letter in a wide typeface, so that others have room to spare. Units: of its height.
fn ems(letter: char) -> f64 {
    match letter {
        'f' | 'i' | 'j' | 'l' | 't' | 'I' | '.' | ',' | ':' | ' ' | '-' | '/' | '(' | ')' => 0.4,
        '%' | 'M' | 'W' | 'm' | 'w' => 1.05,
        letter if letter.is_ascii_uppercase() => 0.8,
        letter if letter.is_ascii() => 0.7,
        _ => 1.0,
    }
}

/// The line of a small chart, and its area.
pub fn spark_path(
    times: &[f64],
    values: &[f64],
    width: f64,
    height: f64,
) -> Option<(String, String)> {
    let points: Vec<(f64, f64)> = times
        .iter()
        .copied()
        .zip(values.iter().copied())
        .filter(|(_, value)| value.is_finite())
        .collect();
    let (first, last) = (points.first()?.0, points.last()?.0);
    if last <= first {
        return None;
    }
    let low = points
        .iter()
        .map(|point| point.1)
        .fold(f64::INFINITY, f64::min);
    let high = points
        .iter()
        .map(|point| point.1)
        .fold(f64::NEG_INFINITY, f64::max);
    let span = if high > low { high - low } else { 1.0 };
    let mut line = String::new();
    for (index, (time, value)) in points.iter().enumerate() {
        let x = (time - first) / (last - first) * width;
        let y = height - 2.0 - (value - low) / span * (height - 4.0);
        let letter = if index == 0 { 'M' } else { 'L' };
        // Writing to a string cannot fail.
        let _ = write!(line, "{letter}{x:.1} {y:.1}");
    }
    let area = format!("{line}L{width:.1} {height:.1}L0 {height:.1}Z");
    Some((line, area))
}

/// A dial in its room. Units: CSS pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Dial {
    /// The middle.
    pub center: (f64, f64),
    /// From the middle to the outer edge.
    pub radius: f64,
    /// From the middle to the middle of the arc that shows the value.
    pub inner: f64,
    /// Width of the arc that shows the value.
    pub thick: f64,
    /// From the middle to the middle of the arc of thresholds.
    pub mark_radius: f64,
    /// Width of the arc of thresholds.
    pub band: f64,
    /// Size of the value's text.
    pub value_size: f64,
}

impl Dial {
    /// A dial with a value as text, with a name below, and with an arc of thresholds around.
    pub fn new(text: &str, (width, height): (f64, f64), named: bool, marked: bool) -> Self {
        let name_room = if named { 18.0 } else { 0.0 };
        let radius = (width / 2.0 - 4.0)
            .min((height - name_room) / 1.5 - 2.0)
            .max(8.0);
        let thick = (radius * 0.22).max(4.0);
        let band = (thick * 0.2).max(2.0);
        let inner = radius - if marked { band * 2.0 } else { 0.0 } - thick / 2.0;
        Self {
            center: (width / 2.0, radius + 4.0),
            radius,
            inner,
            thick,
            mark_radius: radius - band / 2.0,
            band,
            value_size: fitting(text, inner * 1.5, inner * 0.9)
                .min(inner * 0.5)
                .max(11.0),
        }
    }

    /// A place so far from the middle, at a part of the way.
    pub fn point(&self, radius: f64, part: f64) -> (f64, f64) {
        let angle = FROM + (TO - FROM) * part.clamp(0.0, 1.0);
        let (cx, cy) = self.center;
        (cx + radius * angle.cos(), cy - radius * angle.sin())
    }

    /// A stretch of the dial as a path, from one part of the way to another.
    pub fn arc(&self, radius: f64, from: f64, to: f64) -> String {
        let radius = radius.max(1.0);
        let (x0, y0) = self.point(radius, from);
        let (x1, y1) = self.point(radius, to);
        let large = i32::from((to - from).abs() * (FROM - TO) > PI);
        format!("M{x0:.1} {y0:.1}A{radius:.1} {radius:.1} 0 {large} 1 {x1:.1} {y1:.1}")
    }
}

/// A slice from a part of the circle on, around 100, 100, with a radius of 98; `inner` is that of a hole.
pub fn wedge_path(start: f64, part: f64, inner: f64) -> String {
    // An arc whose ends meet is none.
    let part = part.clamp(0.0, 0.9999);
    let at = |turn: f64, radius: f64| {
        let angle = turn * TAU;
        format!(
            "{:.2} {:.2}",
            100.0 + radius * angle.sin(),
            100.0 - radius * angle.cos()
        )
    };
    let large = i32::from(part > 0.5);
    let end = start + part;
    let outer = format!("M{}A98 98 0 {large} 1 {}", at(start, 98.0), at(end, 98.0));
    if inner > 0.0 {
        format!(
            "{outer}L{}A{inner} {inner} 0 {large} 0 {}Z",
            at(end, inner),
            at(start, inner)
        )
    } else {
        format!("{outer}L100 100Z")
    }
}

/// Where the label of a slice stands whose middle is at a part of the circle.
pub fn pie_label_place(turn: f64) -> (f64, f64) {
    let angle = turn * TAU;
    (100.0 + 75.0 * angle.sin(), 100.0 - 75.0 * angle.cos())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_share_the_room() {
        assert_eq!(grid_of(4.0, 800.0, 100.0, true), (4.0, 1.0));
        assert_eq!(grid_of(3.0, 800.0, 100.0, false), (1.0, 3.0));
        let (columns, rows) = grid_of(6.0, 300.0, 300.0, true);
        assert!(columns * rows >= 6.0 && rows > 1.0);
    }

    #[test]
    fn a_small_chart_needs_two_points() {
        assert!(spark_path(&[0.0], &[1.0], 10.0, 10.0).is_none());
        let (line, _) = spark_path(&[0.0, 1.0], &[0.0, 1.0], 10.0, 10.0).unwrap();
        assert_eq!(line, "M0.0 8.0L10.0 2.0");
    }
}
