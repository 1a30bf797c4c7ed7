//! What the pages need from the server that renders them.

use std::pin::Pin;

/// The server's side of the pages: what is rendered into the HTML.
///
/// Series are not here: the browser asks the HTTP API for those. The server provides an
/// `Arc<dyn UiBackend>` as context.
pub trait UiBackend: Send + Sync {
    /// What the HTTP API answers to `GET path`; the path has its query with it.
    fn get(&self, path: String) -> Pin<Box<dyn Future<Output = PageAnswer> + Send>>;
}

/// An answer of the HTTP API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageAnswer {
    /// HTTP status.
    pub status: u16,
    /// Body.
    pub body: String,
}
