//! Values of a field as text and colour.

use super::{Cell, Field};
use crate::color::{Color, Theme, palette_by_name, palette_color, scheme_color, shade};
use crate::field::{ColorChoice, ColorMode, Mapping, SeriesBy};
use crate::reduce::{Reducer, reduce};
use crate::units::{DateContext, Formatted, UnitFormat};

/// What showing needs to know about the page.
#[derive(Clone, Copy, Default)]
pub struct DisplayContext<'a> {
    /// Which colours names mean.
    pub theme: Theme,
    /// When and where dates are read.
    pub dates: DateContext<'a>,
}

/// A value as it is shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Shown {
    /// The text in parts.
    pub text: Formatted,
    /// The number, if there is one.
    pub number: Option<f64>,
    /// The value's colour.
    pub color: Color,
    /// How far it is from least to greatest. Bounds: 0 to 1.
    pub percent: f64,
    /// A picture that a mapping asks for.
    pub icon: Option<String>,
    /// Whether a mapping gave the text.
    pub mapped: bool,
}

/// Shows the values of one field.
pub struct FieldDisplay<'a> {
    field: &'a Field,
    unit: UnitFormat,
    context: DisplayContext<'a>,
    /// Colour that does not go by value.
    fixed: Option<Color>,
}

impl Field {
    /// What shows the values of this field.
    pub fn display<'a>(&'a self, context: &DisplayContext<'a>) -> FieldDisplay<'a> {
        let default_unit = if self.column.is_time() {
            "dateTimeAsSystem"
        } else {
            ""
        };
        FieldDisplay {
            field: self,
            unit: UnitFormat::new(self.options.unit.as_deref().unwrap_or(default_unit)),
            context: *context,
            fixed: self.series_color(context.theme),
        }
    }

    /// The colour of the field as a whole: of its line, its name in the legend.
    pub fn color(&self, context: &DisplayContext<'_>) -> Color {
        let theme = context.theme;
        if let Some(color) = self.series_color(theme) {
            return color;
        }
        let by = match self.color_choice().series_by {
            SeriesBy::Last => Reducer::LastNotNull,
            SeriesBy::Min => Reducer::Min,
            SeriesBy::Max => Reducer::Max,
        };
        let value = reduce(&self.column, by).number();
        self.display(context).value_color(value)
    }

    fn color_choice(&self) -> ColorChoice {
        self.options.color.clone().unwrap_or_default()
    }

    /// The colour, unless it goes by value.
    fn series_color(&self, theme: Theme) -> Option<Color> {
        let choice = self.color_choice();
        let fixed = || {
            choice
                .fixed
                .as_deref()
                .map_or(Color::FALLBACK, |name| Color::named(name, theme))
        };
        match choice.mode {
            ColorMode::Fixed => Some(fixed()),
            ColorMode::Shades => Some(shade(fixed(), self.series_index)),
            ColorMode::PaletteClassic => Some(palette_color(self.series_index, theme)),
            ColorMode::PaletteByName => Some(palette_by_name(self.label(), theme)),
            ColorMode::Thresholds | ColorMode::Scheme(_) => None,
        }
    }
}

impl FieldDisplay<'_> {
    /// A value as it is shown.
    pub fn show(&self, cell: &Cell) -> Shown {
        self.show_with(cell, self.field.options.decimals)
    }

    /// A value with decimals of its own, as axes need them.
    pub fn show_with(&self, cell: &Cell, decimals: Option<u8>) -> Shown {
        let options = &self.field.options;
        let mapped = Mapping::apply(&options.mappings, cell);
        let number = if self.unit.is_text() {
            None
        } else {
            cell.number()
        };
        let text = match (mapped.as_ref().and_then(|mapped| mapped.text.clone()), cell) {
            (Some(text), _) => Formatted {
                text,
                ..Formatted::default()
            },
            (None, Cell::Number(value) | Cell::Time(value)) => {
                self.unit.format(*value, decimals, &self.context.dates)
            }
            (None, Cell::Bool(flag)) if self.unit.is_bool() => {
                self.unit
                    .format(f64::from(u8::from(*flag)), decimals, &self.context.dates)
            }
            // A text that is a number is shown in the unit, if there is one.
            (None, Cell::Text(_)) if options.unit.is_some() && number.is_some() => self
                .unit
                .format(number.unwrap_or(0.0), decimals, &self.context.dates),
            (None, other) => Formatted {
                text: other.plain_text(),
                ..Formatted::default()
            },
        };
        let text = match (&options.no_value, text.text.is_empty()) {
            (Some(no_value), true) => Formatted {
                text: no_value.clone(),
                ..Formatted::default()
            },
            _ => text,
        };
        let own = mapped.as_ref().and_then(|mapped| mapped.color.as_deref());
        Shown {
            text,
            number,
            color: own.map_or_else(
                || self.value_color(number),
                |name| Color::named(name, self.context.theme),
            ),
            percent: number.map_or(0.0, |number| self.percent(number)),
            icon: mapped.as_ref().and_then(|mapped| mapped.icon.clone()),
            mapped: mapped.is_some_and(|mapped| mapped.text.is_some()),
        }
    }

    /// How far a number is from least to greatest. Bounds: 0 to 1.
    pub fn percent(&self, number: f64) -> f64 {
        let (low, high) = self.field.range.unwrap_or((0.0, 100.0));
        if number.is_nan() || number == f64::NEG_INFINITY {
            return 0.0;
        }
        if high <= low {
            return if number > low { 1.0 } else { 0.0 };
        }
        ((number - low) / (high - low)).clamp(0.0, 1.0)
    }

    /// The colour of a number; of nothing, the lowest colour.
    pub fn value_color(&self, number: Option<f64>) -> Color {
        if let Some(color) = self.fixed {
            return color;
        }
        let theme = self.context.theme;
        let number = number.unwrap_or(f64::NEG_INFINITY);
        let percent = self.percent(number);
        if let ColorMode::Scheme(scheme) = &self.field.color_choice().mode {
            return scheme_color(scheme, percent, theme).unwrap_or(Color::FALLBACK);
        }
        let thresholds = self.field.options.thresholds.clone().unwrap_or_default();
        // Percentages beyond the ends still count.
        let (low, high) = self.field.range.unwrap_or((0.0, 100.0));
        let open = if high > low && number.is_finite() {
            (number - low) / (high - low)
        } else {
            percent
        };
        thresholds
            .active(number, open)
            .map_or(Color::FALLBACK, |step| Color::named(&step.color, theme))
    }

    /// The unit that values are written in.
    pub fn unit(&self) -> &UnitFormat {
        &self.unit
    }
}
