//! Small tables of columns: what queries answer, transformations change, and panels draw.

mod build;
mod configure;
mod csv;
mod display;
mod name;
mod native;
#[cfg(test)]
mod tests;

use crate::field::FieldOptions;
use crate::number::plain;
use model::Labels;

pub use build::{Answer, AnswerSeries, ResultFormat, build_frames};
pub use configure::{Configured, configure};
pub use csv::csv;
pub use display::{DisplayContext, FieldDisplay, Shown};
pub use name::{display_name, format_legend};
pub use native::{NativeBucket, bucket_series};

/// Name of the column of times.
pub const TIME_NAME: &str = "Time";
/// Name of the column of values.
pub const VALUE_NAME: &str = "Value";

/// What stands for nothing in a column of numbers: a NaN with bits of its own.
pub const NULL: f64 = f64::from_bits(0x7ff8_0000_6e75_6c6c);

/// Whether a number stands for nothing.
pub fn is_null(value: f64) -> bool {
    value.to_bits() == NULL.to_bits()
}

/// A value of a column.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Nothing.
    Null,
    /// A number, NaN included.
    Number(f64),
    /// A moment. Units: milliseconds since the epoch.
    Time(f64),
    /// A text.
    Text(String),
    /// A boolean.
    Bool(bool),
}

impl Cell {
    /// The number, if it is one or its text is.
    pub fn number(&self) -> Option<f64> {
        match self {
            Self::Null => None,
            Self::Number(value) | Self::Time(value) => Some(*value),
            Self::Text(text) => text.trim().parse().ok(),
            Self::Bool(flag) => Some(f64::from(u8::from(*flag))),
        }
    }

    /// The value without a unit; nothing is an empty text.
    pub fn plain_text(&self) -> String {
        match self {
            Self::Null => String::new(),
            Self::Number(value) | Self::Time(value) => plain(*value),
            Self::Text(text) => text.clone(),
            Self::Bool(flag) => flag.to_string(),
        }
    }

    /// Whether two values are the same; NaN is the same as NaN.
    pub fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Number(a), Self::Number(b)) => a == b || a.is_nan() && b.is_nan(),
            _ => self == other,
        }
    }

    /// Which of two values comes first: nothing, then numbers and times, then texts by their order.
    pub fn order(&self, other: &Self) -> std::cmp::Ordering {
        let rank = |cell: &Self| match cell {
            Self::Null => 0,
            Self::Number(_) | Self::Time(_) | Self::Bool(_) => 1,
            Self::Text(_) => 2,
        };
        match (self, other) {
            (Self::Text(a), Self::Text(b)) => crate::variables::natural_order(a, b),
            _ => rank(self).cmp(&rank(other)).then_with(|| {
                let number = |cell: &Self| cell.number().unwrap_or(f64::NEG_INFINITY);
                number(self).total_cmp(&number(other))
            }),
        }
    }
}

/// The values of a field.
#[derive(Debug, Clone)]
pub enum Column {
    /// Moments; [`NULL`] is none. Units: milliseconds since the epoch.
    Time(Vec<f64>),
    /// Numbers; [`NULL`] is none.
    Number(Vec<f64>),
    /// Texts.
    Text(Vec<Option<String>>),
    /// Booleans.
    Bool(Vec<Option<bool>>),
}

impl PartialEq for Column {
    fn eq(&self, other: &Self) -> bool {
        self.kind_name() == other.kind_name()
            && self.len() == other.len()
            && (0..self.len()).all(|row| self.cell(row).same(&other.cell(row)))
    }
}

