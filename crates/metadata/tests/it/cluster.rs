//! A PostgreSQL server of our own, for as long as this process lives.
//!
//! A shell starts it and waits for the end of its standard input, which this process holds open: however
//! this process ends, killed or not, the shell then stops the server by its pid and removes its folder.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{LazyLock, Mutex};

/// Set where a skipped test would hide a fault: `cargo xtask test` and CI.
const REQUIRE: &str = "WATCHFIRE_REQUIRE_POSTGRES";
/// Where Debian's packages put the binaries of each version.
const VERSIONS: &str = "/usr/lib/postgresql";

const SUPERVISOR: &str = r#"
set -eu
dir=$(mktemp -d /tmp/watchfire-postgres-XXXXXX)
trap 'rm -rf "$dir"' EXIT
"$1/initdb" -D "$dir/data" -U watchfire -A trust -E UTF8 --locale=C.UTF-8 --no-sync \
    >"$dir/log" 2>&1 || { cat "$dir/log" >&2; exit 1; }
"$1/postgres" -D "$dir/data" -k "$dir" -c listen_addresses= -c fsync=off -c max_connections=200 \
    >"$dir/log" 2>&1 </dev/null &
pid=$!
trap 'kill -INT "$pid" 2>/dev/null || true; wait "$pid" || true; rm -rf "$dir"' EXIT
until "$1/pg_isready" -q -h "$dir"; do
    kill -0 "$pid" 2>/dev/null || { cat "$dir/log" >&2; exit 1; }
    sleep 0.05
done
echo "$dir"
cat >/dev/null
"#;

/// The server; `None` where PostgreSQL is not installed. Started by the first test that asks.
static CLUSTER: LazyLock<Option<Cluster>> = LazyLock::new(|| binaries().map(|path| start(&path)));

struct Cluster {
    socket: String,
    /// Its standard input is what keeps the server alive.
    _supervisor: Mutex<Child>,
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
fn binaries() -> Option<PathBuf> {
    let versions = std::fs::read_dir(VERSIONS).ok()?;
    versions
        .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
        .filter(|path| path.join("initdb").is_file() && path.join("postgres").is_file())
        .max()
}

fn start(binaries: &Path) -> Cluster {
    // PostgreSQL refuses to run as root; its package brings a user for it.
    let mut command = if rustix::process::geteuid().is_root() {
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
    let stdout = supervisor.stdout.take().unwrap();
    BufReader::new(stdout).read_line(&mut socket).unwrap();
    let socket = socket.trim().to_owned();
    assert!(!socket.is_empty(), "PostgreSQL did not start");
    Cluster {
        socket,
        _supervisor: Mutex::new(supervisor),
    }
}
