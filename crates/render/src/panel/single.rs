//! Panels of single values: large numbers, dials, bars.

use super::{BODY, PanelPicture, Pens};
use crate::shapes::{Dial, fitting, grid_of, spark_path};
use crate::svg::{Area, Svg, TextStyle, width_of};
use dashboard::{
    BarGauge, BarGaugeItem, BarGaugeOptions, Color, Gauge, GaugeItem, GaugeOptions, Orientation,
    Stat, StatItem, StatOptions,
};

/// Items that are drawn; more would be too small to be read.
const MOST: usize = 500;

/// The places of so many items.
fn places(count: usize, (width, height): (f64, f64), across: bool) -> Vec<Area> {
    let count = count.min(MOST);
    let (columns, rows) = grid_of(count.max(1) as f64, width, height, across);
    let room = (width / columns, height / rows);
    (0..count)
        .map(|index| {
            let (column, row) = (index as f64 % columns, (index as f64 / columns).floor());
            Area::new(
                column * room.0 + 2.0,
                row * room.1 + 2.0,
                room.0 - 4.0,
                room.1 - 4.0,
            )
        })
        .collect()
}

pub(super) fn stat(picture: &PanelPicture<'_>, pens: &mut Pens<'_>, size: (f64, f64)) {
    let stat = Stat::new(&picture.data.frames, picture.panel.options(), pens.context);
    let across = match stat.options.orientation {
        Orientation::Vertical => true,
        Orientation::Horizontal => false,
        Orientation::Auto => size.0 > size.1,
    };
    let places = places(stat.items.len(), size, across);
    for (item, place) in stat.items.iter().zip(places) {
        number(pens, item, place, &stat.options);
    }
}

fn number(pens: &mut Pens<'_>, item: &StatItem, place: Area, options: &StatOptions) {
    let (width, height) = (place.width - 16.0, place.height - 4.0);
    pens.svg.open(place);
    let all = Area::new(0.0, 0.0, place.width, place.height);
    if let Some(ground) = item.background {
        pens.svg.rect(all, &ground.to_css(), 3.0);
    }
    let color = item.value.shown.color;
    let graph = item.value.sparkline.as_ref().filter(|_| options.graph);
    let spark = graph
        .and_then(|(times, values)| spark_path(times, values, place.width, place.height * 0.4));
    if let Some((line, area)) = spark {
        let low = Area::new(0.0, place.height * 0.6, place.width, place.height * 0.4);
        pens.svg.open(low);
        pens.svg.filled(&area, &color.with_alpha(0.18).to_css());
        pens.svg.stroked(&line, &color.to_css(), 1.0);
        pens.svg.close();
    }
    let text = item.text.as_deref().unwrap_or_default();
    let for_name = if item.name.is_some() { 0.3 } else { 0.0 };
    let value_size = options
        .value_size
        .unwrap_or_else(|| fitting(text, width, height * (1.0 - for_name)));
    let name_size = options
        .title_size
        .unwrap_or((value_size * 0.4).clamp(12.0, 20.0));
    let ink = item.text_color.map(Color::to_css);
    let ink = ink.as_deref().unwrap_or(pens.tones.ink);
    let name_room = if item.name.is_some() {
        name_size * 1.15
    } else {
        0.0
    };
    let change_room = if item.change.is_some() { 14.0 } else { 0.0 };
    let block = name_room + value_size * 1.15 + change_room;
    let mut top = ((place.height - block) / 2.0).max(0.0);
    let centered = item.is_centered(options);
    let x = if centered { place.width / 2.0 } else { 8.0 };
    let style = |size: f64| {
        let style = TextStyle::new(size, ink);
        if centered { style.middle() } else { style }
    };
    if let Some(name) = &item.name {
        let at = (x, top + name_size * 0.9);
        pens.svg.text_within(at, name, width, style(name_size));
        top += name_room;
    }
    let at = (x, top + value_size * 0.92);
    pens.svg.text(at, text, style(value_size).bold());
    top += value_size * 1.15;
    if let Some((change, good)) = &item.change {
        let color = if *good {
            pens.tones.ok
        } else {
            pens.tones.firing
        };
        let style = TextStyle {
            color,
            ..style(BODY)
        };
        pens.svg.text((x, top + 10.0), change, style);
    }
    pens.svg.close();
}

pub(super) fn gauge(picture: &PanelPicture<'_>, pens: &mut Pens<'_>, size: (f64, f64)) {
    let gauge = Gauge::new(&picture.data.frames, picture.panel.options(), pens.context);
    let named = gauge.items.len() > 1;
    let places = places(gauge.items.len(), size, true);
    for (item, place) in gauge.items.iter().zip(places) {
        pens.svg.open(place);
        dial(
            pens,
            item,
            (place.width, place.height),
            named,
            &gauge.options,
        );
        pens.svg.close();
    }
}

