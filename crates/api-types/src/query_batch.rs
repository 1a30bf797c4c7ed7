//! Many queries in one request, and the stream of their answers: `/api/watchfire/query_batch`.
//!
//! Shape of the stream: frames, each as soon as its answer is there. A frame is its length after these four
//! bytes (`u32`), a kind (`u8`), the count of the queries that it answers (`u16`) and their places in the
//! request (`u16` each). After that a frame of kind 0 is an envelope of JSON, as `/api/v1` answers, an error
//! among them. One of kind 1 is a matrix without histograms: start and step (`i64`, milliseconds), the notes
//! as JSON (a text), the count of its series (`u32`), and for each the count of its labels (`u16`), their
//! names and values (texts), the count of its points (`u32`), a mark (`u8`), their times, and their values
//! (`f64` each). With mark 0 the times are the step of the first (`u32`), and each point one step later; with
//! mark 1 they stand there (`i64` each, milliseconds). A text is its length in bytes (`u32`) and UTF-8.
//! Numbers have their lowest byte first.

use serde::{Deserialize, Serialize};

/// What a frame of the stream is told as.
pub const BATCH_CONTENT_TYPE: &str = "application/vnd.watchfire.query-batch";

/// Most queries of one request.
pub const MOST_IN_BATCH: usize = 200;

const JSON: u8 = 0;
const MATRIX: u8 = 1;
const EVERY_STEP: u8 = 0;
const WITH_TIMES: u8 = 1;

/// Queries that are asked together.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueryBatch {
    /// Bounds: from 1 to [`MOST_IN_BATCH`].
    pub queries: Vec<BatchQuery>,
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct BatchQuery {
    /// PromQL.
    pub expr: String,
    /// Units: milliseconds since the epoch. Without a step it says nothing.
    #[serde(default)]
    pub from: i64,
    /// Units: milliseconds since the epoch.
    pub to: i64,
    /// Units: milliseconds; without it the query is for the moment `to`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<i64>,
}

/// Warnings and infos of a matrix.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BatchNotes {
    /// Things that may make the answer wrong.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
    /// Hints about the query.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub infos: Vec<String>,
}

/// A frame of the stream.
#[derive(Debug, Clone, PartialEq)]
pub struct BatchFrame {
    /// The queries that it answers, by their places in the request.
    pub queries: Vec<usize>,
    /// What they are answered.
    pub answer: BatchAnswer,
}

/// What a query is answered.
#[derive(Debug, Clone, PartialEq)]
pub enum BatchAnswer {
    /// An envelope as `/api/v1` answers.
    Json(String),
    /// Values over time.
    Matrix(BatchMatrix),
    /// Something else.
    Unreadable,
}

/// Values over time.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct BatchMatrix {
    /// What the server noted.
    pub notes: BatchNotes,
    /// Ordering: as the server has them.
    pub series: Vec<BatchSeries>,
}

/// A series of a matrix.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct BatchSeries {
    /// Names and values. Ordering: by name.
    pub labels: Vec<(String, String)>,
    /// Units: milliseconds since the epoch. Ordering: rising.
    pub times: Vec<f64>,
    /// As many as times.
    pub values: Vec<f64>,
}

/// Writes a frame.
#[derive(Debug)]
pub struct FrameWriter {
    /// The whole frame, its length not yet in it.
    out: Vec<u8>,
    start: i64,
    step: i64,
}

impl FrameWriter {
    fn new(kind: u8, queries: &[usize]) -> Self {
        let mut out = vec![0; 4];
        out.push(kind);
        out.extend(short(queries.len()).to_le_bytes());
        for query in queries {
            out.extend(short(*query).to_le_bytes());
        }
        Self {
            out,
            start: 0,
            step: 1,
        }
    }

    /// A frame of an envelope.
    pub fn json(queries: &[usize], envelope: &str) -> Vec<u8> {
        let mut frame = Self::new(JSON, queries);
        frame.out.extend_from_slice(envelope.as_bytes());
        frame.finish()
    }

    /// A frame of `series` series, which follow. Units: milliseconds.
    pub fn matrix(
        queries: &[usize],
        (start, step): (i64, i64),
        notes: &BatchNotes,
        series: usize,
    ) -> Self {
        let mut frame = Self::new(MATRIX, queries);
        let step = step.max(1);
        frame.out.extend(start.to_le_bytes());
        frame.out.extend(step.to_le_bytes());
        // Lists of texts always have a JSON form.
        frame.text(&serde_json::to_string(notes).unwrap_or_default());
        frame.out.extend(long(series).to_le_bytes());
        Self {
            start,
            step,
            ..frame
        }
    }

