//! Buckets over time, by colour.

use crate::color::{Color, scheme_color};
use crate::frame::{Column, DisplayContext, Field, Frame, FrameKind, is_null};
use crate::interval::{fit_interval, parse_interval};
use crate::json::Reading;
use crate::transform::{HistogramOptions, align, histogram_buckets};
use crate::units::UnitFormat;
use serde_json::Value;

/// The options of the panel.
#[derive(Debug, Clone)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent switches of the document"
)]
pub struct HeatmapOptions {
    /// Whether buckets are made here, of plain series.
    pub calculate: bool,
    /// Width of buckets of time, if it is said. Units: milliseconds.
    pub x_size: Option<i64>,
    /// How many buckets of time, if it is said.
    pub x_count: Option<i64>,
    /// Height of buckets of values, if it is said.
    pub y_size: Option<f64>,
    /// How many buckets of values, if it is said.
    pub y_count: Option<f64>,
    /// Scheme of colours; `None` takes shades of `fill`.
    pub scheme: Option<String>,
    /// The one colour.
    pub fill: String,
    /// How fast colours change at low counts.
    pub exponent: f64,
    /// Into how many colours the scheme is cut.
    pub steps: f64,
    /// Whether the scheme runs backwards.
    pub reverse: bool,
    /// The count of the first colour, if it is said.
    pub min: Option<f64>,
    /// The count of the last colour, if it is said.
    pub max: Option<f64>,
    /// Counts up to here are not drawn.
    pub hide_below: f64,
    /// Counts from here on are not drawn.
    pub hide_above: Option<f64>,
    /// Units: pixels.
    pub cell_gap: f64,
    /// Unit of the buckets.
    pub y_unit: String,
    /// Decimals of the buckets.
    pub y_decimals: Option<u8>,
    /// Whether low buckets are on top.
    pub y_reverse: bool,
    /// Whether bounds are lower ones.
    pub lower_bounds: bool,
    /// Whether the colours are explained.
    pub show_legend: bool,
    /// Id of the unit of counts.
    pub cell_unit: String,
}

impl HeatmapOptions {
    /// Reads the options.
    pub fn read(options: &Value) -> Self {
        let null = Value::Null;
        let color = options.field("color").unwrap_or(&null);
        let axis = options.field("yAxis").unwrap_or(&null);
        let calculation = options.field("calculation").unwrap_or(&null);
        let bucket = |axis: &str, mode: &str| {
            let bucket = calculation.field(axis)?;
            (bucket.str("mode").unwrap_or("size") == mode)
                .then(|| bucket.text("value"))
                .flatten()
                .filter(|value| !value.is_empty())
        };
        let filter = options.field("filterValues").unwrap_or(&null);
        Self {
            calculate: options.is("calculate"),
            x_size: bucket("xBuckets", "size").and_then(|text| parse_interval(&text).ok()),
            x_count: bucket("xBuckets", "count").and_then(|text| text.parse().ok()),
            y_size: bucket("yBuckets", "size").and_then(|text| text.parse().ok()),
            y_count: bucket("yBuckets", "count").and_then(|text| text.parse().ok()),
            scheme: (color.str("mode") != Some("opacity"))
                .then(|| color.str("scheme").unwrap_or("Oranges").to_owned()),
            fill: color.str("fill").unwrap_or("dark-orange").to_owned(),
            exponent: if color.str("scale") == Some("linear") {
                1.0
            } else {
                color.number("exponent").unwrap_or(0.5)
            },
            steps: color.number("steps").unwrap_or(64.0).clamp(2.0, 256.0),
            reverse: color.is("reverse"),
            min: color.number("min"),
            max: color.number("max"),
            hide_below: filter.number("le").unwrap_or(1e-9),
            hide_above: filter.number("ge"),
            cell_gap: options.number("cellGap").unwrap_or(1.0),
            y_unit: axis.text("unit").unwrap_or_default(),
            y_decimals: axis
                .number("decimals")
                .and_then(|n| u8::try_from(crate::number::to_i64(n)).ok()),
            y_reverse: axis.is("reverse"),
            lower_bounds: options.at(&["rowsFrame", "layout"]).and_then(Value::as_str)
                == Some("ge"),
            show_legend: options.at(&["legend", "show"]) != Some(&Value::Bool(false)),
            cell_unit: options
                .at(&["cellValues", "unit"])
                .and_then(crate::json::text_of)
                .unwrap_or_default(),
        }
    }
}

