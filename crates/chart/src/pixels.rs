//! Many fine lines, drawn in memory.

use crate::palette::Color;

/// What a line or a disc is drawn with.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pen {
    /// Its colour.
    pub color: Color,
    /// How much of what is below it hides. Bounds: from 0 to 1.
    pub opacity: f32,
    /// Width of a line, or radius of a disc. Units: pixels.
    pub size: f32,
}

/// A picture in memory that takes lines and discs, many times as quickly as a canvas takes them.
///
/// Of a line only its extent within each column of pixels is kept: for the lines of a chart, whose times
/// rise, no more shows. Lines are as heavy as they are at any slope, with smooth edges.
/// Units: pixels from the upper left corner.
/// Bounds: x never falls along a line, and a line is about a pixel wide; areas are not drawn.
#[derive(Debug, Clone)]
pub struct Pixels {
    width: usize,
    height: usize,
    /// Shape: row by row; opacity, blue, green and red in a number, the highest byte first, colours
    /// multiplied with their opacity: laying one over another is the same sum for all four then.
    inks: Vec<u32>,
    /// What the line being drawn covers. Shape: highest and lowest place for each column.
    spans: Vec<(f32, f32)>,
}

impl Pixels {
    /// Nothing yet, `width` by `height` pixels.
    pub fn new(width: u32, height: u32) -> Self {
        let (width, height) = (width as usize, height as usize);
        Self {
            width,
            height,
            inks: vec![0; width * height],
            spans: vec![NONE; width],
        }
    }

    /// Shape: row by row, four bytes for each pixel: red, green, blue, opacity; colours are not
    /// multiplied with their opacity.
    pub fn rgba(&self) -> Vec<u8> {
        let pixels: Vec<[u8; 4]> = self.inks.iter().copied().map(unmultiplied).collect();
        pixels.into_flattened()
    }

    /// Width and height.
    pub fn size(&self) -> (usize, usize) {
        (self.width, self.height)
    }

    /// Draws a line through `places`.
    pub fn line(&mut self, places: &[(f32, f32)], pen: Pen) {
        let Some(first) = places.first() else {
            return;
        };
        let mut from = *first;
        let mut columns = (from.0, from.0);
        for to in places.iter().skip(1) {
            self.cover(from, *to);
            columns = (columns.0.min(to.0), columns.1.max(to.0));
            from = *to;
        }
        self.ink(columns, pen);
    }

    /// Draws a disc.
    pub fn disc(&mut self, (x, y): (f32, f32), pen: Pen) {
        let radius = pen.size;
        let mut row = (y - radius - 1.0).floor().max(0.0);
        // Where there are no rows any more, nothing is left to draw.
        while row <= y + radius + 1.0 && index(row) < self.height {
            let mut column = (x - radius - 1.0).floor().max(0.0);
            while column <= x + radius + 1.0 && index(column) < self.width {
                let (dx, dy) = (column + 0.5 - x, row + 0.5 - y);
                let part = (radius + 0.5 - (dx * dx + dy * dy).sqrt()).clamp(0.0, 1.0);
                if part > 0.0 {
                    self.blend(index(column), index(row), pen, part);
                }
                column += 1.0;
            }
            row += 1.0;
        }
    }

    /// Adds a piece of a line to the spans.
    fn cover(&mut self, from: (f32, f32), to: (f32, f32)) {
        let ((x0, y0), (x1, y1)) = if from.0 <= to.0 {
            (from, to)
        } else {
            (to, from)
        };
        let (first, last) = (x0.floor(), x1.floor());
        if first == last {
            self.extend(first, y0, y1);
            return;
        }
        let slope = (y1 - y0) / (x1 - x0);
        let end = last.min(self.width as f32);
        let mut column = first.max(0.0);
        while column <= end {
            let (left, right) = (x0.max(column), x1.min(column + 1.0));
            // A line that ends where a column begins covers nothing of it.
            if right > left {
                self.extend(column, y0 + slope * (left - x0), y0 + slope * (right - x0));
            }
            column += 1.0;
        }
    }

