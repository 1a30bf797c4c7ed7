//! Queries of all panels: those that are due at one moment go out in one request, equal ones once.

use super::batch::ask_all;
use api_types::MOST_IN_BATCH;
use app::data::UiError;
use leptos::prelude::set_timeout;
use leptos::task::spawn_local;
use render::Question;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;
use web_sys::AbortController;

/// What is answered.
#[derive(Debug, Clone, Default)]
pub(crate) struct Reply {
    pub(crate) found: render::Reply,
    pub(crate) warnings: Vec<String>,
}

/// What came of a question.
pub(crate) type Replied = Result<Arc<Reply>, UiError>;

/// Whoever waits for an answer; turned over, they no longer do.
pub(crate) type Waits = Rc<Cell<bool>>;

type Done = Box<dyn FnOnce(Replied)>;

struct Job {
    question: Question,
    waiting: Vec<(Waits, Done)>,
    /// The number of the request that it went out with.
    batch: Option<u64>,
}

/// The queue. For the browser only.
#[derive(Default)]
pub(crate) struct Queue {
    jobs: RefCell<Vec<Job>>,
    /// Requests under way, by their numbers.
    batches: RefCell<BTreeMap<u64, AbortController>>,
    next: Cell<u64>,
    /// Whether what waits goes out soon.
    is_due: Cell<bool>,
}

impl Queue {
    /// Asks; `done` is called with the answer unless `waits` is turned over before.
    pub(crate) fn ask(self: &Rc<Self>, question: Question, waits: Waits, done: Done) {
        let mut jobs = self.jobs.borrow_mut();
        if let Some(job) = jobs.iter_mut().find(|job| job.question == question) {
            job.waiting.push((waits, done));
            return;
        }
        jobs.push(Job {
            question,
            waiting: vec![(waits, done)],
            batch: None,
        });
        if !self.is_due.replace(true) {
            let queue = Rc::clone(self);
            // In a task of its own: panels that come into view together, or follow one change, ask together.
            set_timeout(move || queue.send(), Duration::ZERO);
        }
    }

    /// Gives up what nobody waits for. A request whose questions were all given up is broken off, and the
    /// server stops to work on it.
    pub(crate) fn prune(&self) {
        let mut jobs = self.jobs.borrow_mut();
        jobs.retain(|job| job.waiting.iter().any(|(waits, _)| waits.get()));
        let mut batches = self.batches.borrow_mut();
        batches.retain(|number, running| {
            let is_wanted = jobs.iter().any(|job| job.batch == Some(*number));
            if !is_wanted {
                running.abort();
            }
            is_wanted
        });
    }

    /// Sends all that waits.
    fn send(self: &Rc<Self>) {
        self.is_due.set(false);
        loop {
            let number = self.next.get();
            let questions: Vec<Question> = {
                let mut jobs = self.jobs.borrow_mut();
                let due = jobs.iter_mut().filter(|job| job.batch.is_none());
                due.take(MOST_IN_BATCH)
                    .map(|job| {
                        job.batch = Some(number);
                        job.question.clone()
                    })
                    .collect()
            };
            if questions.is_empty() {
                return;
            }
            self.next.set(number + 1);
            let controller = AbortController::new().ok();
            let signal = controller.as_ref().map(AbortController::signal);
            // Without it nothing can be broken off, and everything else works.
            if let Some(controller) = controller {
                self.batches.borrow_mut().insert(number, controller);
            }
            let queue = Rc::clone(self);
            spawn_local(async move {
                let answered = ask_all(&questions, signal.as_ref(), |question, reply| {
                    queue.finish(number, question, &reply.map(Arc::new));
                })
                .await;
                queue.end(number, answered);
            });
        }
    }

    /// Tells an answer to all who wait for it.
    fn finish(&self, batch: u64, question: &Question, replied: &Replied) {
        let job = {
            let mut jobs = self.jobs.borrow_mut();
            let place = jobs
                .iter()
                .position(|job| job.batch == Some(batch) && job.question == *question);
            place.map(|place| jobs.swap_remove(place))
        };
        tell(job, replied);
    }

    /// A request has ended: what was not answered never will be.
    fn end(&self, batch: u64, answered: Result<(), UiError>) {
        self.batches.borrow_mut().remove(&batch);
        let left: Vec<Job> = {
            let mut jobs = self.jobs.borrow_mut();
            jobs.extract_if(.., |job| job.batch == Some(batch))
                .collect()
        };
        let reason = answered.err().unwrap_or_else(|| UiError::Unreachable {
            reason: "the answer ended early".to_owned(),
        });
        tell(left, &Err(reason));
    }
}

fn tell(jobs: impl IntoIterator<Item = Job>, replied: &Replied) {
    for (waits, done) in jobs.into_iter().flat_map(|job| job.waiting) {
        if waits.get() {
            done(replied.clone());
        }
    }
}
