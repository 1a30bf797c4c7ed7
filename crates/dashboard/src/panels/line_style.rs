//! How lines, bars and points look.

use crate::json::{Object, Reading, number_of};
use serde_json::Value;

/// What a series is drawn as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DrawStyle {
    /// A line.
    #[default]
    Line,
    /// Bars.
    Bars,
    /// Points.
    Points,
}

/// How two points are joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Interpolation {
    /// Straight.
    #[default]
    Linear,
    /// Rounded.
    Smooth,
    /// The value holds before its time.
    StepBefore,
    /// The value holds after its time.
    StepAfter,
}

/// Whether points of lines are marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ShowPoints {
    /// Where they are far enough apart.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// Whether lines go on over nothing.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum SpanNulls {
    /// No.
    #[default]
    Never,
    /// Yes.
    Always,
    /// Over less than so many milliseconds.
    Below(f64),
}

/// Whether series stand on each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum StackMode {
    /// No.
    #[default]
    None,
    /// Yes.
    Normal,
    /// Yes, as parts of a hundred.
    Percent,
}

/// Where an axis is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum AxisPlacement {
    /// Left for the first unit, right for others.
    #[default]
    Auto,
    /// Left.
    Left,
    /// Right.
    Right,
    /// Not shown.
    Hidden,
}

/// How values are spread along an axis.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum ScaleKind {
    /// Evenly.
    #[default]
    Linear,
    /// By their logarithm, in this base.
    Log(f64),
    /// By their logarithm beyond the threshold, in this base.
    SymLog {
        /// Base.
        base: f64,
        /// Up to here evenly.
        threshold: f64,
    },
}

/// How a series looks.
#[derive(Debug, Clone, PartialEq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent switches of the document"
)]
pub struct LineStyle {
    /// What it is drawn as.
    pub draw: DrawStyle,
    /// How points are joined.
    pub interpolation: Interpolation,
    /// Units: pixels.
    pub line_width: f64,
    /// Lengths of dashes and of gaps in turn; none for a whole line. Units: pixels.
    pub dash: Vec<f64>,
    /// Whether dashes are dots with round ends.
    pub dots: bool,
    /// Bounds: 0 to 100.
    pub fill_opacity: f64,
    /// `none`, `opacity`, `hue` or `scheme`.
    pub gradient: String,
    /// Name of the series down to which the area is filled.
    pub fill_below_to: Option<String>,
    /// Whether points are marked.
    pub show_points: ShowPoints,
    /// Units: pixels.
    pub point_size: f64,
    /// -1 before, 0 around, 1 after its time.
    pub bar_alignment: i64,
    /// Part of the room that a bar takes. Bounds: 0 to 1.
    pub bar_width: f64,
    /// Units: pixels.
    pub bar_max_width: Option<f64>,
    /// Whether lines go on over nothing.
    pub span_nulls: SpanNulls,
    /// Gaps of more than so many milliseconds break lines.
    pub insert_nulls: Option<f64>,
    /// Whether it stands on others.
    pub stack: StackMode,
    /// On which.
    pub stack_group: String,
    /// Whether values are turned round.
    pub negative: bool,
    /// Whether the first value holds everywhere.
    pub constant: bool,
    /// `off`, `line`, `dashed`, `area`, `line+area`, `dashed+area`.
    pub thresholds: String,
    /// Whether values are written beside points.
    pub show_values: bool,
    /// Where its axis is.
    pub axis: AxisPlacement,
    /// What stands beside the axis.
    pub axis_label: String,
    /// Units: pixels.
    pub axis_width: Option<f64>,
    /// The axis reaches at least down to here.
    pub soft_min: Option<f64>,
    /// The axis reaches at least up to here.
    pub soft_max: Option<f64>,
    /// Whether zero is in the middle.
    pub centered_zero: bool,
    /// Whether the axis has the colour of the series.
    pub axis_in_color: bool,
    /// Whether lines of the grid belong to the axis; `None` decides by place.
    pub axis_grid: Option<bool>,
    /// How values are spread.
    pub scale: ScaleKind,
}

