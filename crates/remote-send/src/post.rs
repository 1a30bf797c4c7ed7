//! One request and what becomes of it.

use crate::error::Error;
use clock::Clock;
use config::RemoteWriteConfig;
use http::Uri;
use http_client::{Connection, HttpClient, Request, Response};
use model::TimestampMs;
use remote::Message;
use std::fmt::Write;
use std::sync::Arc;
use std::time::Duration;

/// Bytes of an answer that are read.
const MAX_ANSWER: u64 = 64 << 10;
/// Characters of a refusal that are told.
const MAX_TEXT: usize = 256;

/// The way to a receiver.
pub(crate) struct Poster {
    url: Uri,
    client: HttpClient,
    clock: Arc<dyn Clock>,
    pub(crate) message: Message,
    timeout: Duration,
    retries_429: bool,
    /// Header lines of every request, each with its end.
    headers: String,
}

impl Poster {
    pub(crate) fn new(config: &RemoteWriteConfig, url: Uri, clock: Arc<dyn Clock>) -> Self {
        let message = if config.protobuf_message == Message::V2.name() {
            Message::V2
        } else {
            Message::V1
        };
        let version = match message {
            Message::V1 => "0.1.0",
            Message::V2 => "2.0.0",
        };
        let mut headers = format!(
            "Content-Encoding: snappy\r\nContent-Type: {}\r\nUser-Agent: Watchfire/{}\r\n\
             X-Prometheus-Remote-Write-Version: {version}\r\n",
            message.content_type(),
            env!("CARGO_PKG_VERSION"),
        );
        for (name, value) in &config.headers {
            // Writing to a string does not fail.
            let _ = write!(headers, "{name}: {value}\r\n");
        }
        Self {
            url,
            client: HttpClient::new(&config.client),
            clock,
            message,
            timeout: config.remote_timeout.to_std(),
            retries_429: config.queue.retry_on_http_429,
            headers,
        }
    }

    /// Sends `body`, which has `count` samples, histograms and exemplars, for the `attempt`th time.
    pub(crate) async fn post(
        &self,
        body: &[u8],
        count: usize,
        attempt: u32,
        kept: &mut Option<Connection>,
    ) -> Result<(), Error> {
        let request = Request::post(self.url.clone(), self.timeout, body.to_vec())
            .with_headers(&self.headers)
            .with_limit(MAX_ANSWER);
        let request = match attempt {
            0 => request,
            attempt => request.with_headers(&format!("Retry-Attempt: {attempt}\r\n")),
        };
        let answer = self.client.send(&request, kept).await;
        let answer = answer.map_err(|error| Error::Recoverable {
            reason: error.to_string(),
            after: None,
        })?;
        self.judge(&answer, count)
    }

    fn judge(&self, answer: &Response, count: usize) -> Result<(), Error> {
        let status = answer.status;
        if (200..300).contains(&status) {
            let wrote_nothing = self.message == Message::V2 && count > 0 && written(answer) == 0;
            return if wrote_nothing {
                Err(Error::NotWritten)
            } else {
                Ok(())
            };
        }
        let body = String::from_utf8_lossy(answer.body());
        let text: String = body.trim().chars().take(MAX_TEXT).collect();
        if status >= 500 || (status == 429 && self.retries_429) {
            return Err(Error::Recoverable {
                reason: format!("server returned HTTP status {status}: {text}"),
                after: answer
                    .header("retry-after")
                    .and_then(|value| wait(value, self.clock.now())),
            });
        }
        Err(Error::Refused { status, text })
    }
}

/// What the receiver says that it wrote.
fn written(answer: &Response) -> u64 {
    ["samples", "histograms", "exemplars"]
        .iter()
        .filter_map(|kind| answer.header(&format!("x-prometheus-remote-write-{kind}-written")))
        .filter_map(|count| count.parse::<u64>().ok())
        .sum()
}

/// How long `Retry-After` asks to wait: a number of seconds, or a date such as
/// `Wed, 21 Oct 2015 07:28:00 GMT`.
fn wait(value: &str, now: TimestampMs) -> Option<Duration> {
    if let Ok(seconds) = value.trim().parse() {
        return Some(Duration::from_secs(seconds));
    }
    let millis = date(value)?.saturating_sub(now.0);
    Some(Duration::from_millis(u64::try_from(millis).unwrap_or(0)))
}

/// Milliseconds since the epoch of an HTTP date.
fn date(value: &str) -> Option<i64> {
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let words: Vec<&str> = value.split_whitespace().collect();
    let [_, day, month, year, time, "GMT"] = *words.as_slice() else {
        return None;
    };
    let month = MONTHS.iter().position(|name| *name == month)?;
    let month = i64::try_from(month).ok()? + 1;
    let number = |text: &str| text.parse::<u32>().ok().map(i64::from);
    let (day, year) = (number(day)?, number(year)?);
    let clock: Option<Vec<i64>> = time.split(':').map(number).collect();
    let [hours, minutes, seconds] = *clock?.as_slice() else {
        return None;
    };
    // Years begin in March, so that a leap day is the last one.
    let year = if month <= 2 { year - 1 } else { year };
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let days = year * 365 + year / 4 - year / 100 + year / 400 + day_of_year - 719_468;
    Some(((days * 24 + hours) * 60 + minutes) * 60_000 + seconds * 1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_are_numbers_and_dates() {
        let date = "Thu, 01 Jan 1970 00:01:40 GMT";
        let wait = |value| wait(value, TimestampMs(90_000));
        assert_eq!(wait("7"), Some(Duration::from_secs(7)));
        assert_eq!(wait(date), Some(Duration::from_secs(10)));
        assert_eq!(wait("Thu, 01 Jan 1970 00:00:01 GMT"), Some(Duration::ZERO));
        assert_eq!(wait("soon"), None);
        let millis = super::date("Wed, 21 Oct 2015 07:28:00 GMT");
        assert_eq!(millis, Some(1_445_412_480_000));
        let leap = super::date("Thu, 29 Feb 2024 00:00:00 GMT");
        assert_eq!(leap, Some(1_709_164_800_000));
    }
}
