//! Colours that a series keeps.

/// Hues that stay apart for the colour-blind.
pub const HUES: usize = 8;

/// Colours in all: every hue as it is, lighter and darker.
pub const SLOTS: usize = 3 * HUES;

/// A colour without transparency.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Color {
    /// Red.
    pub red: u8,
    /// Green.
    pub green: u8,
    /// Blue.
    pub blue: u8,
}

impl Color {
    /// The colour of these three parts.
    pub const fn new(red: u8, green: u8, blue: u8) -> Self {
        Self { red, green, blue }
    }

    /// Reads `#rrggbb`, as style sheets have it.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.trim().strip_prefix('#').filter(|d| d.len() == 6)?;
        let value = u32::from_str_radix(digits, 16).ok()?;
        let [_, red, green, blue] = value.to_be_bytes();
        Some(Self { red, green, blue })
    }

    /// `part` of this colour, the rest of `other`.
    ///
    /// Bounds: `part` from 0 to 1.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a mean of two bytes is a byte"
    )]
    #[must_use]
    pub fn mix(self, other: Self, part: f64) -> Self {
        let mean = |a: u8, b: u8| (f64::from(a) * part + f64::from(b) * (1.0 - part)).round() as u8;
        Self {
            red: mean(self.red, other.red),
            green: mean(self.green, other.green),
            blue: mean(self.blue, other.blue),
        }
    }
}

/// The colour of a slot, from the eight hues of the theme.
///
/// The second eight are the hues with 45 % white, the third with 40 % black; style sheets mix alike.
pub fn slot_color(hues: &[Color; HUES], slot: usize) -> Color {
    let hue = hues.get(slot % HUES).copied().unwrap_or_default();
    match slot % SLOTS / HUES {
        0 => hue,
        1 => hue.mix(Color::new(255, 255, 255), 0.55),
        _ => hue.mix(Color::new(0, 0, 0), 0.6),
    }
}

/// A number that the same labels have everywhere and always.
///
/// Ordering: labels must come sorted by name.
pub fn label_hash<'a>(labels: impl IntoIterator<Item = (&'a str, &'a str)>) -> u64 {
    // FNV-1a, 64 bits; the zero bytes keep `a="bc"` and `ab="c"` apart.
    const PRIME: u64 = 0x0100_0000_01b3;
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut eat = |text: &str| {
        for byte in text.bytes().chain([0]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(PRIME);
        }
    };
    for (name, value) in labels {
        eat(name);
        eat(value);
    }
    // The low bits choose the colour: mix the high ones in.
    hash ^ (hash >> 32)
}

/// A colour slot for each series of a chart, from the hashes of their labels.
///
/// Each gets the hue that its hash names; where another has it already, the next free one, then the
/// lighter and the darker ones. With more series than [`SLOTS`], colours repeat.
pub fn assign_slots(hashes: &[u64]) -> Vec<usize> {
    let mut used = [0usize; SLOTS];
    hashes
        .iter()
        .map(|hash| {
            let wanted = usize::try_from(hash % HUES as u64).unwrap_or(0);
            // Least used first; `min_by_key` keeps the first of equals, so nearer slots win.
            let slot = (0..SLOTS)
                .map(|n| n / HUES * HUES + (wanted + n) % HUES)
                .min_by_key(|slot| used.get(*slot).copied().unwrap_or(usize::MAX))
                .unwrap_or(wanted);
            if let Some(count) = used.get_mut(slot) {
                *count += 1;
            }
            slot
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn colours_are_read_from_style_sheets() {
        assert_eq!(Color::parse(" #0a10ff"), Some(Color::new(10, 16, 255)));
        assert_eq!(Color::parse("#fff"), None);
        assert_eq!(Color::parse("red"), None);
    }

    #[test]
    fn label_borders_count() {
        assert_ne!(label_hash([("a", "bc")]), label_hash([("ab", "c")]));
    }

    #[test]
    fn one_series_keeps_its_hue_whatever_else_is_drawn_after_it() {
        let own = label_hash([("__name__", "up"), ("job", "api")]);
        assert_eq!(assign_slots(&[own])[0], assign_slots(&[own, 1, 2, 3])[0]);
    }

    #[test]
    fn equal_hashes_move_on_to_free_colours() {
        let slots = assign_slots(&[5; SLOTS]);
        let mut sorted = slots.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, (0..SLOTS).collect::<Vec<_>>());
        assert_eq!(slots[..3], [5, 6, 7]);
    }

    #[test]
    fn shades_are_lighter_then_darker() {
        let hues = [Color::new(100, 100, 100); HUES];
        assert_eq!(slot_color(&hues, 3), Color::new(100, 100, 100));
        assert_eq!(slot_color(&hues, 11), Color::new(170, 170, 170));
        assert_eq!(slot_color(&hues, 19), Color::new(60, 60, 60));
    }

    proptest! {
        #[test]
        fn no_colour_repeats_while_there_are_free_ones(hashes in proptest::collection::vec(any::<u64>(), 0..=SLOTS)) {
            let mut slots = assign_slots(&hashes);
            slots.sort_unstable();
            slots.dedup();
            prop_assert_eq!(slots.len(), hashes.len());
        }
    }
}
