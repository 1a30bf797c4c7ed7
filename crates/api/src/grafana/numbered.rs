//! What users, teams and service accounts have in common: a number in the path, a place in a long list, and
//! that an administrator deletes them.

use super::body::done;
use super::{GrafanaError, GrafanaState};
use crate::access::Sender;
use crate::params::Params;
use axum::extract::{Path, State};
use axum::response::Response;
use metadata::access::{TeamId, UserId};
use metadata::{Actor, Metadata, Result as MetadataResult};
use std::sync::Arc;

/// A kind of things that are called by their numbers.
pub(super) trait Numbered: 'static {
    /// What one is called at the beginning of a sentence.
    const NAME: &'static str;
    /// What is said of a number that is none.
    const NO_NUMBER: &'static str;

    /// Deletes the one of that number.
    fn delete(
        metadata: &Metadata,
        actor: &Actor,
        number: i64,
    ) -> impl Future<Output = MetadataResult<()>> + Send;
}

/// Users.
pub(super) struct OfUsers;
/// Teams.
pub(super) struct OfTeams;
/// Service accounts.
pub(super) struct OfServiceAccounts;

impl Numbered for OfUsers {
    const NAME: &'static str = "User";
    const NO_NUMBER: &'static str = "id is invalid";

    async fn delete(metadata: &Metadata, actor: &Actor, number: i64) -> MetadataResult<()> {
        metadata.users().delete(actor, UserId(number)).await
    }
}

impl Numbered for OfTeams {
    const NAME: &'static str = "Team";
    const NO_NUMBER: &'static str = "teamId is invalid";

    async fn delete(metadata: &Metadata, actor: &Actor, number: i64) -> MetadataResult<()> {
        metadata.teams().delete(actor, TeamId(number)).await
    }
}

impl Numbered for OfServiceAccounts {
    const NAME: &'static str = "Service account";
    const NO_NUMBER: &'static str = "service account ID is invalid";

    async fn delete(metadata: &Metadata, actor: &Actor, number: i64) -> MetadataResult<()> {
        metadata.service_accounts().delete(actor, number).await
    }
}

/// The number in a path.
pub(super) fn number<T: Numbered>(text: &str) -> Result<i64, GrafanaError> {
    text.parse()
        .map_err(|_| GrafanaError::bad_request(T::NO_NUMBER))
}

/// `DELETE .../:id`
pub(super) async fn delete<T: Numbered>(
    State(state): State<Arc<GrafanaState>>,
    sender: Sender,
    Path(id): Path<String>,
) -> Result<Response, GrafanaError> {
    T::delete(state.metadata()?, &sender.actor(), number::<T>(&id)?).await?;
    Ok(done(&format!("{} deleted", T::NAME)))
}

/// The part of a long list that is asked for.
pub(super) struct Part {
    pub(super) page: usize,
    pub(super) per_page: usize,
}

impl Part {
    /// What `page` and the parameter of this name say. What is no number counts as not said.
    pub(super) fn of(params: &Params, per_page: &str) -> Self {
        let number = |name: &str, usual: usize| {
            let text = params.get(name).and_then(|text| text.parse().ok());
            text.filter(|number| *number > 0).unwrap_or(usual)
        };
        Self {
            page: number("page", 1),
            per_page: number(per_page, 1000),
        }
    }

    /// That part of `all`.
    pub(super) fn take<T>(&self, all: impl Iterator<Item = T>) -> impl Iterator<Item = T> {
        let skipped = (self.page - 1).saturating_mul(self.per_page);
        all.skip(skipped).take(self.per_page)
    }
}
