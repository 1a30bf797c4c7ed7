//! Rows and columns.

use crate::color::Color;
use crate::frame::{DisplayContext, Field, Frame, Shown};
use crate::json::Reading;
use crate::reduce::Reducer;
use crate::transform::sorted;
use serde_json::Value;

/// The options of the panel.
#[derive(Debug, Clone, PartialEq)]
pub struct TableOptions {
    /// Whether columns have names.
    pub show_header: bool,
    /// `sm`, `md` or `lg`.
    pub cell_height: String,
    /// Columns to sort by, the first first, and whether greatest first.
    pub sort_by: Vec<(String, bool)>,
    /// Calculations under columns.
    pub footer: Vec<Reducer>,
    /// Columns that have them; all of numbers if empty.
    pub footer_fields: Vec<String>,
    /// Whether rows are counted there instead.
    pub count_rows: bool,
    /// Whether rows are on pages.
    pub pages: bool,
    /// Which of several frames is shown.
    pub frame_index: usize,
}

impl TableOptions {
    /// Reads the options.
    pub fn read(options: &Value) -> Self {
        let footer = options.field("footer").unwrap_or(&Value::Null);
        Self {
            show_header: options.flag("showHeader").unwrap_or(true),
            cell_height: options.str("cellHeight").unwrap_or("sm").to_owned(),
            sort_by: options
                .list("sortBy")
                .iter()
                .filter_map(|item| Some((item.text("displayName")?, item.is("desc"))))
                .collect(),
            footer: if footer.is("show") {
                footer
                    .texts("reducer")
                    .iter()
                    .filter_map(|id| Reducer::parse(id))
                    .collect()
            } else {
                Vec::new()
            },
            footer_fields: footer
                .texts("fields")
                .into_iter()
                .filter(|name| !name.is_empty())
                .collect(),
            count_rows: footer.is("show") && footer.is("countRows"),
            pages: footer.is("enablePagination") || options.is("enablePagination"),
            frame_index: options
                .number("frameIndex")
                .map_or(0, crate::number::to_usize),
        }
    }
}

/// How a cell is drawn.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum TableCellStyle {
    /// Text, or what the value is.
    #[default]
    Auto,
    /// Text in the value's colour.
    ColorText,
    /// Ground in the value's colour.
    ColorBackground {
        /// Running into a neighbouring colour.
        gradient: bool,
        /// The whole row.
        row: bool,
    },
    /// A bar: `basic`, `gradient` or `lcd`.
    Gauge(String),
    /// Another kind, drawn as text.
    Other(String),
}

/// A column.
#[derive(Debug, Clone)]
pub struct TableColumn {
    /// Number of its field.
    pub field: usize,
    /// Name.
    pub name: String,
    /// Units: pixels.
    pub width: Option<f64>,
    /// Units: pixels.
    pub min_width: f64,
    /// `left`, `center` or `right`.
    pub align: &'static str,
    /// Whether it offers a filter.
    pub filterable: bool,
    /// Whether cells break lines.
    pub wrap: bool,
    /// Whether cells can be looked at in full.
    pub inspect: bool,
    /// How cells are drawn.
    pub style: TableCellStyle,
    /// Text under the column.
    pub footer: String,
}

/// A cell.
#[derive(Debug, Clone)]
pub struct TableCell {
    /// The value.
    pub shown: Shown,
    /// Colour of the text; `None` is the page's.
    pub text_color: Option<Color>,
    /// Colour of the ground; `None` is the page's.
    pub background: Option<Color>,
}

/// What the panel draws; cells are computed as they are asked for, since few of many are seen.
#[derive(Debug, Clone)]
pub struct Table {
    /// Its options.
    pub options: TableOptions,
    /// Its columns, left to right; hidden ones are not there.
    pub columns: Vec<TableColumn>,
    /// The rows, sorted.
    pub frame: Frame,
    /// Names of the frames to choose from.
    pub frame_names: Vec<String>,
}

