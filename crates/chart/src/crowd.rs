//! Charts of very many points.

use crate::draw::{DOT, FADED, Ink};
use crate::layout::Rect;
use crate::palette::slot_color;
use crate::pixels::{Pen, Pixels};
use crate::scale::Scale;
use crate::segments::Point;

/// How far ink reaches over the edge of the plot: half a line. Units: CSS pixels.
const BLEED: f64 = 2.0;

/// Ink in memory, and where on the chart it belongs.
///
/// Places are those of the chart, in CSS pixels; what lies outside of the plot is cut off.
#[derive(Debug, Clone)]
pub struct Crowd {
    /// The ink.
    pub pixels: Pixels,
    /// Where its upper left corner is. Units: pixels of the screen.
    pub corner: (f64, f64),
    /// Pixels of the screen per CSS pixel.
    ratio: f64,
    /// The line being drawn, kept so that its room need not be made again.
    line: Vec<(f32, f32)>,
}

impl Crowd {
    /// Nothing yet, as large as `plot` and a little more.
    pub fn new(plot: Rect, ratio: f64) -> Self {
        let edge = |css: f64| (css * ratio).floor();
        let corner = (
            edge(plot.left - BLEED).max(0.0),
            edge(plot.top - BLEED).max(0.0),
        );
        let width = edge(plot.left + plot.width + BLEED) - corner.0;
        let height = edge(plot.top + plot.height + BLEED) - corner.1;
        Self {
            pixels: Pixels::new(whole(width), whole(height)),
            corner,
            ratio,
            line: Vec::new(),
        }
    }

    /// Draws a line through `points`, with a `width` of so many pixels of the screen; one point is a dot.
    pub fn line(&mut self, points: &[Point], (x, y): (&Scale, &Scale), pen: Pen) {
        let (left, top) = self.corner;
        let ratio = self.ratio;
        #[expect(clippy::cast_possible_truncation, reason = "saturates far outside")]
        let place = |point: &Point| {
            (
                (x.to_pixel(point.time) * ratio - left) as f32,
                (y.to_pixel(point.value) * ratio - top) as f32,
            )
        };
        if let [only] = points {
            #[expect(clippy::cast_possible_truncation, reason = "a few pixels")]
            let size = (DOT * ratio) as f32;
            self.pixels.disc(place(only), Pen { size, ..pen });
            return;
        }
        self.line.clear();
        match (x.linear(), y.linear()) {
            (Some(x), Some(y)) => {
                let of = |(low, from, rate): (f64, f64, f64), corner: f64| Run {
                    low,
                    from: from * ratio - corner,
                    rate: rate * ratio,
                };
                place_all(points, (of(x, left), of(y, top)), &mut self.line);
            }
            _ => self.line.extend(points.iter().map(place)),
        }
        self.pixels.line(&self.line, pen);
    }
}

/// A linear map to pixels of the screen.
#[derive(Clone, Copy)]
struct Run {
    low: f64,
    from: f64,
    rate: f64,
}

/// Places points whose times and values both have linear maps: without a question for each of them.
#[cfg_attr(target_arch = "wasm32", target_feature(enable = "simd128"))]
#[expect(clippy::cast_possible_truncation, reason = "saturates far outside")]
fn place_all(points: &[Point], (x, y): (Run, Run), places: &mut Vec<(f32, f32)>) {
    places.extend(points.iter().map(|point| {
        (
            (x.from + (point.time - x.low) * x.rate) as f32,
            (y.from + (point.value - y.low) * y.rate) as f32,
        )
    }));
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "saturates, and no screen is as wide"
)]
fn whole(pixels: f64) -> u32 {
    pixels as u32
}

/// Draws the series alone, where [`Ink::is_crowd`].
pub fn draw_crowd(ink: &Ink<'_>) -> Crowd {
    let plot = ink.plot;
    let mut crowd = Crowd::new(ink.layout.plot, ink.scale / ink.device_pixel);
    let (x, y) = (plot.x_scale(&ink.layout), plot.y_scale(&ink.layout));
    for index in ink.order() {
        let (Some(layer), Some(slot)) = (plot.layers.get(index), plot.slots.get(index)) else {
            continue;
        };
        let is_faded = ink.highlight.is_some_and(|lifted| lifted != index);
        #[expect(clippy::cast_possible_truncation, reason = "a part of one")]
        let pen = Pen {
            color: slot_color(&ink.theme.hues, *slot),
            opacity: if is_faded { FADED as f32 } else { 1.0 },
            size: 1.0,
        };
        for run in &layer.runs {
            if let Some(points) = layer.top.get(run.clone()) {
                crowd.line(points, (&x, &y), pen);
            }
        }
    }
    crowd
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draw::Theme;
    use crate::layout::Layout;
    use crate::palette::{Color, HUES};
    use crate::plot::{Line, Mode, Plot};
    use crate::unit::Unit;

    const BLACK: Color = Color::new(0, 0, 0);

    fn drawn(values: &[f64]) -> Crowd {
        let points: Vec<Point> = (0..)
            .zip(values)
            .map(|(i, &value)| Point {
                time: f64::from(i),
                value,
            })
            .collect();
        let lines = [Line {
            points: &points,
            slot: 0,
        }];
        let window = (0.0, values.len() as f64 - 1.0);
        let plot =
            Plot::prepare(&lines, window, 1.0, Mode::Lines, Unit::Number).showing((0.0, 1.0));
        let theme = Theme {
            grid: BLACK,
            zero: BLACK,
            hues: [BLACK; HUES],
        };
        draw_crowd(&Ink {
            plot: &plot,
            layout: Layout {
                width: 256.0,
                height: 146.0,
                plot: Rect {
                    left: 32.0,
                    top: 10.0,
                    width: 200.0,
                    height: 100.0,
                },
            },
            time_ticks: &[],
            theme: &theme,
            visible: &[],
            highlight: None,
            scale: 4.0,
            device_pixel: 4.0,
        })
    }

    /// How much ink there is in each column.
    fn columns(crowd: &Crowd) -> Vec<f64> {
        let (width, _) = crowd.pixels.size();
        let mut columns = vec![0.0; width];
        for (at, pixel) in crowd.pixels.rgba().chunks(4).enumerate() {
            columns[at % width] += f64::from(pixel[3]) / 255.0;
        }
        columns
    }

    #[test]
    fn ink_is_where_the_plot_is() {
        // Two pixels more than the plot on each side.
        let crowd = drawn(&[0.5, 0.5, 0.5]);
        assert_eq!(crowd.corner, (30.0, 8.0));
        assert_eq!(crowd.pixels.size(), (204, 104));
        let columns = columns(&crowd);
        assert_eq!((columns[1], columns[203]), (0.0, 0.0));
        assert!(columns[2..202].iter().all(|ink| (ink - 1.0).abs() < 0.02));
    }

    #[test]
    fn a_gap_is_a_gap() {
        let nan = f64::NAN;
        let columns = columns(&drawn(&[0.5, 0.5, nan, 0.5, 0.5]));
        assert!(columns[55..100].contains(&0.0));
        assert!(columns[10] > 0.9 && columns[190] > 0.9);
    }

    #[test]
    fn a_value_alone_is_a_dot() {
        let nan = f64::NAN;
        let ink: f64 = columns(&drawn(&[nan, 0.5, nan])).iter().sum();
        assert!(
            (ink - std::f64::consts::PI * DOT * DOT).abs() < 0.6,
            "{ink}"
        );
    }

    #[test]
    fn values_outside_leave_no_ink() {
        assert_eq!(columns(&drawn(&[2.0, 2.0])).iter().sum::<f64>(), 0.0);
    }
}
