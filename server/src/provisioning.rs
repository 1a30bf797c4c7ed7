//! Dashboards that come from files: taken in, kept as the files are, gone with them.

use api::Provisioned;
use metadata::{Actor, Base, DashboardDraft, Error, Metadata, Placement};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// How often the folder is looked at.
const EVERY: Duration = Duration::from_secs(5);
/// The file in the data folder that says which dashboards came from which files, so that those are known
/// whose files went away while the server was down.
const NOTES: &str = "provisioned.json";
/// Longest uid. Source: Grafana's limit.
const UID_LETTERS: usize = 40;

/// A folder of dashboards, with what was last seen in it.
pub(crate) struct Provisioning {
    folder: PathBuf,
    notes: PathBuf,
    metadata: Metadata,
    provisioned: Provisioned,
    /// The file of each dashboard, by uid.
    files: HashMap<String, String>,
    /// What each file was when it was last read.
    seen: HashMap<PathBuf, (SystemTime, u64)>,
}

impl Provisioning {
    /// Begins with what the notes say.
    pub(crate) fn new(
        folder: PathBuf,
        data: &Path,
        metadata: Metadata,
        provisioned: Provisioned,
    ) -> Self {
        let notes = data.join(NOTES);
        let files = std::fs::read_to_string(&notes).ok();
        let files = files.and_then(|text| serde_json::from_str(&text).ok());
        Self {
            folder,
            notes,
            metadata,
            provisioned,
            files: files.unwrap_or_default(),
            seen: HashMap::new(),
        }
    }

    /// Looks at the folder for ever.
    pub(crate) async fn watch(mut self) {
        let mut ticks = tokio::time::interval(EVERY);
        loop {
            ticks.tick().await;
            self.look().await;
        }
    }

    /// Makes the dashboards as the files are now.
    pub(crate) async fn look(&mut self) {
        let folder = self.folder.clone();
        let found = tokio::task::spawn_blocking(move || json_files(&folder)).await;
        let Ok(Ok(found)) = found else {
            // A folder that cannot be read now has not lost its files.
            tracing::error!(folder = %self.folder.display(), "cannot read the folder of dashboards");
            return;
        };
        let before = self.files.clone();
        let mut here = HashSet::new();
        for (path, stamp) in found {
            let name = path.display().to_string();
            if self.seen.get(&path) != Some(&stamp) {
                self.seen.insert(path.clone(), stamp);
                if let Err(error) = self.take_in(&path, &name, &here).await {
                    // The file is not at fault, and is looked at again.
                    if error.downcast_ref().is_some_and(Error::is_outage) {
                        self.seen.remove(&path);
                    }
                    tracing::error!(
                        file = name,
                        error = format!("{error:#}"),
                        "dashboard not taken in"
                    );
                }
            }
            // A file that is broken now keeps the dashboard that it was.
            let uids = self.files.iter().filter(|(_, file)| **file == name);
            here.extend(uids.map(|(uid, _)| uid.clone()));
        }
        let gone: Vec<String> = self
            .files
            .keys()
            .filter(|uid| !here.contains(*uid))
            .cloned()
            .collect();
        for uid in gone {
            let actor = Actor::system("provisioning");
            match self.metadata.dashboards().delete(&actor, &uid).await {
                Ok(()) | Err(Error::NotFound { .. }) => {
                    self.files.remove(&uid);
                }
                Err(error) => tracing::error!(uid, %error, "dashboard without a file not deleted"),
            }
        }
        if self.files != before {
            let notes = serde_json::to_string(&self.files).unwrap_or_default();
            if let Err(error) = std::fs::write(&self.notes, notes) {
                tracing::error!(file = %self.notes.display(), %error, "notes not written");
            }
        }
        self.provisioned.set(self.files.clone());
    }

