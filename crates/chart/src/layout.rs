//! Where on a chart's box the plot is.

/// A rectangle. Units: CSS pixels from the box's upper left corner.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Rect {
    /// Left edge.
    pub left: f64,
    /// Upper edge.
    pub top: f64,
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
}

/// A chart's box and the plot rectangle within it; the rest is for axis labels.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Layout {
    /// Units: CSS pixels.
    pub width: f64,
    /// Units: CSS pixels.
    pub height: f64,
    /// Where ink goes.
    pub plot: Rect,
}

/// Width of a digit at the axes' 12 px monospace.
const CHAR: f64 = 7.3;
/// Half a line above the topmost label.
const TOP: f64 = 10.0;
/// Two lines below: time of day and date.
const BOTTOM: f64 = 36.0;
/// Half a time label beyond the last tick.
const RIGHT: f64 = 24.0;

impl Layout {
    /// Divides a box of `width` by `height`, with room for value labels of `label_chars` characters.
    ///
    /// The plot is never smaller than one pixel.
    pub fn compute(width: f64, height: f64, label_chars: usize) -> Self {
        // No less than half a time label: the first tick may sit at the plot's very left.
        let left = (label_chars as f64 * CHAR + 12.0).clamp(32.0, 120.0);
        Self {
            width,
            height,
            plot: Rect {
                left,
                top: TOP,
                width: (width - left - RIGHT).max(1.0),
                height: (height - TOP - BOTTOM).max(1.0),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_plot_lies_inside_the_box() {
        let layout = Layout::compute(800.0, 360.0, 6);
        assert!(layout.plot.left + layout.plot.width < 800.0);
        assert!(layout.plot.top + layout.plot.height < 360.0);
    }

    #[test]
    fn long_labels_push_the_plot_right() {
        let short = Layout::compute(800.0, 360.0, 4);
        let long = Layout::compute(800.0, 360.0, 10);
        assert!(long.plot.left > short.plot.left);
    }

    #[test]
    fn a_tiny_box_still_has_a_plot() {
        assert_eq!(Layout::compute(10.0, 10.0, 40).plot.width, 1.0);
    }
}
