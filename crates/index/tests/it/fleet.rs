//! Series such as hosts with a node exporter have: 1,000 a host, 6 to 9 labels each.

/// A label set, sorted by name.
pub(crate) type Pairs = Vec<(String, String)>;

/// The series of host number `host`, in scrape order.
pub(crate) fn host(host: usize) -> Vec<Pairs> {
    let mut series = Vec::with_capacity(1_000);
    let mut add = |metric: &str, labels: &[(&str, String)]| {
        let mut pairs: Pairs = vec![
            ("__name__".into(), format!("node_{metric}")),
            ("cluster".into(), format!("cluster-{}", host / 50)),
            ("env".into(), "production".into()),
            (
                "instance".into(),
                format!("10.1.{}.{}:9100", host / 250, host % 250),
            ),
            ("job".into(), "node".into()),
            ("region".into(), "eu-central-1".into()),
        ];
        pairs.extend(
            labels
                .iter()
                .map(|(name, value)| ((*name).to_owned(), value.clone())),
        );
        pairs.sort_unstable();
        series.push(pairs);
    };
    for cpu in 0..32 {
        let cpu = ("cpu", cpu.to_string());
        for mode in [
            "idle", "iowait", "irq", "nice", "softirq", "steal", "system", "user",
        ] {
            add("cpu_seconds_total", &[cpu.clone(), ("mode", mode.into())]);
        }
    }
    for metric in [
        "cpu_guest_seconds_total",
        "cpu_frequency_hertz",
        "schedstat_running_seconds_total",
        "schedstat_waiting_seconds_total",
        "schedstat_timeslices_total",
        "softnet_processed_total",
        "softnet_dropped_total",
        "softnet_times_squeezed_total",
        "softnet_flow_limit_count_total",
    ] {
        for cpu in 0..32 {
            add(metric, &[("cpu", cpu.to_string())]);
        }
    }
    for n in 0..18 {
        for disk in ["nvme0n1", "nvme1n1", "sda", "sdb", "dm-0", "dm-1"] {
            add(
                &format!("disk_counter_{n}_total"),
                &[("device", disk.into())],
            );
        }
    }
    for n in 0..8 {
        for (at, mount) in [
            "/",
            "/boot",
            "/boot/efi",
            "/home",
            "/run",
            "/var",
            "/srv",
            "/tmp",
        ]
        .iter()
        .enumerate()
        {
            let device = ("device", format!("/dev/mapper/volume-{at}"));
            let labels = [
                device,
                ("fstype", "ext4".into()),
                ("mountpoint", (*mount).into()),
            ];
            add(&format!("filesystem_gauge_{n}_bytes"), &labels);
        }
    }
    for n in 0..20 {
        for device in ["lo", "eth0", "eth1", "docker0", "bond0"] {
            add(
                &format!("network_counter_{n}_total"),
                &[("device", device.into())],
            );
        }
    }
    for n in 0..184 {
        add(&format!("memory_or_other_value_{n}"), &[]);
    }
    series
}

/// The series of `hosts` hosts, one after the other.
pub(crate) fn fleet(hosts: usize) -> Vec<Pairs> {
    (0..hosts).flat_map(host).collect()
}

/// Borrows a label set.
pub(crate) fn borrow(pairs: &Pairs) -> Vec<(&str, &str)> {
    pairs
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect()
}
