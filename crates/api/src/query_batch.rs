//! `/api/watchfire/query_batch`: the queries of a whole page in one request, each answered as soon as it can
//! be. Prometheus has no such call; the bytes of the answer are told in `api_types`.
//!
//! Each query runs as a call of its own would: behind the gate, counted, logged, and refused in the same
//! words. Equal ones run once. A batch takes only a share of the seats, so that others run beside it, and
//! what of it has not run is given up with its connection.

use crate::encode::Notes;
use crate::error::{ApiError, ErrorKind};
use crate::origin::Origin;
use crate::query::{Call, Evaluated, Took, at, check_range_type, checked_steps};
use crate::state::ApiState;
use api_types::{
    BATCH_CONTENT_TYPE, BatchNotes, BatchQuery, FrameWriter, MOST_IN_BATCH, QueryBatch,
};
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use model::{DurationMs, TimestampMs};
use promql::{MatrixSeries, QueryOutput, StepRange, Value};
use std::collections::{HashMap, VecDeque};
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Instant;
use tokio::io::{AsyncRead, ReadBuf};
use tokio::task::JoinSet;
use tokio_util::io::ReaderStream;

/// A larger request is refused. Units: bytes.
const MOST_BYTES: usize = 10 << 20;

/// What is handed to a connection at once. Units: bytes.
const PIECE: usize = 64 << 10;

/// `POST /api/watchfire/query_batch`
pub(crate) async fn answers(
    State(state): State<Arc<ApiState>>,
    request: Request,
) -> Result<Response, ApiError> {
    let bad = |message: String| ApiError::new(ErrorKind::BadData, message);
    let origin = Origin::of(&request);
    let body = to_bytes(request.into_body(), MOST_BYTES).await;
    let body = body.map_err(|_| bad(format!("the body is larger than {MOST_BYTES} bytes")))?;
    let batch: QueryBatch = serde_json::from_slice(&body)
        .map_err(|error| bad(format!("the body is no batch of queries: {error}")))?;
    let count = batch.queries.len();
    if count == 0 || count > MOST_IN_BATCH {
        return Err(bad(format!(
            "a batch has from 1 to {MOST_IN_BATCH} queries, not {count}"
        )));
    }
    let answers = Answers {
        at_once: state.gate.share(),
        asker: Asker {
            state,
            origin,
            begun: Instant::now(),
        },
        waiting: distinct(batch.queries),
        running: JoinSet::new(),
        frame: Vec::new(),
        sent: 0,
    };
    let kind = HeaderValue::from_static(BATCH_CONTENT_TYPE);
    // Proxies that gather an answer before they send it on would keep the first panels waiting for the last.
    let at_once = HeaderValue::from_static("no");
    let headers = [
        (header::CONTENT_TYPE, kind),
        (
            header::HeaderName::from_static("x-accel-buffering"),
            at_once,
        ),
    ];
    let stream = ReaderStream::with_capacity(answers, PIECE);
    Ok((headers, Body::from_stream(stream)).into_response())
}

/// A query, and its places in the request.
struct Asked {
    query: BatchQuery,
    places: Vec<usize>,
}

/// Each query once. Ordering: as they were first asked.
fn distinct(queries: Vec<BatchQuery>) -> VecDeque<Asked> {
    let mut known: HashMap<BatchQuery, usize> = HashMap::new();
    let mut all: VecDeque<Asked> = VecDeque::new();
    for (place, query) in queries.into_iter().enumerate() {
        if let Some(asked) = known.get(&query).and_then(|at| all.get_mut(*at)) {
            asked.places.push(place);
            continue;
        }
        known.insert(query.clone(), all.len());
        all.push_back(Asked {
            query,
            places: vec![place],
        });
    }
    all
}

/// The stream of answers. Dropped with its connection, it takes with it what runs.
struct Answers {
    asker: Asker,
    waiting: VecDeque<Asked>,
    running: JoinSet<Vec<u8>>,
    at_once: usize,
    /// The frame that is being sent, and how much of it was.
    frame: Vec<u8>,
    sent: usize,
}

