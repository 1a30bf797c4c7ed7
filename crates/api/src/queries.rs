//! What runs and what was asked: `/api/watchfire/queries`, and a way to end a query that runs.

use crate::error::{ApiError, ErrorKind};
use crate::params::Params;
use crate::response::success;
use crate::state::ApiState;
use crate::time::format_time;
use api_types::{QueriesData, QueryProfile, RunningQuery};
use axum::extract::{Path, State};
use axum::response::Response;
use model::TimestampMs;
use promql::{QueryStats, StepRange};
use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Most texts that are remembered; the one that was asked longest ago is forgotten first.
const MAX_PROFILES: usize = 500;

/// A longer text is cut. Units: bytes.
const MAX_TEXT: usize = 8 << 10;

/// Entries of an answer where the call names no limit.
const USUAL: usize = 50;

/// What runs and what was asked since the start. Clones share it.
#[derive(Clone)]
pub struct QueryBook {
    shared: Arc<Shared>,
}

struct Shared {
    since: TimestampMs,
    seats: usize,
    pages: Mutex<Pages>,
}

#[derive(Default)]
struct Pages {
    next: u64,
    ended: u64,
    running: BTreeMap<u64, Entry>,
    profiles: HashMap<Arc<str>, Profile>,
}

struct Entry {
    text: Arc<str>,
    began: TimestampMs,
    clock: Instant,
    range: StepRange,
    client: String,
    path: String,
    is_waiting: bool,
    cancel: Arc<AtomicBool>,
    is_cancelled: bool,
}

#[derive(Debug, Clone, Default)]
struct Profile {
    count: u64,
    errors: u64,
    last_error: String,
    last: Option<TimestampMs>,
    total: Duration,
    longest: Duration,
    samples: u64,
    bytes: u64,
}

/// A query from its coming to its end; dropping it strikes it out.
pub(crate) struct Noted {
    shared: Arc<Shared>,
    id: u64,
    text: Arc<str>,
    /// Ends the query when it is set.
    pub(crate) cancel: Arc<AtomicBool>,
}

impl QueryBook {
    /// An empty book, for a server where `seats` queries may run at once.
    pub fn new(seats: usize, since: TimestampMs) -> Self {
        Self {
            shared: Arc::new(Shared {
                since,
                seats,
                pages: Mutex::default(),
            }),
        }
    }

    /// Notes a query that has come.
    pub(crate) fn begin(
        &self,
        query: &str,
        range: StepRange,
        (client, path): (&str, &str),
        now: TimestampMs,
    ) -> Noted {
        let end = query.floor_char_boundary(MAX_TEXT);
        let text: Arc<str> = query.get(..end).unwrap_or_default().into();
        let cancel = Arc::new(AtomicBool::new(false));
        let mut pages = self.shared.pages();
        pages.next += 1;
        let id = pages.next;
        let entry = Entry {
            text: Arc::clone(&text),
            began: now,
            clock: Instant::now(),
            range,
            client: client.to_owned(),
            path: path.to_owned(),
            is_waiting: true,
            cancel: Arc::clone(&cancel),
            is_cancelled: false,
        };
        pages.running.insert(id, entry);
        drop(pages);
        Noted {
            shared: Arc::clone(&self.shared),
            id,
            text,
            cancel,
        }
    }

    /// Ends a query that runs; whether there is one of this number.
    fn cancel(&self, id: u64) -> bool {
        let mut pages = self.shared.pages();
        let Some(entry) = pages.running.get_mut(&id) else {
            return false;
        };
        entry.is_cancelled = true;
        entry.cancel.store(true, Ordering::Relaxed);
        true
    }

    fn data(&self, order: Order, limit: usize) -> QueriesData {
        let pages = self.shared.pages();
        let mut profiles: Vec<(&Arc<str>, &Profile)> = pages.profiles.iter().collect();
        profiles.sort_by_key(|(text, profile)| (Reverse(order.key(profile)), Arc::clone(text)));
        profiles.truncate(limit);
        QueriesData {
            running: pages.running.iter().map(running).collect(),
            seats: self.shared.seats,
            profiles: profiles.into_iter().map(profile).collect(),
            remembered: pages.profiles.len(),
            ended: pages.ended,
            since: format_time(self.shared.since),
        }
    }
}

