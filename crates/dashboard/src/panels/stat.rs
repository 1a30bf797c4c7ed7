//! Large numbers.

use super::shared::{Orientation, ReduceOptions};
use super::single::{SingleValue, single_values};
use crate::color::Color;
use crate::frame::{DisplayContext, Frame};
use crate::json::Reading;
use serde_json::Value;

/// What has the colour of the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum StatColorMode {
    /// Nothing.
    None,
    /// The number.
    #[default]
    Value,
    /// The ground, running into a neighbouring colour.
    Background,
    /// The ground.
    BackgroundSolid,
}

/// What is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum StatTextMode {
    /// The name too, where there are several values.
    #[default]
    Auto,
    /// The value.
    Value,
    /// Both.
    ValueAndName,
    /// The name.
    Name,
    /// Nothing.
    None,
}

/// The options of the panel.
#[derive(Debug, Clone)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent switches of the document"
)]
pub struct StatOptions {
    /// Which values.
    pub reduce: ReduceOptions,
    /// What has their colour.
    pub color: StatColorMode,
    /// Whether the line behind the value is drawn.
    pub graph: bool,
    /// Whether texts are in the middle even where they have a name.
    pub centered: bool,
    /// What is written.
    pub text: StatTextMode,
    /// In which direction values follow each other.
    pub orientation: Orientation,
    /// Whether the name stands beside the value where there is room.
    pub wide: bool,
    /// Whether the change is written.
    pub change: bool,
    /// Whether less is better.
    pub change_inverted: bool,
    /// Size of names, if it is said. Units: pixels.
    pub title_size: Option<f64>,
    /// Size of values, if it is said. Units: pixels.
    pub value_size: Option<f64>,
}

impl StatOptions {
    /// Reads the options.
    pub fn read(options: &Value) -> Self {
        Self {
            reduce: ReduceOptions::read(options),
            color: match options.str("colorMode") {
                Some("none") => StatColorMode::None,
                Some("background") => StatColorMode::Background,
                Some("background_solid") => StatColorMode::BackgroundSolid,
                _ => StatColorMode::Value,
            },
            graph: options.str("graphMode") != Some("none"),
            centered: options.str("justifyMode") == Some("center"),
            text: match options.str("textMode") {
                Some("value") => StatTextMode::Value,
                Some("value_and_name") => StatTextMode::ValueAndName,
                Some("name") => StatTextMode::Name,
                Some("none") => StatTextMode::None,
                _ => StatTextMode::Auto,
            },
            orientation: Orientation::read(options),
            wide: options.flag("wideLayout").unwrap_or(true),
            change: options.is("showPercentChange"),
            change_inverted: options.str("percentChangeColorMode") == Some("inverted"),
            title_size: options
                .at(&["text", "titleSize"])
                .and_then(crate::json::number_of),
            value_size: options
                .at(&["text", "valueSize"])
                .and_then(crate::json::number_of),
        }
    }
}

/// A number.
#[derive(Debug, Clone)]
pub struct StatItem {
    /// The value.
    pub value: SingleValue,
    /// Its name, if it is written.
    pub name: Option<String>,
    /// Its text, if it is written.
    pub text: Option<String>,
    /// Colour of the text; `None` is the page's.
    pub text_color: Option<Color>,
    /// Colour of the ground; `None` is the panel's.
    pub background: Option<Color>,
    /// The change, as text with a sign, and whether it is for the better.
    pub change: Option<(String, bool)>,
}

impl StatItem {
    /// Whether its texts are in the middle: always where the value stands alone, as Grafana has it.
    pub fn is_centered(&self, options: &StatOptions) -> bool {
        options.centered || self.name.is_none()
    }
}

/// What the panel draws.
#[derive(Debug, Clone)]
pub struct Stat {
    /// Its options.
    pub options: StatOptions,
    /// The numbers.
    pub items: Vec<StatItem>,
}

impl Stat {
    /// Computes what is drawn.
    pub fn new(frames: &[Frame], options: &Value, context: &DisplayContext<'_>) -> Self {
        let options = StatOptions::read(options);
        let mut values = single_values(frames, &options.reduce, context);
        if !options.graph {
            for value in &mut values {
                value.sparkline = None;
            }
        }
        let several = values.len() > 1;
        let items = values
            .into_iter()
            .map(|value| item(value, &options, several))
            .collect();
        Self { options, items }
    }
}

fn item(value: SingleValue, options: &StatOptions, several: bool) -> StatItem {
    let (with_name, with_text) = match options.text {
        StatTextMode::Auto => (several, true),
        StatTextMode::Value => (false, true),
        StatTextMode::ValueAndName => (true, true),
        StatTextMode::Name => (true, false),
        StatTextMode::None => (false, false),
    };
    let color = value.shown.color;
    let seen = color.alpha > 0.0;
    let (text_color, background) = match options.color {
        StatColorMode::None => (None, None),
        StatColorMode::Value => (seen.then_some(color), None),
        StatColorMode::Background | StatColorMode::BackgroundSolid => {
            (seen.then(|| color.contrasting()), seen.then_some(color))
        }
    };
    let change = value.change.filter(|_| options.change).map(|change| {
        let sign = if change > 0.0 { "+" } else { "" };
        let text = format!("{sign}{}%", crate::units::fixed(change * 100.0, Some(1)));
        (text, (change >= 0.0) != options.change_inverted)
    });
    StatItem {
        name: with_name.then(|| value.name.clone()),
        text: with_text.then(|| value.shown.text.to_string()),
        text_color,
        background,
        change,
        value,
    }
}
