//! Pictures of each kind of panel, compared with those kept in `testdata`.
//!
//! `UPDATE_GOLDEN=1 cargo test -p watchfire-render` writes them anew; then look at them.

use crate::language::Language;
use crate::{BoardTile, PanelPicture, board_svg, page_width, panel_svg};
use dashboard::{
    Answer, AnswerSeries, Dashboard, DateContext, DisplayContext, Globals, PanelData, ResultFormat,
    Scope, Theme, Utc, VariableValues,
};
use model::Labels;
use std::collections::BTreeMap;

const FROM: i64 = 1_700_000_000_000;
const TO: i64 = FROM + 3_600_000;
const STEP: i64 = 60_000;

const BOARD: &str = r##"{"title": "Machines & <others>", "panels": [
  {"id": 1, "type": "timeseries", "title": "Load of $host", "gridPos": {"x": 0, "y": 0, "w": 12, "h": 8},
   "targets": [{"expr": "a"}], "options": {"legend": {"showLegend": true, "displayMode": "table", "placement": "bottom", "calcs": ["mean", "max"]}},
   "fieldConfig": {"defaults": {"unit": "percent", "custom": {"fillOpacity": 20, "axisLabel": "part", "thresholdsStyle": {"mode": "line"}},
    "thresholds": {"mode": "absolute", "steps": [{"color": "green", "value": null}, {"color": "red", "value": 80}]}}}},
  {"id": 2, "type": "timeseries", "title": "Bars", "gridPos": {"x": 12, "y": 0, "w": 12, "h": 8}, "targets": [{"expr": "a"}],
   "fieldConfig": {"defaults": {"custom": {"drawStyle": "bars", "stacking": {"mode": "normal"}}}}},
  {"id": 3, "type": "stat", "title": "Now", "gridPos": {"x": 0, "y": 8, "w": 6, "h": 6}, "targets": [{"expr": "a"}],
   "options": {"graphMode": "area", "colorMode": "value"}},
  {"id": 4, "type": "gauge", "title": "Dials", "gridPos": {"x": 6, "y": 8, "w": 6, "h": 6}, "targets": [{"expr": "a"}],
   "fieldConfig": {"defaults": {"min": 0, "max": 100}}},
  {"id": 5, "type": "bargauge", "title": "Bars with a value", "gridPos": {"x": 12, "y": 8, "w": 6, "h": 6}, "targets": [{"expr": "a"}],
   "options": {"orientation": "horizontal", "displayMode": "gradient"}, "fieldConfig": {"defaults": {"min": 0, "max": 100}}},
  {"id": 6, "type": "piechart", "title": "Parts", "gridPos": {"x": 18, "y": 8, "w": 6, "h": 6}, "targets": [{"expr": "a"}],
   "options": {"displayLabels": ["percent"], "legend": {"showLegend": true, "displayMode": "list", "placement": "right"}}},
  {"id": 7, "type": "table", "title": "Rows", "gridPos": {"x": 0, "y": 14, "w": 12, "h": 6}, "targets": [{"expr": "a", "format": "table", "instant": true}]},
  {"id": 8, "type": "heatmap", "title": "Buckets", "gridPos": {"x": 12, "y": 14, "w": 12, "h": 6}, "targets": [{"expr": "h", "format": "heatmap", "legendFormat": "{{le}}"}]},
  {"id": 9, "type": "histogram", "title": "How often", "gridPos": {"x": 0, "y": 20, "w": 12, "h": 6}, "targets": [{"expr": "a"}]},
  {"id": 10, "type": "barchart", "title": "Groups", "gridPos": {"x": 12, "y": 20, "w": 12, "h": 6}, "targets": [{"expr": "a", "format": "table", "instant": true}]},
  {"id": 11, "type": "state-timeline", "title": "States", "gridPos": {"x": 0, "y": 26, "w": 12, "h": 6}, "targets": [{"expr": "s"}],
   "fieldConfig": {"defaults": {"thresholds": {"mode": "absolute", "steps": [{"color": "green", "value": null}, {"color": "red", "value": 1}]}}}},
  {"id": 12, "type": "status-history", "title": "Squares", "gridPos": {"x": 12, "y": 26, "w": 12, "h": 6}, "targets": [{"expr": "s"}]},
  {"id": 13, "type": "text", "title": "Words", "gridPos": {"x": 0, "y": 32, "w": 12, "h": 6},
   "options": {"mode": "markdown", "content": "# Read me\nSome *words* and a [link](https://example.org).\n\n- one\n- two\n\n> said\n\n```\nx < y\n```"}},
  {"id": 14, "type": "text", "title": "<script>alert(1)</script>\" onload=\"x", "gridPos": {"x": 12, "y": 32, "w": 12, "h": 6},
   "options": {"mode": "html", "content": "<img src=x onerror=alert(2)><b>loud</b><script>alert(3)</script>"}},
  {"id": 15, "type": "news", "title": "Unknown", "gridPos": {"x": 0, "y": 38, "w": 12, "h": 4}},
  {"id": 16, "type": "timeseries", "title": "Nothing", "gridPos": {"x": 12, "y": 38, "w": 12, "h": 4}, "targets": [{"expr": "none"}]}],
  "templating": {"list": [{"name": "host", "type": "custom", "query": "<svg onload=1>", "current": {"text": "<svg onload=1>", "value": "<svg onload=1>"}}]}}"##;

