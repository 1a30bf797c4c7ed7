//! What somebody may do in a folder: asked by handlers, after the table has let the request through.

use super::{Door, Sender, decided};
use crate::grafana::GrafanaError;
use metadata::access::{Action, Decision, decide};
use metadata::{Metadata, Visible};

impl Door {
    /// The metadata.
    ///
    /// # Errors
    /// They are not open yet.
    pub(crate) fn opened(&self) -> Result<&Metadata, GrafanaError> {
        self.metadata().ok_or_else(|| {
            if self.is_missing() {
                GrafanaError::unreachable()
            } else {
                GrafanaError::starting()
            }
        })
    }

    /// Refuses an action on something in `folder` (`None`: in no folder) that the sender may not do.
    /// Every handler of an action that is about a folder goes through here.
    pub(crate) async fn allow(
        &self,
        sender: &Sender,
        action: Action,
        folder: Option<&str>,
    ) -> Result<(), GrafanaError> {
        decided(self.decision(sender, action, folder).await?)
    }

    /// Whether the sender may do it.
    pub(crate) async fn allows(
        &self,
        sender: &Sender,
        action: Action,
        folder: Option<&str>,
    ) -> Result<bool, GrafanaError> {
        let decision = self.decision(sender, action, folder).await?;
        Ok(decision.is_allowed())
    }

    async fn decision(
        &self,
        sender: &Sender,
        action: Action,
        folder: Option<&str>,
    ) -> Result<Decision, GrafanaError> {
        let grants = self.opened()?.folders().grants(folder).await?;
        Ok(decide(self.policy(), &sender.principal, action, &grants))
    }

    /// What lists are limited to.
    pub(crate) async fn visible(&self, sender: &Sender) -> Result<Visible, GrafanaError> {
        let folders = self.opened()?.folders();
        Ok(folders.visible(self.policy(), &sender.principal).await?)
    }
}
