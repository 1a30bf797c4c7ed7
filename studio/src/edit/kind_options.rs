//! The fields of each kind of panel.

use super::form::{Item, word};
use super::value_options::HISTOGRAM;
use dashboard::PanelKind;
use serde_json::json;

/// A path in the options of the kind of panel.
macro_rules! option {
    ($($step:literal),+) => { &["options", $($step),+] };
}

/// A path in what holds for all fields of the kind of panel.
macro_rules! custom {
    ($($step:literal),+) => { &["fieldConfig", "defaults", "custom", $($step),+] };
}

/// A group of fields: its title and what is in it.
pub(super) type Group = (super::form::Word, &'static [Item]);

const STYLE: &[&str] = custom!("drawStyle");
const SCALE: &[&str] = custom!("scaleDistribution", "type");
const CELL: &[&str] = custom!("cellOptions", "type");
const CALCULATED: &[&str] = option!("calculate");
const SIZING: &[&str] = option!("sizing");
const TEXT: &[&str] = option!("mode");

/// The groups of a kind of panel.
pub(super) fn groups(kind: &PanelKind) -> &'static [Group] {
    match kind {
        PanelKind::TimeSeries => &[(word!(dashboards.lines), LINES), (word!(boards.axis), AXIS)],
        PanelKind::Stat => &[
            (word!(dashboards.single), SINGLE),
            (word!(boards.looks), STAT),
        ],
        PanelKind::Gauge => &[
            (word!(dashboards.single), SINGLE),
            (word!(boards.looks), GAUGE),
        ],
        PanelKind::BarGauge => &[
            (word!(dashboards.single), SINGLE),
            (word!(boards.looks), BAR_GAUGE),
        ],
        PanelKind::PieChart => &[
            (word!(dashboards.single), SINGLE),
            (word!(boards.looks), PIE),
        ],
        PanelKind::BarChart => &[(word!(boards.looks), BAR_CHART)],
        PanelKind::Table => &[
            (word!(boards.table_of), TABLE),
            (word!(boards.cells), CELLS),
        ],
        PanelKind::Heatmap => &[
            (word!(boards.buckets), HEATMAP),
            (word!(dashboards.color), HEAT_COLORS),
        ],
        PanelKind::Histogram => &[(word!(boards.buckets), HISTOGRAM)],
        PanelKind::StateTimeline => &[(word!(boards.looks), TIMELINE)],
        PanelKind::StatusHistory => &[(word!(boards.looks), HISTORY)],
        PanelKind::Text => &[(word!(dashboards.text_mode), TEXTS)],
        _ => &[],
    }
}

/// How lines, bars and points are drawn.
const LINES: &[Item] = &[
    Item::choice(
        word!(dashboards.draw_style),
        STYLE,
        &["line", "bars", "points"],
    ),
    Item::choice(
        word!(dashboards.interpolation),
        custom!("lineInterpolation"),
        &["linear", "smooth", "stepBefore", "stepAfter"],
    )
    .only(STYLE, &["", "line"]),
    Item::number(word!(dashboards.line_width), custom!("lineWidth")),
    Item::number(word!(dashboards.fill), custom!("fillOpacity")),
    Item::choice(
        word!(boards.line_style),
        custom!("lineStyle", "fill"),
        &["solid", "dash", "dot"],
    )
    .only(STYLE, &["", "line"]),
    Item::choice(
        word!(dashboards.stacking),
        custom!("stacking", "mode"),
        &["none", "normal", "percent"],
    ),
    Item::text(word!(boards.fill_below), custom!("fillBelowTo"), ""),
    Item::choice(
        word!(dashboards.points),
        custom!("showPoints"),
        &["auto", "always", "never"],
    ),
    Item::number(word!(boards.point_size), custom!("pointSize")),
    Item::number(word!(boards.bar_width), custom!("barWidthFactor")).only(STYLE, &["bars"]),
    Item::choice(
        word!(dashboards.show_thresholds),
        custom!("thresholdsStyle", "mode"),
        &["off", "line", "dashed", "area", "line+area", "dashed+area"],
    ),
    Item::flag(word!(dashboards.connect), custom!("spanNulls"), false),
];

