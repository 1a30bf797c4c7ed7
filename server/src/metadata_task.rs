//! The metadata while the server runs: opened as soon as they can be, and watched from then on. Nothing that
//! scrapes, stores or answers waits for them.

use crate::metadata::{first_admin, open, tidy};
use crate::provisioning::Provisioning;
use crate::stored_rules::StoredRules;
use api::{Door, Notifications, Provisioned};
use clock::{Clock, SystemClock};
use metadata::{Location, Metadata};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::oneshot;

/// How long is waited before the second try; each further one waits twice as long.
const FIRST_WAIT: Duration = Duration::from_millis(500);
/// The longest wait between two tries.
const LONGEST_WAIT: Duration = Duration::from_secs(30);
/// How often open metadata are asked whether they are there.
const WATCH: Duration = Duration::from_secs(5);
/// What an operator is told on the pages.
const NOTICE: &str = "The database of dashboards, users and rules cannot be reached. Scraping, storing and \
    the rules of files go on; the server keeps trying, and its log says why.";

/// What is done with the metadata.
pub(crate) struct MetadataTask {
    pub(crate) location: Location,
    /// Whether logins matter, so that somebody must be able to.
    pub(crate) needs_admin: bool,
    /// The folder of dashboards in files, and the data folder.
    pub(crate) dashboards: Option<PathBuf>,
    pub(crate) data: PathBuf,
    pub(crate) door: Arc<Door>,
    pub(crate) provisioned: Provisioned,
    pub(crate) keeper: Arc<StoredRules>,
    pub(crate) notifications: Notifications,
}

impl MetadataTask {
    /// Opens the metadata, trying until it works, and does then what is done with them, for ever. `tried` is
    /// told when the first try has ended, one way or the other.
    pub(crate) async fn run(self, tried: oneshot::Sender<()>) {
        let (metadata, files) = self.opened(tried).await;
        let files = async {
            if let Some(files) = files {
                files.watch().await;
            }
        };
        tokio::join!(
            tidy(metadata.clone()),
            files,
            Arc::clone(&self.keeper).watch(),
            self.watch(&metadata),
        );
    }

    async fn opened(&self, tried: oneshot::Sender<()>) -> (Metadata, Option<Provisioning>) {
        let mut tried = Some(tried);
        let mut wait = FIRST_WAIT;
        loop {
            match self.attempt().await {
                Ok(found) => {
                    if tried.is_none() {
                        self.notifications.remove(NOTICE);
                        tracing::info!("the metadata are open");
                    }
                    self.door.open(found.0.clone());
                    // Whoever waited for it may be gone.
                    let _ = tried.take().map(|tried| tried.send(()));
                    return found;
                }
                Err(error) => {
                    tracing::error!(
                        error = format!("{error:#}"),
                        retry_seconds = wait.as_secs_f64(),
                        "no dashboards, logins and rules of the database; everything else goes on"
                    );
                    self.door.tell_missing();
                    self.notifications.add(NOTICE, SystemClock.now());
                    let _ = tried.take().map(|tried| tried.send(()));
                }
            }
            tokio::time::sleep(wait).await;
            wait = (wait * 2).min(LONGEST_WAIT);
        }
    }

    async fn attempt(&self) -> anyhow::Result<(Metadata, Option<Provisioning>)> {
        let metadata = open(&self.location).await?;
        // On loopback nobody needs a login, so none is made that somebody could guess.
        if self.needs_admin {
            first_admin(&metadata).await?;
        }
        let mut files = None;
        if let Some(folder) = self.dashboards.clone() {
            let provisioned = self.provisioned.clone();
            let mut found = Provisioning::new(folder, &self.data, metadata.clone(), provisioned);
            found.look().await;
            files = Some(found);
        }
        Ok((metadata, files))
    }

    /// Tells when the database goes away, and when it is back.
    async fn watch(&self, metadata: &Metadata) {
        let mut ticks = tokio::time::interval(WATCH);
        let mut is_lost = false;
        loop {
            ticks.tick().await;
            match (metadata.ping().await, is_lost) {
                (Ok(()), true) => {
                    is_lost = false;
                    self.notifications.remove(NOTICE);
                    tracing::info!("the metadata can be reached again");
                }
                (Err(error), false) => {
                    is_lost = true;
                    self.notifications.add(NOTICE, SystemClock.now());
                    tracing::error!(%error, "the metadata cannot be reached; everything else goes on");
                }
                (Ok(()), false) | (Err(_), true) => {}
            }
        }
    }
}