fn series(pairs: &[(&str, &str)], value: impl Fn(f64) -> f64) -> AnswerSeries {
    let times: Vec<f64> = (0..=60).map(|n| (FROM + n * STEP) as f64).collect();
    AnswerSeries {
        labels: Labels::from_pairs(pairs.iter().copied()),
        values: (0..=60).map(|n| value(f64::from(n))).collect(),
        times,
    }
}

fn answer(expr: &str, format: ResultFormat, legend: &str, instant: bool) -> Answer {
    let mut all = match expr {
        "a" => vec![
            series(&[("host", "one")], |n| 40.0 + 30.0 * (n / 7.0).sin()),
            series(&[("host", "two<b>")], |n| {
                if (20.0..25.0).contains(&n) {
                    f64::NAN
                } else {
                    n * 1.5
                }
            }),
            series(&[("host", "three"), ("zone", "a\"'&")], |n| 90.0 - n),
        ],
        "h" => ["1", "2", "5", "+Inf"]
            .iter()
            .enumerate()
            .map(|(index, le)| series(&[("le", le)], move |n| (n + 3.0) * (index as f64 + 1.0)))
            .collect(),
        "s" => vec![
            series(&[("job", "api")], |n| {
                f64::from(u8::from((10.0..30.0).contains(&n)))
            }),
            series(&[("job", "web")], |n| (n / 20.0).floor()),
        ],
        _ => Vec::new(),
    };
    if instant {
        for series in &mut all {
            series.times = series.times.split_off(60);
            series.values = series.values.split_off(60);
        }
    }
    Answer {
        ref_id: "A".into(),
        expr: expr.into(),
        legend: legend.into(),
        format,
        step: (!instant).then_some(STEP),
        series: all,
    }
}

/// Calls `with` with the board, and the data of each of its panels.
fn drawn<T>(
    theme: Theme,
    with: impl FnOnce(&Dashboard, &Scope<'_>, &[PanelData], &DisplayContext<'_>) -> T,
) -> T {
    let board = dashboard::import(BOARD, &BTreeMap::new())
        .unwrap()
        .dashboard;
    let values = VariableValues::new(board.variables(&mut Vec::new()));
    let globals = Globals {
        from: FROM,
        to: TO,
        ..Globals::default()
    };
    let scope = Scope::new(&values, &globals);
    let data: Vec<PanelData> = board
        .panels()
        .iter()
        .map(|panel| {
            let answers: Vec<Answer> = panel
                .targets()
                .iter()
                .map(|t| answer(t.expr(), t.format(), t.legend(), t.instant()))
                .collect();
            dashboard::prepare(panel, &answers, &scope)
        })
        .collect();
    let context = DisplayContext {
        theme,
        dates: DateContext {
            now: TO,
            zone: &Utc,
        },
    };
    with(&board, &scope, &data, &context)
}

fn picture<'a>(
    panel: dashboard::Panel<'a>,
    scope: &'a Scope<'a>,
    data: &'a PanelData,
) -> PanelPicture<'a> {
    PanelPicture {
        panel,
        scope,
        data,
        error: None,
        window: (FROM, TO),
        step: STEP as f64,
        language: Language::English,
    }
}

