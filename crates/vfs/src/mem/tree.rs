//! Folders and files in two images: live, and forced to the disk.

use super::Loss;
use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Component, Path, PathBuf};

type Done<T> = Result<T, ErrorKind>;

/// What a name stands for: numbers are never used again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Node {
    File(usize),
    Folder(usize),
}

#[derive(Debug, Default)]
struct File {
    live: Vec<u8>,
    durable: Vec<u8>,
}

#[derive(Debug, Default, Clone)]
struct Folder {
    live: BTreeMap<String, Node>,
    durable: BTreeMap<String, Node>,
}

#[derive(Debug)]
pub(super) struct Tree {
    files: Vec<File>,
    /// The first one is the root.
    folders: Vec<Folder>,
}

impl Default for Tree {
    fn default() -> Self {
        Self {
            files: Vec::new(),
            folders: vec![Folder::default()],
        }
    }
}

fn names_of(path: &Path) -> impl Iterator<Item = String> {
    path.components().filter_map(|part| match part {
        Component::Normal(name) => Some(name.to_string_lossy().into_owned()),
        _ => None,
    })
}

fn name_of(path: &Path) -> Done<String> {
    let name = path.file_name().ok_or(ErrorKind::InvalidInput)?;
    Ok(name.to_string_lossy().into_owned())
}

impl Tree {
    pub(super) fn from_image(image: BTreeMap<PathBuf, Vec<u8>>) -> Self {
        let mut tree = Self::default();
        for (path, bytes) in image {
            let made = tree.create_folder(path.parent().unwrap_or(Path::new("")));
            if let Ok(file) = made.and_then(|()| tree.create_file(&path)) {
                tree.write(file, &bytes, bytes.len());
                tree.sync_file(file);
            }
        }
        for folder in &mut tree.folders {
            folder.durable = folder.live.clone();
        }
        tree
    }

    pub(super) fn image(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut image = BTreeMap::new();
        let mut open = vec![(PathBuf::new(), 0)];
        while let Some((path, folder)) = open.pop() {
            for (name, node) in self.folders.get(folder).into_iter().flat_map(|f| &f.live) {
                match *node {
                    Node::Folder(inner) => open.push((path.join(name), inner)),
                    Node::File(file) => {
                        image.insert(path.join(name), self.bytes(file).to_vec());
                    }
                }
            }
        }
        image
    }

    pub(super) fn find(&self, path: &Path) -> Option<Node> {
        names_of(path).try_fold(Node::Folder(0), |node, name| match node {
            Node::Folder(folder) => self.folders.get(folder)?.live.get(&name).copied(),
            Node::File(_) => None,
        })
    }

    fn folder(&mut self, path: &Path) -> Done<&mut Folder> {
        match self.find(path) {
            Some(Node::Folder(folder)) => self.folders.get_mut(folder).ok_or(ErrorKind::NotFound),
            _ => Err(ErrorKind::NotFound),
        }
    }

    pub(super) fn names(&self, path: &Path) -> Done<impl Iterator<Item = (&String, Node)>> {
        match self.find(path) {
            Some(Node::Folder(folder)) => {
                let folder = self.folders.get(folder).ok_or(ErrorKind::NotFound)?;
                Ok(folder.live.iter().map(|(name, node)| (name, *node)))
            }
            _ => Err(ErrorKind::NotFound),
        }
    }

    /// Makes the folder and those above it, and forces their names to the disk.
    pub(super) fn create_folder(&mut self, path: &Path) -> Done<()> {
        let mut at = 0;
        for name in names_of(path) {
            let new = self.folders.len();
            let folder = self.folders.get_mut(at).ok_or(ErrorKind::NotFound)?;
            at = match folder.live.get(&name) {
                Some(Node::Folder(inner)) => *inner,
                Some(Node::File(_)) => return Err(ErrorKind::AlreadyExists),
                None => {
                    folder.live.insert(name.clone(), Node::Folder(new));
                    folder.durable.insert(name, Node::Folder(new));
                    self.folders.push(Folder::default());
                    new
                }
            };
        }
        Ok(())
    }

    pub(super) fn create_file(&mut self, path: &Path) -> Done<usize> {
        let file = self.files.len();
        self.add(path, Node::File(file))?;
        self.files.push(File::default());
        Ok(file)
    }

    pub(super) fn add(&mut self, path: &Path, node: Node) -> Done<()> {
        let name = name_of(path)?;
        let folder = self.folder(path.parent().unwrap_or(Path::new("")))?;
        if folder.live.contains_key(&name) {
            return Err(ErrorKind::AlreadyExists);
        }
        folder.live.insert(name, node);
        Ok(())
    }

    pub(super) fn remove(&mut self, path: &Path) -> Done<()> {
        let name = name_of(path)?;
        let folder = self.folder(path.parent().unwrap_or(Path::new("")))?;
        folder
            .live
            .remove(&name)
            .map(|_| ())
            .ok_or(ErrorKind::NotFound)
    }

    pub(super) fn rename(&mut self, from: &Path, to: &Path) -> Done<()> {
        let node = self.find(from).ok_or(ErrorKind::NotFound)?;
        match (node, self.find(to)) {
            (_, None) => {}
            (Node::File(_), Some(Node::File(_))) => self.remove(to)?,
            _ => return Err(ErrorKind::AlreadyExists),
        }
        // First the new name, which can be refused.
        self.add(to, node)?;
        self.remove(from)
    }

    pub(super) fn sync_folder(&mut self, path: &Path) -> Done<()> {
        let folder = self.folder(path)?;
        folder.durable = folder.live.clone();
        Ok(())
    }

    pub(super) fn bytes(&self, file: usize) -> &[u8] {
        self.files.get(file).map_or(&[], |file| &file.live)
    }

    /// Appends the first `fits` of `bytes`.
    pub(super) fn write(&mut self, file: usize, bytes: &[u8], fits: usize) {
        if let Some(file) = self.files.get_mut(file) {
            file.live.extend(bytes.iter().take(fits));
        }
    }

    pub(super) fn sync_file(&mut self, file: usize) {
        if let Some(file) = self.files.get_mut(file) {
            file.durable.clone_from(&file.live);
        }
    }

    /// Cuts the file and forces it to the disk.
    pub(super) fn truncate(&mut self, file: usize, size: usize) {
        if let Some(file) = self.files.get_mut(file) {
            file.live.truncate(size);
            file.durable.clone_from(&file.live);
        }
    }

    pub(super) fn crash(&mut self, loss: Loss) {
        for file in &mut self.files {
            match loss {
                Loss::Everything | Loss::Bytes => file.live.clone_from(&file.durable),
                Loss::Halves => {
                    let new = file.live.len().saturating_sub(file.durable.len());
                    file.live.truncate(file.live.len() - new / 2);
                }
                Loss::Names | Loss::Nothing => {}
            }
            file.durable.clone_from(&file.live);
        }
        for folder in &mut self.folders {
            if matches!(loss, Loss::Everything | Loss::Names) {
                folder.live.clone_from(&folder.durable);
            }
            folder.durable.clone_from(&folder.live);
        }
    }
}
