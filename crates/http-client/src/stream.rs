//! What a connection runs over.

use std::io;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;

/// Anything that bytes go to and come from.
pub(crate) trait Io: AsyncRead + AsyncWrite + Send + Sync + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Sync + Unpin> Io for T {}

/// What a connection runs over: the plain case without an allocation and a jump through a table.
pub(crate) enum Stream {
    Plain(TcpStream),
    /// TLS, a Unix socket, or TLS inside TLS.
    Other(Box<dyn Io>),
}

impl std::fmt::Debug for Stream {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Plain(_) => "Plain",
            Self::Other(_) => "Other",
        })
    }
}

impl Stream {
    pub(crate) async fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Self::Plain(stream) => stream.write_all(bytes).await,
            Self::Other(stream) => {
                stream.write_all(bytes).await?;
                stream.flush().await
            }
        }
    }

    pub(crate) async fn read_buf(&mut self, buffer: &mut Vec<u8>) -> io::Result<usize> {
        match self {
            Self::Plain(stream) => stream.read_buf(buffer).await,
            Self::Other(stream) => stream.read_buf(buffer).await,
        }
    }

    pub(crate) fn boxed(self) -> Box<dyn Io> {
        match self {
            Self::Plain(stream) => Box::new(stream),
            Self::Other(stream) => stream,
        }
    }
}
