//! Colours that run from one end of a range to the other.

use super::{Color, Theme};

/// Names of the schemes of [`scheme_color`]: first those of fields, then those of heatmaps.
pub const SCHEME_NAMES: [&str; 48] = [
    "continuous-viridis",
    "continuous-magma",
    "continuous-plasma",
    "continuous-inferno",
    "continuous-cividis",
    "continuous-GrYlRd",
    "continuous-RdYlGr",
    "continuous-BlYlRd",
    "continuous-YlRd",
    "continuous-BlPu",
    "continuous-YlBl",
    "continuous-blues",
    "continuous-reds",
    "continuous-greens",
    "continuous-purples",
    "Turbo",
    "Cividis",
    "Viridis",
    "Magma",
    "Inferno",
    "Plasma",
    "Blues",
    "Greens",
    "Greys",
    "Oranges",
    "Purples",
    "Reds",
    "BrBG",
    "PiYG",
    "PRGn",
    "PuOr",
    "RdBu",
    "RdGy",
    "RdYlBu",
    "RdYlGn",
    "Spectral",
    "BuGn",
    "BuPu",
    "GnBu",
    "OrRd",
    "PuBuGn",
    "PuBu",
    "PuRd",
    "RdPu",
    "YlGnBu",
    "YlGn",
    "YlOrBr",
    "YlOrRd",
];

/// Stops of heatmap schemes, six digits each.
const STOPS: [(&str, &str); 33] = [
    (
        "Turbo",
        "30123b4662d736aaf91ae4b672fe5ec8ef34faba39f66b19ca2a047a0403",
    ),
    (
        "Cividis",
        "00204d00336f39486b575d6d7071738a8779a69d75c4b56ce4cf5bffea46",
    ),
    (
        "Viridis",
        "4401544828783e498931688e26828e1f9e8935b7796ece58b5de2bfde725",
    ),
    (
        "Magma",
        "000004180f3d440f76721f819e2f7fcd4071f1605dfd9668feca8dfcfdbf",
    ),
    (
        "Inferno",
        "0000041b0c414a0c6b781c6da52c60cf4446ed6925fb9b06f7d13dfcffa4",
    ),
    (
        "Plasma",
        "0d088746039f7201a89c179ebd3786d8576bed7953fb9f3afdca26f0f921",
    ),
    (
        "Blues",
        "f7fbffdeebf7c6dbef9ecae16baed64292c62171b508519c08306b",
    ),
    (
        "Greens",
        "f7fcf5e5f5e0c7e9c0a1d99b74c47641ab5d238b45006d2c00441b",
    ),
    (
        "Greys",
        "fffffff0f0f0d9d9d9bdbdbd969696737373525252252525000000",
    ),
    (
        "Oranges",
        "fff5ebfee6cefdd0a2fdae6bfd8d3cf16913d94801a636037f2704",
    ),
    (
        "Purples",
        "fcfbfdefedf5dadaebbcbddc9e9ac8807dba6a51a354278f3f007d",
    ),
    (
        "Reds",
        "fff5f0fee0d2fcbba1fc9272fb6a4aef3b2ccb181da50f1567000d",
    ),
    (
        "BrBG",
        "5430058c510abf812ddfc27df6e8c3f5f5f5c7eae580cdc135978f01665e003c30",
    ),
    (
        "PiYG",
        "8e0152c51b7dde77aef1b6dafde0eff7f7f7e6f5d0b8e1867fbc414d9221276419",
    ),
    (
        "PRGn",
        "40004b762a839970abc2a5cfe7d4e8f7f7f7d9f0d3a6dba05aae611b783700441b",
    ),
    (
        "PuOr",
        "2d004b5427888073acb2abd2d8daebf7f7f7fee0b6fdb863e08214b358067f3b08",
    ),
    (
        "RdBu",
        "67001fb2182bd6604df4a582fddbc7f7f7f7d1e5f092c5de4393c32166ac053061",
    ),
    (
        "RdGy",
        "67001fb2182bd6604df4a582fddbc7ffffffe0e0e0bababa8787874d4d4d1a1a1a",
    ),
    (
        "RdYlBu",
        "a50026d73027f46d43fdae61fee090ffffbfe0f3f8abd9e974add14575b4313695",
    ),
    (
        "RdYlGn",
        "a50026d73027f46d43fdae61fee08bffffbfd9ef8ba6d96a66bd631a9850006837",
    ),
    (
        "Spectral",
        "9e0142d53e4ff46d43fdae61fee08bffffbfe6f598abdda466c2a53288bd5e4fa2",
    ),
    (
        "BuGn",
        "f7fcfde5f5f9ccece699d8c966c2a441ae76238b45006d2c00441b",
    ),
    (
        "BuPu",
        "f7fcfde0ecf4bfd3e69ebcda8c96c68c6bb188419d810f7c4d004b",
    ),
    (
        "GnBu",
        "f7fcf0e0f3dbccebc5a8ddb57bccc44eb3d32b8cbe0868ac084081",
    ),
    (
        "OrRd",
        "fff7ecfee8c8fdd49efdbb84fc8d59ef6548d7301fb300007f0000",
    ),
    (
        "PuBuGn",
        "fff7fbece2f0d0d1e6a6bddb67a9cf3690c002818a016c59014636",
    ),
    (
        "PuBu",
        "fff7fbece7f2d0d1e6a6bddb74a9cf3690c00570b0045a8d023858",
    ),
    (
        "PuRd",
        "f7f4f9e7e1efd4b9dac994c7df65b0e7298ace125698004367001f",
    ),
    (
        "RdPu",
        "fff7f3fde0ddfcc5c0fa9fb5f768a1dd3497ae017e7a017749006a",
    ),
    (
        "YlGnBu",
        "ffffd9edf8b1c7e9b47fcdbb41b6c41d91c0225ea8253494081d58",
    ),
    (
        "YlGn",
        "ffffe5f7fcb9d9f0a3addd8e78c67941ab5d238443006837004529",
    ),
    (
        "YlOrBr",
        "ffffe5fff7bcfee391fec44ffe9929ec7014cc4c02993404662506",
    ),
    (
        "YlOrRd",
        "ffffccffeda0fed976feb24cfd8d3cfc4e2ae31a1cbd0026800026",
    ),
];

