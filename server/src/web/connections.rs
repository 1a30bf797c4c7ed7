//! Connections: how many there may be at once, and how long a request may take to come in.

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use std::future::Future;
use std::io::{Error, ErrorKind, IoSlice, Result};
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, Sleep};

use super::Peer;

/// What all connections of a server share, on whatever address they come.
#[derive(Debug, Clone)]
pub(crate) struct Limits {
    seats: Arc<Semaphore>,
    read_timeout: Option<Duration>,
}

impl Limits {
    /// At most `connections` at once, or any number for 0.
    pub(crate) fn new(connections: usize, read_timeout: Option<Duration>) -> Self {
        let seats = match connections {
            0 => Semaphore::MAX_PERMITS,
            some => some.min(Semaphore::MAX_PERMITS),
        };
        Self {
            seats: Arc::new(Semaphore::new(seats)),
            read_timeout,
        }
    }
}

/// Accepts a connection when there is a seat for it; until then it waits in the queue of the system.
pub(crate) struct LimitedListener {
    listener: TcpListener,
    limits: Limits,
}

impl LimitedListener {
    /// Accepts from `listener` within `limits`.
    pub(crate) fn new(listener: TcpListener, limits: Limits) -> Self {
        Self { listener, limits }
    }
}

impl Listener for LimitedListener {
    type Io = Connection;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        let Ok(seat) = Arc::clone(&self.limits.seats).acquire_owned().await else {
            // Nobody closes the semaphore.
            return std::future::pending().await;
        };
        let (stream, peer) = Listener::accept(&mut self.listener).await;
        let timer = self.limits.read_timeout.map(Timer::new);
        let connection = Connection {
            stream,
            timer,
            _seat: seat,
        };
        (connection, peer)
    }

    fn local_addr(&self) -> Result<Self::Addr> {
        self.listener.local_addr()
    }
}

impl Connected<IncomingStream<'_, LimitedListener>> for Peer {
    fn connect_info(stream: IncomingStream<'_, LimitedListener>) -> Self {
        Self::new(*stream.remote_addr())
    }
}

/// A connection that has a seat, and gives it back at its end.
#[derive(Debug)]
pub(crate) struct Connection {
    stream: TcpStream,
    timer: Option<Timer>,
    _seat: OwnedSemaphorePermit,
}

/// Begins with a connection, with the first bytes of a request and with every part of an answer; the other
/// bytes of a request do not put it off, however slowly they come.
#[derive(Debug)]
struct Timer {
    length: Duration,
    end: Pin<Box<Sleep>>,
    /// Whether nothing of the next request has come yet.
    between: bool,
}

impl Timer {
    fn new(length: Duration) -> Self {
        Self {
            length,
            end: Box::pin(tokio::time::sleep(length)),
            between: true,
        }
    }

    fn restart(&mut self) {
        self.end.as_mut().reset(Instant::now() + self.length);
    }

    fn after_read(&mut self) {
        if self.between {
            self.between = false;
            self.restart();
        }
    }

    fn after_write(&mut self) {
        self.between = true;
        self.restart();
    }
}

impl Connection {
    fn written(&mut self, result: Poll<Result<usize>>) -> Poll<Result<usize>> {
        if let (Poll::Ready(Ok(1..)), Some(timer)) = (&result, &mut self.timer) {
            timer.after_write();
        }
        result
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<Result<()>> {
        let this = &mut *self;
        let result = Pin::new(&mut this.stream).poll_read(cx, buffer);
        let Some(timer) = &mut this.timer else {
            return result;
        };
        if result.is_ready() {
            timer.after_read();
            return result;
        }
        match timer.end.as_mut().poll(cx) {
            Poll::Ready(()) => Poll::Ready(Err(Error::from(ErrorKind::TimedOut))),
            Poll::Pending => Poll::Pending,
        }
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<Result<usize>> {
        let result = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.written(result)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<Result<usize>> {
        let result = Pin::new(&mut self.stream).poll_write_vectored(cx, parts);
        self.written(result)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
