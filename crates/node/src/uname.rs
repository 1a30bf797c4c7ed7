//! The running kernel, from uname(2).

use crate::family::info;
use model::MetricFamily;

pub(crate) fn collect() -> Vec<MetricFamily> {
    let uname = rustix::system::uname();
    vec![info(
        "node_uname_info",
        "The kernel that runs, as uname(2) tells it.",
        &[
            ("sysname", &uname.sysname().to_string_lossy()),
            ("release", &uname.release().to_string_lossy()),
            ("version", &uname.version().to_string_lossy()),
            ("machine", &uname.machine().to_string_lossy()),
            ("nodename", &uname.nodename().to_string_lossy()),
            ("domainname", &uname.domainname().to_string_lossy()),
        ],
    )]
}
