//! Choices of variables: asked level by level, those that others depend on first.

use super::Board;
use super::queue::series_of;
use api_types::{LabelMap, QueryData};
use app::data::{Answer, UiError, get, post};
use app::state::query_string;
use dashboard::{
    Choice, Globals, Refresh, Scope, Variable, VariableKind, VariableQuery, VariableValues,
    order_variables,
};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Which variables are asked for.
#[derive(Debug, Clone)]
pub(crate) enum Which {
    /// All that have a query: a dashboard opens.
    All,
    /// Those whose choices go with the time.
    OfTime,
    /// Those that depend on one that was changed.
    Below(String),
}

/// Asks for choices; panels wait until the values are there. For the browser only.
pub(crate) fn resolve(board: Board, which: Which) {
    let serial = board.variable_serial.try_update_value(|serial| {
        *serial += 1;
        *serial
    });
    let Some(serial) = serial else { return };
    spawn_local(async move {
        // The page may have gone before this began.
        let Some(start) = board.values.try_get_untracked() else {
            return;
        };
        let variables: Vec<Variable> = start.iter().map(|value| value.variable.clone()).collect();
        let order = order_variables(&variables);
        let wanted = wanted(&variables, &order, &which);
        if wanted.is_empty() {
            be_ready(board);
            return;
        }
        let mut values = (*start).clone();
        for level in &order.levels {
            for name in level.iter().filter(|name| wanted.contains(*name)) {
                let globals = board.globals_untracked();
                let found = ask(&values, name, &globals).await;
                // Somebody chose something meanwhile, or left.
                if board.variable_serial.try_get_value() != Some(serial) {
                    return;
                }
                match found {
                    Ok(Some(options)) => {
                        if let Some(value) = values.get_mut(name) {
                            value.set_options(options);
                        }
                        board.variable_errors.update(|errors| {
                            errors.remove(name);
                        });
                    }
                    Ok(None) => {}
                    Err(reason) => board.variable_errors.update(|errors| {
                        errors.insert(name.clone(), reason);
                    }),
                }
            }
        }
        board.values.set(Arc::new(values));
        be_ready(board);
    });
}

/// Lets panels ask; told once, for each telling makes them look again.
fn be_ready(board: Board) {
    if !board.ready.get_untracked() {
        board.ready.set(true);
    }
}

fn wanted(
    variables: &[Variable],
    order: &dashboard::VariableOrder,
    which: &Which,
) -> BTreeSet<String> {
    let has_query = |variable: &&Variable| {
        matches!(
            variable.kind,
            VariableKind::Query(_) | VariableKind::DataSource { .. }
        )
    };
    let mut wanted: BTreeSet<String> = match which {
        Which::All => variables
            .iter()
            .filter(has_query)
            .map(|v| v.name.clone())
            .collect(),
        Which::OfTime => variables
            .iter()
            .filter(has_query)
            .filter(|variable| variable.refresh == Refresh::OnTimeRange)
            .map(|variable| variable.name.clone())
            .collect(),
        Which::Below(name) => order.children(name).into_iter().collect(),
    };
    // What depends on one that is asked anew is asked anew, too.
    let mut open: Vec<String> = wanted.iter().cloned().collect();
    while let Some(name) = open.pop() {
        for child in order.children(&name) {
            if wanted.insert(child.clone()) {
                open.push(child);
            }
        }
    }
    wanted
}

/// The choices of a variable; `None` where they do not come from anywhere.
async fn ask(
    values: &VariableValues,
    name: &str,
    globals: &Globals,
) -> Result<Option<Vec<Choice>>, String> {
    let Some(value) = values.get(name) else {
        return Ok(None);
    };
    let variable = value.variable.clone();
    let query = match &variable.kind {
        VariableKind::DataSource { .. } => {
            return Ok(Some(vec![Choice::new("Watchfire", "watchfire")]));
        }
        VariableKind::Query(query) => query.interpolate(&Scope::new(values, globals)),
        _ => return Ok(None),
    };
    let answers = answers(&query, globals)
        .await
        .map_err(|error| error.to_string())?;
    variable
        .choices(&answers, &Scope::new(values, globals))
        .map(Some)
        .map_err(|error| error.to_string())
}

async fn answers(query: &VariableQuery, globals: &Globals) -> Result<Vec<String>, UiError> {
    let (start, end) = (
        (globals.from as f64 / 1e3).to_string(),
        (globals.to as f64 / 1e3).to_string(),
    );
    let window = |selector: Option<&str>| {
        let mut pairs = vec![("start", start.as_str()), ("end", end.as_str())];
        pairs.extend(selector.map(|selector| ("match[]", selector)));
        query_string(pairs.iter().copied())
    };
    let list = |path: String| async move {
        let answer: Answer<Vec<String>> = get(&path, None).await?;
        Ok::<Vec<String>, UiError>(answer.data)
    };
    match query {
        VariableQuery::LabelValues { label, selector } => {
            let pairs = window(selector.as_deref());
            list(format!(
                "/api/v1/label/{}/values?{pairs}",
                app::state::encode(label)
            ))
            .await
        }
        VariableQuery::LabelNames { selector } => {
            list(format!("/api/v1/labels?{}", window(selector.as_deref()))).await
        }
        VariableQuery::Metrics { pattern } => {
            let selector = format!(
                "{{__name__=~\"{}\"}}",
                pattern.replace('\\', "\\\\").replace('"', "\\\"")
            );
            let wanted = (!pattern.is_empty()).then_some(selector.as_str());
            list(format!("/api/v1/label/__name__/values?{}", window(wanted))).await
        }
        VariableQuery::QueryResult { expr } => {
            let form = [("query", expr.as_str()), ("time", end.as_str())];
            let answer: Answer<QueryData> = post("/api/v1/query", &form, None).await?;
            let series = series_of(answer.data);
            Ok(series
                .iter()
                .flat_map(|series| {
                    let pairs = series.times.iter().zip(&series.values);
                    pairs.map(|(time, value)| format!("{} {value} {time}", series.labels))
                })
                .collect())
        }
        VariableQuery::Series { selector } => {
            let answer: Answer<Vec<LabelMap>> =
                get(&format!("/api/v1/series?{}", window(Some(selector))), None).await?;
            Ok(answer.data.iter().map(app::fmt::series).collect())
        }
        VariableQuery::Empty => Ok(Vec::new()),
    }
}
