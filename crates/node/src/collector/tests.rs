use super::*;
use clock::ManualClock;
use model::TimestampMs;

fn collector(paths: Paths) -> Collector {
    Collector::new(paths, Arc::new(ManualClock::at(TimestampMs(1_500))))
}

fn success(families: &[MetricFamily], name: &str) -> f64 {
    let family = families
        .iter()
        .find(|f| f.name == "node_scrape_collector_success")
        .unwrap();
    family
        .points
        .iter()
        .find(|p| p.labels.get("collector") == Some(name))
        .unwrap()
        .value
}

#[test]
fn missing_files_only_cost_their_collectors_success() {
    let nowhere = Paths {
        procfs: "/nowhere/proc".into(),
        sysfs: "/nowhere/sys".into(),
        rootfs: "/nowhere".into(),
    };
    let families = collector(nowhere).collect();
    for (name, _) in COLLECTORS {
        let expected = if matches!(name, "uname" | "time") {
            1.0
        } else {
            0.0
        };
        assert_eq!(success(&families, name), expected, "{name}");
    }
    let names: Vec<&str> = families.iter().map(|family| family.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "node_scrape_collector_duration_seconds",
            "node_scrape_collector_success",
            "node_time_seconds",
            "node_time_zone_offset_seconds",
            "node_uname_info",
        ]
    );
}

#[cfg(target_os = "linux")]
#[test]
fn this_machine_shows_what_every_linux_has() {
    let families = collector(Paths::default()).collect();
    for name in [
        "cpu", "filefd", "loadavg", "meminfo", "netdev", "stat", "time", "uname", "vmstat",
    ] {
        assert_eq!(success(&families, name), 1.0, "{name}");
    }
    let value = |name: &str| {
        families
            .iter()
            .find(|family| family.name == name)
            .unwrap()
            .points[0]
            .value
    };
    assert!(value("node_memory_MemTotal_bytes") > value("node_memory_MemFree_bytes"));
    assert!(value("node_boot_time_seconds") > 1e9);
    assert!(value("node_procs_running") >= 1.0);
    assert_eq!(value("node_time_seconds"), 1.5);
}

#[test]
fn families_are_sorted_unique_and_have_unique_series() {
    let families = collector(Paths::default()).collect();
    let mut names: Vec<&str> = families.iter().map(|family| family.name.as_str()).collect();
    let listed = names.clone();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names, listed);
    for family in &families {
        let mut labels: Vec<&Labels> = family.points.iter().map(|point| &point.labels).collect();
        labels.sort_unstable();
        labels.dedup();
        assert_eq!(labels.len(), family.points.len(), "{}", family.name);
        assert!(!family.help.is_empty(), "{}", family.name);
    }
}
