//! This machine's metrics beside those of a real machine exporter, where one is installed.

use crate::peers::is_installed;
use crate::process::{Server, agent, folder, get};
use std::collections::{BTreeMap, BTreeSet};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};

/// The collectors that are compared.
const COLLECTORS: [&str; 15] = [
    "cpu",
    "meminfo",
    "loadavg",
    "diskstats",
    "filesystem",
    "netdev",
    "netstat",
    "stat",
    "uname",
    "vmstat",
    "time",
    "os",
    "pressure",
    "filefd",
    "sockstat",
];

/// The usual settings of the version that we follow, where those of the installed one are others: Debian's leaves
/// out `lo`, `/run`, `/mnt` and `/media`, older ones show memory disks.
const SETTINGS: [&str; 5] = [
    "--collector.netdev.device-exclude=",
    r"--collector.diskstats.device-exclude=^(z?ram|loop|fd|(h|s|v|xv)d[a-z]|nvme\d+n\d+p)\d+$",
    "--collector.filesystem.mount-points-exclude=^/(dev|proc|run/credentials/.+|sys|var/lib/docker/.+|var/lib/containers/storage/.+)($|/)",
    "--collector.filesystem.fs-types-exclude=^(autofs|binfmt_misc|bpf|cgroup2?|configfs|debugfs|devpts|devtmpfs|fusectl|hugetlbfs|iso9660|mqueue|nsfs|overlay|proc|procfs|pstore|rpc_pipefs|securityfs|selinuxfs|squashfs|erofs|sysfs|tracefs)$",
    "--collector.netstat.fields=^(.*_(InErrors|InErrs)|Ip_Forwarding|Ip(6|Ext)_(InOctets|OutOctets)|Icmp6?_(InMsgs|OutMsgs)|TcpExt_(Listen.*|Syncookies.*|TCPSynRetrans|TCPTimeouts|TCPOFOQueue|TCPRcvQDrop)|Tcp_(ActiveOpens|InSegs|OutSegs|OutRsts|PassiveOpens|RetransSegs|CurrEstab)|Udp6?_(InDatagrams|OutDatagrams|NoPorts|RcvbufErrors|SndbufErrors))$",
];

/// What newer versions have: version 1.5 shows neither these families nor this label.
const NEWER_FAMILIES: [&str; 1] = ["node_filesystem_mount_info"];
const NEWER_LABELS: [(&str, &str); 2] = [
    ("node_disk_info", "rotational"),
    ("node_filesystem_", "device_error"),
];

/// Beginnings of names of the collectors that we have beside those that are compared.
const FURTHER: [&str; 5] = [
    "node_entropy_",
    "node_nf_conntrack_",
    "node_softnet_",
    "node_scrape_collector_",
    "node_network_",
];

struct Exporter {
    child: Child,
    url: String,
}

impl Exporter {
    fn start() -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = port.local_addr().unwrap();
        drop(port);
        let child = Command::new("prometheus-node-exporter")
            .arg(format!("--web.listen-address={address}"))
            .arg("--collector.disable-defaults")
            .args(COLLECTORS.map(|name| format!("--collector.{name}")))
            .args(SETTINGS)
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        Self {
            child,
            url: format!("http://{address}/metrics"),
        }
    }
}

