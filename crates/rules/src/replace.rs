//! A rule file, replaced as a whole or not at all.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use xxhash_rust::xxh3::xxh3_128;

/// Tries to find a name for the new file that nobody has.
const NAME_TRIES: u32 = 16;

/// Why a file was not replaced. It is as it was.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReplaceError {
    /// The file cannot be read.
    #[error("cannot read `{}`: {source}", .path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        #[source]
        source: io::Error,
    },
    /// The file says something else than what the change was made from.
    #[error("`{}` was changed since it was opened", .path.display())]
    Changed {
        /// The file.
        path: PathBuf,
        /// What it says now.
        text: String,
    },
    /// The file cannot be written.
    #[error("cannot write `{}`: {source}", .path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        #[source]
        source: io::Error,
    },
}

/// A short name for a text that no other text has. Shape: 32 hexadecimal digits.
pub fn text_hash(text: &str) -> String {
    format!("{:032x}", xxh3_128(text.as_bytes()))
}

/// Why the file at `path` cannot be replaced, as far as that can be told without doing it.
pub fn why_not_writable(path: &Path) -> Option<io::Error> {
    use rustix::fs::{Access, access};
    let real = match fs::canonicalize(path) {
        Ok(real) => real,
        Err(error) => return Some(error),
    };
    // A new file takes its place, so its folder is written to; its own permissions are asked all the same:
    // whoever made it read-only meant it.
    let folder = real.parent().unwrap_or(Path::new("."));
    let may = access(&real, Access::WRITE_OK).and_then(|()| access(folder, Access::WRITE_OK));
    may.err().map(io::Error::from)
}

/// Replaces the text of `path` by `new`, if what it says now has the hash `base`: a new file with the same
/// permissions is written beside it, forced to the disk and renamed, so that readers see the old text or the
/// new one. Where `path` is a symbolic link, the file that it leads to is replaced.
///
/// # Errors
/// Any [`ReplaceError`].
pub fn replace_file(path: &Path, base: &str, new: &str) -> Result<(), ReplaceError> {
    let read = |source| ReplaceError::Read {
        path: path.to_owned(),
        source,
    };
    let real = fs::canonicalize(path).map_err(read)?;
    let text = fs::read_to_string(&real).map_err(read)?;
    if text_hash(&text) != base {
        let path = path.to_owned();
        return Err(ReplaceError::Changed { path, text });
    }
    if let Some(source) = why_not_writable(&real) {
        let path = path.to_owned();
        return Err(ReplaceError::Write { path, source });
    }
    put(&real, new).map_err(|source| ReplaceError::Write {
        path: path.to_owned(),
        source,
    })
}

fn put(real: &Path, new: &str) -> io::Result<()> {
    let folder = real.parent().unwrap_or(Path::new("."));
    let before = fs::metadata(real)?;
    let (mut file, beside) = create_beside(real)?;
    let written = file
        .write_all(new.as_bytes())
        .and_then(|()| keep_owner(&file, &before))
        .and_then(|()| file.set_permissions(before.permissions()))
        .and_then(|()| file.sync_all())
        .and_then(|()| fs::rename(&beside, real));
    if written.is_err() {
        // What is left over is of no use; that it stays harms nobody.
        let _ = fs::remove_file(&beside);
        return written;
    }
    // The rename itself is on the disk when the folder is. Not all file systems can be asked for that.
    if let Ok(folder) = File::open(folder) {
        let _ = folder.sync_all();
    }
    Ok(())
}

/// Gives a new file the owner of the old one, where that is allowed.
fn keep_owner(file: &File, before: &fs::Metadata) -> io::Result<()> {
    use std::os::unix::fs::MetadataExt;
    let own = file.metadata()?;
    if (own.uid(), own.gid()) != (before.uid(), before.gid()) {
        // Only the superuser gives files away; to everybody else the new file belongs.
        let _ = std::os::unix::fs::fchown(file, Some(before.uid()), Some(before.gid()));
    }
    Ok(())
}

/// A new, empty file in the folder of `real`, hidden, with an ending that no pattern of rule files has.
fn create_beside(real: &Path) -> io::Result<(File, PathBuf)> {
    let name = real.file_name().unwrap_or_default().to_string_lossy();
    let mut tried = 0;
    loop {
        let beside = real.with_file_name(format!(".{name}.{}-{tried}.new", std::process::id()));
        let opened = OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&beside);
        match opened {
            Ok(file) => return Ok((file, beside)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && tried < NAME_TRIES => {
                tried += 1;
            }
            Err(error) => return Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::{PermissionsExt, symlink};

    fn folder() -> tempfile::TempDir {
        tempfile::tempdir().unwrap()
    }

    fn names(folder: &Path) -> Vec<String> {
        let all = fs::read_dir(folder).unwrap();
        let mut names: Vec<String> = all
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn file_is_replaced_with_its_permissions_and_nothing_is_left_beside_it() {
        let folder = folder();
        let path = folder.path().join("r.yml");
        fs::write(&path, "old").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        replace_file(&path, &text_hash("old"), "new").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
        let mode = fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(
            (mode & 0o777, names(folder.path())),
            (0o640, vec!["r.yml".into()])
        );
    }

    #[test]
    fn file_that_changed_meanwhile_is_left_alone() {
        let folder = folder();
        let path = folder.path().join("r.yml");
        fs::write(&path, "theirs").unwrap();
        let error = replace_file(&path, &text_hash("old"), "new").unwrap_err();
        assert!(matches!(error, ReplaceError::Changed { text, .. } if text == "theirs"));
        assert_eq!(fs::read_to_string(&path).unwrap(), "theirs");
    }

    #[test]
    fn what_a_link_leads_to_is_replaced_and_the_link_stays() {
        let folder = folder();
        let (path, link) = (folder.path().join("r.yml"), folder.path().join("l.yml"));
        fs::write(&path, "old").unwrap();
        symlink(&path, &link).unwrap();
        replace_file(&link, &text_hash("old"), "new").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    }

    #[test]
    fn what_cannot_be_written_says_so_and_stays() {
        let folder = folder();
        let path = folder.path().join("r.yml");
        fs::write(&path, "old").unwrap();
        // Whoever runs the tests as root may write everything; a name that is taken stops root too.
        for tried in 0..=NAME_TRIES {
            let name = format!(".r.yml.{}-{tried}.new", std::process::id());
            fs::create_dir(folder.path().join(name)).unwrap();
        }
        let error = replace_file(&path, &text_hash("old"), "new").unwrap_err();
        assert!(error.to_string().starts_with("cannot write `"), "{error}");
        assert_eq!(fs::read_to_string(&path).unwrap(), "old");
        let gone = folder.path().join("gone.yml");
        assert!(why_not_writable(&gone).is_some());
        assert!(why_not_writable(&path).is_none());
        let error = replace_file(&gone, "", "new").unwrap_err();
        assert!(matches!(error, ReplaceError::Read { .. }));
    }
}