/// A bucket of values.
#[derive(Debug, Clone, PartialEq)]
pub struct YBucket {
    /// Its name.
    pub label: String,
    /// Lower end, if it is a number.
    pub low: Option<f64>,
    /// Upper end, if it is a number.
    pub high: Option<f64>,
}

/// A cell that is drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HeatmapCell {
    /// Number of its column among [`Heatmap::xs`].
    pub x: usize,
    /// Number of its bucket among [`Heatmap::ys`].
    pub y: usize,
    /// How many values are in it.
    pub count: f64,
    /// Its colour.
    pub color: Color,
}

/// What the panel draws.
#[derive(Debug, Clone)]
pub struct Heatmap {
    /// Its options.
    pub options: HeatmapOptions,
    /// Where columns begin. Units: milliseconds since the epoch.
    pub xs: Vec<f64>,
    /// How wide columns are. Units: milliseconds.
    pub x_size: f64,
    /// Buckets, lowest first.
    pub ys: Vec<YBucket>,
    /// Cells with something in them.
    pub cells: Vec<HeatmapCell>,
    /// Counts of the first and the last colour.
    pub scale: (f64, f64),
}

/// Columns of counts before they have colours: Shape: `counts[y][x]`.
struct Grid {
    xs: Vec<f64>,
    ys: Vec<YBucket>,
    counts: Vec<Vec<f64>>,
}

impl Heatmap {
    /// Computes what is drawn.
    pub fn new(frames: &[Frame], options: &Value, context: &DisplayContext<'_>) -> Self {
        let options = HeatmapOptions::read(options);
        let grid = if options.calculate {
            calculated(frames, &options)
        } else {
            given(frames, &options)
        };
        let drawn = |count: f64| {
            count.is_finite()
                && !is_null(count)
                && count > options.hide_below
                && options.hide_above.is_none_or(|above| count < above)
        };
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        for count in grid
            .counts
            .iter()
            .flatten()
            .copied()
            .filter(|count| drawn(*count))
        {
            low = low.min(count);
            high = high.max(count);
        }
        let scale = (
            options
                .min
                .unwrap_or(if low.is_finite() { low } else { 0.0 }),
            options
                .max
                .unwrap_or(if high.is_finite() { high } else { 1.0 }),
        );
        let mut cells = Vec::new();
        for (y, counts) in grid.counts.iter().enumerate() {
            for (x, count) in counts.iter().copied().enumerate() {
                if drawn(count) {
                    cells.push(HeatmapCell {
                        x,
                        y,
                        count,
                        color: color(count, scale, &options, context),
                    });
                }
            }
        }
        let x_size = grid
            .xs
            .iter()
            .zip(grid.xs.iter().skip(1))
            .map(|(a, b)| b - a)
            .fold(f64::INFINITY, f64::min);
        Self {
            x_size: if x_size.is_finite() { x_size } else { 60_000.0 },
            xs: grid.xs,
            ys: grid.ys,
            cells,
            scale,
            options,
        }
    }
}

/// Rows that the query gave.
fn given(frames: &[Frame], options: &HeatmapOptions) -> Grid {
    let buckets = frames
        .iter()
        .find(|frame| frame.kind == FrameKind::HeatmapRows);
    let joined = match buckets {
        Some(frame) => vec![frame.clone()],
        None => align(frames),
    };
    let Some(frame) = joined.first() else {
        return Grid {
            xs: Vec::new(),
            ys: Vec::new(),
            counts: Vec::new(),
        };
    };
    let xs = match frame.time_field().map(|field| &field.column) {
        Some(Column::Time(times)) => times.clone(),
        _ => Vec::new(),
    };
    let mut rows: Vec<(&Field, Option<f64>)> = frame
        .fields
        .iter()
        .filter(|field| field.column.is_number())
        .map(|field| (field, model::parse_value(field.label().trim()).ok()))
        .collect();
    if rows.iter().all(|(_, bound)| bound.is_some()) {
        rows.sort_by(|a, b| a.1.unwrap_or(0.0).total_cmp(&b.1.unwrap_or(0.0)));
    }
    let unit = unit_of(frame, options);
    let mut ys = Vec::with_capacity(rows.len());
    for (i, (field, bound)) in rows.iter().enumerate() {
        let neighbour =
            |at: Option<usize>| at.and_then(|at| rows.get(at)).and_then(|(_, bound)| *bound);
        let (low, high) = if options.lower_bounds {
            (*bound, neighbour(Some(i + 1)))
        } else {
            (neighbour(i.checked_sub(1)), *bound)
        };
        ys.push(YBucket {
            label: match bound {
                Some(bound) => label(*bound, &unit, options),
                None => field.label().to_owned(),
            },
            low,
            high,
        });
    }
    let counts = rows
        .iter()
        .map(|(field, _)| match &field.column {
            Column::Number(values) => values.clone(),
            _ => Vec::new(),
        })
        .collect();
    Grid { xs, ys, counts }
}

