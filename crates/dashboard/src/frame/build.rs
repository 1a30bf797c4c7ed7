//! Answers of queries to frames.

use super::name::metric_text;
use super::{Column, Field, Frame, FrameKind, NULL, TIME_NAME, VALUE_NAME, format_legend};
use model::{BUCKET_LABEL, Labels, LabelsBuilder};
use std::collections::BTreeSet;

/// What a query's answer is made into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ResultFormat {
    /// A frame for each series.
    #[default]
    TimeSeries,
    /// One table with a column for each label.
    Table,
    /// Buckets by their upper bound.
    Heatmap,
}

/// A series of an answer.
#[derive(Debug, Clone, Default)]
pub struct AnswerSeries {
    /// Its labels.
    pub labels: Labels,
    /// Units: milliseconds since the epoch. Ordering: ascending.
    pub times: Vec<f64>,
    /// Shape: as long as `times`.
    pub values: Vec<f64>,
}

/// The answer to a query.
#[derive(Debug, Clone, Default)]
pub struct Answer {
    /// Which query.
    pub ref_id: String,
    /// The expression that was asked.
    pub expr: String,
    /// Template of the names of series; empty writes all labels, `__auto` those that differ.
    pub legend: String,
    /// What to make of it.
    pub format: ResultFormat,
    /// Distance of points of a range query; `None` for an instant one. Units: milliseconds.
    pub step: Option<i64>,
    /// The series.
    pub series: Vec<AnswerSeries>,
}

/// Frames of all answers, in their order.
pub fn build_frames(answers: &[Answer]) -> Vec<Frame> {
    let tables = answers
        .iter()
        .filter(|answer| answer.format == ResultFormat::Table)
        .count();
    answers
        .iter()
        .flat_map(|answer| match answer.format {
            ResultFormat::TimeSeries => series_frames(answer),
            ResultFormat::Table => vec![table_frame(answer, tables > 1)],
            ResultFormat::Heatmap => heatmap_frames(answer),
        })
        .collect()
}

fn series_frames(answer: &Answer) -> Vec<Frame> {
    let differing = differing_labels(&answer.series);
    answer
        .series
        .iter()
        .map(|series| {
            let legend = legend_of(answer, &series.labels, &differing);
            let (times, values) = with_gaps(series, answer.step);
            let mut value = Field::new(VALUE_NAME, Column::Number(values));
            value.labels = series.labels.clone();
            value.options.legend = Some(legend.clone());
            Frame {
                name: Some(legend),
                ref_id: Some(answer.ref_id.clone()),
                kind: FrameKind::Series,
                fields: vec![Field::new(TIME_NAME, Column::Time(times)), value],
            }
        })
        .collect()
}

/// Points with a null where samples are missing, so that lines break there.
fn with_gaps(series: &AnswerSeries, step: Option<i64>) -> (Vec<f64>, Vec<f64>) {
    let Some(step) = step.map(|step| step as f64).filter(|step| *step > 0.0) else {
        return (series.times.clone(), series.values.clone());
    };
    let mut times = Vec::with_capacity(series.times.len());
    let mut values = Vec::with_capacity(series.values.len());
    for (time, value) in series.times.iter().zip(&series.values) {
        if let Some(last) = times.last().copied()
            && time - last > step * 1.5
        {
            times.push(last + step);
            values.push(NULL);
        }
        times.push(*time);
        values.push(*value);
    }
    (times, values)
}

/// Names of labels that are not the same in all series.
fn differing_labels(series: &[AnswerSeries]) -> BTreeSet<String> {
    let Some(first) = series.first() else {
        return BTreeSet::new();
    };
    let names: BTreeSet<&str> = series
        .iter()
        .flat_map(|series| series.labels.iter().map(|(name, _)| name))
        .collect();
    names
        .into_iter()
        .filter(|name| {
            let expected = first.labels.get(name);
            series
                .iter()
                .any(|series| series.labels.get(name) != expected)
        })
        .map(str::to_owned)
        .collect()
}

fn legend_of(answer: &Answer, labels: &Labels, differing: &BTreeSet<String>) -> String {
    let text = match answer.legend.as_str() {
        "" => metric_text(labels),
        "__auto" => {
            let unique = labels.filtered(|name| differing.contains(name));
            let mut pairs = unique.iter();
            match (pairs.next(), pairs.next()) {
                (Some((_, value)), None) => value.to_owned(),
                (Some(_), Some(_)) => metric_text(&unique),
                (None, _) => metric_text(labels),
            }
        }
        template => return format_legend(template, labels),
    };
    // Empty braces say nothing; the expression does.
    if text == "{}" {
        answer.expr.clone()
    } else {
        text
    }
}

