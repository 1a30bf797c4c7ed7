//! Queries of all panels: a few at once, equal ones once.

use api_types::QueryData;
use app::data::{Answer, UiError, post};
use leptos::task::spawn_local;
use render::Question;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::Arc;
use web_sys::AbortController;

/// Browsers open no more connections to a server than this.
const AT_ONCE: usize = 5;

/// What is answered.
#[derive(Debug, Clone, Default)]
pub(crate) struct Reply {
    pub(crate) found: render::Reply,
    pub(crate) warnings: Vec<String>,
}

/// Whoever waits for an answer; turned over, they no longer do.
pub(crate) type Waits = Rc<Cell<bool>>;

type Done = Box<dyn FnOnce(Result<Arc<Reply>, UiError>)>;

struct Job {
    question: Question,
    waiting: Vec<(Waits, Done)>,
    /// Set once it runs.
    running: Option<AbortController>,
}

/// The queue. For the browser only.
#[derive(Default)]
pub(crate) struct Queue {
    jobs: RefCell<VecDeque<Job>>,
}

impl Queue {
    /// Asks; `done` is called with the answer unless `waits` is turned over before.
    pub(crate) fn ask(self: &Rc<Self>, question: Question, waits: Waits, done: Done) {
        {
            let mut jobs = self.jobs.borrow_mut();
            if let Some(job) = jobs.iter_mut().find(|job| job.question == question) {
                job.waiting.push((waits, done));
                return;
            }
            jobs.push_back(Job {
                question,
                waiting: vec![(waits, done)],
                running: None,
            });
        }
        self.run();
    }

    /// Gives up what nobody waits for.
    pub(crate) fn prune(self: &Rc<Self>) {
        let mut given_up = Vec::new();
        self.jobs.borrow_mut().retain_mut(|job| {
            let is_wanted = job.waiting.iter().any(|(waits, _)| waits.get());
            if !is_wanted {
                given_up.extend(job.running.take());
            }
            is_wanted
        });
        for running in given_up {
            running.abort();
        }
        self.run();
    }

    fn run(self: &Rc<Self>) {
        loop {
            let next = {
                let mut jobs = self.jobs.borrow_mut();
                let running = jobs.iter().filter(|job| job.running.is_some()).count();
                if running >= AT_ONCE {
                    return;
                }
                let Some(job) = jobs.iter_mut().find(|job| job.running.is_none()) else {
                    return;
                };
                // Without it nothing can be given up, and everything else works.
                let Ok(controller) = AbortController::new() else {
                    return;
                };
                let signal = controller.signal();
                job.running = Some(controller);
                (job.question.clone(), signal)
            };
            let queue = Rc::clone(self);
            spawn_local(async move {
                let (question, signal) = next;
                let result = answer(&question, &signal).await;
                if !matches!(result, Err(UiError::Cancelled)) {
                    queue.finish(&question, &result.map(Arc::new));
                }
            });
        }
    }

    fn finish(self: &Rc<Self>, question: &Question, result: &Result<Arc<Reply>, UiError>) {
        let job = {
            let mut jobs = self.jobs.borrow_mut();
            let place = jobs
                .iter()
                .position(|job| job.question == *question && job.running.is_some());
            place.and_then(|place| jobs.remove(place))
        };
        // The next ones are under way while these are drawn.
        self.run();
        for (waits, done) in job.into_iter().flat_map(|job| job.waiting) {
            if waits.get() {
                done(result.clone());
            }
        }
    }
}

/// A moment as the API takes it. Units: milliseconds to seconds.
fn seconds(ms: i64) -> String {
    (ms as f64 / 1e3).to_string()
}

async fn answer(question: &Question, signal: &web_sys::AbortSignal) -> Result<Reply, UiError> {
    let to = seconds(question.to);
    let answer: Answer<QueryData> = match question.step {
        None => {
            let form = [("query", question.expr.as_str()), ("time", &to)];
            post("/api/v1/query", &form, Some(signal)).await?
        }
        Some(step) => {
            let (from, step) = (seconds(question.from), seconds(step));
            let form = [
                ("query", question.expr.as_str()),
                ("start", &from),
                ("end", &to),
                ("step", &step),
            ];
            post("/api/v1/query_range", &form, Some(signal)).await?
        }
    };
    Ok(Reply {
        found: render::Reply::from(&answer.data),
        warnings: answer.warnings,
    })
}
