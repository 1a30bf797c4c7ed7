//! Colours by the number of a series.

use super::{Color, Theme, named, to_hsl};

/// How many colours the classic palette has.
pub const CLASSIC_PALETTE_LEN: usize = 64;

const HUES: [&str; 6] = ["green", "yellow", "blue", "orange", "red", "purple"];
/// Shades that the first colours run through.
const SHADES: [&str; 3] = ["", "dark-", "super-light-"];
/// The colours after those.
const FIXED: [u32; 46] = [
    0x0044_7ebc,
    0x00c1_5c17,
    0x0089_0f02,
    0x000a_437c,
    0x006d_1f62,
    0x0058_4477,
    0x00b7_dbab,
    0x00f4_d598,
    0x0070_dbed,
    0x00f9_ba8f,
    0x00f2_9191,
    0x0082_b5d8,
    0x00e5_a8e2,
    0x00ae_a2e0,
    0x0062_9e51,
    0x00e5_ac0e,
    0x0064_b0c8,
    0x00e0_752d,
    0x00bf_1b00,
    0x000a_50a1,
    0x0096_2d82,
    0x0061_4d93,
    0x009a_c48a,
    0x00f2_c96d,
    0x0065_c5db,
    0x00f9_934e,
    0x00ea_6460,
    0x0051_95ce,
    0x00d6_83ce,
    0x0080_6eb7,
    0x003f_6833,
    0x0096_7302,
    0x002f_575e,
    0x0099_440a,
    0x0058_140c,
    0x0005_2b51,
    0x0051_1749,
    0x003f_2b5b,
    0x00e0_f9d7,
    0x00fc_eaca,
    0x00cf_faff,
    0x00f9_e2d2,
    0x00fc_e2de,
    0x00ba_dff4,
    0x00f9_d9f9,
    0x00de_daf7,
];

/// The colour of the series with a number, counted from 0; after the last comes the first.
pub fn palette_color(index: usize, theme: Theme) -> Color {
    let index = index % CLASSIC_PALETTE_LEN;
    if let Some(shade) = SHADES.get(index / HUES.len()) {
        let hue = HUES.get(index % HUES.len()).copied().unwrap_or_default();
        return Color::named(&format!("{shade}{hue}"), theme);
    }
    FIXED
        .get(index - SHADES.len() * HUES.len())
        .map_or(Color::FALLBACK, |rgb| Color::hex(*rgb))
}

/// The colour that a series has for its name, among those that stand out from the background.
pub fn palette_by_name(name: &str, theme: Theme) -> Color {
    let background = named::panel_background(theme).luminance();
    let stands_out = |color: &Color| {
        let luminance = color.luminance();
        let (high, low) = (luminance.max(background), luminance.min(background));
        (high + 0.05) / (low + 0.05) >= 3.0
    };
    let colors: Vec<Color> = (0..CLASSIC_PALETTE_LEN)
        .map(|index| palette_color(index, theme))
        .filter(stands_out)
        .collect();
    let units: Vec<u16> = name.encode_utf16().collect();
    let hash = units.iter().rev().fold(5381u32, |hash, unit| {
        hash.wrapping_mul(33) ^ u32::from(*unit)
    });
    let index = hash as usize % colors.len().max(1);
    colors.get(index).copied().unwrap_or(Color::FALLBACK)
}

/// The shade of one colour for the series with a number: the colour itself, then lighter and darker in turn.
pub fn shade(base: Color, index: usize) -> Color {
    const STEPS: usize = 6;
    let index = index % (2 * STEPS - 1);
    if index == 0 {
        return base;
    }
    let part = index.div_ceil(2) as f64 / STEPS as f64;
    let lighter = index % 2 == 1;
    let (hue, saturation, lightness) = to_hsl(base);
    if lighter {
        let spun = super::from_hsl(hue + 10.0 * part, saturation, lightness);
        let up = |c: u8| super::channel(f64::from(c) + 255.0 * 0.35 * part);
        return Color {
            red: up(spun.red),
            green: up(spun.green),
            blue: up(spun.blue),
            alpha: base.alpha,
        };
    }
    super::from_hsl(
        hue - 10.0 * part,
        saturation,
        (lightness - 0.35 * part).max(0.0),
    )
}
