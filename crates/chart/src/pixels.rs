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
    tops: Vec<f32>,
    bottoms: Vec<f32>,
}

impl Pixels {
    /// Nothing yet, `width` by `height` pixels.
    pub fn new(width: u32, height: u32) -> Self {
        let (width, height) = (width as usize, height as usize);
        Self {
            width,
            height,
            inks: vec![0; width * height],
            tops: vec![NO_TOP; width],
            bottoms: vec![NO_BOTTOM; width],
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
        let (Some(first), Some(last)) = (places.first(), places.last()) else {
            return;
        };
        self.cover(*first, places);
        self.ink((first.0, last.0), pen);
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

    /// Adds a line to the spans.
    #[cfg_attr(target_arch = "wasm32", target_feature(enable = "simd128"))]
    fn cover(&mut self, first: (f32, f32), places: &[(f32, f32)]) {
        let (mut x0, mut y0) = first;
        let mut column0 = column(x0);
        for &(x1, y1) in places {
            let column1 = column(x1);
            if column1 == column0 {
                self.extend(column0, y0, y1);
            } else {
                let slope = (y1 - y0) / (x1 - x0);
                // What is right of the picture needs no steps of its own.
                let to = column1.min(self.last_column());
                let mut y = y0;
                for column in column0..to {
                    let next = y0 + slope * ((column + 1) as f32 - x0);
                    self.extend(column, y, next);
                    y = next;
                }
                // A line that ends where a column begins covers nothing of it.
                if to == column1 && x1 > column1 as f32 {
                    self.extend(column1, y, y1);
                }
            }
            (x0, y0, column0) = (x1, y1, column1);
        }
    }

    /// One behind the last one, so that a line that leaves the picture covers all of that.
    fn last_column(&self) -> i32 {
        i32::try_from(self.width).unwrap_or(i32::MAX)
    }

    #[inline]
    fn extend(&mut self, column: i32, a: f32, b: f32) {
        let (low, high) = if a < b { (a, b) } else { (b, a) };
        // What is left of the picture is far beyond its right edge then.
        let column = column.cast_unsigned() as usize;
        if let (Some(top), Some(bottom)) = (self.tops.get_mut(column), self.bottoms.get_mut(column))
        {
            // Comparisons, not `min` and `max`, which look after what is no number.
            *top = if low < *top { low } else { *top };
            *bottom = if high > *bottom { high } else { *bottom };
        }
    }

    /// Colours what the spans between two columns cover, and forgets them.
    #[cfg_attr(target_arch = "wasm32", target_feature(enable = "simd128"))]
    fn ink(&mut self, (first, last): (f32, f32), pen: Pen) {
        let first = index(first.max(0.0)).min(self.width);
        let end = (index(last.max(0.0)) + 1).min(self.width);
        let height = self.height as f32;
        let tops = self.tops.get_mut(first..end).unwrap_or_default();
        let bottoms = self.bottoms.get_mut(first..end).unwrap_or_default();
        for (top, bottom) in tops.iter_mut().zip(bottoms.iter_mut()) {
            // As much ink as a line of this slope has, however steep.
            let rise = *bottom - *top;
            let pad = ((1.0 + rise * rise).sqrt() * pen.size - rise) * 0.5;
            let pad = if pad > 0.0 { pad } else { 0.0 };
            let (from, to) = (*top - pad, *bottom + pad);
            let from = if from > 0.0 { from } else { 0.0 };
            let to = if to < height { to } else { height };
            let is_empty = *top > *bottom;
            *top = if is_empty { 0.0 } else { from };
            *bottom = if is_empty { 0.0 } else { to };
        }
        for column in first..end {
            let (Some(top), Some(bottom)) =
                (self.tops.get_mut(column), self.bottoms.get_mut(column))
            else {
                return;
            };
            let span = (*top, *bottom);
            (*top, *bottom) = (NO_TOP, NO_BOTTOM);
            self.ink_column(column, span, pen);
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
    // A table instead of divisions: there is one for every smooth edge.
    let times = SHARES.get(usize::from(opacity)).copied().unwrap_or(0);
    let whole = |part: u8| {
        let whole = (u32::from(part) * times + (1 << 15)) >> 16;
        u8::try_from(whole).unwrap_or(u8::MAX)
    };
    [whole(red), whole(green), whole(blue), opacity]
}

/// What a part is multiplied with, and divided by 65536, where all together are so many of 255.
static SHARES: [u32; 256] = shares();

#[expect(clippy::indexing_slicing, reason = "as many as there are")]
const fn shares() -> [u32; 256] {
    let mut shares = [0; 256];
    let (mut place, mut of) = (1, 1);
    while place < 256 {
        shares[place] = ((255 << 16) + of / 2) / of;
        (place, of) = (place + 1, of + 1);
    }
    shares
}

/// The span of a column that no line crosses.
const NO_TOP: f32 = 1e9;
const NO_BOTTOM: f32 = -1e9;

/// The column of a place; all that is left of the picture is one.
#[expect(clippy::cast_possible_truncation, reason = "saturates far outside")]
fn column(x: f32) -> i32 {
    if x < 0.0 { -1 } else { x as i32 }
}

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
