//! Dashboards and folders as the search answers them, and their order on the page.

use crate::call::{is, text_of};
use serde_json::Value;

/// A dashboard or a folder.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Entry {
    pub(crate) uid: String,
    pub(crate) title: String,
    pub(crate) url: String,
    pub(crate) is_folder: bool,
    pub(crate) tags: Vec<String>,
    pub(crate) starred: bool,
    /// The folder that it is in; empty for none.
    pub(crate) folder: String,
}

impl Entry {
    /// Entries of an answer; what has no identifier is passed over.
    pub(crate) fn read_all(answer: &Value) -> Vec<Self> {
        let list = answer.as_array().map(Vec::as_slice).unwrap_or_default();
        list.iter().filter_map(Self::read).collect()
    }

    fn read(value: &Value) -> Option<Self> {
        let uid = text_of(value, "uid");
        let tags = value.get("tags").and_then(Value::as_array);
        (!uid.is_empty()).then(|| Self {
            uid: uid.to_owned(),
            title: text_of(value, "title").to_owned(),
            url: text_of(value, "url").to_owned(),
            is_folder: text_of(value, "type") == "dash-folder",
            tags: tags
                .into_iter()
                .flatten()
                .filter_map(|tag| tag.as_str().map(str::to_owned))
                .collect(),
            starred: is(value, "isStarred"),
            folder: text_of(value, "folderUid").to_owned(),
        })
    }
}

/// A folder with what is in it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Folder {
    /// Empty for what is in no folder.
    pub(crate) uid: String,
    /// Titles of the folder and of those around it, the outermost first.
    pub(crate) path: Vec<String>,
    pub(crate) dashboards: Vec<Entry>,
}

/// What fits, by folder; empty folders are there only where nothing is filtered. Ordering: what is in no
/// folder first, then by title.
pub(crate) fn arrange(
    entries: &[Entry],
    fits: &dyn Fn(&Entry) -> bool,
    filtered: bool,
) -> Vec<Folder> {
    let inside = |folder: &str| -> Vec<Entry> {
        let own = entries
            .iter()
            .filter(|entry| !entry.is_folder && entry.folder == folder && fits(entry));
        let mut own: Vec<Entry> = own.cloned().collect();
        own.sort_by_key(|entry| entry.title.to_lowercase());
        own
    };
    let mut folders: Vec<Folder> = entries
        .iter()
        .filter(|entry| entry.is_folder)
        .map(|folder| Folder {
            uid: folder.uid.clone(),
            path: path_of(folder, entries),
            dashboards: inside(&folder.uid),
        })
        .collect();
    folders.sort_by_key(|folder| {
        let path = folder.path.iter().map(|title| title.to_lowercase());
        path.collect::<Vec<_>>()
    });
    let loose = Folder {
        uid: String::new(),
        path: Vec::new(),
        dashboards: inside(""),
    };
    folders.retain(|folder| !filtered || !folder.dashboards.is_empty());
    if !loose.dashboards.is_empty() {
        folders.insert(0, loose);
    }
    folders
}

fn path_of(folder: &Entry, entries: &[Entry]) -> Vec<String> {
    let mut path = vec![folder.title.clone()];
    let mut at = folder;
    // A circle of folders is nothing that the server makes; a page must end all the same.
    for _ in 0..16 {
        let parent = entries
            .iter()
            .find(|other| other.is_folder && other.uid == at.folder);
        let Some(parent) = parent else { break };
        path.insert(0, parent.title.clone());
        at = parent;
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn dashboards_stand_in_their_folders_and_folders_in_theirs() {
        let entries = Entry::read_all(&json!([
            {"uid": "a", "title": "Alpha", "type": "dash-db", "folderUid": "in"},
            {"uid": "b", "title": "Beta", "type": "dash-db", "tags": ["x"]},
            {"uid": "in", "title": "Inner", "type": "dash-folder", "folderUid": "out"},
            {"uid": "out", "title": "Outer", "type": "dash-folder"},
            {"title": "nothing"}, 7,
        ]));
        let all = arrange(&entries, &|_| true, false);
        let paths: Vec<String> = all.iter().map(|folder| folder.path.join("/")).collect();
        assert_eq!(paths, ["", "Outer", "Outer/Inner"]);
        assert_eq!(all[2].dashboards[0].title, "Alpha");
        let tagged = arrange(&entries, &|entry| !entry.tags.is_empty(), true);
        assert_eq!(tagged.len(), 1);
    }
}
