use super::*;
use crate::target::Settled;
use config::Config;
use model::{Labels, Matcher, TimeRange, is_stale};
use selfmon::Registry;
use std::path::Path;
use storage::{
    Column, Frame, FrameOutcome, HistogramSample, LayoutId, LooseSample, Matchers, MemStorage,
    Metadata, Queryable,
};

pub(super) struct Fixture {
    pub(super) store: Arc<MemStorage>,
    pub(super) ingest: Ingest,
    pub(super) registry: Registry,
}

/// What reads the pages of `host:1` in job `j` with these further settings.
pub(super) fn fixture(settings: &str) -> Fixture {
    let store = Arc::new(MemStorage::default());
    let text = format!("scrape_configs:\n- job_name: j\n{settings}");
    let config = Config::parse(&text, Path::new("p.yml"))
        .unwrap()
        .scrape_configs
        .remove(0);
    let target = match Target::settle(&config, "host:1", &Labels::empty()).unwrap() {
        Settled::Scraped(target) => target,
        Settled::Dropped(labels) => panic!("{labels} was dropped"),
    };
    let registry = Registry::default();
    let ingest = Ingest {
        status: SharedStatus::new(&target),
        target: Arc::new(target),
        config: Arc::new(config),
        appender: Arc::<MemStorage>::clone(&store),
        metrics: ScrapeMetrics::new(&registry),
        buffers: Buffers::default(),
        cache: SeriesCache::default(),
        lines: Lines::default(),
        exemplars: Vec::new(),
        native: NativeSeries::default(),
        series_limit: 0,
        storage_error: None,
        refused: 0,
        starts: None,
        failures: None,
    };
    Fixture {
        store,
        ingest,
        registry,
    }
}

fn answer(page: &str) -> Result<Fetched> {
    let content_type = Some("text/plain".to_owned());
    Ok(Fetched {
        buffer: page.as_bytes().to_vec(),
        body_at: 0,
        content_type,
        content_encoding: None,
    })
}

impl Fixture {
    pub(super) fn scrape(&mut self, time: i64, page: &str) {
        self.fetched(time, answer(page));
    }

    pub(super) fn fetched(&mut self, time: i64, fetched: Result<Fetched>) {
        let at = ScrapeTime {
            time: TimestampMs(time),
            started: Instant::now(),
        };
        self.ingest.scrape(fetched, at);
    }

    /// All samples of series named `name`, as `labels time=value`.
    pub(super) fn samples(&self, name: &str) -> Vec<String> {
        samples_of(self.store.as_ref(), name)
    }

    pub(super) fn last_error(&self) -> String {
        self.ingest.status.get().last_error
    }

    pub(super) fn counter(&self, name: &str) -> f64 {
        let families = self.registry.gather();
        families
            .iter()
            .find(|family| family.name == name)
            .unwrap()
            .points[0]
            .value
    }
}

pub(super) fn samples_of(store: &dyn Queryable, name: &str) -> Vec<String> {
    let matchers = Matchers::compile(&[Matcher::metric(name)]).unwrap();
    let selection = store.select(&matchers, TimeRange::ALL).unwrap();
    let mut lines = Vec::new();
    let mut reader = selection.reader();
    for index in 0..selection.len() {
        let labels = selection.labels(index);
        let mut column = Column::default();
        reader.read(index, TimeRange::ALL, &mut column).unwrap();
        let samples: Vec<String> = column
            .times
            .iter()
            .zip(&column.values)
            .map(|(time, value)| {
                if is_stale(*value) {
                    format!("{time}=end")
                } else {
                    format!("{time}={value}")
                }
            })
            .collect();
        lines.push(format!("{labels} {}", samples.join(" ")));
    }
    lines
}

