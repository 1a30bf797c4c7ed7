//! The page, in Markdown.

use super::Section;
use super::figures::{cell, times};
use super::measure::{Measure, Verdict};
use crate::system::System;
use std::fmt::Write as _;

/// A condition's name and what it was.
type Condition = (String, String);

/// The page of `sections`.
pub(crate) fn page(command: &str, sections: &[Section]) -> String {
    let mut out = String::from("# Benchmarks\n\n");
    let _ = writeln!(
        out,
        "Written by `{command}` from what it measured: the same data, the same queries and the same \
         machine for every server.\n\
         Less is better in every row. A figure with two others in parentheses is a median with the \
         smallest and the largest value; a ratio says how many times more the peer takes.\n"
    );
    let judged: Vec<&Measure> = sections
        .iter()
        .flat_map(|section| &section.measures)
        .filter(|measure| measure.verdict() != Verdict::Open)
        .collect();
    if !judged.is_empty() {
        let met = judged
            .iter()
            .filter(|m| m.verdict() == Verdict::Met)
            .count();
        let _ = writeln!(out, "Targets: {met} of {} met.\n", judged.len());
    }
    // What holds for all parts is said once.
    let shared: Vec<&Condition> = match sections {
        [first, others @ ..] if !others.is_empty() => first
            .conditions
            .iter()
            .filter(|line| others.iter().all(|other| other.conditions.contains(line)))
            .collect(),
        _ => Vec::new(),
    };
    if !shared.is_empty() {
        let rows = shared
            .iter()
            .map(|(name, value)| vec![name.clone(), value.clone()]);
        write_table(&mut out, &["of all parts", ""], rows);
    }
    for section in sections {
        write_section(&mut out, section, &shared);
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

fn write_section(out: &mut String, section: &Section, shared: &[&Condition]) {
    let _ = writeln!(out, "## {}\n", section.title);
    let own: Vec<Vec<String>> = section
        .conditions
        .iter()
        .filter(|line| !shared.contains(line))
        .map(|(name, value)| vec![name.clone(), value.clone()])
        .collect();
    if !own.is_empty() {
        write_table(out, &["condition", ""], own.into_iter());
    }
    let taking_part: Vec<System> = System::ALL
        .into_iter()
        .filter(|system| {
            section
                .measures
                .iter()
                .any(|m| m.values.contains_key(system))
        })
        .collect();
    for system in System::ALL {
        if !taking_part.contains(&system) {
            let _ = writeln!(out, "{} was not measured.\n", system.title());
        }
    }
    if !section.measures.is_empty() {
        let peers: Vec<System> = taking_part
            .iter()
            .copied()
            .filter(|s| *s != System::Watchfire)
            .collect();
        let against: Vec<String> = peers.iter().map(|p| format!("vs {}", p.title())).collect();
        let mut header = vec!["measure"];
        header.extend(taking_part.iter().map(|system| system.title()));
        header.extend(against.iter().map(String::as_str));
        header.extend(["target", "verdict", "remark"]);
        let rows = section
            .measures
            .iter()
            .map(|measure| row(measure, &taking_part, &peers));
        write_table(out, &header, rows);
    }
    for note in &section.notes {
        let _ = writeln!(out, "- {note}");
    }
    if !section.notes.is_empty() {
        out.push('\n');
    }
}

fn row(measure: &Measure, taking_part: &[System], peers: &[System]) -> Vec<String> {
    let value = |system: &System| {
        measure
            .values
            .get(system)
            .map_or_else(|| "-".to_owned(), |v| cell(v))
    };
    let ratio = |peer: &System| measure.ratio(*peer).map_or_else(|| "-".to_owned(), times);
    let mut row = vec![measure.name.clone()];
    row.extend(taking_part.iter().map(value));
    row.extend(peers.iter().map(ratio));
    row.extend([
        measure.aim(),
        measure.verdict().word().to_owned(),
        measure.remark.clone(),
    ]);
    row
}

fn write_table(out: &mut String, header: &[&str], rows: impl Iterator<Item = Vec<String>>) {
    let line = |cells: &[String]| {
        let cells: Vec<String> = cells.iter().map(|cell| cell.replace('|', "\\|")).collect();
        format!("| {} |\n", cells.join(" | "))
    };
    let header: Vec<String> = header.iter().map(|cell| (*cell).to_owned()).collect();
    out.push_str(&line(&header));
    let _ = writeln!(out, "|{}", "---|".repeat(header.len()));
    for row in rows {
        out.push_str(&line(&row));
    }
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Target;

    fn section() -> Section {
        let mut cpu = Measure::new(
            "core-s",
            Some(Target::Times {
                prometheus: 6.0,
                victoria: 8.0,
            }),
        );
        for value in [0.1, 0.11, 0.09] {
            cpu.add(System::Watchfire, value);
        }
        cpu.add(System::Prometheus, 0.7);
        let mut query = Measure::new("`a|b` ms", Some(Target::Query));
        query.add(System::Watchfire, 3.0);
        query.add(System::Prometheus, 9.0);
        query.remark = "same".to_owned();
        Section {
            part: "scrape".to_owned(),
            title: "Scraping".to_owned(),
            conditions: vec![("seed".to_owned(), "1".to_owned())],
            measures: vec![cpu, query],
            notes: vec!["A note.".to_owned()],
        }
    }

    #[test]
    fn the_page_shows_figures_ratios_targets_and_who_is_missing() {
        let page = page("cargo xtask bench", &[section()]);
        let (_, from_targets) = page.split_once("Targets").unwrap();
        let expected = "\
: 1 of 2 met.

## Scraping

| condition |  |
|---|---|
| seed | 1 |

VictoriaMetrics was not measured.

| measure | Watchfire | Prometheus | vs Prometheus | target | verdict | remark |
|---|---|---|---|---|---|---|
| core-s | 0.100 (0.0900 to 0.110) | 0.700 | 7.00x | 6x, 8x | met |  |
| `a\\|b` ms | 3.00 | 9.00 | 3.00x | 4x, 2x | **missed** | same |

- A note.
";
        assert_eq!(from_targets, expected);
    }

    #[test]
    fn what_holds_for_all_parts_is_said_once() {
        let mut other = section();
        other
            .conditions
            .push(("only".to_owned(), "here".to_owned()));
        let page = page("cargo xtask bench", &[section(), other]);
        assert_eq!(page.matches("| seed | 1 |").count(), 1);
        assert!(page.contains("| condition |  |\n|---|---|\n| only | here |\n"));
    }

    #[test]
    fn a_section_comes_back_from_its_file() {
        assert_eq!(Section::from_json(&section().to_json()), Some(section()));
    }
}
