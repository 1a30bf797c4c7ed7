//! Names and labels of the series.

use super::wave::Class;

/// A series' name and labels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Identity {
    /// The metric's name.
    pub(crate) metric: String,
    /// The other labels. Ordering: by name.
    pub(crate) labels: Vec<(&'static str, String)>,
}

const MODES: [&str; 5] = ["user", "system", "idle", "iowait", "steal"];
const BOUNDS: [&str; 10] = [
    "0.005", "0.01", "0.05", "0.1", "0.25", "0.5", "1", "2.5", "10", "+Inf",
];

/// What a line's name promises, and its number among those of a device.
fn kind(line: usize) -> (Class, usize) {
    match line % 100 {
        place @ 0..25 => (Class::Events, place),
        place @ 25..40 => (Class::Seconds, (place - 25) / 5),
        place @ 40..55 => (Class::Walk, (place - 40 + 10) % 15),
        place @ 55..60 => (Class::Load, place - 55),
        place @ 60..70 => (Class::Rare, place - 60),
        place @ 70..90 => (Class::Constant, (place - 70 + 10) % 20),
        place => (Class::Bucket, place - 90),
    }
}

/// What the line's values really do, where `still` of a hundred lines are held still.
pub(super) fn class(line: usize, still: usize) -> Class {
    let (promised, _) = kind(line);
    // A permutation of each hundred lines, another one for each device.
    let place = (line * 37 + line / 100 * 11) % 100;
    if place < still && promised != Class::Rare {
        return Class::Constant;
    }
    promised
}

/// The line's metric.
pub(super) fn metric(line: usize) -> String {
    let (class, number) = kind(line);
    match class {
        Class::Events => format!("node_bytes_{number}_total"),
        Class::Seconds => format!("node_cpu_seconds_{number}_total"),
        Class::Walk => format!("node_memory_{number}_bytes"),
        Class::Load => format!("node_load_{number}"),
        Class::Rare => format!("node_filesystem_{number}"),
        Class::Constant => format!("node_info_{number}"),
        Class::Bucket => "http_request_duration_seconds_bucket".to_owned(),
    }
}

/// The name a target goes by.
pub(crate) fn instance_name(instance: usize) -> String {
    format!("host-{instance:05}.example.com:9100")
}

impl Identity {
    /// Line `line` of target `instance`.
    pub(super) fn new(instance: usize, line: usize) -> Self {
        let mut labels = vec![
            ("cluster", format!("c{}", instance % 4)),
            ("device", format!("dev{}", line / 100)),
            ("instance", instance_name(instance)),
            ("job", "node".to_owned()),
        ];
        let own = |values: &[&str]| {
            values
                .get(line % values.len())
                .copied()
                .unwrap_or_default()
                .to_owned()
        };
        match kind(line).0 {
            Class::Seconds => labels.push(("mode", own(&MODES))),
            Class::Bucket => labels.push(("le", own(&BOUNDS))),
            _ => {}
        }
        Self {
            metric: metric(line),
            labels,
        }
    }
}
