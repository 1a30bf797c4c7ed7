//! One HTTP/1.1 connection.
//!
//! Made for one thing: ask for a page and read the answer into a buffer that is used again and again, in
//! the task that asked. A general client costs more per scrape than reading a page of a thousand lines.
//!
//! Source: RFC 9112, sections 6 (how long a body is), 7.1 (chunks) and 9.3 (what keeps a connection).

use crate::error::{Error, Result};
use crate::route::{Proxy, Route, Via};
use crate::stream::Stream;
use crate::tls::Tls;
use std::fmt;
use std::time::Duration;
use tokio::net::{TcpStream, UnixStream, lookup_host};

/// Headers of an answer.
const MAX_HEADERS: usize = 96;
/// Bytes of the head of an answer, and of what chunks have around them.
const MAX_HEAD: usize = 64 << 10;
/// Bytes between chunks that may stay in the buffer: many small chunks shall not take more memory than a large
/// one.
const MOST_WASTE: usize = 64 << 10;
/// Least free memory to read into.
const LEAST_READ: usize = 4 << 10;

/// Memory that is taken at once for a length that is only said.
const MOST_RESERVED: usize = 4 << 20;

/// Why an answer could not be had.
#[derive(Debug)]
pub enum Fault {
    /// The other side had closed the connection before it answered anything: it may be idle no more.
    Closed,
    /// The body reached the limit.
    TooLarge,
    /// Anything else, in words.
    Broken(String),
}

/// An answer, but for its body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Status.
    pub status: u16,
    /// What follows the status on its line; empty for status 200.
    pub reason: String,
    /// Content type.
    pub content_type: Option<String>,
    /// How the body is compressed.
    pub content_encoding: Option<String>,
    /// Where a redirect leads.
    pub location: Option<String>,
    /// When it may be tried again, and headers that begin with `X-`. Names are in lower case.
    pub others: Vec<(String, String)>,
    /// Bytes of the buffer before the body.
    pub body_at: usize,
    /// Whether the connection can be used again.
    pub keeps: bool,
}

/// How the end of a body is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Framing {
    Length(usize),
    Chunked,
    /// The other side closes.
    Close,
}

/// Which bodies are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bodies {
    /// Those of status 200.
    OnlyOk,
    /// All.
    All,
}

/// An open connection that has answered all that was asked.
#[derive(Debug)]
pub struct Connection {
    stream: Stream,
}

impl Connection {
    /// Connects along `route`.
    pub(crate) async fn along(route: &Route, tls: &Tls, patience: Duration) -> Result<Self> {
        let failed = |host: &str, port: u16| {
            let address = format!("{host}:{port}");
            move |error: std::io::Error| Error::Connect {
                address,
                reason: error.to_string(),
            }
        };
        let stream = match &route.via {
            Via::Direct => {
                let stream = open(&route.host, route.port, patience).await;
                Stream::Plain(stream.map_err(failed(&route.host, route.port))?)
            }
            Via::Socket(path) => {
                let stream = UnixStream::connect(path).await;
                Stream::Other(Box::new(stream.map_err(|error| Error::Connect {
                    address: path.display().to_string(),
                    reason: error.to_string(),
                })?))
            }
            Via::Proxy(proxy) => {
                let stream = open(&proxy.host, proxy.port, patience).await;
                let stream = stream.map_err(failed(&proxy.host, proxy.port))?;
                let mut stream = Stream::Plain(stream);
                if proxy.secure {
                    stream = Stream::Other(tls.connect(stream, &proxy.host).await?);
                }
                if route.secure {
                    stream = tunnel(stream, route, proxy).await?;
                }
                stream
            }
        };
        let stream = if route.secure {
            Stream::Other(tls.connect(stream, &route.host).await?)
        } else {
            stream
        };
        Ok(Self { stream })
    }

    /// Sends a request as it is, and reads the answer into `buffer`, which is empty. Where the body is not
    /// read, the connection cannot be used again.
    ///
    /// Bounds: a body of `limit` bytes is too large.
    ///
    /// # Errors
    /// [`Fault`] tells why there is no answer; then the connection cannot be used again.
    pub async fn ask(
        &mut self,
        request: &[u8],
        buffer: &mut Vec<u8>,
        limit: u64,
        bodies: Bodies,
    ) -> Result<Answer, Fault> {
        if self.stream.write_all(request).await.is_err() {
            return Err(Fault::Closed);
        }
        let (mut answer, framing) = self.read_head(buffer).await?;
        if bodies == Bodies::OnlyOk && answer.status != 200 {
            answer.keeps = false;
            return Ok(answer);
        }
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        match framing {
            Framing::Length(length) => {
                if length >= limit {
                    return Err(Fault::TooLarge);
                }
                let end = answer.body_at + length;
                let missing = (end + 1).saturating_sub(buffer.len());
                buffer.reserve(missing.min(MOST_RESERVED));
                while buffer.len() < end {
                    self.read_some(buffer).await?;
                }
                // What nobody asked for.
                answer.keeps &= buffer.len() == end;
                buffer.truncate(end);
            }
            Framing::Chunked => {
                let exact = self.read_chunks(buffer, answer.body_at, limit).await?;
                answer.keeps &= exact;
            }
            Framing::Close => {
                answer.keeps = false;
                loop {
                    if buffer.len() - answer.body_at >= limit {
                        return Err(Fault::TooLarge);
                    }
                    if self.read(buffer).await? == 0 {
                        break;
                    }
                }
            }
        }
        Ok(answer)
    }