/// Buckets of plain series.
fn calculated(frames: &[Frame], options: &HeatmapOptions) -> Grid {
    let mut points: Vec<(f64, f64)> = Vec::new();
    for frame in frames {
        let Some(Column::Time(times)) = frame.time_field().map(|field| &field.column) else {
            continue;
        };
        for field in &frame.fields {
            if let Column::Number(values) = &field.column {
                let present = times.iter().copied().zip(values.iter().copied());
                points.extend(present.filter(|(_, value)| value.is_finite()));
            }
        }
    }
    let span = points
        .iter()
        .fold(None, |found: Option<(f64, f64)>, (time, _)| {
            let (low, high) = found.unwrap_or((*time, *time));
            Some((low.min(*time), high.max(*time)))
        });
    let Some((first, last)) = span else {
        return Grid {
            xs: Vec::new(),
            ys: Vec::new(),
            counts: Vec::new(),
        };
    };
    let range = crate::number::to_i64(last - first).max(1);
    let size = options
        .x_size
        .unwrap_or_else(|| fit_interval(range, options.x_count.unwrap_or(50), 1))
        as f64;
    let start = (first / size).floor() * size;
    let columns = crate::number::to_usize((last - start) / size)
        .saturating_add(1)
        .min(5000);
    let values: Vec<f64> = points.iter().map(|(_, value)| *value).collect();
    let settings = HistogramOptions {
        size: options.y_size,
        count: options.y_count.or(Some(20.0)),
        ..HistogramOptions::default()
    };
    let buckets = histogram_buckets(&[&values], &settings);
    let mut counts = vec![vec![0.0; columns]; buckets.low.len()];
    for (time, value) in points {
        let x = crate::number::to_usize((time - start) / size);
        let y = buckets
            .low
            .iter()
            .rposition(|low| *low <= value)
            .unwrap_or(0);
        if let Some(cell) = counts
            .get_mut(y)
            .and_then(|row: &mut Vec<f64>| row.get_mut(x))
        {
            *cell += 1.0;
        }
    }
    let unit = UnitFormat::new(&options.y_unit);
    let ys = buckets
        .low
        .iter()
        .zip(&buckets.high)
        .map(|(low, high)| YBucket {
            label: label(*high, &unit, options),
            low: Some(*low),
            high: Some(*high),
        })
        .collect();
    Grid {
        xs: (0..columns).map(|x| start + x as f64 * size).collect(),
        ys,
        counts,
    }
}

fn unit_of(frame: &Frame, options: &HeatmapOptions) -> UnitFormat {
    let own = frame
        .fields
        .iter()
        .find_map(|field| field.options.unit.as_deref());
    UnitFormat::new(if options.y_unit.is_empty() {
        own.unwrap_or_default()
    } else {
        &options.y_unit
    })
}

fn label(bound: f64, unit: &UnitFormat, options: &HeatmapOptions) -> String {
    if bound == f64::INFINITY {
        return "+Inf".into();
    }
    unit.format(
        bound,
        options.y_decimals,
        &crate::units::DateContext::default(),
    )
    .to_string()
}

fn color(
    count: f64,
    (low, high): (f64, f64),
    options: &HeatmapOptions,
    context: &DisplayContext<'_>,
) -> Color {
    let part = if high > low {
        ((count - low) / (high - low)).clamp(0.0, 1.0)
    } else {
        1.0
    };
    let curved = part.powf(options.exponent.max(0.01));
    match &options.scheme {
        None => Color::named(&options.fill, context.theme).with_alpha(curved.max(0.02)),
        Some(scheme) => {
            let cut = (curved * (options.steps - 1.0)).round() / (options.steps - 1.0);
            // Sequential schemes run from light to dark; as in Grafana, few is light and many is dark.
            let at = if options.reverse { 1.0 - cut } else { cut };
            scheme_color(scheme, at, context.theme).unwrap_or(Color::FALLBACK)
        }
    }
}
