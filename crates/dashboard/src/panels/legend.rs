//! Legends and what is said under the pointer.

use crate::color::Color;
use crate::frame::{DisplayContext, Field, Shown};
use crate::json::Reading;
use crate::reduce::{Reducer, reduce};
use crate::variables::natural_order;
use serde_json::Value;

/// How the legend is shown.
#[derive(Debug, Clone, PartialEq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent switches of the document"
)]
pub struct LegendOptions {
    /// Whether it is.
    pub show: bool,
    /// As a table rather than a list.
    pub table: bool,
    /// At the right rather than below.
    pub right: bool,
    /// Width at the right. Units: pixels.
    pub width: Option<f64>,
    /// Calculations beside the names.
    pub calcs: Vec<Reducer>,
    /// Name of the column to sort by.
    pub sort_by: Option<String>,
    /// Greatest first.
    pub sort_descending: bool,
    /// How many names at first.
    pub limit: Option<usize>,
    /// Values in legends of pies: `value`, `percent`.
    pub values: Vec<String>,
}

impl LegendOptions {
    /// Reads `legend` of a panel's options; absent, it is a list below.
    pub fn read(options: &Value) -> Self {
        let legend = options.field("legend").unwrap_or(&Value::Null);
        Self {
            show: legend.flag("showLegend").unwrap_or(true)
                && legend.str("displayMode") != Some("hidden"),
            table: legend.str("displayMode") == Some("table") || legend.is("asTable"),
            right: legend.str("placement") == Some("right"),
            width: legend.number("width").filter(|width| *width > 0.0),
            calcs: legend
                .texts("calcs")
                .iter()
                .filter_map(|id| Reducer::parse(id))
                .collect(),
            sort_by: legend.text("sortBy"),
            sort_descending: legend.is("sortDesc"),
            limit: legend
                .number("limit")
                .filter(|n| *n > 0.0)
                .map(crate::number::to_usize),
            values: legend.texts("values"),
        }
    }
}

/// What is said under the pointer.
#[derive(Debug, Clone, PartialEq)]
pub struct TooltipOptions {
    /// Of all series rather than the nearest.
    pub all: bool,
    /// Whether anything is.
    pub show: bool,
    /// Least first, greatest first, or as they come.
    pub sort_descending: Option<bool>,
    /// Without zeros.
    pub hide_zeros: bool,
    /// Most width. Units: pixels.
    pub max_width: Option<f64>,
    /// Most height. Units: pixels.
    pub max_height: Option<f64>,
}

impl TooltipOptions {
    /// Reads `tooltip` of a panel's options; absent, it is of the nearest series.
    pub fn read(options: &Value) -> Self {
        let tooltip = options.field("tooltip").unwrap_or(&Value::Null);
        Self {
            all: tooltip.str("mode") == Some("multi"),
            show: tooltip.str("mode") != Some("none"),
            sort_descending: match tooltip.str("sort") {
                Some("asc") => Some(false),
                Some("desc") => Some(true),
                _ => None,
            },
            hide_zeros: tooltip.is("hideZeros"),
            max_width: tooltip.number("maxWidth"),
            max_height: tooltip.number("maxHeight"),
        }
    }
}

/// A name of the legend.
#[derive(Debug, Clone, PartialEq)]
pub struct LegendRow {
    /// Its number among the fields that were given.
    pub index: usize,
    /// Name.
    pub name: String,
    /// Colour of the series.
    pub color: Color,
    /// Calculations, in the order of the options.
    pub values: Vec<Shown>,
}

/// The rows of a legend, sorted as the options say.
pub fn legend_rows(
    fields: &[&Field],
    options: &LegendOptions,
    context: &DisplayContext<'_>,
) -> Vec<LegendRow> {
    let mut rows: Vec<LegendRow> = fields
        .iter()
        .enumerate()
        .filter(|(_, field)| !field.options.hidden_from("legend"))
        .map(|(index, field)| LegendRow {
            index,
            name: field.label().to_owned(),
            color: field.color(context),
            values: options
                .calcs
                .iter()
                .map(|reducer| calculated(field, *reducer, context))
                .collect(),
        })
        .collect();
    let Some(column) = &options.sort_by else {
        return rows;
    };
    let place = options.calcs.iter().position(|reducer| {
        let name = reducer.name();
        // Older documents have the ids, and older Grafanas wrote Last (not null).
        name == *column
            || reducer.id() == *column
            || *column == "Last (not null)" && name == "Last *"
    });
    if place.is_none() && column != "Name" {
        return rows;
    }
    rows.sort_by(|a, b| {
        let order = match place {
            Some(place) => {
                let value = |row: &LegendRow| {
                    row.values
                        .get(place)
                        .and_then(|shown| shown.number)
                        .filter(|number| !number.is_nan())
                        .unwrap_or(f64::NEG_INFINITY)
                };
                value(a).total_cmp(&value(b))
            }
            None => natural_order(&a.name, &b.name),
        };
        if options.sort_descending {
            order.reverse()
        } else {
            order
        }
    });
    rows
}

/// A calculation of a field in the field's unit, or none of its own.
pub(super) fn calculated(field: &Field, reducer: Reducer, context: &DisplayContext<'_>) -> Shown {
    let cell = reduce(&field.column, reducer);
    if reducer.keeps_unit() {
        return field.display(context).show(&cell);
    }
    let mut plain = field.with_column(field.column.like());
    plain.options.unit = matches!(reducer, Reducer::DiffPercent).then(|| "percentunit".to_owned());
    plain.options.decimals = None;
    plain.options.mappings.clear();
    plain.display(context).show(&cell)
}
