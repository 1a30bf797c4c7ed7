//! Random expressions asked of this server and of a real Prometheus 2.42 over the same samples.
//!
//! `WATCHFIRE_DIFFERENTIAL` is how many expressions (each is asked for one time and for a range),
//! `WATCHFIRE_DIFFERENTIAL_SEED` repeats a run. What may differ is in `docs/promql-changes.md`.

mod compare;
mod data;
mod generate;
mod prometheus;
mod random;

use crate::peers::is_installed;
use crate::process::{Server, agent, folder, push};
use clock::{Clock, SystemClock};
use generate::Generator;
pub(crate) use prometheus::Prometheus;
use serde_json::Value;
use std::fmt::Write as _;

/// Expressions in an ordinary run of the tests.
const USUAL_COUNT: u64 = 300;
/// At most so many differences are told.
const MAX_TOLD: usize = 100;
const MINUTE: i64 = 60_000;
/// Prometheus' own name for what is `double_exponential_smoothing` since 3.0.
const RENAMED: (&str, &str) = ("double_exponential_smoothing(", "holt_winters(");

fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().unwrap())
}

/// What one call asks.
struct Question {
    expression: String,
    form: Vec<(&'static str, String)>,
}

impl Question {
    fn new(generator: &mut Generator, expression: &str, is_range: bool) -> Self {
        let seconds = |millis: i64| format!("{:.3}", millis as f64 / 1000.0);
        let start = generator.time();
        let form = if is_range {
            let step = generator.random.pick(&["15", "30", "47", "60", "300"]);
            let steps = generator.random.between(0, 20);
            let end = start + steps * step.parse::<i64>().unwrap() * 1000;
            vec![
                ("start", seconds(start)),
                ("end", seconds(end)),
                ("step", step.to_owned()),
            ]
        } else {
            vec![("time", seconds(start))]
        };
        Self {
            expression: expression.to_owned(),
            form,
        }
    }

    fn ask(&self, agent: &ureq::Agent, url: &str, expression: &str) -> Value {
        let call = if self.form.len() > 1 {
            "query_range"
        } else {
            "query"
        };
        let mut form = vec![("query", expression)];
        form.extend(
            self.form
                .iter()
                .map(|(name, value)| (*name, value.as_str())),
        );
        let mut response = agent
            .post(format!("{url}/api/v1/{call}"))
            .send_form(form)
            .unwrap_or_else(|error| panic!("{url}: {expression}: {error}"));
        let body = response.body_mut().read_to_string().unwrap();
        serde_json::from_str(&body).unwrap_or_else(|error| panic!("{url}: {error}: {body}"))
    }
}

#[test]
fn random_expressions_have_the_same_results_as_in_prometheus() {
    if !is_installed("prometheus") {
        return;
    }
    let count = setting("WATCHFIRE_DIFFERENTIAL").unwrap_or(USUAL_COUNT);
    let seed = setting("WATCHFIRE_DIFFERENTIAL_SEED").unwrap_or(42);
    let (folder, file) = folder("global:\n  evaluation_interval: 30s\n");
    let flags = [
        "--web.enable-remote-write-receiver",
        "--enable-feature=promql-experimental-functions",
    ];
    let server = Server::start_with(folder.path(), Some(&file), &flags);
    let prometheus = Prometheus::start(folder.path(), &file);
    // All in the last hour, so that an empty Prometheus takes them in any order of series.
    let start = (SystemClock.now().0 - data::SPAN - 2 * MINUTE) / MINUTE * MINUTE;
    let body = data::request(start, seed);
    push(&server.url, &body);
    push(&prometheus.url, &body);

    let agent = agent();
    let mut generator = Generator::new(seed, start, start + data::SPAN);
    let mut told = Vec::new();
    let (mut differences, mut errors, mut empty) = (0, 0, 0);
    for _ in 0..count {
        let made = generator.expression();
        let expression = &made.text;
        // What is left of a mean whose terms cancel (entry "Compensated sums").
        let noise = if expression.contains("avg") {
            1e-12
        } else {
            0.0
        };
        for is_range in [false, true] {
            let question = Question::new(&mut generator, expression, is_range);
            let ours = question.ask(&agent, &server.url, expression);
            let theirs = expression.replace(RENAMED.0, RENAMED.1);
            let theirs = question.ask(&agent, &prometheus.url, &theirs);
            errors += u64::from(theirs["status"] == "error");
            let result = theirs["data"]["result"].as_array();
            empty += u64::from(result.is_some_and(Vec::is_empty));
            let difference = compare::difference(&ours, &theirs, noise)
                .filter(|_| !(made.has_filter && compare::is_ambiguous_filter(&ours, &theirs)))
                .filter(|_| !(expression.contains("-(") && compare::is_joined(&ours, &theirs)));
            if let Some(difference) = difference {
                differences += 1;
                told.push((question.expression.len(), question, difference));
            }
        }
    }
    let questions = 2 * count;
    eprintln!(
        "{questions} questions, seed {seed}: {errors} are errors, {empty} have an empty result, {differences} differ"
    );
    assert!(errors * 3 < questions, "too many expressions are errors");
    assert!(empty * 2 < questions, "too many expressions find nothing");
    // The shortest say most.
    told.sort_by_key(|(length, ..)| *length);
    let mut text = String::new();
    for (_, question, difference) in told.iter().take(MAX_TOLD) {
        let Question { expression, form } = question;
        write!(
            text,
            "\n{expression}\n  {form:?}\n  ours / theirs: {difference}"
        )
        .unwrap();
    }
    assert!(
        told.is_empty(),
        "{differences} of {questions} differ (seed {seed}):{text}"
    );
}
