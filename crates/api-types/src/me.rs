//! Who looks at the pages.

use serde::{Deserialize, Serialize};

/// `/api/watchfire/me`: whoever asks, and what that lets them do. The server decides again at every call.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an answer of its own"
)]
pub struct Me {
    /// `anonymous`, `local` (somebody at the machine itself), `user` or `service_account`.
    pub kind: String,
    /// The number of a user or service account.
    pub id: Option<i64>,
    /// What a user logs in with, or the name of a service account.
    pub login: String,
    /// How a user is shown.
    pub name: String,
    /// `Viewer`, `Editor` or `Admin`.
    pub role: String,
    /// Whether reading is open to them.
    pub can_read: bool,
    /// Whether they change dashboards and rules.
    pub can_edit: bool,
    /// Whether they manage users.
    pub is_admin: bool,
    /// Whether the server asks everybody for a login.
    pub login_required: bool,
    /// How a user likes the pages; of others, and where nothing was said, empty.
    pub preferences: MyPreferences,
}

/// How a user likes the pages. An empty text is no preference.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct MyPreferences {
    /// `light`, `dark` or `system`.
    pub theme: String,
    /// A language tag.
    pub language: String,
    /// `browser`, `utc` or a name of the time zone database.
    pub timezone: String,
}

impl Me {
    /// Whether they have an account of their own.
    pub fn is_user(&self) -> bool {
        self.kind == "user"
    }
}
