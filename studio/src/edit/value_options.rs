//! The fields that kinds of panels share: of values, of the legend, of links.

use super::form::{Item, word};
use serde_json::json;

/// A path in the options of the kind of panel.
macro_rules! option {
    ($($step:literal),+) => { &["options", $($step),+] };
}

/// A path in what holds for all fields.
macro_rules! value {
    ($($step:literal),+) => { &["fieldConfig", "defaults", $($step),+] };
}

/// How values are counted in buckets, below the options of a panel or a transformation.
pub(super) const BUCKETS: &[Item] = &[
    Item::number(word!(boards.bucket_size), &["bucketSize"]),
    Item::number(word!(boards.bucket_count), &["bucketCount"]),
    Item::number(word!(boards.bucket_offset), &["bucketOffset"]),
    Item::flag(word!(boards.combine), &["combine"], false),
];

/// The options of a panel that does.
pub(super) const HISTOGRAM: &[Item] = &[
    Item::number(word!(boards.bucket_size), option!("bucketSize")),
    Item::number(word!(boards.bucket_count), option!("bucketCount")),
    Item::number(word!(boards.bucket_offset), option!("bucketOffset")),
    Item::number(word!(dashboards.fill), value!("custom", "fillOpacity")),
    Item::flag(word!(boards.combine), option!("combine"), false),
];

/// What stands under the pointer, and how the legend is sorted.
pub(super) const LEGEND: &[Item] = &[
    Item::flag(
        word!(dashboards.show_legend),
        option!("legend", "showLegend"),
        true,
    ),
    Item::choice(
        word!(dashboards.display),
        option!("legend", "displayMode"),
        &["list", "table"],
    ),
    Item::choice(
        word!(dashboards.placement),
        option!("legend", "placement"),
        &["bottom", "right"],
    ),
    Item::number(word!(boards.width), option!("legend", "width"))
        .only(option!("legend", "placement"), &["right"]),
    Item::text(word!(boards.sorted_by), option!("legend", "sortBy"), "Max")
        .only(option!("legend", "displayMode"), &["table"]),
    Item::flag(
        word!(boards.descending),
        option!("legend", "sortDesc"),
        false,
    )
    .only(option!("legend", "displayMode"), &["table"]),
    Item::number(word!(boards.at_most), option!("legend", "limit")),
    Item::choice(
        word!(dashboards.tooltip),
        option!("tooltip", "mode"),
        &["single", "multi", "none"],
    ),
    Item::choice(
        word!(boards.tooltip_sort),
        option!("tooltip", "sort"),
        &["none", "asc", "desc"],
    )
    .only(option!("tooltip", "mode"), &["multi"]),
];

const MODE: &[&str] = value!("color", "mode");

/// What holds for all values.
pub(super) const VALUES: &[Item] = &[
    Item::number(word!(dashboards.min), value!("min")),
    Item::number(word!(dashboards.max), value!("max")),
    Item::number(word!(dashboards.decimals), value!("decimals")),
    Item::text(
        word!(boards.shown_name),
        value!("displayName"),
        "${__field.labels.instance}",
    ),
    Item::text(word!(dashboards.no_value), value!("noValue"), "-"),
    Item::choice(
        word!(dashboards.color),
        MODE,
        &[
            "palette-classic",
            "palette-classic-by-name",
            "thresholds",
            "fixed",
            "shades",
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
        ],
    ),
    Item::text(
        word!(boards.one_color),
        value!("color", "fixedColor"),
        "red, #56A64B",
    )
    .only(MODE, &["fixed", "shades"]),
    Item::choice(
        word!(boards.color_of),
        value!("color", "seriesBy"),
        &["last", "min", "max"],
    )
    .only(
        MODE,
        &[
            "thresholds",
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
        ],
    ),
    Item::rows(word!(boards.data_links), value!("links"), LINK, link),
];

/// Links in the head of a panel.
pub(super) const LINKS: &[Item] = &[Item::rows(
    word!(boards.panel_links),
    &["links"],
    LINK,
    link,
)];

fn link() -> serde_json::Value {
    json!({"title": "", "url": "", "targetBlank": false})
}

const LINK: &[Item] = &[
    Item::text(word!(dashboards.name), &["title"], ""),
    Item::text(
        word!(boards.address),
        &["url"],
        "/d/other?${__url_time_range}",
    ),
    Item::flag(word!(boards.new_page), &["targetBlank"], false),
];