    async fn take_in(
        &mut self,
        path: &Path,
        name: &str,
        here: &HashSet<String>,
    ) -> anyhow::Result<()> {
        let text = tokio::fs::read_to_string(path).await?;
        let mut import = dashboard::import(&text, &BTreeMap::new())?;
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        let uid = match import.dashboard.uid() {
            Some(uid) if !uid.is_empty() => uid.to_owned(),
            _ => uid_of_name(&stem),
        };
        anyhow::ensure!(
            !here.contains(&uid),
            "another file has a dashboard of the uid `{uid}` too"
        );
        import.dashboard.set_uid(&uid);
        let draft = DashboardDraft {
            json: dashboard::export(&import.dashboard).to_string(),
            uid: Some(uid.clone()),
            folder: Placement::Keep,
            message: format!("from {name}"),
            base: Base::Overwrite,
        };
        let actor = Actor::system("provisioning");
        let saved = self.metadata.dashboards().save(&actor, draft).await?;
        // The dashboard that the file had before, if it had another one.
        self.files.retain(|_, file| file != name);
        self.files.insert(saved.uid, name.to_owned());
        Ok(())
    }
}

/// A uid for a file that names none.
fn uid_of_name(stem: &str) -> String {
    let plain = |letter: char| {
        if letter.is_ascii_alphanumeric() || letter == '_' {
            letter
        } else {
            '-'
        }
    };
    stem.chars().map(plain).take(UID_LETTERS).collect()
}

type Stamped = (PathBuf, (SystemTime, u64));

/// The JSON files of a folder. Ordering: by name.
fn json_files(folder: &Path) -> std::io::Result<Vec<Stamped>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_none_or(|ending| ending != "json") {
            continue;
        }
        // Follows links, as mounted configuration has them; one that leads nowhere is no file.
        if let Ok(facts) = std::fs::metadata(&path)
            && facts.is_file()
        {
            files.push((path, (facts.modified()?, facts.len())));
        }
    }
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clock::SystemClock;
    use metadata::{Location, Options};
    use std::sync::Arc;

    async fn world(data: &Path, folder: &Path) -> (Metadata, Provisioning, Provisioned) {
        let location = Location::Sqlite(data.join("metadata.db"));
        let clock = Arc::new(SystemClock);
        let metadata = Metadata::open(&location, Options::default(), clock)
            .await
            .unwrap();
        let provisioned = Provisioned::default();
        let provisioning = Provisioning::new(
            folder.to_owned(),
            data,
            metadata.clone(),
            provisioned.clone(),
        );
        (metadata, provisioning, provisioned)
    }

    #[tokio::test]
    async fn dashboards_follow_their_files_and_go_with_them_even_over_a_restart() {
        let (data, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let file = |name: &str| folder.path().join(name);
        let write = |name: &str, text: &str| std::fs::write(file(name), text).unwrap();
        write(
            "a b.json",
            r#"{"title": "One", "panels": [], "extra": {"kept": true}}"#,
        );
        write(
            "two.json",
            r#"{"title": "Two", "uid": "two", "panels": []}"#,
        );
        write("broken.json", "{");
        write("notes.txt", "{}");
        let (metadata, mut provisioning, provisioned) = world(data.path(), folder.path()).await;
        provisioning.look().await;
        let one = metadata.dashboards().get("a-b").await.unwrap();
        assert!(
            one.json.contains(r#""extra":{"kept":true}"#),
            "{}",
            one.json
        );
        assert_eq!(one.created_by, "provisioning");
        assert!(provisioned.file_of("two").unwrap().ends_with("two.json"));
        provisioning.look().await;
        assert_eq!(metadata.dashboards().get("a-b").await.unwrap().version, 1);
        write(
            "two.json",
            r#"{"title": "Two again", "uid": "two", "panels": []}"#,
        );
        provisioning.look().await;
        let two = metadata.dashboards().get("two").await.unwrap();
        assert_eq!((two.title.as_str(), two.version), ("Two again", 2));
        write("two.json", "{ no JSON");
        provisioning.look().await;
        assert!(
            metadata.dashboards().get("two").await.is_ok(),
            "a broken file deletes nothing"
        );
        metadata.close().await;

        std::fs::remove_file(file("a b.json")).unwrap();
        let (metadata, mut provisioning, provisioned) = world(data.path(), folder.path()).await;
        provisioning.look().await;
        assert!(metadata.dashboards().get("a-b").await.is_err());
        assert!(metadata.dashboards().get("two").await.is_ok());
        assert_eq!(provisioned.file_of("a-b"), None);
        metadata.close().await;
    }
}