#[test]
fn a_page_is_stored_with_target_labels_and_report() {
    let mut fixture = fixture("");
    fixture.scrape(
        1000,
        "# TYPE a counter\na{x=\"1\",job=\"mine\"} 1\na{x=\"2\"} 2\n",
    );
    fixture.scrape(2000, "a{x=\"1\",job=\"mine\"} 3\nb 4\n");
    assert_eq!(
        fixture.samples("a"),
        [
            r#"a{exported_job="mine", instance="host:1", job="j", x="1"} 1000=1 2000=3"#,
            r#"a{instance="host:1", job="j", x="2"} 1000=2 2000=end"#,
        ]
    );
    assert_eq!(
        fixture.samples("b"),
        [r#"b{instance="host:1", job="j"} 2000=4"#]
    );
    for (name, values) in [
        ("up", "1000=1 2000=1"),
        ("scrape_samples_scraped", "1000=2 2000=2"),
        ("scrape_samples_post_metric_relabeling", "1000=2 2000=2"),
        ("scrape_series_added", "1000=2 2000=1"),
    ] {
        let expected = format!(r#"{name}{{instance="host:1", job="j"}} {values}"#);
        assert_eq!(fixture.samples(name), [expected]);
    }
    assert_eq!(fixture.samples("scrape_duration_seconds").len(), 1);
    assert_eq!(fixture.samples("scrape_timeout_seconds").len(), 0);
    let status = fixture.ingest.status.get();
    assert_eq!(
        (status.health, status.last_scrape),
        (Health::Up, Some(TimestampMs(2000)))
    );
    let metadata = fixture.ingest.status.metadata().lock();
    let names: Vec<&str> = metadata.families().map(|(name, _)| name).collect();
    assert_eq!(names, ["a"]);
}

#[test]
fn a_malformed_line_fails_the_scrape_and_names_itself() {
    let mut fixture = fixture("");
    fixture.scrape(1, "a 1\n");
    fixture.scrape(2, "a 2\nnew 1\nbad value\n");
    fixture.scrape(3, "a 3\n");
    assert_eq!(
        fixture.samples("a"),
        [r#"a{instance="host:1", job="j"} 1=1 2=end 3=3"#]
    );
    assert_eq!(fixture.samples("new"), Vec::<String>::new());
    assert_eq!(
        fixture.samples("up"),
        [r#"up{instance="host:1", job="j"} 1=1 2=0 3=1"#]
    );
    fixture.scrape(4, "a 2\nbad value\n");
    assert_eq!(
        fixture.last_error(),
        "line 2: expected value after metric, got `value`"
    );
    assert_eq!(fixture.ingest.status.get().health, Health::Down);
}

#[test]
fn a_failed_fetch_ends_all_series_and_reports_zeros() {
    let mut fixture = fixture("");
    fixture.scrape(1, "a 1\n");
    let status = "404 Not Found".to_owned();
    fixture.fetched(2, Err(ScrapeError::Status { status }));
    assert_eq!(
        fixture.samples("a"),
        [r#"a{instance="host:1", job="j"} 1=1 2=end"#]
    );
    let scraped = fixture.samples("scrape_samples_scraped");
    assert_eq!(
        scraped,
        [r#"scrape_samples_scraped{instance="host:1", job="j"} 1=1 2=0"#]
    );
    assert_eq!(
        fixture.last_error(),
        "server returned HTTP status 404 Not Found"
    );
}

#[test]
fn limits_fail_the_whole_scrape_and_are_counted() {
    let mut samples = fixture("  sample_limit: 2");
    samples.scrape(1, "a 1\nb 1\n");
    samples.scrape(2, "a 1\nb 1\nc 1\n");
    assert_eq!(
        samples.last_error(),
        "sample limit exceeded (number of samples: 3, limit: 2)"
    );
    assert_eq!(samples.samples("c"), Vec::<String>::new());
    let scraped = samples.samples("scrape_samples_scraped");
    assert_eq!(
        scraped,
        [r#"scrape_samples_scraped{instance="host:1", job="j"} 1=2 2=3"#]
    );
    assert_eq!(
        samples.counter("prometheus_target_scrapes_exceeded_sample_limit_total"),
        1.0
    );

    let mut labels = fixture("  label_limit: 3");
    labels.scrape(1, "a 1\nb{x=\"1\"} 1\n");
    assert!(
        labels
            .last_error()
            .starts_with("label_limit exceeded (metric: `b`")
    );
    let name = "prometheus_target_scrape_pool_exceeded_label_limits_total";
    assert_eq!(labels.counter(name), 1.0);

    let mut body = fixture("  body_size_limit: 10B\n  extra_scrape_metrics: true");
    body.scrape(1, "a 1\n");
    body.scrape(2, "a 1\nb 1\nc 1\n");
    assert_eq!(
        body.last_error(),
        "body size limit exceeded (limit: 10 bytes)"
    );
    let bytes = body.samples("scrape_body_size_bytes");
    assert_eq!(
        bytes,
        [r#"scrape_body_size_bytes{instance="host:1", job="j"} 1=4 2=-1"#]
    );
}

#[test]
fn timestamps_of_the_page_are_kept_unless_told_otherwise() {
    let far = FUTURE_LIMIT.0 + 1001;
    let page = format!("a 1 500\nb 2\nc 3 {far}\n");
    let mut honoring = fixture("");
    honoring.scrape(1000, &page);
    honoring.scrape(2000, "b 2\n");
    assert_eq!(
        honoring.samples("a"),
        [r#"a{instance="host:1", job="j"} 500=1"#]
    );
    assert_eq!(
        honoring.samples("b"),
        [r#"b{instance="host:1", job="j"} 1000=2 2000=2"#]
    );
    assert_eq!(honoring.samples("c"), [r#"c{instance="host:1", job="j"} "#]);
    assert_eq!(
        honoring.counter("prometheus_target_scrapes_sample_out_of_bounds_total"),
        1.0
    );

    let mut ignoring = fixture("  honor_timestamps: false");
    ignoring.scrape(1000, &page);
    assert_eq!(
        ignoring.samples("a"),
        [r#"a{instance="host:1", job="j"} 1000=1"#]
    );

    let mut tracking = fixture("  track_timestamps_staleness: true");
    tracking.scrape(1000, &page);
    tracking.scrape(2000, "b 2\n");
    assert_eq!(
        tracking.samples("a"),
        [r#"a{instance="host:1", job="j"} 500=1 2000=end"#]
    );
}

#[test]
fn honoured_labels_win_over_the_target() {
    let mut fixture = fixture("  honor_labels: true");
    fixture.scrape(1, "a{job=\"mine\",instance=\"\"} 1\n");
    assert_eq!(fixture.samples("a"), [r#"a{job="mine"} 1=1"#]);
}

#[test]
fn repeated_and_late_samples_are_counted_and_the_scrape_stays_up() {
    let mut fixture = fixture("");
    fixture.scrape(1000, "a 1\na 2\nb 1 700\n");
    fixture.scrape(2000, "a 1\nb 1 600\nb 2 700\n");
    assert_eq!(
        fixture.samples("a"),
        [r#"a{instance="host:1", job="j"} 1000=1 2000=1"#]
    );
    assert_eq!(
        fixture.samples("up"),
        [r#"up{instance="host:1", job="j"} 1000=1 2000=1"#]
    );
    assert_eq!(
        fixture.counter("prometheus_target_scrapes_sample_out_of_order_total"),
        1.0
    );
    let duplicates = "prometheus_target_scrapes_sample_duplicate_timestamp_total";
    assert_eq!(fixture.counter(duplicates), 2.0);
}

#[test]
fn a_page_without_a_known_content_type_needs_a_fallback() {
    let unknown = || {
        answer("a 1\n").map(|fetched| Fetched {
            content_type: None,
            ..fetched
        })
    };
    let mut strict = fixture("");
    strict.fetched(1, unknown());
    assert!(
        strict
            .last_error()
            .starts_with("no Content-Type in the answer")
    );
    let mut lenient = fixture("  fallback_scrape_protocol: PrometheusText0.0.4");
    lenient.fetched(1, unknown());
    assert_eq!(lenient.last_error(), "");
}

#[test]
fn relabelling_drops_and_renames_series() {
    let mut fixture = fixture(
        "  metric_relabel_configs:
  - {source_labels: [__name__], regex: 'go_.*', action: drop}
  - {source_labels: [__name__], regex: 'old', replacement: new, target_label: __name__}
  - {action: labeldrop, regex: instance}",
    );
    let page = "go_a 1\nold 2\nnew 3\n";
    fixture.scrape(1, page);
    fixture.scrape(2, page);
    assert_eq!(fixture.samples("go_a"), Vec::<String>::new());
    // `old` came first: the second sample of the same series does not count.
    assert_eq!(fixture.samples("new"), [r#"new{job="j"} 1=2 2=2"#]);
    let counts = |name: &str| fixture.samples(name).remove(0);
    assert!(counts("scrape_samples_scraped").ends_with(" 1=3 2=3"));
    assert!(counts("scrape_samples_post_metric_relabeling").ends_with(" 1=2 2=2"));
}

#[test]
fn a_series_that_loses_its_name_fails_the_scrape() {
    let mut fixture = fixture("  metric_relabel_configs: [{action: labeldrop, regex: __name__}]");
    fixture.scrape(1, "a 1\n");
    let expected = "missing metric name (__name__ label) after relabeling";
    assert_eq!(fixture.last_error(), expected);
}

#[test]
fn removed_targets_end_with_their_report() {
    let mut fixture = fixture("");
    fixture.scrape(1, "a 1\n");
    fixture.ingest.end(TimestampMs(5));
    assert_eq!(
        fixture.samples("a"),
        [r#"a{instance="host:1", job="j"} 1=1 5=end"#]
    );
    assert_eq!(
        fixture.samples("up"),
        [r#"up{instance="host:1", job="j"} 1=1 5=end"#]
    );
}

/// A storage that takes nothing while its switch is on.
#[derive(Default)]
struct FullDisk {
    inner: MemStorage,
    full: std::sync::atomic::AtomicBool,
}

impl FullDisk {
    fn check(&self) -> Result<(), storage::Error> {
        if self.full.load(std::sync::atomic::Ordering::SeqCst) {
            return Err(storage::Error::ReadOnly {
                reason: "disk full".to_owned(),
            });
        }
        Ok(())
    }
}

impl Appender for FullDisk {
    fn register(&self, series: &[Labels]) -> storage::Result<Vec<storage::Result<SeriesId>>> {
        self.check()?;
        let mut ids = self.inner.register(series)?;
        // One name is always one series too many.
        for (id, labels) in ids.iter_mut().zip(series) {
            if labels.metric_name() == "refused" {
                *id = Err(storage::Error::SeriesLimit { limit: 1 });
            }
        }
        Ok(ids)
    }

    fn layout(&self, series: &[SeriesId]) -> storage::Result<LayoutId> {
        self.check()?;
        self.inner.layout(series)
    }

    fn release(&self, layout: LayoutId) {
        self.inner.release(layout);
    }

    fn append_frame(&self, frame: Frame<'_>) -> storage::Result<FrameOutcome> {
        self.check()?;
        self.inner.append_frame(frame)
    }

    fn append_loose(&self, samples: &[LooseSample]) -> storage::Result<FrameOutcome> {
        self.check()?;
        self.inner.append_loose(samples)
    }

    fn append_histograms(&self, samples: &[HistogramSample]) -> storage::Result<FrameOutcome> {
        self.check()?;
        self.inner.append_histograms(samples)
    }

    fn append_exemplars(&self, exemplars: &[(SeriesId, Exemplar)]) -> storage::Result<usize> {
        self.check()?;
        self.inner.append_exemplars(exemplars)
    }

    fn set_metadata(&self, metadata: &[Metadata]) -> storage::Result<()> {
        self.check()?;
        self.inner.set_metadata(metadata)
    }
}

#[test]
fn a_storage_that_refuses_is_told_and_scraping_goes_on() {
    let disk = Arc::new(FullDisk::default());
    let mut fixture = fixture("");
    fixture.ingest.appender = Arc::<FullDisk>::clone(&disk);
    let set_full = |full| disk.full.store(full, std::sync::atomic::Ordering::SeqCst);
    set_full(true);
    fixture.scrape(1, "a 1\n");
    assert_eq!(
        fixture.last_error(),
        "cannot store samples: storage is read-only: disk full"
    );
    assert_eq!(fixture.ingest.status.get().health, Health::Up);
    set_full(false);
    fixture.scrape(2, "a 2\n");
    set_full(true);
    fixture.scrape(3, "a 3\nb 3\n");
    set_full(false);
    fixture.scrape(4, "a 4\nb 4\n");
    assert_eq!(fixture.last_error(), "");
    assert_eq!(
        samples_of(&disk.inner, "a"),
        [r#"a{instance="host:1", job="j"} 2=2 4=4"#]
    );
    assert_eq!(
        samples_of(&disk.inner, "b"),
        [r#"b{instance="host:1", job="j"} 4=4"#]
    );
}

#[test]
fn a_refused_series_does_not_stop_the_others() {
    let disk = Arc::new(FullDisk::default());
    let mut fixture = fixture("");
    fixture.ingest.appender = Arc::<FullDisk>::clone(&disk);
    fixture.scrape(1, "refused 1\na 1\n");
    assert_eq!(
        samples_of(&disk.inner, "a"),
        [r#"a{instance="host:1", job="j"} 1=1"#]
    );
    assert_eq!(
        samples_of(&disk.inner, "up"),
        [r#"up{instance="host:1", job="j"} 1=1"#]
    );
    assert_eq!(
        (fixture.last_error(), fixture.ingest.refused),
        (String::new(), 1)
    );
}

/// A storage that forgets the series that it knows when it is told to.
#[derive(Default)]
struct Forgetful {
    inner: parking_lot::Mutex<MemStorage>,
}

impl Appender for Forgetful {
    fn register(&self, series: &[Labels]) -> storage::Result<Vec<storage::Result<SeriesId>>> {
        self.inner.lock().register(series)
    }

    fn layout(&self, series: &[SeriesId]) -> storage::Result<LayoutId> {
        self.inner.lock().layout(series)
    }

    fn release(&self, layout: LayoutId) {
        self.inner.lock().release(layout);
    }

    fn append_frame(&self, frame: Frame<'_>) -> storage::Result<FrameOutcome> {
        self.inner.lock().append_frame(frame)
    }

    fn append_loose(&self, samples: &[LooseSample]) -> storage::Result<FrameOutcome> {
        self.inner.lock().append_loose(samples)
    }

    fn append_histograms(&self, samples: &[HistogramSample]) -> storage::Result<FrameOutcome> {
        self.inner.lock().append_histograms(samples)
    }

    fn append_exemplars(&self, exemplars: &[(SeriesId, Exemplar)]) -> storage::Result<usize> {
        self.inner.lock().append_exemplars(exemplars)
    }

    fn set_metadata(&self, metadata: &[Metadata]) -> storage::Result<()> {
        self.inner.lock().set_metadata(metadata)
    }
}

#[test]
fn series_that_the_storage_forgot_are_registered_again_at_once() {
    let storage = Arc::new(Forgetful::default());
    let mut fixture = fixture("");
    fixture.ingest.appender = Arc::<Forgetful>::clone(&storage);
    fixture.scrape(1, "a 1\nb 1 5\n");
    *storage.inner.lock() = MemStorage::default();
    fixture.scrape(2, "a 2\nb 2 6\n");
    assert_eq!(fixture.last_error(), "");
    let store = storage.inner.lock();
    assert_eq!(
        samples_of(&*store, "a"),
        [r#"a{instance="host:1", job="j"} 2=2"#]
    );
    assert_eq!(
        samples_of(&*store, "b"),
        [r#"b{instance="host:1", job="j"} 6=2"#]
    );
}