fn dial(
    pens: &mut Pens<'_>,
    item: &GaugeItem,
    room: (f64, f64),
    named: bool,
    options: &GaugeOptions,
) {
    let text = item.value.shown.text.to_string();
    let dial = Dial::new(&text, room, named, options.threshold_markers);
    let color = item.value.shown.color.to_css();
    let svg: &mut Svg = pens.svg;
    svg.stroked(
        &dial.arc(dial.inner, 0.0, 1.0),
        pens.tones.sunken,
        dial.thick,
    );
    svg.stroked(&dial.arc(dial.inner, 0.0, item.part), &color, dial.thick);
    if options.threshold_markers {
        for segment in &item.segments {
            let path = dial.arc(dial.mark_radius, segment.from, segment.to);
            svg.stroked(&path, &segment.color.to_css(), dial.band);
        }
    }
    let soft = TextStyle::new(BODY, pens.tones.soft).middle();
    if options.threshold_labels {
        for (label, part) in &item.labels {
            svg.text(dial.point(dial.radius + 8.0, *part), label, soft);
        }
    }
    let (x, y) = dial.center;
    let style = TextStyle::new(dial.value_size, &color).middle().bold();
    svg.text((x, y + dial.value_size * 0.3), &text, style);
    if named {
        svg.text_within((x, room.1 - 4.0), &item.value.name, room.0, soft);
    }
}

pub(super) fn bar_gauge(picture: &PanelPicture<'_>, pens: &mut Pens<'_>, size: (f64, f64)) {
    let gauge = BarGauge::new(&picture.data.frames, picture.panel.options(), pens.context);
    let upright = gauge.options.orientation == Orientation::Vertical;
    let count = gauge.items.len().clamp(1, MOST) as f64;
    let values = gauge
        .items
        .iter()
        .map(|item| item.value.shown.text.to_string());
    let widest = values.map(|text| width_of(&text, 13.0)).fold(0.0, f64::max) + 8.0;
    for (index, item) in gauge.items.iter().take(MOST).enumerate() {
        let index = index as f64;
        if upright {
            let room = (size.0 / count).max(8.0);
            let place = Area::new(index * room + 3.0, 4.0, room - 6.0, size.1 - 8.0);
            upright_bar(pens, item, place, &gauge.options);
        } else {
            let room = (size.1 / count).max(26.0);
            let place = Area::new(4.0, index * room + 3.0, size.0 - 8.0, room - 6.0);
            level_bar(pens, item, place, widest, &gauge.options);
        }
    }
}

fn fill_of(svg: &mut Svg, item: &BarGaugeItem, options: &BarGaugeOptions, upright: bool) -> String {
    let color = item.value.shown.color;
    let stops = item.segments.iter().map(|segment| segment.color.to_css());
    let stops: Vec<String> = stops.collect();
    match options.display.as_str() {
        "gradient" if stops.len() > 1 => svg.gradient(&stops, upright),
        "gradient" => color.to_css(),
        "basic" => color.with_alpha(0.55).to_css(),
        _ => color.with_alpha(0.85).to_css(),
    }
}

fn level_bar(
    pens: &mut Pens<'_>,
    item: &BarGaugeItem,
    place: Area,
    for_value: f64,
    options: &BarGaugeOptions,
) {
    let named = options.name_placement != "hidden";
    let valued = options.value_mode != "hidden";
    let for_name = if named {
        (place.width * 0.3).max(60.0)
    } else {
        0.0
    };
    let for_value = if valued { for_value } else { 0.0 };
    let (_, middle) = place.middle();
    let height = place.height.min(40.0);
    let room = (place.width - for_name - for_value - 8.0).max(4.0);
    let track = Area::new(place.left + for_name, middle - height / 2.0, room, height);
    if options.show_unfilled {
        pens.svg.rect(track, pens.tones.sunken, 3.0);
    }
    let fill = fill_of(pens.svg, item, options, false);
    let length = (track.width * item.part.clamp(0.0, 1.0)).max(2.0);
    let bar = Area::new(track.left, track.top, length, height);
    pens.svg.rect(bar, &fill, 3.0);
    let style = TextStyle::new(13.0, pens.tones.ink);
    let line = middle + 4.5;
    if named {
        let name = &item.value.name;
        pens.svg
            .text_within((place.left, line), name, for_name - 8.0, style);
    }
    if valued {
        let text = item.value.shown.text.to_string();
        pens.svg
            .text((place.right(), line), &text, style.end().bold());
    }
}

fn upright_bar(pens: &mut Pens<'_>, item: &BarGaugeItem, place: Area, options: &BarGaugeOptions) {
    let named = options.name_placement != "hidden";
    let valued = options.value_mode != "hidden";
    let above = if valued { 20.0 } else { 0.0 };
    let below = if named { 20.0 } else { 0.0 };
    let height = place.height - above - below;
    let track = Area::new(place.left, place.top + above, place.width, height);
    if options.show_unfilled {
        pens.svg.rect(track, pens.tones.sunken, 3.0);
    }
    let fill = fill_of(pens.svg, item, options, true);
    let length = (track.height * item.part.clamp(0.0, 1.0)).max(2.0);
    let bar = Area::new(track.left, track.bottom() - length, track.width, length);
    pens.svg.rect(bar, &fill, 3.0);
    let style = TextStyle::new(13.0, pens.tones.ink).middle();
    let (middle, _) = place.middle();
    if valued {
        let text = item.value.shown.text.to_string();
        pens.svg
            .text((middle, place.top + 14.0), &text, style.bold());
    }
    if named {
        let at = (middle, place.bottom() - 5.0);
        pens.svg
            .text_within(at, &item.value.name, place.width, style);
    }
}