fn table_frame(answer: &Answer, several: bool) -> Frame {
    let mut names: Vec<&str> = Vec::new();
    for series in &answer.series {
        for (name, _) in series.labels.iter() {
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    let mut rows: Vec<(f64, f64, &Labels)> = answer
        .series
        .iter()
        .flat_map(|series| {
            let points = series.times.iter().zip(&series.values);
            points.map(|(time, value)| (*time, *value, &series.labels))
        })
        .collect();
    // Stable: at one time the order of the answer (of sort_desc, say) stays.
    rows.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut fields = vec![Field::new(
        TIME_NAME,
        Column::Time(rows.iter().map(|(time, ..)| *time).collect()),
    )];
    for name in names {
        let texts = rows
            .iter()
            .map(|(.., labels)| Some(labels.get(name).unwrap_or_default().to_owned()))
            .collect();
        let mut field = Field::new(name, Column::Text(texts));
        field.options.filterable = Some(true);
        fields.push(field);
    }
    let name = if several {
        format!("{VALUE_NAME} #{}", answer.ref_id)
    } else {
        VALUE_NAME.to_owned()
    };
    let values = rows.iter().map(|(_, value, _)| *value).collect();
    fields.push(Field::new(name, Column::Number(values)));
    Frame {
        name: None,
        ref_id: Some(answer.ref_id.clone()),
        kind: FrameKind::Table,
        fields,
    }
}

/// One frame of buckets for each group of series that differ in their bound only.
fn heatmap_frames(answer: &Answer) -> Vec<Frame> {
    let mut groups: Vec<(Labels, Vec<(f64, &AnswerSeries)>)> = Vec::new();
    let mut others = Answer {
        series: Vec::new(),
        format: ResultFormat::TimeSeries,
        ..answer.clone()
    };
    for series in &answer.series {
        let bound = series.labels.get(BUCKET_LABEL).map(model::parse_value);
        let Some(Ok(bound)) = bound else {
            others.series.push(series.clone());
            continue;
        };
        let mut rest: LabelsBuilder = series.labels.to_builder();
        rest.remove(BUCKET_LABEL);
        let rest = rest.build();
        match groups.iter_mut().find(|(labels, _)| *labels == rest) {
            Some((_, buckets)) => buckets.push((bound, series)),
            None => groups.push((rest, vec![(bound, series)])),
        }
    }
    let mut frames: Vec<Frame> = groups
        .into_iter()
        .map(|(_, mut buckets)| {
            buckets.sort_by(|a, b| a.0.total_cmp(&b.0));
            heatmap_frame(answer, &buckets)
        })
        .collect();
    frames.extend(series_frames(&others));
    frames
}

fn heatmap_frame(answer: &Answer, buckets: &[(f64, &AnswerSeries)]) -> Frame {
    let mut times: Vec<f64> = buckets
        .iter()
        .flat_map(|(_, series)| series.times.iter().copied())
        .collect();
    times.sort_by(f64::total_cmp);
    times.dedup();
    let mut below: Vec<f64> = vec![0.0; times.len()];
    let mut fields = vec![Field::new(TIME_NAME, Column::Time(times.clone()))];
    for (_, series) in buckets {
        let mut points = series.times.iter().zip(&series.values).peekable();
        let mut counts = Vec::with_capacity(times.len());
        for (time, below) in times.iter().zip(&mut below) {
            while points.next_if(|(at, _)| *at < time).is_some() {}
            match points.next_if(|(at, _)| *at == time) {
                Some((_, value)) if value.is_finite() => {
                    let count = value - *below;
                    // Rates of buckets are not taken at one moment; tiny differences are none.
                    counts.push(if count < 1e-9 { 0.0 } else { count });
                    *below = below.max(*value);
                }
                _ => counts.push(NULL),
            }
        }
        let bound = series.labels.get(BUCKET_LABEL).unwrap_or_default();
        let mut field = Field::new(bound, Column::Number(counts));
        field.labels = series.labels.clone();
        field.options.legend = Some(bound.to_owned());
        fields.push(field);
    }
    Frame {
        name: None,
        ref_id: Some(answer.ref_id.clone()),
        kind: FrameKind::HeatmapRows,
        fields,
    }
}