fn compare(name: &str, svg: &str) {
    let path = format!("{}/testdata/{name}.svg", env!("CARGO_MANIFEST_DIR"));
    // A line for each element reads better in a difference.
    let lines = svg.replace("><", ">\n<");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, &lines).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    let differs = lines
        .lines()
        .zip(kept.lines())
        .position(|(new, old)| new != old);
    assert!(lines == kept, "{name}.svg differs from line {differs:?} on");
}

fn panel(id: i64, theme: Theme, size: (f64, f64)) -> String {
    drawn(theme, |board, scope, data, context| {
        let (panel, data) = board
            .panels()
            .into_iter()
            .zip(data)
            .find(|(panel, _)| panel.id() == id)
            .unwrap();
        panel_svg(&picture(panel, scope, data), context, size)
    })
}

#[test]
fn each_kind_of_panel_is_drawn_as_before() {
    for (id, name) in [
        (1, "time_series"),
        (2, "stacked_bars"),
        (3, "stat"),
        (4, "gauge"),
        (5, "bar_gauge"),
        (6, "pie"),
        (7, "table"),
        (8, "heatmap"),
        (9, "histogram"),
        (10, "bar_chart"),
        (11, "state_timeline"),
        (12, "status_history"),
        (13, "text"),
    ] {
        compare(name, &panel(id, Theme::Dark, (480.0, 280.0)));
    }
    compare("time_series_light", &panel(1, Theme::Light, (800.0, 400.0)));
}

#[test]
fn titles_axes_legends_and_thresholds_are_there() {
    let svg = panel(1, Theme::Dark, (480.0, 280.0));
    assert!(
        svg.contains("Load of &lt;svg onload=1&gt;"),
        "title with its variable"
    );
    assert!(
        svg.contains("two&lt;b&gt;") && svg.contains(">Mean<") && svg.contains(">Max<"),
        "legend"
    );
    assert!(
        svg.contains(">40%<") && svg.contains(">22:30<") && svg.contains(">part<"),
        "ticks"
    );
    assert!(svg.contains("stroke=\"rgba(242, 73, 92"), "threshold");
}

#[test]
fn what_people_wrote_runs_nowhere() {
    for id in 1..=16 {
        let svg = panel(id, Theme::Dark, (480.0, 280.0));
        let lower = svg.to_ascii_lowercase();
        for bad in [
            "<script",
            "<img",
            "<b>",
            "onerror=\"",
            " onload=",
            "<a ",
            "href",
            "<foreignobject",
            "<style",
        ] {
            // What was written may stand there as text.
            let as_markup = lower
                .replace("&lt;svg onload=1&gt;", "")
                .replace("&quot; onload=&quot;x", "");
            assert!(!as_markup.contains(bad), "{bad} in panel {id}: {svg}");
        }
    }
}

#[test]
fn panels_without_values_say_so() {
    assert!(panel(16, Theme::Dark, (300.0, 200.0)).contains("No data"));
    assert!(panel(15, Theme::Dark, (300.0, 200.0)).contains("news"));
    let failed = drawn(Theme::Dark, |board, scope, data, context| {
        let (panel, data) = board
            .panels()
            .into_iter()
            .zip(data)
            .find(|(panel, _)| panel.id() == 16)
            .unwrap();
        let picture = PanelPicture {
            error: Some("unknown function <x>"),
            ..picture(panel, scope, data)
        };
        panel_svg(&picture, context, (300.0, 200.0))
    });
    assert!(failed.contains("unknown function &lt;x&gt;") && !failed.contains("No data"));
}

#[test]
fn a_picture_speaks_the_language_of_its_reader() {
    for (id, words) in [(16, "데이터 없음"), (15, "브라우저에서만")] {
        let svg = drawn(Theme::Dark, |board, scope, data, context| {
            let all = board.panels();
            let (panel, data) = all
                .iter()
                .zip(data)
                .find(|(panel, _)| panel.id() == id)
                .unwrap();
            let picture = PanelPicture {
                language: Language::Korean,
                ..picture(*panel, scope, data)
            };
            panel_svg(&picture, context, (300.0, 200.0))
        });
        assert!(svg.contains(words), "{svg}");
    }
}

