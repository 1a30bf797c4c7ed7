//! What becomes of a page in the storage, where the configuration or a flag asks for more than its samples.

use crate::exporter::Exporter;
use crate::process::{Server, folder};
use clock::{Clock, SystemClock};

#[test]
fn classic_histograms_are_stored_as_native_ones_where_the_job_says_so() {
    let page = "# TYPE h histogram\nh_bucket{le=\"0.5\"} 1\nh_bucket{le=\"1\"} 5\nh_bucket{le=\"+Inf\"} 10\nh_sum 12\nh_count 10\n";
    let exporter = Exporter::serve(page);
    let config = exporter.config();
    let job = "- job_name: test\n    convert_classic_histograms_to_nhcb: true\n";
    let (folder, file) = folder(&config.replace("- job_name: test\n", job));
    let server = Server::start(folder.path(), Some(&file));
    server.scraped();
    let found = server.wait_for("the histogram", |server| server.query("h").get(0).cloned());
    assert_eq!(found["histogram"][1]["count"], "10");
    assert_eq!(
        found["histogram"][1]["buckets"][1],
        serde_json::json!([0, "0.5", "1", "4"])
    );
    assert_eq!(
        server.query("histogram_quantile(0.5, h)")[0]["value"][1],
        "1"
    );
    assert_eq!(server.query("h_bucket"), serde_json::json!([]));
    assert_eq!(server.query("scrape_samples_scraped")[0]["value"][1], "1");
}

#[test]
fn counters_begin_with_a_zero_where_their_page_says_that_they_began() {
    // Whole seconds, so that the number is the same in every form.
    let created = SystemClock.now().0 / 1000 - 120;
    let page = format!("# TYPE a counter\na_total 5\na_created {created}\n# EOF\n");
    let exporter = Exporter::serve_as("application/openmetrics-text; version=1.0.0", &page);
    let (folder, file) = folder(&exporter.config());
    let feature = ["--enable-feature=created-timestamp-zero-ingestion"];
    let server = Server::start_with(folder.path(), Some(&file), &feature);
    server.wait_for("the counter", |server| {
        server.query("a_total").get(0).cloned()
    });
    let samples = server.query("a_total[1h]")[0]["values"].clone();
    assert_eq!(samples[0], serde_json::json!([created, "0"]));
    assert_eq!(samples[1][1], "5");
    assert_eq!(server.query("a_created"), serde_json::json!([]));
    assert!(server.later_log().is_empty(), "{}", server.later_log());
}
