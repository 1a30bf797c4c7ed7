//! The metadata of the server: their flags, how they are opened, and what is done with them by the hour.

use crate::exit::Failure;
use anyhow::Context;
use clap::Args;
use clock::{Clock, SystemClock};
use metadata::{Location, Metadata, Options};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// How often what is past its time is dropped.
const TIDY: Duration = Duration::from_hours(1);
/// What the file in the data folder is called.
const FILE: &str = "metadata.db";

/// Where dashboards and users are, and who may ask.
#[derive(Debug, Clone, Args)]
pub(crate) struct MetadataFlags {
    /// Database of dashboards, users and rules: postgres://user:password@host/database, or sqlite:FILE.
    /// Without it, the file metadata.db in the data folder.
    #[arg(long = "metadata.url", value_name = "URL")]
    url: Option<String>,

    /// Asks for a login for reading too. Changes need one wherever the server listens on an address that
    /// is not of this machine alone.
    #[arg(long = "auth.required")]
    pub(crate) login_required: bool,

    /// Folder of dashboards in Grafana's JSON, one a file, which are kept as their files are.
    #[arg(long = "dashboards.path", value_name = "FOLDER")]
    pub(crate) dashboards: Option<PathBuf>,
}

impl MetadataFlags {
    /// The flags by name. The address of a database may hold a password, so it is not told.
    pub(crate) fn named(&self) -> [(&'static str, String); 3] {
        let folder = self.dashboards.as_ref();
        let folder = folder.map_or_else(String::new, |folder| folder.display().to_string());
        let url = self.url.as_ref().map_or("", |_| "<secret>").to_owned();
        [
            ("metadata.url", url),
            ("auth.required", self.login_required.to_string()),
            ("dashboards.path", folder),
        ]
    }

    /// Where the database is.
    ///
    /// # Errors
    /// A [`Failure`] if the flag says nothing that could be one.
    pub(crate) fn location(&self, data: &Path) -> Result<Location, Failure> {
        self.read_location(data).map_err(Failure::configuration)
    }

    fn read_location(&self, data: &Path) -> metadata::Result<Location> {
        match self.url.as_deref() {
            None => Ok(Location::Sqlite(data.join(FILE))),
            Some(url) => match url.strip_prefix("sqlite:") {
                Some(file) => {
                    let file = file.strip_prefix("//").unwrap_or(file);
                    Ok(Location::Sqlite(file.into()))
                }
                None => Location::from_flags(data, Some(url)),
            },
        }
    }
}

/// Opens the database.
///
/// # Errors
/// What is wrong, and what to do about it.
pub(crate) async fn open(location: &Location) -> anyhow::Result<Metadata> {
    let (what, help) = match location {
        Location::Sqlite(file) => {
            if let Some(folder) = file.parent() {
                // What is wrong with it, opening the file tells.
                let _ = std::fs::create_dir_all(folder);
            }
            (
                format!("the metadata in {}", file.display()),
                "see that the folder is writable and the disk not full; a damaged file can be \
                 replaced by the newest copy beside it, or moved away to begin anew",
            )
        }
        Location::Postgres(_) => (
            "the metadata at --metadata.url".to_owned(),
            "see that PostgreSQL runs, that user, password and database are right and that the \
             user may make tables; without the flag they are kept in the data folder",
        ),
    };
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let opened = Metadata::open(location, Options::default(), clock).await;
    opened.with_context(|| format!("cannot open {what} ({help})"))
}

/// Makes the first administrator, where there is nobody yet and logins matter, and tells the password: in
/// the log, once, as it is stored nowhere.
///
/// # Errors
/// The database cannot be asked.
pub(crate) async fn first_admin(metadata: &Metadata) -> anyhow::Result<()> {
    if let Some(admin) = metadata.users().ensure_admin().await? {
        tracing::warn!(
            login = admin.login,
            password = admin.password.reveal(),
            "first start: an administrator was made; this password is shown only now, change it after \
             the first login"
        );
    }
    Ok(())
}

/// Drops what is past its time, for ever.
pub(crate) async fn tidy(metadata: Metadata) {
    let mut hourly = tokio::time::interval(TIDY);
    loop {
        hourly.tick().await;
        match metadata.tidy().await {
            Ok(tidied) => tracing::debug!(
                sessions = tidied.sessions,
                audit_entries = tidied.audit_entries,
                "tidied the metadata"
            ),
            Err(error) => tracing::error!(%error, "cannot tidy the metadata"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flags(url: Option<&str>) -> MetadataFlags {
        MetadataFlags {
            url: url.map(str::to_owned),
            login_required: false,
            dashboards: None,
        }
    }

    #[test]
    fn database_is_a_file_in_the_data_folder_unless_the_flag_names_another() {
        let at = |url| flags(url).read_location(Path::new("data")).unwrap();
        assert_eq!(at(None), Location::Sqlite("data/metadata.db".into()));
        for url in ["sqlite:/x/y.db", "sqlite:///x/y.db"] {
            assert_eq!(at(Some(url)), Location::Sqlite("/x/y.db".into()));
        }
        let postgres = at(Some("postgres://u:p@h/d"));
        assert!(matches!(postgres, Location::Postgres(_)));
    }

    #[test]
    fn address_that_is_none_is_a_fault_of_the_configuration() {
        for url in ["mysql://u:canary@h/d", "postgres://u:canary@h:port/d"] {
            let error = flags(Some(url)).read_location(Path::new("data"));
            let error = error.unwrap_err().to_string();
            assert!(
                error.contains("metadata.url") && !error.contains("canary"),
                "{error}"
            );
        }
    }

    #[test]
    fn password_of_the_database_is_not_told() {
        let flags = flags(Some("postgres://u:canary@h/d"));
        assert!(!format!("{:?}", flags.named()).contains("canary"));
    }
}
