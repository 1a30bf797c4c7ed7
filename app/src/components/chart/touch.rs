//! Fingers on a chart: two of them pinch.

use chart::{Rect, Scale};

/// Less than so many pixels is no movement.
const STILL: f64 = 8.0;

/// A finger: where it went down and where it is. Units: CSS pixels from the box's left edge.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Finger {
    id: i32,
    from: f64,
    now: f64,
}

/// The fingers that are down.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Fingers(Vec<Finger>);

/// Two fingers that went apart or together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Pinch {
    from: (f64, f64),
    to: (f64, f64),
}

impl Fingers {
    pub(super) fn put(&mut self, id: i32, left: f64) {
        self.0.retain(|finger| finger.id != id);
        self.0.push(Finger {
            id,
            from: left,
            now: left,
        });
    }

    pub(super) fn moved(&mut self, id: i32, left: f64) {
        for finger in self.0.iter_mut().filter(|finger| finger.id == id) {
            finger.now = left;
        }
    }

    pub(super) fn are_two(&self) -> bool {
        self.0.len() == 2
    }

    /// Whether this finger is alone and where it went down.
    pub(super) fn stays(&self, id: i32) -> bool {
        matches!(self.0.as_slice(), [only] if only.id == id && (only.now - only.from).abs() < STILL)
    }

    /// Takes a finger away; the pinch that ends with it, if there is one.
    pub(super) fn lifted(&mut self, id: i32) -> Option<Pinch> {
        let pinch = match self.0.as_slice() {
            [a, b] if a.id == id || b.id == id => Some(Pinch {
                from: (a.from, b.from),
                to: (a.now, b.now),
            }),
            _ => None,
        };
        if pinch.is_some() {
            // The other finger's end is the end of the same pinch.
            self.0.clear();
        } else {
            self.0.retain(|finger| finger.id != id);
        }
        pinch
    }
}

impl Pinch {
    /// The window in which the times under the fingers are where the fingers are now.
    pub(super) fn window(self, scale: &Scale, plot: Rect) -> Option<(f64, f64)> {
        let (before, after) = (self.from.1 - self.from.0, self.to.1 - self.to.0);
        if before.abs() < STILL || after.abs() < STILL || before.signum() != after.signum() {
            return None;
        }
        let time = scale.to_value(self.from.0);
        let second = scale.to_value(self.from.1);
        let per_pixel = (second - time) / after;
        let start = time - (self.to.0 - plot.left) * per_pixel;
        Some((start, start + plot.width * per_pixel))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fingers_going_apart_narrow_the_window() {
        let mut fingers = Fingers::default();
        fingers.put(1, 40.0);
        fingers.put(2, 60.0);
        assert!(fingers.are_two());
        fingers.moved(1, 20.0);
        fingers.moved(2, 80.0);
        let pinch = fingers.lifted(1).unwrap();
        let plot = Rect {
            left: 0.0,
            top: 0.0,
            width: 100.0,
            height: 50.0,
        };
        let scale = Scale::new((0.0, 1000.0), (0.0, 100.0));
        let (start, end) = pinch.window(&scale, plot).unwrap();
        assert!((start - 333.3).abs() < 1.0 && (end - 666.7).abs() < 1.0);
        assert_eq!(fingers.lifted(2), None);
    }

    #[test]
    fn a_finger_that_moves_does_not_stay() {
        let mut fingers = Fingers::default();
        fingers.put(1, 40.0);
        assert!(fingers.stays(1));
        fingers.moved(1, 60.0);
        assert!(!fingers.stays(1));
        assert_eq!(fingers.lifted(1), None);
    }
}
