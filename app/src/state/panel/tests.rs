//! Tests of addresses of panels.

use super::range::{DAY, HOUR, MINUTE};
use super::*;

fn parse(pairs: &[(&str, &str)]) -> Vec<PanelParams> {
    panels_from(|name| {
        pairs
            .iter()
            .find(|(n, _)| *n == name)
            .map(|(_, v)| (*v).to_owned())
    })
}

#[test]
fn an_empty_address_has_one_empty_panel() {
    assert_eq!(parse(&[]), [PanelParams::default()]);
}

#[test]
fn old_links_keep_working() {
    let panels = parse(&[
        ("g0.expr", "up"),
        ("g0.tab", "0"),
        ("g0.stacked", "1"),
        ("g0.range_input", "2h"),
        ("g0.step_input", "30"),
        ("g1.expr", "1"),
        ("g1.tab", "1"),
    ]);
    let [first, second] = panels.as_slice() else {
        panic!("{panels:?}")
    };
    assert_eq!(
        (first.tab, first.display, first.range),
        (Tab::Graph, Display::Stacked, 7_200_000)
    );
    assert_eq!(first.resolution, Resolution::Step(30_000));
    assert_eq!(second.tab, Tab::Table);
}

#[test]
fn nonsense_falls_back_to_defaults() {
    let panels = parse(&[
        ("g0.expr", "x"),
        ("g0.range_input", "soon"),
        ("g0.end_input", "now"),
        ("g0.res_step", "-1"),
    ]);
    assert_eq!(
        panels,
        [PanelParams {
            expr: "x".into(),
            ..PanelParams::default()
        }]
    );
}

#[test]
fn panels_survive_their_address() {
    let panels = [
        PanelParams {
            expr: "rate(a{b=\"c & d\"}[5m])".into(),
            tab: Tab::Graph,
            range: 5_400_000,
            end: Some(1_700_000_000_000),
            moment: Some(1_700_000_001_000),
            resolution: Resolution::Step(2_500),
            display: Display::Stacked,
            from_zero: true,
            log: true,
            exemplars: true,
        },
        PanelParams {
            resolution: Resolution::Points(750),
            ..PanelParams::default()
        },
    ];
    let query = panels_to_query(&panels);
    let pairs: Vec<(String, String)> = query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(n, v)| (n.to_owned(), decode(v)))
        .collect();
    let back = panels_from(|name| {
        pairs
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, v)| v.clone())
    });
    assert_eq!(back, panels);
}

fn decode(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        if *first == b'%' {
            bytes.push(u8::from_str_radix(std::str::from_utf8(&tail[..2]).unwrap(), 16).unwrap());
            rest = &tail[2..];
        } else {
            bytes.push(*first);
            rest = tail;
        }
    }
    String::from_utf8(bytes).unwrap()
}

#[test]
fn automatic_steps_are_whole_seconds() {
    let panel = PanelParams::default();
    assert_eq!(panel.step(), 14_000);
    assert_eq!(
        PanelParams {
            range: 1000,
            ..panel
        }
        .step(),
        1000
    );
}

#[test]
fn ranges_step_up_and_down_from_anywhere() {
    assert_eq!(longer_range(HOUR), 2 * HOUR);
    assert_eq!(shorter_range(HOUR), 30 * MINUTE);
    assert_eq!(longer_range(90 * MINUTE), 2 * HOUR);
    assert_eq!(shorter_range(1000), 1000);
    assert_eq!(longer_range(730 * DAY), 730 * DAY);
}

#[test]
fn zooming_grows_to_whole_seconds() {
    let panel = PanelParams::default().zoomed(100.4, 160.2);
    assert_eq!((panel.range, panel.end), (61_000, Some(161_000)));
}
