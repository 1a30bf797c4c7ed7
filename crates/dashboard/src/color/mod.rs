//! Colours of dashboards: names, palettes, schemes.
//!
//! Source: the names and values of Grafana's themes; schemes by the ColorBrewer and Matplotlib projects.

mod named;
mod palette;
mod scheme;

pub use palette::{CLASSIC_PALETTE_LEN, palette_by_name, palette_color, shade};
pub use scheme::{SCHEME_NAMES, scheme_color};

/// Which set of colours the names mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Theme {
    /// Light on dark.
    #[default]
    Dark,
    /// Dark on light.
    Light,
}

/// A colour.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Color {
    /// Bounds: 0 to 255.
    pub red: u8,
    /// Bounds: 0 to 255.
    pub green: u8,
    /// Bounds: 0 to 255.
    pub blue: u8,
    /// Bounds: 0 (not to be seen) to 1.
    pub alpha: f64,
}

impl Color {
    /// What stands for a colour that is missing.
    pub const FALLBACK: Self = Self::hex(0x0080_8080);

    /// A colour of the form `0xRRGGBB`.
    pub const fn hex(rgb: u32) -> Self {
        let [_, red, green, blue] = rgb.to_be_bytes();
        Self {
            red,
            green,
            blue,
            alpha: 1.0,
        }
    }

    /// Reads a name of Grafana's or of CSS, `#rgb`, `#rrggbb`, `#rrggbbaa`, `rgb()`, `rgba()` or `hsl()`.
    pub fn parse(text: &str, theme: Theme) -> Option<Self> {
        let text = text.trim();
        if let Some(digits) = text.strip_prefix('#') {
            return parse_hex(digits);
        }
        named::grafana(text, theme)
            .or_else(|| parse_function(text))
            .or_else(|| named::css(&text.to_ascii_lowercase()))
    }

    /// Reads a colour; what is none is grey.
    pub fn named(text: &str, theme: Theme) -> Self {
        Self::parse(text, theme).unwrap_or(Self::FALLBACK)
    }

    /// The colour for style sheets and canvases.
    pub fn to_css(self) -> String {
        let Self {
            red, green, blue, ..
        } = self;
        if self.alpha >= 1.0 {
            format!("#{red:02x}{green:02x}{blue:02x}")
        } else {
            format!("rgba({red}, {green}, {blue}, {})", self.alpha)
        }
    }

    /// The colour with another opacity. Bounds: 0 to 1.
    #[must_use]
    pub fn with_alpha(self, alpha: f64) -> Self {
        Self {
            alpha: alpha.clamp(0.0, 1.0),
            ..self
        }
    }

    /// Part of the way to another colour. Bounds: `part` 0 to 1.
    #[must_use]
    pub fn towards(self, other: Self, part: f64) -> Self {
        let mix = |a: u8, b: u8| channel(f64::from(a) + (f64::from(b) - f64::from(a)) * part);
        Self {
            red: mix(self.red, other.red),
            green: mix(self.green, other.green),
            blue: mix(self.blue, other.blue),
            alpha: self.alpha + (other.alpha - self.alpha) * part,
        }
    }