impl AsyncRead for Answers {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        loop {
            let rest = this.frame.get(this.sent..).unwrap_or_default();
            if let Some(piece) = rest.get(..rest.len().min(into.remaining()))
                && !piece.is_empty()
            {
                into.put_slice(piece);
                this.sent += piece.len();
                return Poll::Ready(Ok(()));
            }
            while this.running.len() < this.at_once
                && let Some(asked) = this.waiting.pop_front()
            {
                this.running.spawn(this.asker.clone().frame(asked));
            }
            match ready!(this.running.poll_join_next(context)) {
                Some(Ok(frame)) => (this.frame, this.sent) = (frame, 0),
                // A task ends without a frame only where the server stops.
                Some(Err(_)) => {}
                None => return Poll::Ready(Ok(())),
            }
        }
    }
}

/// What queries of a batch have in common.
#[derive(Clone)]
struct Asker {
    state: Arc<ApiState>,
    origin: Origin,
    begun: Instant,
}

impl Asker {
    async fn frame(self, asked: Asked) -> Vec<u8> {
        let Asked { query, places } = asked;
        let copy = places.clone();
        match self.answer(query, places).await {
            Ok(frame) => frame,
            Err(error) => FrameWriter::json(&copy, &error.envelope()),
        }
    }

    async fn answer(self, query: BatchQuery, places: Vec<usize>) -> Result<Vec<u8>, ApiError> {
        let Self {
            state,
            origin,
            begun,
        } = self;
        let end = TimestampMs(query.to);
        let range = match query.step {
            None => at(end),
            Some(step) => checked_steps(StepRange {
                start: TimestampMs(query.from),
                end,
                step: DurationMs(step),
            })?,
        };
        // Waiting for the others of the batch is waiting, too.
        let timeout = state.query_timeout.to_std().saturating_sub(begun.elapsed());
        let call = Call::plain(&state, &query.expr, range, (origin, timeout))?;
        if query.step.is_some() {
            check_range_type(&call.expr)?;
        }
        call.told(
            state,
            |state, call, context| {
                let engine = state.engine.get();
                let storage = &*state.storage;
                if call.range.step.0 > 0 {
                    engine.range(storage, &call.expr, call.range, context)
                } else {
                    engine.instant(storage, &call.expr, call.range.start, context)
                }
            },
            move |output, call, took| framed(output, call, took, &places),
        )
        .await
    }
}

/// An answer as a frame: numbers over time in their shortest form, everything else as JSON.
fn framed(output: QueryOutput, call: &Call, took: &Took, places: &[usize]) -> Vec<u8> {
    match &output.value {
        Value::Matrix(series) if series.iter().all(|one| one.histograms.is_empty()) => {
            let Notes { warnings, infos } = Notes::of(&output);
            matrix(series, call.range, &BatchNotes { warnings, infos }, places)
        }
        _ => FrameWriter::json(places, &output.body(call, took)),
    }
}

fn matrix(
    series: &[MatrixSeries],
    range: StepRange,
    notes: &BatchNotes,
    places: &[usize],
) -> Vec<u8> {
    let grid = (range.start.0, range.step.0);
    let mut frame = FrameWriter::matrix(places, grid, notes, series.len());
    for one in series {
        frame.series(one.labels.iter(), &one.times, &one.values);
    }
    frame.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_queries_are_one_with_all_of_their_places() {
        let query = |expr: &str, step| BatchQuery {
            expr: expr.to_owned(),
            from: 1,
            to: 2,
            step,
        };
        let all = distinct(vec![
            query("a", Some(1)),
            query("b", Some(1)),
            query("a", Some(1)),
            query("a", None),
            query("b", Some(1)),
        ]);
        let places: Vec<_> = all.iter().map(|asked| asked.places.clone()).collect();
        assert_eq!(places, [vec![0, 2], vec![1, 4], vec![3]]);
    }
}
