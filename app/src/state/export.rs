//! Answers as files and commands.

use crate::data::ChartData;
use crate::fmt;
use crate::state::encode;
use api_types::{LabelMap, QueryData};
use chart::CivilTime;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// A table of a chart: a row for every time, a column for every series.
pub fn chart_csv(data: &ChartData) -> String {
    let mut rows: BTreeMap<u64, Vec<String>> = BTreeMap::new();
    for (column, series) in data.series.iter().enumerate() {
        for point in &series.points {
            // Times are positive, and then their bits rise with them.
            let row = rows.entry(point.time.to_bits()).or_default();
            row.resize(column, String::new());
            row.push(fmt::value(point.value));
        }
    }
    let mut text = String::from("time");
    for series in &data.series {
        text.push(',');
        text.push_str(&cell(&series.name));
    }
    for (time, mut row) in rows {
        row.resize(data.series.len(), String::new());
        text.push('\n');
        text.push_str(&iso(f64::from_bits(time)));
        text.push(',');
        text.push_str(&row.join(","));
    }
    text.push('\n');
    text
}

/// A table of values at one moment: a column for every label.
pub fn moment_csv(data: &QueryData) -> String {
    let mut rows: Vec<(&LabelMap, f64, String)> = Vec::new();
    let none = LabelMap::new();
    match data {
        QueryData::Vector(samples) => rows.extend(samples.iter().map(|sample| {
            let value = sample.value.map(|pair| (pair.time, pair.value));
            let sum = sample
                .histogram
                .as_ref()
                .map(|pair| (pair.time, pair.histogram.sum));
            let (time, value) = value.or(sum).unwrap_or((0.0, f64::NAN));
            (&sample.metric, time, fmt::value(value))
        })),
        QueryData::Matrix(series) => rows.extend(series.iter().flat_map(|series| {
            let pairs = series.values.iter();
            pairs.map(|pair| (&series.metric, pair.time, fmt::value(pair.value)))
        })),
        QueryData::Scalar(pair) => rows.push((&none, pair.time, fmt::value(pair.value))),
        QueryData::String((time, text)) => rows.push((&none, *time, cell(text))),
    }
    let names: BTreeSet<&String> = rows.iter().flat_map(|(labels, ..)| labels.keys()).collect();
    let mut text = String::new();
    for name in &names {
        text.push_str(&cell(name));
        text.push(',');
    }
    text.push_str("time,value\n");
    for (labels, time, value) in &rows {
        for name in &names {
            text.push_str(&cell(labels.get(*name).map_or("", String::as_str)));
            text.push(',');
        }
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{},{value}", iso(*time));
    }
    text
}

/// The call of the API as a command for a shell.
pub fn curl(origin: &str, path: &str, form: &[(&str, String)]) -> String {
    let mut command = format!("curl -G '{origin}{path}'");
    for (name, value) in form {
        // A quote ends the shell's text, stands alone, and the text goes on.
        let value = value.replace('\'', r"'\''");
        // Writing to a string cannot fail.
        let _ = write!(command, " --data-urlencode '{}={value}'", encode(name));
    }
    command
}

fn iso(seconds: f64) -> String {
    let civil = CivilTime::from_seconds(seconds);
    format!(
        "{}T{}.{:03}Z",
        civil.date(),
        civil.clock(),
        civil.millisecond
    )
}

/// A field, in quotes where it needs them.
fn cell(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use api_types::{MatrixSeries, SamplePair};

    fn series(name: &str, values: &[(f64, f64)]) -> MatrixSeries {
        MatrixSeries {
            metric: LabelMap::from([("a".into(), name.into())]),
            values: values
                .iter()
                .map(|&(time, value)| SamplePair { time, value })
                .collect(),
            histograms: Vec::new(),
        }
    }

    #[test]
    fn a_chart_has_a_column_for_every_series() {
        let matrix = vec![
            series("x", &[(0.0, 1.0), (60.0, 2.0)]),
            series("y", &[(60.0, 3.5)]),
        ];
        let csv = chart_csv(&ChartData::new(matrix, (0.0, 60.0), 60.0));
        let lines: Vec<&str> = csv.lines().collect();
        assert_eq!(lines[0], r#"time,"{a=""x""}","{a=""y""}""#);
        assert_eq!(lines[1], "1970-01-01T00:00:00.000Z,1,");
        assert_eq!(lines[2], "1970-01-01T00:01:00.000Z,2,3.5");
    }

    #[test]
    fn a_moment_has_a_column_for_every_label() {
        let data = QueryData::Matrix(vec![series("x,y", &[(0.0, 1.0)])]);
        assert_eq!(
            moment_csv(&data),
            "a,time,value\n\"x,y\",1970-01-01T00:00:00.000Z,1\n"
        );
    }

    #[test]
    fn commands_survive_quotes() {
        assert_eq!(
            curl("http://h", "/p", &[("query", "a{b='c'}".into())]),
            r"curl -G 'http://h/p' --data-urlencode 'query=a{b='\''c'\''}'"
        );
    }
}
