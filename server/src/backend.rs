//! What pages ask while they are rendered on the server: the same answers as the HTTP API's.

use api_types::TargetsData;
use app::backend::UiBackend;
use scrape::Manager;
use std::sync::Arc;

/// The engines behind the pages.
pub(crate) struct Backend {
    scrape: Arc<Manager>,
}

impl Backend {
    /// A backend over these engines.
    pub(crate) fn new(scrape: Arc<Manager>) -> Self {
        Self { scrape }
    }
}

impl UiBackend for Backend {
    fn targets(&self) -> TargetsData {
        api::targets_data(&self.scrape)
    }
}