    async fn read_head(&mut self, buffer: &mut Vec<u8>) -> Result<(Answer, Framing), Fault> {
        let mut at = 0;
        loop {
            if let Some((answer, framing)) = parse_head(buffer, at)? {
                // An interim answer: the real one follows.
                if (100..200).contains(&answer.status) {
                    at = answer.body_at;
                    continue;
                }
                return Ok((answer, framing));
            }
            if buffer.len() - at > MAX_HEAD {
                return Err(Fault::Broken(
                    "the head of the answer is too long".to_owned(),
                ));
            }
            if self.read(buffer).await? == 0 {
                return Err(if buffer.is_empty() {
                    Fault::Closed
                } else {
                    early_end()
                });
            }
        }
    }

    /// Reads chunks and moves what is in them together; tells whether nothing came after the last one.
    async fn read_chunks(
        &mut self,
        buffer: &mut Vec<u8>,
        body_at: usize,
        limit: usize,
    ) -> Result<bool, Fault> {
        // `..end` is the body so far, `at..` was not looked at yet.
        let (mut end, mut at) = (body_at, body_at);
        loop {
            let line = self.read_line(buffer, &mut at).await?;
            let size = chunk_size(buffer.get(line).unwrap_or(&[]))?;
            if size == 0 {
                break;
            }
            if size >= limit || end - body_at + size >= limit {
                return Err(Fault::TooLarge);
            }
            while buffer.len() < at + size {
                self.read_some(buffer).await?;
            }
            buffer.copy_within(at..at + size, end);
            end += size;
            at += size;
            if !self.read_line(buffer, &mut at).await?.is_empty() {
                return Err(Fault::Broken("a chunk is longer than it says".to_owned()));
            }
            if at - end > MOST_WASTE {
                buffer.drain(end..at);
                at = end;
            }
        }
        // Trailers, up to an empty line.
        let trailers = at;
        while !self.read_line(buffer, &mut at).await?.is_empty() {
            if at - trailers > MAX_HEAD {
                return Err(Fault::Broken(
                    "the trailer of the answer is too long".to_owned(),
                ));
            }
        }
        let exact = buffer.len() == at;
        buffer.truncate(end);
        Ok(exact)
    }

    /// Reads on until there is a whole line at `at`; gives where it is, without its end, and moves `at`
    /// behind it.
    async fn read_line(
        &mut self,
        buffer: &mut Vec<u8>,
        at: &mut usize,
    ) -> Result<std::ops::Range<usize>, Fault> {
        loop {
            let rest = buffer.get(*at..).unwrap_or(&[]);
            if let Some(length) = memchr::memchr(b'\n', rest) {
                let line = rest.get(..length).unwrap_or(rest);
                let line = line.strip_suffix(b"\r").unwrap_or(line);
                let range = *at..*at + line.len();
                *at += length + 1;
                return Ok(range);
            }
            if rest.len() > MAX_HEAD {
                return Err(Fault::Broken(
                    "a line between chunks is too long".to_owned(),
                ));
            }
            self.read_some(buffer).await?;
        }
    }

    /// Reads at least one byte.
    async fn read_some(&mut self, buffer: &mut Vec<u8>) -> Result<(), Fault> {
        match self.read(buffer).await? {
            0 => Err(early_end()),
            _ => Ok(()),
        }
    }

    async fn read(&mut self, buffer: &mut Vec<u8>) -> Result<usize, Fault> {
        if buffer.capacity() - buffer.len() < LEAST_READ {
            buffer.reserve(buffer.len().max(LEAST_READ));
        }
        match self.stream.read_buf(buffer).await {
            Ok(read) => Ok(read),
            Err(_) if buffer.is_empty() => Err(Fault::Closed),
            Err(error) => Err(Fault::Broken(error.to_string())),
        }
    }
}

fn early_end() -> Fault {
    Fault::Broken("the connection was closed before the answer was complete".to_owned())
}