/// The axis of values.
const AXIS: &[Item] = &[
    Item::choice(
        word!(dashboards.placement),
        custom!("axisPlacement"),
        &["auto", "left", "right", "hidden"],
    ),
    Item::text(word!(dashboards.axis_label), custom!("axisLabel"), ""),
    Item::number(word!(boards.soft_min), custom!("axisSoftMin")),
    Item::number(word!(boards.soft_max), custom!("axisSoftMax")),
    Item::choice(word!(boards.scale), SCALE, &["linear", "log", "symlog"]),
    Item::number(word!(boards.log_base), custom!("scaleDistribution", "log"))
        .only(SCALE, &["log", "symlog"]),
    Item::flag(
        word!(boards.zero_centered),
        custom!("axisCenteredZero"),
        false,
    ),
];

/// Which numbers.
const SINGLE: &[Item] = &[
    Item::flag(
        word!(boards.each_row),
        option!("reduceOptions", "values"),
        false,
    ),
    Item::number(word!(boards.at_most), option!("reduceOptions", "limit"))
        .only(option!("reduceOptions", "values"), &["true"]),
    Item::text(
        word!(boards.fields),
        option!("reduceOptions", "fields"),
        "/cpu.*/",
    ),
    Item::choice(
        word!(dashboards.orientation),
        option!("orientation"),
        &["auto", "horizontal", "vertical"],
    ),
];

const STAT: &[Item] = &[
    Item::choice(
        word!(dashboards.color_mode),
        option!("colorMode"),
        &["value", "background", "background_solid", "none"],
    ),
    Item::choice(
        word!(dashboards.graph_mode),
        option!("graphMode"),
        &["area", "none"],
    ),
    Item::choice(
        word!(dashboards.text_mode),
        option!("textMode"),
        &["auto", "value", "value_and_name", "name", "none"],
    ),
    Item::choice(
        word!(boards.alignment),
        option!("justifyMode"),
        &["auto", "center"],
    ),
    Item::number(word!(boards.name_size), option!("text", "titleSize")),
    Item::number(word!(boards.value_size), option!("text", "valueSize")),
    Item::flag(word!(boards.wide), option!("wideLayout"), true),
    Item::flag(
        word!(boards.show_change),
        option!("showPercentChange"),
        false,
    ),
    Item::choice(
        word!(boards.change_colors),
        option!("percentChangeColorMode"),
        &["standard", "inverted"],
    )
    .only(option!("showPercentChange"), &["true"]),
];

const GAUGE: &[Item] = &[
    Item::flag(
        word!(boards.threshold_labels),
        option!("showThresholdLabels"),
        false,
    ),
    Item::flag(
        word!(boards.threshold_marks),
        option!("showThresholdMarkers"),
        true,
    ),
    Item::choice(word!(boards.size), SIZING, &["auto", "manual"]),
    Item::number(word!(boards.least_width), option!("minVizWidth")).only(SIZING, &["manual"]),
    Item::number(word!(boards.least_height), option!("minVizHeight")).only(SIZING, &["manual"]),
];

const BAR_GAUGE: &[Item] = &[
    Item::choice(
        word!(dashboards.display),
        option!("displayMode"),
        &["basic", "gradient", "lcd"],
    ),
    Item::choice(
        word!(boards.value),
        option!("valueMode"),
        &["color", "text", "hidden"],
    ),
    Item::choice(
        word!(boards.name_place),
        option!("namePlacement"),
        &["auto", "top", "left", "hidden"],
    ),
    Item::choice(word!(boards.size), SIZING, &["auto", "manual"]),
    Item::number(word!(boards.least_width), option!("minVizWidth")).only(SIZING, &["manual"]),
    Item::number(word!(boards.least_height), option!("minVizHeight")).only(SIZING, &["manual"]),
    Item::number(word!(boards.most_height), option!("maxVizHeight")).only(SIZING, &["manual"]),
    Item::flag(word!(boards.show_rest), option!("showUnfilled"), true),
];

const PIE: &[Item] = &[
    Item::choice(
        word!(dashboards.display),
        option!("pieType"),
        &["pie", "donut"],
    ),
    Item::choice(
        word!(boards.sort),
        option!("sort"),
        &["desc", "asc", "none"],
    ),
    Item::list(
        word!(boards.on_slices),
        option!("displayLabels"),
        "name, value, percent",
    ),
    Item::list(
        word!(boards.in_legend),
        option!("legend", "values"),
        "value, percent",
    ),
];

