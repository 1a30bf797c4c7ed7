//! What the handlers of Grafana's API work on.

use super::GrafanaError;
use crate::access::{Door, Sender};
use api_types::BuildInfo;
use axum::Router;
use clock::Clock;
use metadata::Metadata;
use metadata::access::{DEFAULT_GRANTS, Permission, Principal, permission_in};
use parking_lot::RwLock;
use std::collections::HashMap;
use std::sync::Arc;

/// What the handlers work on; the server fills it.
pub struct GrafanaState {
    /// Who comes in, and the metadata.
    pub door: Arc<Door>,
    /// Time of day.
    pub clock: Arc<dyn Clock>,
    /// What was built.
    pub build: BuildInfo,
    /// The API of [`crate::router`], for the data source that stands for this server itself.
    pub prometheus: Router,
    /// Dashboards that come from files.
    pub provisioned: Provisioned,
}

/// The dashboards that come from files, by uid, with the file of each. Clones share them.
#[derive(Debug, Clone, Default)]
pub struct Provisioned(Arc<RwLock<HashMap<String, String>>>);

impl Provisioned {
    /// Says which ones there are now.
    pub fn set(&self, files: HashMap<String, String>) {
        *self.0.write() = files;
    }

    /// The file of a dashboard.
    pub fn file_of(&self, uid: &str) -> Option<String> {
        self.0.read().get(uid).cloned()
    }
}

/// What somebody may do in a folder, for the answers that say so.
#[derive(Debug, Clone, Copy)]
pub(super) struct May {
    pub(super) edit: bool,
    pub(super) admin: bool,
}

impl GrafanaState {
    pub(super) fn metadata(&self) -> Result<&Metadata, GrafanaError> {
        self.door.opened()
    }

    /// What the sender may do in a folder.
    pub(super) async fn may(
        &self,
        sender: &Sender,
        folder: Option<&str>,
    ) -> Result<May, GrafanaError> {
        let grants = match folder {
            Some(folder) => self.metadata()?.folders().grants(Some(folder)).await?,
            None => DEFAULT_GRANTS.to_vec(),
        };
        // Whoever is not known changes nothing, whatever a folder grants to viewers.
        let permission = match &sender.principal {
            Principal::Anonymous => None,
            principal => permission_in(principal, &grants),
        };
        Ok(May {
            edit: permission >= Some(Permission::Edit),
            admin: permission >= Some(Permission::Admin),
        })
    }
}