impl Column {
    /// How many values there are.
    pub fn len(&self) -> usize {
        match self {
            Self::Time(values) | Self::Number(values) => values.len(),
            Self::Text(values) => values.len(),
            Self::Bool(values) => values.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The word that dashboards use for the kind.
    pub fn kind_name(&self) -> &'static str {
        match self {
            Self::Time(_) => "time",
            Self::Number(_) => "number",
            Self::Text(_) => "string",
            Self::Bool(_) => "boolean",
        }
    }

    /// The value of a row; beyond the end there is nothing.
    pub fn cell(&self, row: usize) -> Cell {
        match self {
            Self::Time(values) => values
                .get(row)
                .filter(|value| !is_null(**value))
                .map_or(Cell::Null, |value| Cell::Time(*value)),
            Self::Number(values) => values
                .get(row)
                .filter(|value| !is_null(**value))
                .map_or(Cell::Null, |value| Cell::Number(*value)),
            Self::Text(values) => values
                .get(row)
                .cloned()
                .flatten()
                .map_or(Cell::Null, Cell::Text),
            Self::Bool(values) => values
                .get(row)
                .copied()
                .flatten()
                .map_or(Cell::Null, Cell::Bool),
        }
    }

    /// The number of a row, if there is one.
    pub fn number(&self, row: usize) -> Option<f64> {
        match self {
            Self::Time(values) | Self::Number(values) => {
                values.get(row).copied().filter(|value| !is_null(*value))
            }
            _ => self.cell(row).number(),
        }
    }

    /// An empty column of the same kind.
    #[must_use]
    pub fn like(&self) -> Self {
        match self {
            Self::Time(_) => Self::Time(Vec::new()),
            Self::Number(_) => Self::Number(Vec::new()),
            Self::Text(_) => Self::Text(Vec::new()),
            Self::Bool(_) => Self::Bool(Vec::new()),
        }
    }

    /// Adds a value at the end; one of another kind is converted, or becomes nothing.
    pub fn push(&mut self, cell: &Cell) {
        match self {
            Self::Time(values) | Self::Number(values) => values.push(cell.number().unwrap_or(NULL)),
            Self::Text(values) => values.push(match cell {
                Cell::Null => None,
                other => Some(other.plain_text()),
            }),
            Self::Bool(values) => values.push(match cell {
                Cell::Bool(flag) => Some(*flag),
                Cell::Text(text) => text.parse().ok(),
                other => other.number().map(|number| number != 0.0),
            }),
        }
    }

    /// A column of cells, of the kind of the first that is something.
    pub fn of_cells(cells: &[Cell]) -> Self {
        let first = cells.iter().find(|cell| **cell != Cell::Null);
        let mut column = match first {
            Some(Cell::Time(_)) => Self::Time(Vec::new()),
            Some(Cell::Text(_)) => Self::Text(Vec::new()),
            Some(Cell::Bool(_)) => Self::Bool(Vec::new()),
            _ => Self::Number(Vec::new()),
        };
        for cell in cells {
            column.push(cell);
        }
        column
    }

    /// The rows with these numbers, in their order; a number beyond the end gives nothing.
    #[must_use]
    pub fn pick(&self, rows: &[usize]) -> Self {
        let mut column = self.like();
        for row in rows {
            column.push(&self.cell(*row));
        }
        column
    }

    /// Whether the values are numbers.
    pub fn is_number(&self) -> bool {
        matches!(self, Self::Number(_))
    }

    /// Whether the values are moments.
    pub fn is_time(&self) -> bool {
        matches!(self, Self::Time(_))
    }
}

/// A named column.
#[derive(Debug, Clone)]
pub struct Field {
    /// Its own name.
    pub name: String,
    /// Labels of the series it holds.
    pub labels: Labels,
    /// Its values.
    pub column: Column,
    /// How it is shown.
    pub options: FieldOptions,
    /// The name that people see; set by [`configure`].
    pub shown_name: Option<String>,
    /// Its number among all fields of numbers, which gives it its colour; set by [`configure`].
    pub series_index: usize,
    /// Least and greatest, for scales of colours and bars; set by [`configure`].
    pub range: Option<(f64, f64)>,
}

impl Field {
    /// A field without labels and options.
    pub fn new(name: impl Into<String>, column: Column) -> Self {
        Self {
            name: name.into(),
            labels: Labels::empty(),
            column,
            options: FieldOptions::default(),
            shown_name: None,
            series_index: 0,
            range: None,
        }
    }

    /// The name that people see, or its own.
    pub fn label(&self) -> &str {
        self.shown_name.as_deref().unwrap_or(&self.name)
    }

    /// The same field with other values.
    #[must_use]
    pub fn with_column(&self, column: Column) -> Self {
        Self {
            column,
            ..self.clone()
        }
    }
}

/// What a frame holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FrameKind {
    /// One series: times and values.
    Series,
    /// Rows and columns.
    #[default]
    Table,
    /// Times and one column for each bucket, lowest first.
    HeatmapRows,
}

/// Columns of equal length.
#[derive(Debug, Clone, Default)]
pub struct Frame {
    /// Name of the series.
    pub name: Option<String>,
    /// Which query gave it.
    pub ref_id: Option<String>,
    /// What it holds.
    pub kind: FrameKind,
    /// The columns.
    pub fields: Vec<Field>,
}

impl Frame {
    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.fields
            .iter()
            .map(|field| field.column.len())
            .max()
            .unwrap_or(0)
    }

    /// The first column of moments.
    pub fn time_field(&self) -> Option<&Field> {
        self.fields.iter().find(|field| field.column.is_time())
    }

    /// The same frame with the rows of these numbers.
    #[must_use]
    pub fn pick(&self, rows: &[usize]) -> Self {
        Self {
            fields: self
                .fields
                .iter()
                .map(|field| field.with_column(field.column.pick(rows)))
                .collect(),
            ..self.clone()
        }
    }
}