impl Drop for Exporter {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A page: types by family, and values by family and labels. An empty label is as good as none.
#[derive(Default)]
struct Page {
    types: BTreeMap<String, String>,
    families: BTreeMap<String, Family>,
}

fn page(text: &str) -> Page {
    let mut page = Page::default();
    for line in text.lines() {
        if let Some(rest) = line.strip_prefix("# TYPE ") {
            let (name, kind) = rest.split_once(' ').unwrap();
            page.types.insert(name.to_owned(), kind.to_owned());
            continue;
        }
        if line.starts_with('#') || line.is_empty() {
            continue;
        }
        let (series, value) = line.rsplit_once(' ').unwrap();
        let (name, labels) = series.split_once('{').unwrap_or((series, "}"));
        let is_own = name.starts_with("node_") && !name.starts_with("node_exporter_");
        if !is_own {
            continue;
        }
        let is_newer = |label: &str| {
            NEWER_LABELS
                .iter()
                .any(|(family, newer)| name.starts_with(family) && label == *newer)
        };
        let labels = labels_of(labels.strip_suffix('}').unwrap());
        let labels = labels
            .into_iter()
            .filter(|(label, value)| !value.is_empty() && !is_newer(label));
        let of_family = page.families.entry(name.to_owned()).or_default();
        of_family.insert(labels.collect(), value.parse().unwrap());
    }
    page
}

/// `a="b",c="d"`; no value of these pages has an escaped quote.
fn labels_of(text: &str) -> Vec<(String, String)> {
    let mut labels = Vec::new();
    let mut rest = text;
    while let Some((name, after)) = rest.split_once("=\"") {
        let (value, after) = after.split_once('"').unwrap();
        let name = name.trim_start_matches(',');
        labels.push((name.to_owned(), value.to_owned()));
        rest = after;
    }
    labels
}

#[test]
fn every_family_of_a_real_machine_exporter_is_ours_too_with_its_type_labels_and_values() {
    if !is_installed("prometheus-node-exporter") {
        return;
    }
    let exporter = Exporter::start();
    let (folder, file) = folder("");
    let server = Server::start(folder.path(), Some(&file));
    server.wait_for("the exporter", |_| agent().get(&exporter.url).call().ok());
    let ours = || page(&server.get("/metrics/node").1);
    // Ours before and after theirs: what changes lies between. A machine that is busy with other things may change
    // there and back between the reads, so a value has several rounds to agree in; names and labels have one.
    let mut open: Option<BTreeSet<String>> = None;
    let mut reasons = Vec::new();
    for _ in 0..ROUNDS {
        let (before, theirs, after) = (ours(), page(&get(&exporter.url).1), ours());
        if open.is_none() {
            assert_same_families(&before, &theirs);
        }
        reasons = differences(&before, &theirs, &after, open.as_ref());
        if reasons.is_empty() {
            return;
        }
        open = Some(reasons.iter().map(|(name, _)| name.clone()).collect());
    }
    panic!("after {ROUNDS} rounds: {reasons:#?}");
}

/// How often a value may be read until it agrees.
const ROUNDS: usize = 20;

fn assert_same_families(before: &Page, theirs: &Page) {
    assert!(theirs.families.len() > 150, "a real page");
    let names = |page: &Page| -> BTreeSet<String> { page.families.keys().cloned().collect() };
    let missing: Vec<_> = names(theirs)
        .difference(&names(before))
        .filter(|name| !name.starts_with("node_scrape_"))
        .cloned()
        .collect();
    assert_eq!(missing, [""; 0]);
    let further: Vec<_> = names(before)
        .difference(&names(theirs))
        .filter(|name| !NEWER_FAMILIES.contains(&name.as_str()))
        .filter(|name| !FURTHER.iter().any(|family| name.starts_with(family)))
        .cloned()
        .collect();
    assert_eq!(further, [""; 0]);
    for name in theirs.families.keys() {
        assert_eq!(before.types.get(name), theirs.types.get(name), "{name}");
    }
}

/// Each family (of `open`, where given) that differs in its label sets or in a value, with the first difference.
fn differences(
    before: &Page,
    theirs: &Page,
    after: &Page,
    open: Option<&BTreeSet<String>>,
) -> Vec<(String, String)> {
    let is_open = |name: &str| open.is_none_or(|open| open.contains(name));
    let families = theirs.families.iter();
    let families = families.filter(|(name, _)| !name.starts_with("node_scrape_") && is_open(name));
    let differing = families.filter_map(|(name, expected)| {
        let difference = difference(
            name,
            expected,
            before.families.get(name)?,
            after.families.get(name)?,
        );
        Some((name.clone(), difference?))
    });
    differing.collect()
}

type Family = BTreeMap<BTreeMap<String, String>, f64>;

fn difference(name: &str, expected: &Family, before: &Family, after: &Family) -> Option<String> {
    if !before.keys().eq(expected.keys()) || !after.keys().eq(expected.keys()) {
        let sets = |family: &Family| family.keys().cloned().collect::<Vec<_>>();
        return Some(format!("{:?}, not {:?}", sets(expected), sets(before)));
    }
    expected.iter().find_map(|(labels, value)| {
        let (first, last) = (before[labels], after[labels]);
        let slack = 0.02 * first.abs().max(last.abs()) + (last - first).abs() + slack_of(name);
        let (low, high) = (first.min(last) - slack, first.max(last) + slack);
        let agrees = (low..=high).contains(value);
        (!agrees).then(|| format!("{labels:?}: {value}, not {first} to {last}"))
    })
}

/// How far a small number may jump while a machine is busy.
fn slack_of(name: &str) -> f64 {
    match name {
        "node_procs_running" | "node_procs_blocked" => 50.0,
        name if name.ends_with("_bytes") => 64e6,
        name if name.starts_with("node_sockstat_") || name.starts_with("node_filefd_") => 2_000.0,
        "node_disk_io_now" => 200.0,
        "node_netstat_Tcp_CurrEstab" => 100.0,
        name if name.starts_with("node_load") => 1.0,
        _ => 1.0,
    }
}
