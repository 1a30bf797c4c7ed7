//! Connections with TLS.

use super::Access;
use super::connections::{Connection, LimitedListener};
use axum::Router;
use axum::extract::connect_info::Connected;
use axum::extract::{ConnectInfo, Request};
use axum::serve::{IncomingStream, Listener};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

/// How long a client may take to agree on keys.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// Connections that are ready and not taken yet.
const READY: usize = 64;

/// Accepts connections with TLS. Each agrees on keys in a task of its own, so that a slow one keeps nobody
/// waiting.
pub(crate) struct TlsListener {
    ready: mpsc::Receiver<(TlsStream<Connection>, SocketAddr)>,
    address: SocketAddr,
    /// What accepts; it ends when this is dropped.
    _task: JoinSet<()>,
}

impl TlsListener {
    /// Begins to accept.
    pub(crate) fn new(listener: LimitedListener, address: SocketAddr, access: Access) -> Self {
        let (sender, ready) = mpsc::channel(READY);
        let mut task = JoinSet::new();
        task.spawn(accept(listener, access, sender));
        Self {
            ready,
            address,
            _task: task,
        }
    }
}

async fn accept(
    mut listener: LimitedListener,
    access: Access,
    ready: mpsc::Sender<(TlsStream<Connection>, SocketAddr)>,
) {
    let mut handshakes = JoinSet::new();
    loop {
        // Those that are over leave nothing behind.
        while handshakes.try_join_next().is_some() {}
        let (stream, peer) = Listener::accept(&mut listener).await;
        let (Some(config), ready) = (access.tls(), ready.clone()) else {
            continue;
        };
        handshakes.spawn(async move {
            let handshake = TlsAcceptor::from(config).accept(stream);
            match tokio::time::timeout(HANDSHAKE, handshake).await {
                // Nobody takes it any more when the server stops.
                Ok(Ok(stream)) => drop(ready.send((stream, peer)).await),
                Ok(Err(error)) => tracing::debug!(%peer, %error, "TLS handshake failed"),
                Err(_) => tracing::debug!(%peer, "TLS handshake took too long"),
            }
        });
    }
}

impl Listener for TlsListener {
    type Io = TlsStream<Connection>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        match self.ready.recv().await {
            Some(connection) => connection,
            // The task ended by a panic: there is nothing more to come.
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> std::io::Result<SocketAddr> {
        Ok(self.address)
    }
}

/// Who is at the other end of a connection.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer(SocketAddr);

impl Peer {
    pub(super) fn new(address: SocketAddr) -> Self {
        Self(address)
    }
}

impl Connected<IncomingStream<'_, TlsListener>> for Peer {
    fn connect_info(stream: IncomingStream<'_, TlsListener>) -> Self {
        Self(*stream.remote_addr())
    }
}

/// Tells handlers who asks, by the address alone.
pub(crate) fn with_peer(router: Router) -> Router {
    router.layer(axum::middleware::map_request(
        |mut request: Request| async {
            let peer = request.extensions().get::<ConnectInfo<Peer>>().copied();
            if let Some(ConnectInfo(Peer(address))) = peer {
                request.extensions_mut().insert(ConnectInfo(address));
            }
            request
        },
    ))
}