    /// Relative luminance, by the rules for accessible pages. Bounds: 0 to 1.
    pub fn luminance(self) -> f64 {
        let linear = |c: u8| {
            let c = f64::from(c) / 255.0;
            if c <= 0.03928 {
                c / 12.92
            } else {
                ((c + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * linear(self.red) + 0.7152 * linear(self.green) + 0.0722 * linear(self.blue)
    }

    /// Black or white, whichever is read more easily on this colour.
    #[must_use]
    pub fn contrasting(self) -> Self {
        let (dark, light) = (Self::hex(0x0020_2226), Self::hex(0x00f7_f8fa));
        let own = self.luminance() + 0.05;
        // Contrasts, by the rules for accessible pages.
        if own / (dark.luminance() + 0.05) > (light.luminance() + 0.05) / own {
            dark
        } else {
            light
        }
    }
}

/// A channel from its value. Bounds: 0 to 255 after clamping.
#[expect(
    clippy::cast_possible_truncation,
    reason = "clamped to the range of u8 before"
)]
fn channel(value: f64) -> u8 {
    value.round().clamp(0.0, 255.0) as u8
}

fn parse_hex(digits: &str) -> Option<Color> {
    if !digits.chars().all(|c| c.is_ascii_hexdigit()) {
        return None;
    }
    let long: String = match digits.len() {
        3 | 4 => digits.chars().flat_map(|c| [c, c]).collect(),
        6 | 8 => digits.to_owned(),
        _ => return None,
    };
    let rgb = u32::from_str_radix(long.get(..6)?, 16).ok()?;
    let alpha = match long.get(6..) {
        Some(text) if !text.is_empty() => f64::from(u32::from_str_radix(text, 16).ok()?) / 255.0,
        _ => 1.0,
    };
    Some(Color::hex(rgb).with_alpha(alpha))
}

fn parse_function(text: &str) -> Option<Color> {
    let (name, rest) = text.split_once('(')?;
    let inner = rest.trim_end().strip_suffix(')')?;
    let parts: Vec<(f64, bool)> = inner
        .split([',', '/', ' '])
        .filter(|part| !part.is_empty())
        .map(|part| {
            let number = part.trim_end_matches("deg");
            match number.strip_suffix('%') {
                Some(number) => number.parse().ok().map(|n: f64| (n / 100.0, true)),
                None => number.parse().ok().map(|n| (n, false)),
            }
        })
        .collect::<Option<_>>()?;
    let [first, second, third, rest @ ..] = parts.as_slice() else {
        return None;
    };
    let alpha = rest.first().map_or(1.0, |(alpha, _)| *alpha);
    let color = match name.trim().to_ascii_lowercase().as_str() {
        "rgb" | "rgba" => {
            let byte = |(n, percent): (f64, bool)| channel(if percent { n * 255.0 } else { n });
            Color {
                red: byte(*first),
                green: byte(*second),
                blue: byte(*third),
                alpha: 1.0,
            }
        }
        "hsl" | "hsla" => from_hsl(first.0, second.0, third.0),
        _ => return None,
    };
    Some(color.with_alpha(alpha))
}

/// Hue in degrees, saturation and lightness. Bounds: the latter 0 to 1.
fn from_hsl(hue: f64, saturation: f64, lightness: f64) -> Color {
    let chroma = saturation * lightness.min(1.0 - lightness);
    let at = |offset: f64| {
        let k = (offset + hue / 30.0).rem_euclid(12.0);
        channel(255.0 * (lightness - chroma * (k - 3.0).min(9.0 - k).clamp(-1.0, 1.0)))
    };
    Color {
        red: at(0.0),
        green: at(8.0),
        blue: at(4.0),
        alpha: 1.0,
    }
}

/// Hue in degrees, saturation and lightness of a colour. Bounds: the latter 0 to 1.
fn to_hsl(color: Color) -> (f64, f64, f64) {
    let [red, green, blue] = [color.red, color.green, color.blue].map(|c| f64::from(c) / 255.0);
    let (high, low) = (red.max(green).max(blue), red.min(green).min(blue));
    let (lightness, delta) = (f64::midpoint(high, low), high - low);
    if delta == 0.0 {
        return (0.0, 0.0, lightness);
    }
    let saturation = delta / (1.0 - (2.0 * lightness - 1.0).abs());
    let hue = if high == red {
        (green - blue) / delta
    } else if high == green {
        (blue - red) / delta + 2.0
    } else {
        (red - green) / delta + 4.0
    };
    ((hue * 60.0).rem_euclid(360.0), saturation, lightness)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_mean_the_shades_of_the_theme() {
        for (name, dark, light) in [
            ("green", "#73bf69", "#56a64b"),
            ("dark-red", "#c4162a", "#ad0317"),
            ("super-light-blue", "#c0d8ff", "#8ab8ff"),
            ("semi-dark-orange", "#ff780a", "#fa6400"),
            ("rebeccapurple", "#663399", "#663399"),
            ("#F2495C", "#f2495c", "#f2495c"),
            ("#abc", "#aabbcc", "#aabbcc"),
            (
                "rgba(50, 172, 45, 0.97)",
                "rgba(50, 172, 45, 0.97)",
                "rgba(50, 172, 45, 0.97)",
            ),
            ("rgb(1,2,3)", "#010203", "#010203"),
            ("hsl(120, 100%, 25%)", "#008000", "#008000"),
            ("transparent", "rgba(0, 0, 0, 0)", "rgba(255, 255, 255, 0)"),
            ("no such colour", "#808080", "#808080"),
        ] {
            assert_eq!(Color::named(name, Theme::Dark).to_css(), dark, "{name}");
            assert_eq!(Color::named(name, Theme::Light).to_css(), light, "{name}");
        }
    }

    #[test]
    fn the_classic_palette_goes_round() {
        let css = |index| palette_color(index, Theme::Dark).to_css();
        assert_eq!(css(0), "#73bf69");
        assert_eq!(css(1), "#fade2a");
        assert_eq!(css(6), "#37872d");
        assert_eq!(css(18), "#447ebc");
        assert_eq!(css(63), "#dedaf7");
        assert_eq!(css(64), css(0));
    }

    #[test]
    fn schemes_go_from_their_first_to_their_last_colour() {
        let css = |name, part| scheme_color(name, part, Theme::Dark).unwrap().to_css();
        assert_eq!(css("continuous-GrYlRd", 0.0), "#73bf69");
        assert_eq!(css("continuous-GrYlRd", 1.0), "#f2495c");
        assert_eq!(css("Oranges", 0.0), "#fff5eb");
        assert_eq!(css("Spectral", 1.0), "#5e4fa2");
        assert_eq!(css("continuous-viridis", 0.0), "#440154");
        assert!(scheme_color("no-scheme", 0.5, Theme::Dark).is_none());
        for name in SCHEME_NAMES {
            assert!(scheme_color(name, 0.5, Theme::Light).is_some(), "{name}");
        }
    }

    #[test]
    fn text_on_a_colour_can_be_read() {
        assert_eq!(Color::hex(0x00ff_ffff).contrasting().to_css(), "#202226");
        assert_eq!(Color::hex(0x0037_872d).contrasting().to_css(), "#f7f8fa");
    }

    #[test]
    fn shades_begin_with_the_colour_itself() {
        let base = Color::hex(0x0073_bf69);
        assert_eq!(shade(base, 0), base);
        assert_ne!(shade(base, 1), shade(base, 2));
        assert!(shade(base, 1).luminance() > base.luminance());
    }
}
