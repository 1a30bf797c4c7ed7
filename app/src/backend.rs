//! What the pages need from the server that renders them.

use api_types::TargetsData;

/// The server's side of the pages: metadata that is rendered into the HTML.
///
/// Series are not here: the browser asks the HTTP API for those. The server provides an
/// `Arc<dyn UiBackend>` as context.
pub trait UiBackend: Send + Sync {
    /// All targets, as `/api/v1/targets` tells them.
    fn targets(&self) -> TargetsData;
}
