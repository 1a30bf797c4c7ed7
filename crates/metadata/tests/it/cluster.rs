//! A PostgreSQL server of our own, for as long as this process lives.
//!
//! A shell starts it and waits for the end of its standard input, which this process holds open: however
//! this process ends, killed or not, the shell then stops the server by its pid and removes its folder.

use std::io::{BufRead, BufReader};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::{LazyLock, Mutex};

/// Set where a skipped test would hide a fault: `cargo xtask test` and CI.
const REQUIRE: &str = "WATCHFIRE_REQUIRE_POSTGRES";
/// Where Debian's packages put the binaries of each version.
const VERSIONS: &str = "/usr/lib/postgresql";

/// The words `stop` and `start` on its standard input do that, and each is said again when it is done.
const SUPERVISOR: &str = r#"
set -eu
bin=$1
dir=$(mktemp -d /tmp/watchfire-postgres-XXXXXX)
trap 'rm -rf "$dir"' EXIT
"$bin/initdb" -D "$dir/data" -U watchfire -A trust -E UTF8 --locale=C.UTF-8 --no-sync \
    >"$dir/log" 2>&1 || { cat "$dir/log" >&2; exit 1; }
pid=
stop() {
    [ -z "$pid" ] || { kill -INT "$pid" 2>/dev/null || true; wait "$pid" || true; }
    pid=
}
start() {
    "$bin/postgres" -D "$dir/data" -k "$dir" -c listen_addresses= -c fsync=off -c max_connections=200 \
        >"$dir/log" 2>&1 </dev/null &
    pid=$!
    until "$bin/pg_isready" -q -h "$dir"; do
        kill -0 "$pid" 2>/dev/null || { cat "$dir/log" >&2; exit 1; }
        sleep 0.05
    done
}
trap 'stop; rm -rf "$dir"' EXIT
start
echo "$dir"
while read -r word; do
    case $word in stop) stop ;; start) start ;; esac
    echo "$word"
done
"#;

/// The server; `None` where PostgreSQL is not installed. Started by the first test that asks.
static CLUSTER: LazyLock<Option<Cluster>> = LazyLock::new(|| binaries().map(|path| start(&path)));

/// A server.
pub(crate) struct Cluster {
    /// The folder of its socket.
    pub(crate) socket: String,
    /// Its standard input is what keeps the server alive.
    pub(crate) _supervisor: Mutex<Child>,
    /// What it says.
    pub(crate) _words: Mutex<BufReader<ChildStdout>>,
}

/// The folder of the server's socket; `None`, with a word about it, where PostgreSQL is not installed.
pub(crate) fn socket() -> Option<&'static str> {
    let socket = CLUSTER.as_ref().map(|cluster| cluster.socket.as_str());
    if socket.is_none() {
        assert!(
            std::env::var_os(REQUIRE).is_none(),
            "{REQUIRE} is set and there is no {VERSIONS}/*/bin/initdb"
        );
        println!("skipped: PostgreSQL is not installed");
    }
    socket
}

/// The binaries of the newest version.
pub(crate) fn binaries() -> Option<PathBuf> {
    let versions = std::fs::read_dir(VERSIONS).ok()?;
    versions
        .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
        .filter(|path| path.join("initdb").is_file() && path.join("postgres").is_file())
        .max()
}

/// Starts a server.
pub(crate) fn start(binaries: &Path) -> Cluster {
    // PostgreSQL refuses to run as root; its package brings a user for it.
    let is_root = std::fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0);
    let mut command = if is_root {
        let mut command = Command::new("setpriv");
        command.args([
            "--reuid=postgres",
            "--regid=postgres",
            "--clear-groups",
            "sh",
        ]);
        command
    } else {
        Command::new("sh")
    };
    let mut supervisor = command
        .args(["-c", SUPERVISOR, "supervisor"])
        .arg(binaries)
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("cannot start the shell that runs PostgreSQL");
    let mut socket = String::new();
    let mut words = BufReader::new(supervisor.stdout.take().unwrap());
    words.read_line(&mut socket).unwrap();
    let socket = socket.trim().to_owned();
    assert!(!socket.is_empty(), "PostgreSQL did not start");
    Cluster {
        socket,
        _supervisor: Mutex::new(supervisor),
        _words: Mutex::new(words),
    }
}