impl Table {
    /// Prepares what is drawn.
    pub fn new(frames: &[Frame], options: &Value, context: &DisplayContext<'_>) -> Self {
        let options = TableOptions::read(options);
        let index = options.frame_index.min(frames.len().saturating_sub(1));
        let mut frame = frames.get(index).cloned().unwrap_or_default();
        for (name, descending) in options.sort_by.iter().rev() {
            if let Some(at) = frame.fields.iter().position(|field| field.label() == name) {
                frame = sorted(&frame, at, *descending);
            }
        }
        let columns = columns(&frame, &options, context);
        let frame_names = frames
            .iter()
            .enumerate()
            .map(|(i, frame)| {
                let name = frame.name.clone().or_else(|| frame.ref_id.clone());
                name.unwrap_or_else(|| format!("Series {}", i + 1))
            })
            .collect();
        Self {
            options,
            columns,
            frame,
            frame_names,
        }
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.frame.rows()
    }

    /// The cells of a row, one for each column.
    pub fn row(&self, row: usize, context: &DisplayContext<'_>) -> Vec<TableCell> {
        let mut whole_row = None;
        let mut cells: Vec<TableCell> = self
            .columns
            .iter()
            .filter_map(|column| {
                let field = self.frame.fields.get(column.field)?;
                let shown = field.display(context).show(&field.column.cell(row));
                let color = Some(shown.color).filter(|color| color.alpha > 0.0);
                let (text_color, background) = match &column.style {
                    TableCellStyle::ColorText => (color, None),
                    TableCellStyle::ColorBackground { row, .. } => {
                        if *row {
                            whole_row = color;
                        }
                        (color.map(Color::contrasting), color)
                    }
                    _ => (None, None),
                };
                Some(TableCell {
                    shown,
                    text_color,
                    background,
                })
            })
            .collect();
        if let Some(color) = whole_row {
            for cell in cells.iter_mut().filter(|cell| cell.background.is_none()) {
                cell.background = Some(color);
                cell.text_color = Some(color.contrasting());
            }
        }
        cells
    }
}

fn columns(
    frame: &Frame,
    options: &TableOptions,
    context: &DisplayContext<'_>,
) -> Vec<TableColumn> {
    let mut columns: Vec<TableColumn> = Vec::new();
    for (index, field) in frame.fields.iter().enumerate() {
        if field.options.hidden_from("viz") {
            continue;
        }
        let custom = &field.options.custom;
        let counted = options.count_rows && columns.is_empty();
        columns.push(TableColumn {
            field: index,
            name: field.label().to_owned(),
            width: custom.number("width").filter(|width| *width > 0.0),
            min_width: custom.number("minWidth").unwrap_or(150.0),
            align: match custom.str("align") {
                Some("left") => "left",
                Some("center") => "center",
                Some("right") => "right",
                _ if field.column.is_number() => "right",
                _ => "left",
            },
            filterable: custom
                .flag("filterable")
                .or(field.options.filterable)
                .unwrap_or(false),
            wrap: custom.is("wrapText")
                || custom.at(&["cellOptions", "wrapText"]) == Some(&Value::Bool(true)),
            inspect: custom.is("inspect"),
            style: style(custom.field("cellOptions")),
            footer: if counted {
                format!("Count {}", frame.rows())
            } else {
                footer(field, options, context)
            },
        });
    }
    columns
}

fn style(options: Option<&Value>) -> TableCellStyle {
    let Some(options) = options else {
        return TableCellStyle::Auto;
    };
    match options.str("type") {
        Some("color-text") => TableCellStyle::ColorText,
        Some("color-background") => TableCellStyle::ColorBackground {
            gradient: options.str("mode").unwrap_or("gradient") == "gradient",
            row: options.is("applyToRow"),
        },
        Some("gauge") => {
            TableCellStyle::Gauge(options.str("mode").unwrap_or("gradient").to_owned())
        }
        None | Some("auto") => TableCellStyle::Auto,
        Some(other) => TableCellStyle::Other(other.to_owned()),
    }
}

fn footer(field: &Field, options: &TableOptions, context: &DisplayContext<'_>) -> String {
    let named = options
        .footer_fields
        .iter()
        .any(|name| name == field.label() || *name == field.name);
    if options.count_rows
        || !field.column.is_number()
        || !(named || options.footer_fields.is_empty())
    {
        return String::new();
    }
    options
        .footer
        .iter()
        .map(|reducer| {
            super::legend::calculated(field, *reducer, context)
                .text
                .to_string()
        })
        .collect::<Vec<_>>()
        .join(" ")
}
