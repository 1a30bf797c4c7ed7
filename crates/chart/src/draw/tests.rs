use super::*;
use crate::plot::Line;
use crate::unit::Unit;
use plotters_svg::SVGBackend;
use std::path::Path;

const THEME: Theme = Theme {
    grid: Color::new(0xe0, 0xe0, 0xe0),
    zero: Color::new(0x90, 0x90, 0x90),
    hues: [
        Color::new(0x0b, 0x6f, 0xb8),
        Color::new(0xd5, 0x59, 0x0a),
        Color::new(0x00, 0x87, 0x5f),
        Color::new(0xb0, 0x47, 0x9a),
        Color::new(0x2a, 0x93, 0xc9),
        Color::new(0xa6, 0x7c, 0x00),
        Color::new(0x6a, 0x4f, 0xc0),
        Color::new(0x7a, 0x5a, 0x3a),
    ],
};

fn points(values: &[f64]) -> Vec<Point> {
    values
        .iter()
        .enumerate()
        .map(|(i, &value)| Point {
            time: i as f64 * 10.0,
            value,
        })
        .collect()
}

struct Picture {
    series: Vec<Vec<Point>>,
    mode: Mode,
    highlight: Option<usize>,
    visible: Vec<bool>,
    ratio: f64,
}

impl Picture {
    fn of(series: Vec<Vec<Point>>) -> Self {
        Self {
            series,
            mode: Mode::Lines,
            highlight: None,
            visible: Vec::new(),
            ratio: 1.0,
        }
    }

    fn svg(&self) -> String {
        let lines: Vec<Line<'_>> = self
            .series
            .iter()
            .enumerate()
            .map(|(slot, points)| Line { points, slot })
            .collect();
        let plot = Plot::prepare(&lines, (0.0, 60.0), 10.0, self.mode, Unit::Number);
        let layout = Layout::compute(240.0, 120.0, plot.y_label_chars());
        let ink = Ink {
            plot: &plot,
            layout,
            time_ticks: &[0.0, 30.0, 60.0],
            theme: &THEME,
            visible: &self.visible,
            highlight: self.highlight,
            scale: self.ratio,
            device_pixel: 1.0,
        };
        let mut svg = String::new();
        let size = (
            whole(240.0 * self.ratio).unsigned_abs(),
            whole(120.0 * self.ratio).unsigned_abs(),
        );
        let parts = [Part::Ground, Part::Series];
        draw(SVGBackend::with_string(&mut svg, size), &ink, &parts).unwrap();
        svg
    }
}

/// Compares with `testdata/<name>.svg`; `UPDATE_GOLDEN=1` writes it.
#[track_caller]
fn check(name: &str, picture: &Picture) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("testdata/{name}.svg"));
    let got = picture.svg();
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, &got).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(
        got,
        expected,
        "{} differs; look at it, then UPDATE_GOLDEN=1",
        path.display()
    );
}

#[test]
fn two_lines_on_a_grid() {
    check(
        "two-lines",
        &Picture::of(vec![
            points(&[1.0, 3.0, 2.0, 5.0, 4.0, 6.0, 5.0]),
            points(&[2.0; 7]),
        ]),
    );
}

#[test]
fn a_lone_series_has_an_area_under_it() {
    check(
        "lone",
        &Picture::of(vec![points(&[1.0, 3.0, 2.0, 5.0, 4.0, 6.0, 5.0])]),
    );
}

#[test]
fn gaps_break_lines_and_single_points_are_dots() {
    let nan = f64::NAN;
    check(
        "gaps",
        &Picture::of(vec![
            points(&[1.0, 3.0, nan, 5.0, nan, 6.0, 5.0]),
            points(&[2.0; 2]),
        ]),
    );
}

#[test]
fn stacked_layers_fill_from_zero() {
    let series = vec![
        points(&[1.0, 2.0, 3.0, 2.0, 1.0, 2.0, 3.0]),
        points(&[2.0; 7]),
    ];
    check(
        "stacked",
        &Picture {
            mode: Mode::Stacked,
            ..Picture::of(series)
        },
    );
}

#[test]
fn the_lifted_series_is_drawn_last_and_others_fade() {
    let series = vec![
        points(&[1.0, 2.0, 3.0, 2.0, 1.0, 2.0, 3.0]),
        points(&[2.0; 7]),
    ];
    let picture = Picture {
        highlight: Some(0),
        ..Picture::of(series)
    };
    let svg = picture.svg();
    assert!(svg.rfind("#0B6FB8") > svg.rfind("#D5590A"), "{svg}");
    assert!(svg.contains("opacity=\"0.18\""));
}

#[test]
fn hidden_series_leave_no_ink() {
    let series = vec![points(&[1.0; 7]), points(&[2.0; 7])];
    let svg = Picture {
        visible: vec![true, false],
        ..Picture::of(series)
    }
    .svg();
    assert!(svg.contains("#0B6FB8") && !svg.contains("#D5590A"));
}

#[test]
fn twice_the_pixels_twice_the_width_but_hairlines_stay_thin() {
    let svg = Picture {
        ratio: 2.0,
        ..Picture::of(vec![points(&[1.0, 2.0]), points(&[2.0, 1.0])])
    }
    .svg();
    assert!(
        svg.contains("stroke=\"#0B6FB8\" stroke-width=\"3\""),
        "{svg}"
    );
    assert!(
        svg.contains("stroke=\"#E0E0E0\" stroke-width=\"1\""),
        "{svg}"
    );
}