    /// A series, its labels in their order. Units: milliseconds since the epoch.
    pub fn series<'a>(
        &mut self,
        labels: impl Iterator<Item = (&'a str, &'a str)> + Clone,
        times: &[i64],
        values: &[f64],
    ) {
        self.out.extend(short(labels.clone().count()).to_le_bytes());
        for (name, value) in labels {
            self.text(name);
            self.text(value);
        }
        let points = times.len().min(values.len());
        self.out.reserve(points * 8 + 9);
        self.out.extend(long(points).to_le_bytes());
        if let Some(first) = self.first_step(times) {
            self.out.push(EVERY_STEP);
            self.out.extend(first.to_le_bytes());
        } else {
            self.out.push(WITH_TIMES);
            let times = times.iter().take(points);
            self.out.extend(times.flat_map(|time| time.to_le_bytes()));
        }
        let values = values.iter().take(points);
        self.out
            .extend(values.flat_map(|value| value.to_le_bytes()));
    }

    /// The step of the first point, where there is a point at each step after it.
    fn first_step(&self, times: &[i64]) -> Option<u32> {
        let first = times.first().copied().unwrap_or(self.start);
        let after = first.checked_sub(self.start)?;
        let is_whole = after % self.step == 0
            && times.iter().zip(0_i64..).all(|(time, place)| {
                Some(*time)
                    == place
                        .checked_mul(self.step)
                        .and_then(|by| first.checked_add(by))
            });
        u32::try_from(after / self.step).ok().filter(|_| is_whole)
    }

    fn text(&mut self, text: &str) {
        self.out.extend(long(text.len()).to_le_bytes());
        self.out.extend_from_slice(text.as_bytes());
    }

    /// The whole frame.
    pub fn finish(mut self) -> Vec<u8> {
        let length = long(self.out.len() - 4).to_le_bytes();
        if let Some(head) = self.out.first_chunk_mut() {
            *head = length;
        }
        self.out
    }
}

/// Counts of what a request or an answer may hold are far below these.
fn short(count: usize) -> u16 {
    u16::try_from(count).unwrap_or(u16::MAX)
}

