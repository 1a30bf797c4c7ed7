//! Space of each mounted file system, from statvfs(3).

use crate::error::Result;
use crate::family::{Field, table};
use crate::mountinfo::{self, Mount};
use crate::paths::Paths;
use model::{Labels, MetricFamily, MetricKind};
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread;
use std::time::Duration;

const FIELDS: [Field; 7] = [
    Field::gauge(
        "node_filesystem_size_bytes",
        "Size of the file system, in bytes.",
    ),
    Field::gauge("node_filesystem_free_bytes", "Free space, in bytes."),
    Field::gauge(
        "node_filesystem_avail_bytes",
        "Free space for ordinary users, in bytes.",
    ),
    Field::gauge("node_filesystem_files", "Files that there can be."),
    Field::gauge(
        "node_filesystem_files_free",
        "Files that can still be made.",
    ),
    Field::gauge(
        "node_filesystem_readonly",
        "Whether the file system is read-only.",
    ),
    Field::gauge(
        "node_filesystem_device_error",
        "Whether the file system could not be asked.",
    ),
];
const MOUNT_INFO: Field = Field::gauge(
    "node_filesystem_mount_info",
    "Device numbers of the mounted file system.",
);

/// How long a file system may take to answer before it counts as stuck.
const PATIENCE: Duration = Duration::from_secs(5);

/// Mount points that do not answer (a network file system whose server is gone). They are not asked
/// again until they do.
#[derive(Debug, Clone, Default)]
pub(crate) struct StuckMounts(Arc<Mutex<HashSet<PathBuf>>>);

impl StuckMounts {
    fn update<T>(&self, change: impl FnOnce(&mut HashSet<PathBuf>) -> T) -> T {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

pub(crate) fn collect(paths: &Paths, stuck: &StuckMounts) -> Result<Vec<MetricFamily>> {
    let mounts = paths
        .parse_proc("1/mountinfo", mountinfo::parse)
        .or_else(|_| paths.parse_proc("self/mountinfo", mountinfo::parse))?;
    let mut seen = HashSet::new();
    let mut rows = Vec::new();
    let mut info = MetricFamily::new(MOUNT_INFO.name, MetricKind::Gauge, MOUNT_INFO.help);
    for mount in mounts.iter().filter(|mount| is_shown(mount)) {
        let mount_point = strip_root(paths, &mount.point);
        let key = (
            mount.device.clone(),
            mount_point.clone(),
            mount.fs_type.clone(),
        );
        if !seen.insert(key) {
            continue;
        }
        let space = ask(&paths.in_root(&mount_point), stuck);
        rows.push(row(mount, &mount_point, &space));
        info.push(
            Labels::from_pairs([
                ("device", mount.device.as_str()),
                ("major", &mount.major),
                ("minor", &mount.minor),
                ("mountpoint", &mount_point),
            ]),
            1.0,
        );
    }
    let mut families = table(&FIELDS, &rows);
    // One mount point can carry several mounts of one device: the facts are the same.
    let mut told = HashSet::new();
    info.points
        .retain(|point| told.insert(point.labels.clone()));
    if !info.points.is_empty() {
        families.push(info);
    }
    Ok(families)
}

/// Bytes and files of a file system.
#[derive(Debug, Clone, Copy)]
struct Space {
    size: f64,
    free: f64,
    available: f64,
    files: f64,
    files_free: f64,
}

fn row(
    mount: &Mount,
    mount_point: &str,
    space: &Result<Space, &'static str>,
) -> (Labels, Vec<Option<f64>>) {
    let labels = Labels::from_pairs([
        ("device", mount.device.as_str()),
        ("mountpoint", mount_point),
        ("fstype", &mount.fs_type),
        ("device_error", space.as_ref().err().copied().unwrap_or("")),
    ]);
    let of = |field: fn(&Space) -> f64| space.as_ref().ok().map(field);
    let values = vec![
        of(|space| space.size),
        of(|space| space.free),
        of(|space| space.available),
        of(|space| space.files),
        of(|space| space.files_free),
        Some(if mount.read_only { 1.0 } else { 0.0 }),
        Some(if space.is_ok() { 0.0 } else { 1.0 }),
    ];
    (labels, values)
}

/// Asks a file system in a thread of its own, which is left behind if there is no answer.
fn ask(path: &Path, stuck: &StuckMounts) -> Result<Space, &'static str> {
    const NO_ANSWER: &str = "mountpoint timeout";
    if stuck.update(|paths| paths.contains(path)) {
        return Err(NO_ANSWER);
    }
    let (sender, receiver) = mpsc::channel();
    let (asked, answered) = (path.to_owned(), stuck.clone());
    let asking = thread::Builder::new()
        .name("statvfs".to_owned())
        .spawn(move || {
            let answer = rustix::fs::statvfs(&asked);
            answered.update(|paths| paths.remove(&asked));
            // Nobody listens any more if the answer came too late.
            let _ = sender.send(answer);
        });
    if asking.is_err() {
        return Err("cannot start a thread");
    }
    let mut answer = receiver.recv_timeout(PATIENCE).ok();
    if answer.is_none() {
        stuck.update(|paths| paths.insert(path.to_owned()));
        // An answer that came just now was sent before the thread could take the mark away.
        answer = receiver.try_recv().ok();
        if answer.is_some() {
            stuck.update(|paths| paths.remove(path));
        }
    }
    let answer = answer.ok_or(NO_ANSWER)?;
    answer.map(|stat| space(&stat)).map_err(error_name)
}

fn space(stat: &rustix::fs::StatVfs) -> Space {
    let block = stat.f_frsize as f64;
    Space {
        size: stat.f_blocks as f64 * block,
        free: stat.f_bfree as f64 * block,
        available: stat.f_bavail as f64 * block,
        files: stat.f_files as f64,
        files_free: stat.f_ffree as f64,
    }
}

fn error_name(error: rustix::io::Errno) -> &'static str {
    match error {
        rustix::io::Errno::ACCESS | rustix::io::Errno::PERM => "permission denied",
        rustix::io::Errno::NOENT => "no such file or directory",
        rustix::io::Errno::IO => "input/output error",
        rustix::io::Errno::STALE => "stale file handle",
        rustix::io::Errno::NOTCONN => "transport endpoint is not connected",
        _ => "statvfs failed",
    }
}