/// The colour at a part of a scheme. Bounds: `part` 0 to 1, pulled in.
pub fn scheme_color(name: &str, part: f64, theme: Theme) -> Option<Color> {
    let part = if part.is_nan() {
        0.0
    } else {
        part.clamp(0.0, 1.0)
    };
    if let Some(names) = field_stops(name) {
        let colors: Vec<Color> = names.iter().map(|name| Color::named(name, theme)).collect();
        return spline(&colors, part);
    }
    let plain = name
        .strip_prefix("continuous-")
        .or(name.strip_prefix("interpolate"))
        .unwrap_or(name);
    let (known, digits) = STOPS
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(plain))?;
    let colors = stops(digits);
    // The first six are samples of curves, the others corners of splines.
    if matches!(
        *known,
        "Turbo" | "Cividis" | "Viridis" | "Magma" | "Inferno" | "Plasma"
    ) {
        linear(&colors, part)
    } else {
        spline(&colors, part)
    }
}

fn field_stops(name: &str) -> Option<&'static [&'static str]> {
    Some(match name {
        "continuous-GrYlRd" => &["green", "yellow", "red"],
        "continuous-RdYlGr" => &["red", "yellow", "green"],
        "continuous-BlYlRd" => &["dark-blue", "super-light-yellow", "dark-red"],
        "continuous-YlRd" => &["super-light-yellow", "dark-red"],
        "continuous-BlPu" => &["blue", "purple"],
        "continuous-YlBl" => &["super-light-yellow", "dark-blue"],
        "continuous-blues" => &["panel-bg", "dark-blue"],
        "continuous-reds" => &["panel-bg", "dark-red"],
        "continuous-greens" => &["panel-bg", "dark-green"],
        "continuous-purples" => &["panel-bg", "dark-purple"],
        _ => return None,
    })
}

fn stops(digits: &str) -> Vec<Color> {
    let mut colors = Vec::new();
    let mut rest = digits;
    while let Some((color, after)) = rest.split_at_checked(6) {
        colors.push(u32::from_str_radix(color, 16).map_or(Color::FALLBACK, Color::hex));
        rest = after;
    }
    colors
}

/// The piece of the range, and the part of it.
fn piece(colors: &[Color], part: f64) -> (usize, f64) {
    let pieces = colors.len().saturating_sub(1).max(1);
    let at = part * pieces as f64;
    let index = crate::number::to_usize(at).min(pieces - 1);
    (index, at - index as f64)
}

fn linear(colors: &[Color], part: f64) -> Option<Color> {
    let (index, within) = piece(colors, part);
    let low = *colors.get(index)?;
    Some(
        colors
            .get(index + 1)
            .map_or(low, |high| low.towards(*high, within)),
    )
}

/// A uniform cubic B-spline that goes through the first and the last colour.
fn spline(colors: &[Color], part: f64) -> Option<Color> {
    let (index, t) = piece(colors, part);
    let second = *colors.get(index)?;
    let third = *colors.get(index + 1)?;
    let first = index.checked_sub(1).and_then(|i| colors.get(i)).copied();
    let fourth = colors.get(index + 2).copied();
    let value = |of: fn(Color) -> u8| {
        let (b, c) = (f64::from(of(second)), f64::from(of(third)));
        let a = first.map_or(2.0 * b - c, |color| f64::from(of(color)));
        let d = fourth.map_or(2.0 * c - b, |color| f64::from(of(color)));
        let (t2, t3) = (t * t, t * t * t);
        let sum = (1.0 - 3.0 * t + 3.0 * t2 - t3) * a
            + (4.0 - 6.0 * t2 + 3.0 * t3) * b
            + (1.0 + 3.0 * t + 3.0 * t2 - 3.0 * t3) * c
            + t3 * d;
        super::channel(sum / 6.0)
    };
    Some(Color {
        red: value(|color| color.red),
        green: value(|color| color.green),
        blue: value(|color| color.blue),
        alpha: 1.0,
    })
}