fn long(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// Takes a stream apart as its bytes come.
#[derive(Debug, Default)]
pub struct FrameReader {
    bytes: Vec<u8>,
    /// Where the next frame begins.
    at: usize,
}

impl FrameReader {
    /// Takes more bytes.
    pub fn push(&mut self, bytes: &[u8]) {
        self.bytes.drain(..self.at);
        self.at = 0;
        self.bytes.extend_from_slice(bytes);
    }

    /// The next frame that is there as a whole.
    pub fn next_frame(&mut self) -> Option<BatchFrame> {
        let mut rest = Bytes(self.bytes.get(self.at..)?);
        let length = rest.u32()? as usize;
        let frame = rest.take(length)?;
        self.at += length + 4;
        let mut frame = Bytes(frame);
        let (kind, queries) = head(&mut frame).unwrap_or((u8::MAX, Vec::new()));
        let answer = match kind {
            JSON => std::str::from_utf8(frame.0)
                .ok()
                .map(|text| BatchAnswer::Json(text.to_owned())),
            MATRIX => matrix(&mut frame).map(BatchAnswer::Matrix),
            _ => None,
        };
        Some(BatchFrame {
            queries,
            answer: answer.unwrap_or(BatchAnswer::Unreadable),
        })
    }
}

fn head(frame: &mut Bytes<'_>) -> Option<(u8, Vec<usize>)> {
    let kind = frame.array::<1>()?[0];
    let count = frame.u16()?;
    let queries = (0..count).map(|_| frame.u16().map(usize::from));
    Some((kind, queries.collect::<Option<_>>()?))
}

fn matrix(frame: &mut Bytes<'_>) -> Option<BatchMatrix> {
    let start = i64::from_le_bytes(frame.array()?);
    let step = i64::from_le_bytes(frame.array()?);
    let notes = serde_json::from_str(frame.text()?).ok()?;
    let count = frame.u32()?;
    let series = (0..count).map(|_| series(frame, start, step));
    Some(BatchMatrix {
        notes,
        series: series.collect::<Option<_>>()?,
    })
}

fn series(frame: &mut Bytes<'_>, start: i64, step: i64) -> Option<BatchSeries> {
    let labels = frame.u16()?;
    let label = |frame: &mut Bytes<'_>| Some((frame.text()?.to_owned(), frame.text()?.to_owned()));
    let labels = (0..labels).map(|_| label(frame)).collect::<Option<_>>()?;
    let points = frame.u32()? as usize;
    let times = match frame.array::<1>()?[0] {
        EVERY_STEP => {
            let first = start as f64 + f64::from(frame.u32()?) * step as f64;
            // So many bytes must be there: a count that lies makes no room.
            frame.peek(points)?;
            (0..points)
                .map(|place| first + place as f64 * step as f64)
                .collect()
        }
        _ => frame
            .eights(points)?
            .map(|time| i64::from_le_bytes(time) as f64)
            .collect(),
    };
    let values = frame.eights(points)?.map(f64::from_le_bytes).collect();
    Some(BatchSeries {
        labels,
        times,
        values,
    })
}

/// Bytes that are read from their beginning.
struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn peek(&self, eights: usize) -> Option<()> {
        (eights.checked_mul(8)? <= self.0.len()).then_some(())
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (taken, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*taken)
    }

    fn u16(&mut self) -> Option<u16> {
        self.array().map(u16::from_le_bytes)
    }

    fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_le_bytes)
    }

    fn text(&mut self) -> Option<&'a str> {
        let length = self.u32()? as usize;
        std::str::from_utf8(self.take(length)?).ok()
    }

    fn eights(&mut self, count: usize) -> Option<impl Iterator<Item = [u8; 8]> + use<'a>> {
        let (eights, _) = self.take(count.checked_mul(8)?)?.as_chunks::<8>();
        Some(eights.iter().copied())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_all(bytes: &[u8], piece: usize) -> Vec<BatchFrame> {
        let mut reader = FrameReader::default();
        let mut frames = Vec::new();
        for piece in bytes.chunks(piece) {
            reader.push(piece);
            frames.extend(std::iter::from_fn(|| reader.next_frame()));
        }
        frames
    }

    fn stream() -> Vec<u8> {
        let notes = BatchNotes {
            warnings: vec!["w".to_owned()],
            infos: Vec::new(),
        };
        let mut matrix = FrameWriter::matrix(&[1, 4], (60_000, 15_000), &notes, 3);
        let labels = [("a", "b"), ("c", "é")];
        matrix.series(labels.into_iter(), &[75_000, 90_000], &[1.5, f64::INFINITY]);
        matrix.series([].into_iter(), &[60_000, 90_000], &[0.1, -0.0]);
        matrix.series([].into_iter(), &[], &[]);
        let mut bytes = FrameWriter::json(&[0], r#"{"status":"error"}"#);
        bytes.extend(matrix.finish());
        bytes
    }

    #[test]
    fn frames_are_read_however_they_are_cut() {
        for piece in [1, 7, 1000] {
            let frames = read_all(&stream(), piece);
            assert_eq!(frames.len(), 2);
            assert_eq!(frames[0].queries, [0]);
            let envelope = BatchAnswer::Json(r#"{"status":"error"}"#.to_owned());
            assert_eq!(frames[0].answer, envelope);
            assert_eq!(frames[1].queries, [1, 4]);
            let BatchAnswer::Matrix(matrix) = &frames[1].answer else {
                panic!("no matrix: {:?}", frames[1]);
            };
            assert_eq!(matrix.notes.warnings, ["w"]);
            let [every, gaps, empty] = matrix.series.as_slice() else {
                panic!("not three series");
            };
            assert_eq!(every.labels[1], ("c".to_owned(), "é".to_owned()));
            assert_eq!(every.times, [75_000.0, 90_000.0]);
            assert_eq!(every.values, [1.5, f64::INFINITY]);
            assert_eq!(gaps.times, [60_000.0, 90_000.0]);
            assert_eq!(gaps.values[1].to_bits(), (-0.0_f64).to_bits());
            assert!(empty.times.is_empty() && empty.labels.is_empty());
        }
    }

    #[test]
    fn the_bits_of_odd_numbers_come_over() {
        let nan = f64::from_bits(0x7ff8_0000_dead_beef);
        let mut frame = FrameWriter::matrix(&[0], (0, 1), &BatchNotes::default(), 1);
        frame.series([].into_iter(), &[0], &[nan]);
        let frames = read_all(&frame.finish(), 1000);
        let BatchAnswer::Matrix(matrix) = &frames[0].answer else {
            panic!("no matrix");
        };
        assert_eq!(matrix.series[0].values[0].to_bits(), nan.to_bits());
    }

    #[test]
    fn broken_frames_are_unreadable_and_the_next_one_is_read() {
        let whole = stream();
        let first = FrameWriter::json(&[0], r#"{"status":"error"}"#).len();
        let matrix = &whole[first..];
        for cut in 8..matrix.len() {
            let mut bytes = (u32::try_from(cut).unwrap() - 4).to_le_bytes().to_vec();
            bytes.extend_from_slice(&matrix[4..cut]);
            bytes.extend(FrameWriter::json(&[9], "{}"));
            let frames = read_all(&bytes, 1000);
            assert_eq!(frames.len(), 2, "cut at {cut}");
            assert_eq!(frames[0].answer, BatchAnswer::Unreadable, "cut at {cut}");
            assert_eq!(frames[1].queries, [9]);
        }
    }

    #[test]
    fn a_count_that_lies_makes_no_room() {
        let mut frame = FrameWriter::matrix(&[0], (0, 1), &BatchNotes::default(), 1);
        frame.out.extend(0_u16.to_le_bytes());
        frame.out.extend(u32::MAX.to_le_bytes());
        frame.out.push(EVERY_STEP);
        frame.out.extend(0_u32.to_le_bytes());
        let frames = read_all(&frame.finish(), 1000);
        assert_eq!(frames[0].answer, BatchAnswer::Unreadable);
    }
}
