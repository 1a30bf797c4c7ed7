//! Where a field's colour comes from.

use crate::json::Reading;
use serde_json::Value;

/// Where a field's colour comes from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum ColorMode {
    /// One colour.
    Fixed,
    /// Shades of one colour, by the series' number.
    Shades,
    /// By the value, from the thresholds.
    #[default]
    Thresholds,
    /// By the series' number.
    PaletteClassic,
    /// By the series' name.
    PaletteByName,
    /// By the value, from a scheme with this name.
    Scheme(String),
}

/// Which value of a series gives its colour where colours go by value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SeriesBy {
    /// The last.
    #[default]
    Last,
    /// The least.
    Min,
    /// The greatest.
    Max,
}

/// A choice of colours.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ColorChoice {
    /// Where the colour comes from.
    pub mode: ColorMode,
    /// The one colour, where there is one.
    pub fixed: Option<String>,
    /// Which value counts.
    pub series_by: SeriesBy,
}

impl ColorChoice {
    /// A choice without a colour of its own.
    pub fn of(mode: ColorMode) -> Self {
        Self {
            mode,
            ..Self::default()
        }
    }

    /// Reads a choice; a bare text is one colour.
    pub fn read(value: &Value) -> Option<Self> {
        if let Some(color) = value.as_str() {
            return Some(Self {
                mode: ColorMode::Fixed,
                fixed: Some(color.to_owned()),
                series_by: SeriesBy::Last,
            });
        }
        let fixed = value.text("fixedColor");
        let mode = match value.str("mode") {
            Some("fixed") => ColorMode::Fixed,
            Some("shades") => ColorMode::Shades,
            Some("palette-classic") => ColorMode::PaletteClassic,
            Some("palette-classic-by-name") => ColorMode::PaletteByName,
            Some(scheme) if scheme.starts_with("continuous-") => {
                ColorMode::Scheme(scheme.to_owned())
            }
            Some(_) => ColorMode::Thresholds,
            None if fixed.is_some() => ColorMode::Fixed,
            None => return None,
        };
        let series_by = match value.str("seriesBy") {
            Some("min") => SeriesBy::Min,
            Some("max") => SeriesBy::Max,
            _ => SeriesBy::Last,
        };
        Some(Self {
            mode,
            fixed,
            series_by,
        })
    }
}