    fn extend(&mut self, column: f32, a: f32, b: f32) {
        if column < 0.0 {
            return;
        }
        if let Some(span) = self.spans.get_mut(index(column)) {
            span.0 = span.0.min(a).min(b);
            span.1 = span.1.max(a).max(b);
        }
    }

    /// Colours what the spans between two columns cover, and forgets them.
    fn ink(&mut self, (first, last): (f32, f32), pen: Pen) {
        let first = index(first.max(0.0)).min(self.width);
        let end = (index(last.max(0.0)) + 1).min(self.width);
        for column in first..end {
            let Some(span) = self.spans.get_mut(column) else {
                return;
            };
            let (top, bottom) = std::mem::replace(span, NONE);
            if top > bottom {
                continue;
            }
            // As much ink as a line of this slope has, however steep.
            let rise = bottom - top;
            let pad = (((1.0 + rise * rise).sqrt() * pen.size - rise) / 2.0).max(0.0);
            let top = (top - pad).max(0.0);
            let bottom = (bottom + pad).min(self.height as f32);
            self.ink_column(column, (top, bottom), pen);
        }
    }

    /// Colours a column from `top` to `bottom`; the rows at the ends only in part.
    fn ink_column(&mut self, column: usize, (top, bottom): (f32, f32), pen: Pen) {
        if bottom <= top {
            return;
        }
        let (first, last) = (index(top), index(bottom));
        if first == last {
            self.blend(column, first, pen, bottom - top);
            return;
        }
        let (from_first, on_last) = ((first + 1) as f32 - top, bottom - last as f32);
        self.blend(column, first, pen, from_first);
        if pen.opacity >= 1.0 {
            let ink = ink_of(pen.color);
            let middle = (first + 1) * self.width + column..last * self.width;
            // No rows in the middle are no range.
            let rows = self.inks.get_mut(middle).unwrap_or_default();
            for pixel in rows.iter_mut().step_by(self.width) {
                *pixel = ink;
            }
        } else {
            for row in first + 1..last {
                self.blend(column, row, pen, 1.0);
            }
        }
        if on_last > 0.0 {
            self.blend(column, last, pen, on_last);
        }
    }

    /// Lays `part` of a colour over a pixel.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "parts are between 0 and 1"
    )]
    fn blend(&mut self, column: usize, row: usize, pen: Pen, part: f32) {
        let at = row * self.width + column;
        let Some(pixel) = self.inks.get_mut(at) else {
            return;
        };
        let over = (part * pen.opacity * 255.0 + 0.5) as u32;
        *pixel = laid_over(*pixel, ink_of(pen.color), over.min(255));
    }
}

/// Every second byte of a number: a pixel is summed up in two halves, each byte with room above it.
const HALF: u32 = 0x00ff_00ff;

fn ink_of(color: Color) -> u32 {
    u32::from_le_bytes([color.red, color.green, color.blue, 255])
}

/// What is seen where `over` parts of 255 of an ink lie over another.
fn laid_over(below: u32, above: u32, over: u32) -> u32 {
    let half = |below: u32, above: u32| {
        let sum = above * over + below * (255 - over) + 0x0080_0080;
        // Divided by 255, rounded.
        (sum + ((sum >> 8) & HALF)) >> 8 & HALF
    };
    half(below & HALF, above & HALF) | half(below >> 8 & HALF, above >> 8 & HALF) << 8
}

/// A pixel's bytes, its colours as they are without their opacity.
fn unmultiplied(ink: u32) -> [u8; 4] {
    let bytes @ [red, green, blue, opacity] = ink.to_le_bytes();
    if matches!(opacity, 0 | 255) {
        return bytes;
    }
    let opaque = u32::from(opacity);
    let whole = |part: u8| {
        let whole = (u32::from(part) * 255 + opaque / 2) / opaque;
        u8::try_from(whole).unwrap_or(u8::MAX)
    };
    [whole(red), whole(green), whole(blue), opacity]
}