#[test]
fn thresholds_on_a_chart_have_the_colors_of_the_theme() {
    let board = r#"{"title": "t", "panels": [{"id": 1, "type": "timeseries", "targets": [{"expr": "a"}],
        "fieldConfig": {"defaults": {"custom": {"thresholdsStyle": {"mode": "line"}}, "thresholds": {"mode": "absolute",
        "steps": [{"color": "green", "value": null}, {"color": "red", "value": 3}]}}}}]}"#;
    let board = dashboard::import(board, &BTreeMap::new())
        .unwrap()
        .dashboard;
    let values = VariableValues::new(board.variables(&mut Vec::new()));
    let globals = Globals {
        from: FROM,
        to: TO,
        ..Globals::default()
    };
    let scope = Scope::new(&values, &globals);
    let panel = board.panels()[0];
    let answers = [answer("a", ResultFormat::TimeSeries, "", false)];
    let data = dashboard::prepare(&panel, &answers, &scope);
    let in_theme = |theme: Theme| {
        let dates = DateContext {
            now: TO,
            zone: &Utc,
        };
        let context = DisplayContext { theme, dates };
        panel_svg(&picture(panel, &scope, &data), &context, (480.0, 280.0))
    };
    let red = |theme: Theme| {
        dashboard::Color::named("red", theme)
            .with_alpha(0.8)
            .to_css()
    };
    let (dark, light) = (red(Theme::Dark), red(Theme::Light));
    assert_ne!(dark, light);
    for (theme, own, other) in [(Theme::Dark, &dark, &light), (Theme::Light, &light, &dark)] {
        let svg = in_theme(theme);
        assert!(
            svg.contains(own.as_str()) && !svg.contains(other.as_str()),
            "{own}: {svg}"
        );
    }
}

#[test]
fn pictures_of_any_size_are_pictures() {
    for size in [(1.0, 1.0), (30.0, 30.0), (60.0, 2000.0), (3000.0, 40.0)] {
        for id in 1..=16 {
            let svg = panel(id, Theme::Light, size);
            assert!(
                svg.ends_with("</svg>\n")
                    && !["=\"NaN", "MNaN", "LNaN", " NaN "]
                        .iter()
                        .any(|bad| svg.contains(bad)),
                "panel {id} at {size:?}"
            );
            assert_eq!(svg.matches("<svg").count(), svg.matches("</svg>").count());
        }
    }
}

fn whole_board(theme: Theme) -> String {
    drawn(theme, |board, scope, data, context| {
        let panels = board.panels();
        let tiles: Vec<BoardTile<'_>> = panels
            .iter()
            .zip(data)
            .map(|(panel, data)| BoardTile {
                place: dashboard::pixel_rect(panel.grid_pos(), page_width(1200.0)),
                picture: picture(*panel, scope, data),
            })
            .collect();
        board_svg(board.title(), &tiles, context, 1200.0, None)
    })
}

#[test]
fn a_board_has_all_of_its_panels() {
    let svg = whole_board(Theme::Dark);
    for word in [
        "Machines &amp; &lt;others&gt;",
        "Dials",
        "Buckets",
        "Read me",
        "No data",
    ] {
        assert!(svg.contains(word), "{word}");
    }
}

#[cfg(feature = "png")]
#[test]
fn a_picture_in_png_has_colours_and_letters() {
    let svg = panel(1, Theme::Dark, (480.0, 280.0));
    let png = crate::png(&svg, 1.0).unwrap();
    let pixels = resvg::tiny_skia::Pixmap::decode_png(&png).unwrap();
    assert_eq!((pixels.width(), pixels.height()), (480, 280));
    let colors: std::collections::BTreeSet<_> = pixels
        .pixels()
        .iter()
        .map(|pixel| (pixel.red(), pixel.green(), pixel.blue()))
        .collect();
    assert!(colors.len() > 50, "{}", colors.len());
    // For whoever wants to look.
    if let Some(folder) = std::env::var_os("WATCHFIRE_PICTURES") {
        let folder = std::path::PathBuf::from(folder);
        for (name, theme) in [("board-dark", Theme::Dark), ("board-light", Theme::Light)] {
            let png = crate::png(&whole_board(theme), 1.0).unwrap();
            std::fs::write(folder.join(format!("{name}.png")), png).unwrap();
        }
    }
}