const BAR_CHART: &[Item] = &[
    Item::text(word!(boards.groups_of), option!("xField"), "instance"),
    Item::choice(
        word!(dashboards.orientation),
        option!("orientation"),
        &["auto", "horizontal", "vertical"],
    ),
    Item::choice(
        word!(dashboards.stacking),
        option!("stacking"),
        &["none", "normal", "percent"],
    ),
    Item::choice(
        word!(boards.show_value),
        option!("showValue"),
        &["auto", "always", "never"],
    ),
    Item::number(word!(boards.turned), option!("xTickLabelRotation")),
    Item::number(word!(boards.longest_name), option!("xTickLabelMaxLength")),
    Item::number(word!(boards.bar_width), option!("barWidth")),
    Item::number(word!(boards.group_width), option!("groupWidth")),
    Item::number(word!(boards.radius), option!("barRadius")),
    Item::number(word!(dashboards.fill), custom!("fillOpacity")),
    Item::text(word!(boards.color_by), option!("colorByField"), ""),
];

const TABLE: &[Item] = &[
    Item::flag(word!(boards.show_names), option!("showHeader"), true),
    Item::choice(
        word!(boards.cell_height),
        option!("cellHeight"),
        &["sm", "md", "lg"],
    ),
    Item::number(word!(boards.frame_index), option!("frameIndex")),
    Item::rows(
        word!(boards.sorted_by),
        option!("sortBy"),
        &[
            Item::text(word!(boards.field), &["displayName"], "Value"),
            Item::flag(word!(boards.descending), &["desc"], false),
        ],
        || json!({"displayName": "Value", "desc": true}),
    ),
    Item::flag(word!(boards.footer), option!("footer", "show"), false),
    Item::list(
        word!(dashboards.calculation),
        option!("footer", "reducer"),
        "sum, mean",
    )
    .only(option!("footer", "show"), &["true"]),
    Item::list(word!(boards.fields), option!("footer", "fields"), "Value")
        .only(option!("footer", "show"), &["true"]),
    Item::flag(
        word!(boards.count_rows),
        option!("footer", "countRows"),
        false,
    )
    .only(option!("footer", "show"), &["true"]),
    Item::flag(
        word!(boards.pages),
        option!("footer", "enablePagination"),
        false,
    ),
];

const CELLS: &[Item] = &[
    Item::choice(
        word!(dashboards.display),
        CELL,
        &["auto", "color-text", "color-background", "gauge"],
    ),
    Item::choice(
        word!(boards.ground),
        custom!("cellOptions", "mode"),
        &["basic", "gradient"],
    )
    .only(CELL, &["color-background"]),
    Item::flag(
        word!(boards.whole_row),
        custom!("cellOptions", "applyToRow"),
        false,
    )
    .only(CELL, &["color-background"]),
    Item::choice(
        word!(boards.alignment),
        custom!("align"),
        &["auto", "left", "center", "right"],
    ),
    Item::number(word!(boards.width), custom!("width")),
    Item::flag(word!(boards.filterable), custom!("filterable"), false),
];

const HEATMAP: &[Item] = &[
    Item::flag(word!(boards.count_here), CALCULATED, false),
    Item::choice(
        word!(boards.time_by),
        option!("calculation", "xBuckets", "mode"),
        &["size", "count"],
    )
    .only(CALCULATED, &["true"]),
    Item::text(
        word!(boards.time_buckets),
        option!("calculation", "xBuckets", "value"),
        "1m",
    )
    .only(CALCULATED, &["true"]),
    Item::choice(
        word!(boards.values_by),
        option!("calculation", "yBuckets", "mode"),
        &["size", "count"],
    )
    .only(CALCULATED, &["true"]),
    Item::text(
        word!(boards.value_buckets),
        option!("calculation", "yBuckets", "value"),
        "10",
    )
    .only(CALCULATED, &["true"]),
    Item::choice(
        word!(boards.bounds_are),
        option!("rowsFrame", "layout"),
        &["auto", "le", "ge", "unknown"],
    )
    .only(CALCULATED, &["", "false"]),
    Item::text(word!(dashboards.unit), option!("yAxis", "unit"), "s"),
    Item::number(word!(dashboards.decimals), option!("yAxis", "decimals")),
    Item::flag(
        word!(boards.turned_over),
        option!("yAxis", "reverse"),
        false,
    ),
    Item::number(word!(boards.gap), option!("cellGap")),
    Item::number(word!(boards.hide_below), option!("filterValues", "le")),
    Item::flag(
        word!(dashboards.show_legend),
        option!("legend", "show"),
        true,
    ),
];