/// The mount point as the machine itself sees it.
fn strip_root(paths: &Paths, mount_point: &str) -> String {
    let root = paths.rootfs.to_string_lossy();
    let root = root.trim_end_matches('/');
    match mount_point.strip_prefix(root) {
        Some("") => "/".to_owned(),
        Some(rest) if rest.starts_with('/') => rest.to_owned(),
        _ => mount_point.to_owned(),
    }
}

/// node_exporter's defaults: neither the kernel's own file systems nor those of containers.
fn is_shown(mount: &Mount) -> bool {
    const TYPES: [&str; 25] = [
        "autofs",
        "binfmt_misc",
        "bpf",
        "cgroup",
        "cgroup2",
        "configfs",
        "debugfs",
        "devpts",
        "devtmpfs",
        "fusectl",
        "hugetlbfs",
        "iso9660",
        "mqueue",
        "nsfs",
        "overlay",
        "proc",
        "procfs",
        "pstore",
        "rpc_pipefs",
        "securityfs",
        "selinuxfs",
        "squashfs",
        "erofs",
        "sysfs",
        "tracefs",
    ];
    const WHOLE: [&str; 3] = ["/dev", "/proc", "/sys"];
    const BELOW: [&str; 3] = [
        "/run/credentials/",
        "/var/lib/docker/",
        "/var/lib/containers/storage/",
    ];
    let path = mount.point.as_str();
    let inside = |folder: &str| {
        path.strip_prefix(folder)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let below = |folder: &str| {
        path.strip_prefix(folder)
            .is_some_and(|rest| !rest.is_empty())
    };
    !TYPES.contains(&mount.fs_type.as_str())
        && !WHOLE.iter().any(|folder| inside(folder))
        && !BELOW.iter().any(|folder| below(folder))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::family::dump;

    fn mount(mount_point: &str, fs_type: &str) -> Mount {
        Mount {
            major: "8".to_owned(),
            minor: "1".to_owned(),
            point: mount_point.to_owned(),
            device: "/dev/sda1".to_owned(),
            fs_type: fs_type.to_owned(),
            read_only: true,
        }
    }

    #[test]
    fn kernel_and_container_file_systems_are_hidden() {
        for (path, fs_type, shown) in [
            ("/", "ext4", true),
            ("/devices", "ext4", true),
            ("/run", "tmpfs", true),
            ("/var/lib/docker", "ext4", true),
            ("/dev", "ext4", false),
            ("/dev/shm", "tmpfs", false),
            ("/sys/fs/x", "ext4", false),
            ("/run/credentials/a", "ramfs", false),
            ("/var/lib/docker/overlay2/x", "ext4", false),
            ("/mnt", "cgroup2", false),
        ] {
            assert_eq!(is_shown(&mount(path, fs_type)), shown, "{path} {fs_type}");
        }
    }

    #[test]
    fn the_root_is_taken_off_mount_points() {
        let paths = Paths {
            rootfs: "/host".into(),
            ..Paths::default()
        };
        for (from, to) in [
            ("/host", "/"),
            ("/host/a", "/a"),
            ("/hostile", "/hostile"),
            ("/", "/"),
        ] {
            assert_eq!(strip_root(&paths, from), to);
        }
        assert_eq!(strip_root(&Paths::default(), "/a"), "/a");
    }

    #[test]
    fn a_file_system_that_cannot_be_asked_shows_its_error() {
        let space = ask(Path::new("/nowhere/at/all"), &StuckMounts::default());
        let rows = [row(&mount("/x", "nfs"), "/x", &space)];
        let labels = r#"{device="/dev/sda1", device_error="no such file or directory", fstype="nfs", mountpoint="/x"}"#;
        assert_eq!(
            dump(&table(&FIELDS, &rows)),
            [
                format!("node_filesystem_readonly{labels} 1"),
                format!("node_filesystem_device_error{labels} 1"),
            ]
        );
    }

    #[test]
    fn stuck_mounts_are_not_asked_again() {
        let stuck = StuckMounts::default();
        stuck.update(|paths| paths.insert("/".into()));
        assert_eq!(
            ask(Path::new("/"), &stuck).unwrap_err(),
            "mountpoint timeout"
        );
        stuck.update(|paths| paths.remove(&PathBuf::from("/")));
        let space = ask(Path::new("/"), &stuck).unwrap();
        assert!(space.size >= space.free && space.free >= space.available);
    }
}