impl Shared {
    fn pages(&self) -> MutexGuard<'_, Pages> {
        self.pages.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Noted {
    /// Notes that the query has a seat.
    pub(crate) fn seated(&self) {
        if let Some(entry) = self.shared.pages().running.get_mut(&self.id) {
            entry.is_waiting = false;
        }
    }

    /// Notes how the query ended.
    pub(crate) fn ended(
        &self,
        took: Duration,
        stats: QueryStats,
        error: Option<String>,
        now: TimestampMs,
    ) {
        let mut pages = self.shared.pages();
        pages.ended += 1;
        if !pages.profiles.contains_key(&self.text) && pages.profiles.len() >= MAX_PROFILES {
            let oldest = pages
                .profiles
                .iter()
                .min_by_key(|(_, profile)| profile.last);
            let oldest = oldest.map(|(text, _)| Arc::clone(text));
            oldest.and_then(|text| pages.profiles.remove(&text));
        }
        let profile = pages.profiles.entry(Arc::clone(&self.text)).or_default();
        profile.count += 1;
        profile.last = Some(now);
        profile.total += took;
        profile.longest = profile.longest.max(took);
        profile.samples = profile.samples.max(stats.samples_read);
        profile.bytes = profile.bytes.max(stats.peak_bytes as u64);
        if let Some(error) = error {
            profile.errors += 1;
            profile.last_error = error;
        }
    }
}

impl Drop for Noted {
    fn drop(&mut self) {
        self.shared.pages().running.remove(&self.id);
    }
}

/// What the list of queries falls by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    Longest,
    Most,
    Samples,
    Memory,
    Total,
    Last,
}

impl Order {
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "slowest" => Self::Longest,
            "frequent" => Self::Most,
            "samples" => Self::Samples,
            "memory" => Self::Memory,
            "total" => Self::Total,
            "recent" => Self::Last,
            _ => return None,
        })
    }

    fn key(self, profile: &Profile) -> u128 {
        match self {
            Self::Longest => profile.longest.as_nanos(),
            Self::Most => profile.count.into(),
            Self::Samples => profile.samples.into(),
            Self::Memory => profile.bytes.into(),
            Self::Total => profile.total.as_nanos(),
            Self::Last => profile
                .last
                .map_or(0, |time| u128::from(time.0.max(0).unsigned_abs())),
        }
    }
}

fn running((id, entry): (&u64, &Entry)) -> RunningQuery {
    let range = entry.range.end.0.saturating_sub(entry.range.start.0);
    RunningQuery {
        id: *id,
        query: entry.text.to_string(),
        since: format_time(entry.began),
        elapsed: entry.clock.elapsed().as_secs_f64(),
        range: range as f64 / 1000.0,
        step: entry.range.step.as_seconds(),
        client: entry.client.clone(),
        path: entry.path.clone(),
        waiting: entry.is_waiting,
        cancelled: entry.is_cancelled,
    }
}

fn profile((text, profile): (&Arc<str>, &Profile)) -> QueryProfile {
    QueryProfile {
        query: text.to_string(),
        count: profile.count,
        errors: profile.errors,
        last_error: profile.last_error.clone(),
        last: profile.last.map(format_time).unwrap_or_default(),
        total_time: profile.total.as_secs_f64(),
        max_time: profile.longest.as_secs_f64(),
        max_samples: profile.samples,
        max_bytes: profile.bytes,
    }
}

/// `/api/watchfire/queries`: `sort` (`slowest`, `frequent`, `samples`, `memory`, `total`, `recent`), `limit`.
pub(crate) async fn list(
    State(state): State<Arc<ApiState>>,
    params: Params,
) -> Result<Response, ApiError> {
    let name = params.get("sort").unwrap_or("slowest");
    let order = Order::named(name).ok_or_else(|| {
        let cause = format!("there is no order {name:?}");
        ApiError::parameter("sort", cause)
    })?;
    let limit = params.limit()?.unwrap_or(USUAL);
    Ok(success(state.book.data(order, limit)))
}

/// `DELETE /api/watchfire/queries/{id}`: ends a query that runs.
pub(crate) async fn cancel(
    State(state): State<Arc<ApiState>>,
    Path(id): Path<u64>,
) -> Result<Response, ApiError> {
    if state.book.cancel(id) {
        tracing::info!(id, "query cancelled by a client");
        return Ok(success(serde_json::json!({ "cancelled": id })));
    }
    let message = format!("no query with the number {id} runs");
    Err(ApiError::new(ErrorKind::NotFound, message))
}

#[cfg(test)]
mod tests;