const HEAT_MODE: &[&str] = option!("color", "mode");

const HEAT_COLORS: &[Item] = &[
    Item::choice(word!(boards.mode), HEAT_MODE, &["scheme", "opacity"]),
    Item::choice(
        word!(boards.scheme),
        option!("color", "scheme"),
        &[
            "Oranges", "Blues", "Greens", "Greys", "Purples", "Reds", "Spectral", "RdYlGn",
            "RdYlBu", "YlOrRd", "Turbo", "Viridis", "Magma", "Plasma", "Inferno", "Cividis",
        ],
    )
    .only(HEAT_MODE, &["", "scheme"]),
    Item::text(
        word!(dashboards.color),
        option!("color", "fill"),
        "dark-orange",
    )
    .only(HEAT_MODE, &["opacity"]),
    Item::choice(
        word!(boards.scale),
        option!("color", "scale"),
        &["exponential", "linear"],
    ),
    Item::number(word!(boards.exponent), option!("color", "exponent"))
        .only(option!("color", "scale"), &["", "exponential"]),
    Item::number(word!(boards.color_steps), option!("color", "steps")),
    Item::number(word!(dashboards.min), option!("color", "min")),
    Item::number(word!(dashboards.max), option!("color", "max")),
    Item::flag(
        word!(boards.turned_over),
        option!("color", "reverse"),
        false,
    ),
];

const TIMELINE: &[Item] = &[
    Item::choice(
        word!(boards.show_value),
        option!("showValue"),
        &["auto", "always", "never"],
    ),
    Item::choice(
        word!(boards.alignment),
        option!("alignValue"),
        &["left", "center", "right"],
    ),
    Item::number(word!(boards.row_height), option!("rowHeight")),
    Item::number(word!(boards.per_page), option!("perPage")),
    Item::number(word!(dashboards.fill), custom!("fillOpacity")),
    Item::number(word!(dashboards.line_width), custom!("lineWidth")),
    Item::flag(word!(boards.merge_values), option!("mergeValues"), true),
];

const HISTORY: &[Item] = &[
    Item::choice(
        word!(boards.show_value),
        option!("showValue"),
        &["auto", "always", "never"],
    ),
    Item::number(word!(boards.row_height), option!("rowHeight")),
    Item::number(word!(boards.column_width), option!("colWidth")),
    Item::number(word!(boards.per_page), option!("perPage")),
    Item::number(word!(dashboards.fill), custom!("fillOpacity")),
    Item::number(word!(dashboards.line_width), custom!("lineWidth")),
];

const TEXTS: &[Item] = &[
    Item::choice(word!(boards.mode), TEXT, &["markdown", "html", "code"]),
    Item::text(word!(boards.language), option!("code", "language"), "json").only(TEXT, &["code"]),
    Item::flag(
        word!(boards.line_numbers),
        option!("code", "showLineNumbers"),
        false,
    )
    .only(TEXT, &["code"]),
];

#[cfg(test)]
mod tests {
    use super::super::form::tests::check;
    use super::super::value_options::{BUCKETS, LEGEND, LINKS, VALUES};
    use super::*;

    #[test]
    fn forms_name_every_field_once() {
        for kind in PanelKind::all() {
            for (_, items) in groups(&kind) {
                check(kind.id(), items);
            }
        }
        for items in [LEGEND, VALUES, LINKS, BUCKETS] {
            check("shared", items);
        }
    }

    #[test]
    fn what_shows_values_has_a_form() {
        let asks = |kind: &PanelKind| {
            use PanelKind::{AlertList, AnnotationList, DashList, Other, Row};
            !matches!(kind, Row | AlertList | DashList | AnnotationList | Other(_))
        };
        for kind in PanelKind::all().filter(asks) {
            assert!(!groups(&kind).is_empty(), "{}", kind.id());
        }
    }
}
