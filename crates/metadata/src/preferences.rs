//! How one user likes the pages.

use crate::access::UserId;
use crate::db::args;
use crate::store::Store;
use crate::{Error, Kind, Result, text};

const THEMES: [&str; 4] = ["", "light", "dark", "system"];
const WEEK_STARTS: [&str; 4] = ["", "monday", "sunday", "saturday"];
/// Longest name of a language or time zone. Units: bytes.
const NAME_BYTES: usize = 64;

/// Preferences. An empty text is no preference.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Preferences {
    /// `light`, `dark` or `system`.
    pub theme: String,
    /// A language tag, as `en-GB`.
    pub language: String,
    /// `browser`, `utc` or a name of the time zone database.
    pub timezone: String,
    /// `monday`, `sunday` or `saturday`.
    pub week_start: String,
    /// The uid of the dashboard that is shown first.
    pub home_dashboard: String,
}

/// The preferences of one user. They are the user's own matter and not in the audit log.
#[derive(Debug, Clone, Copy)]
pub struct PreferencesOf<'a>(pub(crate) &'a Store, pub(crate) UserId);

impl PreferencesOf<'_> {
    /// The stored ones, or none.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn get(&self) -> Result<Preferences> {
        let sql = "SELECT theme, language, timezone, week_start, home_dashboard FROM preferences \
             WHERE user_id = $1";
        let row = self.0.read().await?.first(sql, args![self.1.0]).await?;
        row.map_or_else(
            || Ok(Preferences::default()),
            |row| {
                Ok(Preferences {
                    theme: row.text("theme")?,
                    language: row.text("language")?,
                    timezone: row.text("timezone")?,
                    week_start: row.text("week_start")?,
                    home_dashboard: row.text("home_dashboard")?,
                })
            },
        )
    }

    /// Stores all of them.
    ///
    /// # Errors
    /// [`Error::Invalid`]; [`Error::NotFound`] for the user.
    pub async fn set(&self, preferences: &Preferences) -> Result<()> {
        one_of("theme", &preferences.theme, &THEMES)?;
        one_of("week_start", &preferences.week_start, &WEEK_STARTS)?;
        text::short("language", &preferences.language, NAME_BYTES)?;
        text::short("timezone", &preferences.timezone, NAME_BYTES)?;
        if !preferences.home_dashboard.is_empty() {
            text::uid("home_dashboard", &preferences.home_dashboard)?;
        }
        let mut conn = self.0.write().await?;
        let users = "SELECT COUNT(*) FROM users WHERE id = $1";
        if conn.number(users, args![self.1.0]).await? == 0 {
            return Err(Error::not_found(Kind::User, self.1));
        }
        let sql = "INSERT INTO preferences (user_id, theme, language, timezone, week_start, \
             home_dashboard) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (user_id) DO UPDATE SET \
             theme = $2, language = $3, timezone = $4, week_start = $5, home_dashboard = $6";
        let args = args![
            self.1.0,
            &preferences.theme,
            &preferences.language,
            &preferences.timezone,
            &preferences.week_start,
            &preferences.home_dashboard,
        ];
        conn.run(sql, args).await?;
        conn.commit().await
    }
}

fn one_of(field: &'static str, value: &str, known: &[&str]) -> Result<()> {
    if known.contains(&value) {
        return Ok(());
    }
    let known = known.join("`, `");
    Err(Error::invalid(
        field,
        format!("`{value}` is not one of `{known}`"),
    ))
}
