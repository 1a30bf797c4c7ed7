//! Stars.

use super::{Dashboards, get};
use crate::access::UserId;
use crate::db::args;
use crate::{Error, Kind, Result};

impl Dashboards<'_> {
    /// Sets a user's star on a dashboard. Stars are the user's own matter and not in the audit log.
    ///
    /// # Errors
    /// [`Error::NotFound`] for the dashboard or the user.
    pub async fn star(&self, user: UserId, uid: &str) -> Result<()> {
        let mut conn = self.0.write().await?;
        let id = get(&mut conn, uid).await?.id;
        let users = "SELECT COUNT(*) FROM users WHERE id = $1";
        if conn.number(users, args![user.0]).await? == 0 {
            return Err(Error::not_found(Kind::User, user));
        }
        let sql =
            "INSERT INTO stars (user_id, dashboard_id) VALUES ($1, $2) ON CONFLICT DO NOTHING";
        conn.run(sql, args![user.0, id]).await?;
        conn.commit().await
    }

    /// Takes a user's star from a dashboard.
    ///
    /// # Errors
    /// [`Error::NotFound`] for the dashboard.
    pub async fn unstar(&self, user: UserId, uid: &str) -> Result<()> {
        let mut conn = self.0.write().await?;
        let id = get(&mut conn, uid).await?.id;
        let sql = "DELETE FROM stars WHERE user_id = $1 AND dashboard_id = $2";
        conn.run(sql, args![user.0, id]).await?;
        conn.commit().await
    }

    /// Whether a user has starred a dashboard.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn is_starred(&self, user: UserId, uid: &str) -> Result<bool> {
        let sql = "SELECT COUNT(*) FROM stars JOIN dashboards ON dashboards.id = dashboard_id \
             WHERE user_id = $1 AND dashboards.uid = $2";
        let count = self.0.read().await?.number(sql, args![user.0, uid]).await?;
        Ok(count > 0)
    }
}
