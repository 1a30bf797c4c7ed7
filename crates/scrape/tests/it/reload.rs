//! Configurations that follow each other.

use crate::server::Server;
use crate::{Fixture, config_of, until};
use config::Config;
use scrape::Health;
use std::path::Path;

#[tokio::test]
async fn an_unchanged_target_is_not_touched_by_a_reload() {
    let server = Server::with_page("a 1\n").await;
    let fixture = Fixture::new();
    let targets = [server.address.clone()];
    fixture.apply(&targets, "").await;
    let before = fixture.scraped(Health::Up).await;
    fixture.apply(&targets, "").await;
    let after = fixture.manager.targets().remove(0);
    assert!(after.health == Health::Up && after.last_scrape >= before.last_scrape);
    assert!(!fixture.count("a").1 && !fixture.count("up").1);
    fixture.manager.shutdown().await;
}

#[tokio::test]
async fn changed_settings_keep_the_series_of_a_target() {
    let server = Server::with_page("a{job=\"mine\"} 1\nb 1\n").await;
    let fixture = Fixture::new();
    let targets = [server.address.clone()];
    fixture.apply(&targets, "").await;
    fixture.scraped(Health::Up).await;
    fixture.apply(&targets, "  honor_labels: true").await;
    // The page's own label makes it another series from now on; the first one ends.
    until(|| Some(()).filter(|()| fixture.samples("a").len() == 2 && fixture.count("a").1)).await;
    assert!(!fixture.count("b").1, "series that did not change go on");
    let added = fixture.samples("scrape_series_added").remove(0).1;
    let added: Vec<f64> = added
        .into_iter()
        .map(|(_, value)| value)
        .filter(|v| *v > 0.0)
        .collect();
    assert_eq!(added, [2.0, 1.0]);
    fixture.manager.shutdown().await;
}

#[tokio::test]
async fn removed_targets_end_and_others_go_on() {
    let (one, two) = (
        Server::with_page("one 1\n").await,
        Server::with_page("two 1\n").await,
    );
    let fixture = Fixture::new();
    fixture
        .apply(&[one.address.clone(), two.address.clone()], "")
        .await;
    until(|| Some(()).filter(|()| fixture.count("one").0 > 0 && fixture.count("two").0 > 0)).await;
    fixture.apply(std::slice::from_ref(&two.address), "").await;
    assert!(fixture.count("one").1 && !fixture.count("two").1);
    assert_eq!(fixture.manager.targets().len(), 1);
    let (ended, seen) = (fixture.count("one").0, fixture.count("two").0);
    until(|| Some(()).filter(|()| fixture.count("two").0 > seen + 2)).await;
    assert_eq!(fixture.count("one").0, ended);
    fixture.manager.shutdown().await;
}

#[tokio::test]
async fn shutdown_stops_every_loop_and_ends_no_series() {
    let server = Server::with_page("a 1\n").await;
    let fixture = Fixture::new();
    fixture
        .apply(std::slice::from_ref(&server.address), "")
        .await;
    fixture.scraped(Health::Up).await;
    fixture.manager.shutdown().await;
    let (asked, stored) = (server.requests().len(), fixture.count("a"));
    assert!(!stored.1);
    // A second server that is scraped three times meanwhile shows that time went on.
    let other = Server::with_page("b 1\n").await;
    let later = Fixture::new();
    later.apply(std::slice::from_ref(&other.address), "").await;
    until(|| Some(()).filter(|()| later.count("b").0 >= 3)).await;
    later.manager.shutdown().await;
    assert_eq!(
        (server.requests().len(), fixture.count("a")),
        (asked, stored)
    );
}

#[tokio::test]
async fn a_job_with_too_many_targets_is_not_scraped() {
    let server = Server::with_page("a 1\n").await;
    let fixture = Fixture::new();
    let targets = [server.address.clone(), "127.0.0.1:1".to_owned()];
    fixture.apply(&targets, "  target_limit: 1").await;
    let error = fixture.scraped(Health::Down).await.last_error;
    assert_eq!(
        error,
        "target_limit exceeded (number of targets: 2, limit: 1)"
    );
    assert!(server.requests().is_empty());
    fixture.apply(&targets, "  target_limit: 2").await;
    fixture.scraped(Health::Up).await;
    fixture.manager.shutdown().await;
}

#[tokio::test]
async fn dropped_targets_are_listed() {
    let fixture = Fixture::new();
    let drop_all = "  relabel_configs: [{action: drop, source_labels: [job], regex: j}]";
    fixture.apply(&["host:1".to_owned()], drop_all).await;
    let dropped = fixture.manager.dropped_targets();
    assert_eq!((dropped.len(), dropped[0].pool.as_str()), (1, "j"));
    assert_eq!(
        dropped[0].discovered_labels.get("__address__"),
        Some("host:1")
    );
    assert!(fixture.manager.targets().is_empty());
    fixture.manager.shutdown().await;
}

#[tokio::test]
async fn equal_targets_are_one_and_jobs_are_counted() {
    let server = Server::with_page("a 1\n").await;
    let fixture = Fixture::new();
    let targets = [server.address.clone(), server.address.clone()];
    let mut config = config_of(&targets, "");
    let mut other = config.scrape_configs[0].clone();
    other.job_name = "k".to_owned();
    config.scrape_configs.push(other);
    fixture.manager.apply(&config).await;
    let pools: Vec<String> = fixture
        .manager
        .targets()
        .into_iter()
        .map(|status| status.pool)
        .collect();
    assert_eq!(pools, ["j", "k"]);
    let gauge = |name: &str| {
        let families = fixture.registry.gather();
        let family = families
            .into_iter()
            .find(|family| family.name == name)
            .unwrap();
        family
            .points
            .into_iter()
            .map(|point| point.value)
            .collect::<Vec<f64>>()
    };
    assert_eq!(gauge("prometheus_target_scrape_pools_total"), [2.0]);
    assert_eq!(gauge("prometheus_target_scrape_pool_targets"), [1.0, 1.0]);
    let none = Config::parse("", Path::new("p.yml")).unwrap();
    fixture.manager.apply(&none).await;
    let families = fixture.registry.gather();
    assert!(
        families
            .iter()
            .all(|f| f.name != "prometheus_target_scrape_pool_targets")
    );
    assert!(fixture.manager.targets().is_empty());
    fixture.manager.shutdown().await;
}