/// The span of a column that no line crosses.
const NONE: (f32, f32) = (f32::INFINITY, f32::NEG_INFINITY);

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "saturates; callers look whether there is such a place"
)]
fn index(place: f32) -> usize {
    place as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    const BLUE: Pen = Pen {
        color: Color::new(0, 0, 255),
        opacity: 1.0,
        size: 1.0,
    };

    fn drawn(lines: &[&[(f32, f32)]], pen: Pen) -> Pixels {
        let mut pixels = Pixels::new(10, 10);
        for line in lines {
            pixels.line(line, pen);
        }
        pixels
    }

    /// How much ink there is, in whole pixels.
    fn weight(pixels: &Pixels) -> f64 {
        let rgba = pixels.rgba();
        let opacities = rgba.iter().skip(3).step_by(4);
        opacities.map(|o| f64::from(*o) / 255.0).sum()
    }

    fn at(pixels: &Pixels, column: usize, row: usize) -> Vec<u8> {
        pixels.rgba()[(row * 10 + column) * 4..][..4].to_vec()
    }

    #[test]
    fn a_line_in_the_middle_of_a_row_fills_this_row_alone() {
        let pixels = drawn(&[&[(0.0, 4.5), (10.0, 4.5)]], BLUE);
        assert_eq!(at(&pixels, 5, 4), [0, 0, 255, 255]);
        assert!((weight(&pixels) - 10.0).abs() < 0.1);
    }

    #[test]
    fn a_line_between_two_rows_is_half_in_each() {
        let pixels = drawn(&[&[(0.0, 4.0), (10.0, 4.0)]], BLUE);
        assert_eq!(at(&pixels, 5, 3)[3], 128);
        assert_eq!(at(&pixels, 5, 4)[3], 128);
    }

    #[test]
    fn lines_are_as_heavy_as_they_are_long() {
        let diagonal = drawn(&[&[(1.0, 1.0), (9.0, 9.0)]], BLUE);
        assert!((weight(&diagonal) - 8.0 * 2.0_f64.sqrt()).abs() < 0.3);
        let steep = drawn(&[&[(4.5, 1.0), (4.5, 9.0)]], BLUE);
        assert!((weight(&steep) - 8.0).abs() < 0.3);
    }

    #[test]
    fn points_within_a_column_show_their_extent() {
        let pixels = drawn(&[&[(5.0, 2.5), (5.25, 7.5), (5.5, 1.5), (5.75, 3.5)]], BLUE);
        assert!((weight(&pixels) - 6.0).abs() < 0.2, "{}", weight(&pixels));
    }

    #[test]
    fn what_is_laid_over_hides_what_was_there() {
        let red = Pen {
            color: Color::new(255, 0, 0),
            opacity: 0.5,
            ..BLUE
        };
        let mut pixels = drawn(&[&[(0.0, 4.5), (10.0, 4.5)]], BLUE);
        pixels.line(&[(0.0, 4.5), (10.0, 4.5)], red);
        assert_eq!(at(&pixels, 5, 4), [128, 0, 127, 255]);
    }

    #[test]
    fn what_is_outside_is_left_out() {
        let far = 5e8;
        let pixels = drawn(
            &[
                &[(-far, 4.5), (far, 4.5)],
                &[(-far, -far), (far, -far)],
                &[(5.0, -far), (5.0, far)],
                &[],
            ],
            BLUE,
        );
        assert!((weight(&pixels) - 19.0).abs() < 0.2, "{}", weight(&pixels));
    }

    #[test]
    fn a_disc_is_round() {
        let mut pixels = Pixels::new(10, 10);
        pixels.disc((5.0, 5.0), Pen { size: 3.0, ..BLUE });
        assert!((weight(&pixels) - std::f64::consts::PI * 9.0).abs() < 0.6);
    }
}