impl LineStyle {
    /// Reads the options that a field has for its kind of panel.
    pub fn read(custom: &Object) -> Self {
        let number = |key: &str, default: f64| custom.number(key).unwrap_or(default);
        let draw = match custom.str("drawStyle") {
            Some("bars") => DrawStyle::Bars,
            Some("points") => DrawStyle::Points,
            _ => DrawStyle::Line,
        };
        let (dash, dots) = dash(custom.field("lineStyle"));
        let stacking = custom.field("stacking").unwrap_or(&Value::Null);
        Self {
            draw,
            interpolation: match custom.str("lineInterpolation") {
                Some("smooth") => Interpolation::Smooth,
                Some("stepBefore") => Interpolation::StepBefore,
                Some("stepAfter") => Interpolation::StepAfter,
                _ => Interpolation::Linear,
            },
            line_width: number("lineWidth", 1.0).clamp(0.0, 10.0),
            dash,
            dots,
            fill_opacity: number("fillOpacity", 0.0).clamp(0.0, 100.0),
            gradient: custom.text("gradientMode").unwrap_or_else(|| "none".into()),
            fill_below_to: custom.text("fillBelowTo").filter(|name| !name.is_empty()),
            show_points: match custom.str("showPoints") {
                Some("always") => ShowPoints::Always,
                Some("never") => ShowPoints::Never,
                _ => ShowPoints::Auto,
            },
            point_size: number("pointSize", 5.0).clamp(1.0, 40.0),
            bar_alignment: custom.whole("barAlignment").unwrap_or(0).clamp(-1, 1),
            bar_width: number("barWidthFactor", 0.6).clamp(0.01, 1.0),
            bar_max_width: custom.number("barMaxWidth"),
            span_nulls: match custom.field("spanNulls") {
                Some(Value::Bool(true)) => SpanNulls::Always,
                Some(Value::Number(ms)) => SpanNulls::Below(ms.as_f64().unwrap_or(0.0)),
                _ => SpanNulls::Never,
            },
            insert_nulls: custom
                .field("insertNulls")
                .filter(|value| value.is_number())
                .and_then(number_of),
            stack: match stacking.str("mode") {
                Some("normal") => StackMode::Normal,
                Some("percent") => StackMode::Percent,
                _ => StackMode::None,
            },
            // Also `false`, by which a series is kept out of the others' stack.
            stack_group: match stacking.field("group") {
                Some(Value::String(group)) => group.clone(),
                Some(Value::Bool(group)) => group.to_string(),
                _ => "A".to_owned(),
            },
            negative: custom.str("transform") == Some("negative-Y"),
            constant: custom.str("transform") == Some("constant"),
            thresholds: custom
                .at(&["thresholdsStyle", "mode"])
                .and_then(crate::json::text_of)
                .unwrap_or_else(|| "off".into()),
            show_values: custom.is("showValues"),
            axis: match custom.str("axisPlacement") {
                Some("left") => AxisPlacement::Left,
                Some("right") => AxisPlacement::Right,
                Some("hidden") => AxisPlacement::Hidden,
                _ => AxisPlacement::Auto,
            },
            axis_label: custom.text("axisLabel").unwrap_or_default(),
            axis_width: custom.number("axisWidth"),
            soft_min: custom.number("axisSoftMin"),
            soft_max: custom.number("axisSoftMax"),
            centered_zero: custom.is("axisCenteredZero"),
            axis_in_color: custom.str("axisColorMode") == Some("series"),
            axis_grid: custom.flag("axisGridShow"),
            scale: scale(custom.field("scaleDistribution")),
        }
    }
}

fn dash(style: Option<&Value>) -> (Vec<f64>, bool) {
    let Some(style) = style else {
        return (Vec::new(), false);
    };
    let own: Vec<f64> = style.list("dash").iter().filter_map(number_of).collect();
    let or = |default: [f64; 2]| {
        if own.is_empty() {
            default.to_vec()
        } else {
            own.clone()
        }
    };
    match style.str("fill") {
        Some("dash" | "square") => (or([10.0, 10.0]), false),
        Some("dot") => (or([0.0, 10.0]), true),
        _ => (Vec::new(), false),
    }
}

pub(super) fn scale(value: Option<&Value>) -> ScaleKind {
    let Some(value) = value else {
        return ScaleKind::Linear;
    };
    let base = value
        .number("log")
        .filter(|base| *base > 1.0)
        .unwrap_or(2.0);
    match value.str("type") {
        Some("log") => ScaleKind::Log(base),
        Some("symlog") => ScaleKind::SymLog {
            base,
            threshold: value.number("linearThreshold").unwrap_or(1.0),
        },
        _ => ScaleKind::Linear,
    }
}