/// Reads the head at byte `at`; nothing if there is more of it to come.
fn parse_head(buffer: &[u8], at: usize) -> Result<Option<(Answer, Framing)>, Fault> {
    let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
    let mut response = httparse::Response::new(&mut headers);
    let head = buffer.get(at..).unwrap_or(&[]);
    let length = match response.parse(head) {
        Ok(httparse::Status::Complete(length)) => length,
        Ok(httparse::Status::Partial) => return Ok(None),
        Err(error) => return Err(Fault::Broken(format!("the answer is no HTTP: {error}"))),
    };
    let status = response.code.unwrap_or(0);
    let reason = match status {
        200 => String::new(),
        _ => response.reason.unwrap_or("").to_owned(),
    };
    let mut answer = Answer {
        status,
        reason,
        content_type: None,
        content_encoding: None,
        location: None,
        others: Vec::new(),
        body_at: at + length,
        keeps: response.version == Some(1),
    };
    let mut framing = Framing::Close;
    let mut coded = false;
    for header in response.headers.iter() {
        let is = |name: &str| header.name.eq_ignore_ascii_case(name);
        let text = || Some(String::from_utf8_lossy(header.value).into_owned());
        if is("content-type") {
            answer.content_type = text();
        } else if is("content-encoding") {
            answer.content_encoding = text();
        } else if is("location") {
            answer.location = text();
        } else if is("retry-after")
            || header
                .name
                .get(..2)
                .is_some_and(|start| start.eq_ignore_ascii_case("x-"))
        {
            let name = header.name.to_ascii_lowercase();
            answer.others.extend(text().map(|value| (name, value)));
        } else if is("connection") {
            if has_token(header.value, "close") {
                answer.keeps = false;
            } else if has_token(header.value, "keep-alive") {
                answer.keeps = true;
            }
        } else if is("transfer-encoding") {
            coded = true;
            framing = if has_token(header.value, "chunked") {
                Framing::Chunked
            } else {
                Framing::Close
            };
        } else if is("content-length") && !coded {
            let length = content_length(header.value)?;
            if matches!(framing, Framing::Length(other) if other != length) {
                return Err(Fault::Broken("the answer has two lengths".to_owned()));
            }
            framing = Framing::Length(length);
        }
    }
    if matches!(status, 100..=199 | 204 | 304) {
        framing = Framing::Length(0);
    }
    Ok(Some((answer, framing)))
}

fn has_token(value: &[u8], token: &str) -> bool {
    value
        .split(|byte| *byte == b',')
        .any(|part| part.trim_ascii().eq_ignore_ascii_case(token.as_bytes()))
}

fn content_length(value: &[u8]) -> Result<usize, Fault> {
    let digits = value.trim_ascii();
    std::str::from_utf8(digits)
        .ok()
        .filter(|_| digits.iter().all(u8::is_ascii_digit))
        .and_then(|text| text.parse().ok())
        .ok_or_else(|| Fault::Broken("the answer has no valid length".to_owned()))
}

/// Reads the line before a chunk: a size in hexadecimal digits, and extensions that mean nothing to us.
fn chunk_size(line: &[u8]) -> Result<usize, Fault> {
    let digits = line.split(|byte| *byte == b';').next().unwrap_or(&[]);
    let digits = digits.trim_ascii();
    std::str::from_utf8(digits)
        .ok()
        .filter(|_| digits.iter().all(u8::is_ascii_hexdigit))
        .and_then(|text| usize::from_str_radix(text, 16).ok())
        .ok_or_else(|| Fault::Broken("a chunk has no valid size".to_owned()))
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Closed => "the connection was closed before an answer came",
            Self::TooLarge => "the answer is too large",
            Self::Broken(reason) => reason,
        })
    }
}

/// Connects to the first address of `host` that answers; one that does not within `patience` gives way to
/// the next.
async fn open(host: &str, port: u16, patience: Duration) -> std::io::Result<TcpStream> {
    let mut last = None;
    for address in lookup_host((host, port)).await? {
        match tokio::time::timeout(patience, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => {
                stream.set_nodelay(true)?;
                return Ok(stream);
            }
            Ok(Err(error)) => last = Some(error),
            Err(_) => last = Some(std::io::ErrorKind::TimedOut.into()),
        }
    }
    Err(last.unwrap_or_else(|| std::io::ErrorKind::AddrNotAvailable.into()))
}

/// Asks a proxy for a way through to the host.
async fn tunnel(stream: Stream, route: &Route, proxy: &Proxy) -> Result<Stream> {
    let host = if route.host.contains(':') {
        format!("[{}]:{}", route.host, route.port)
    } else {
        format!("{}:{}", route.host, route.port)
    };
    let request = format!(
        "CONNECT {host} HTTP/1.1\r\nHost: {host}\r\n{}\r\n",
        proxy.headers
    );
    let failed = |reason: String| Error::Connect {
        address: host.clone(),
        reason: format!("proxy `{}:{}`: {reason}", proxy.host, proxy.port),
    };
    let mut connection = Connection { stream };
    connection
        .stream
        .write_all(request.as_bytes())
        .await
        .map_err(|error| failed(error.to_string()))?;
    let mut buffer = Vec::new();
    let (answer, _) = connection
        .read_head(&mut buffer)
        .await
        .map_err(|fault| failed(fault.to_string()))?;
    if !(200..300).contains(&answer.status) {
        return Err(failed(format!("{} {}", answer.status, answer.reason)));
    }
    if buffer.len() > answer.body_at {
        return Err(failed("it sent more than was asked for".to_owned()));
    }
    Ok(connection.stream)
}

#[cfg(test)]
mod tests;
