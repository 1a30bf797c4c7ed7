//! What the receiver remembers of series, and forgets.

use crate::fakes::{World, written};
use model::Histogram;
use remote::Message::{V1, V2};
use remote::encode::{Series, WriteRequest};
use remote::{Message, ReceiverOptions};
use std::ops::Range;
use std::sync::atomic::Ordering::Relaxed;

fn request(numbers: Range<u32>, time: i64) -> WriteRequest {
    numbers.fold(WriteRequest::new(), |request, number| {
        let labels = [("__name__", "up".to_owned()), ("job", number.to_string())];
        request.series(Series::new(labels).sample(time, 1.0))
    })
}

fn forgotten_series_are_registered_again(message: Message) {
    let world = World::new();
    assert_eq!(world.send(message, &request(0..10, 1)).status, 204);
    world.store.forget();
    let answer = world.send(message, &request(0..10, 2));
    assert_eq!(answer.status, 204);
    assert_eq!(world.store.registered.load(Relaxed), 20);
    // The new ids are remembered.
    assert_eq!(world.send(message, &request(0..10, 3)).status, 204);
    assert_eq!(world.store.registered.load(Relaxed), 20);
    assert_eq!(world.receiver.cached_series(), 10);
    let stored = world.store.samples("up");
    assert!(stored.iter().all(|(_, samples)| samples.len() == 3));
}

#[test]
fn series_that_storage_forgot_are_registered_again_in_version_1() {
    forgotten_series_are_registered_again(V1);
}

#[test]
fn series_that_storage_forgot_are_registered_again_in_version_2() {
    forgotten_series_are_registered_again(V2);
}

#[test]
fn mistakes_are_told_once_although_the_request_is_read_twice() {
    let world = World::new();
    let one = |time| {
        let nameless = Series::new([("job", "nameless")]).sample(time, 1.0);
        let histogram = Series::new([("__name__", "h")]).histogram(time, Histogram::default());
        request(0..2, time).series(nameless).series(histogram)
    };
    world.send(V2, &one(1));
    world.store.forget();
    let answer = world.send(V2, &one(2));
    assert_eq!(answer.status, 400);
    assert_eq!(answer.body.lines().count(), 1);
    assert_eq!(written(&answer), Some([2, 1, 0]));
    let counted = "prometheus_api_remote_write_invalid_labels_samples_total";
    assert_eq!(world.metric(counted), 2.0);
}

#[test]
fn series_that_are_not_sent_any_more_are_forgotten() {
    let world = World::new();
    world.send(V1, &request(0..1000, 1));
    assert_eq!(world.receiver.cached_series(), 1000);
    for minute in 0..20 {
        world.minutes_pass(1);
        world.send(V1, &request(500..600, 2 + minute));
    }
    assert_eq!(world.receiver.cached_series(), 100);
    assert_eq!(world.metric("watchfire_remote_write_cached_series"), 100.0);
    assert_eq!(world.store.registered.load(Relaxed), 1000);
    world.send(V1, &request(0..1000, 100));
    assert_eq!(world.store.registered.load(Relaxed), 1900);
    assert_eq!(world.store.samples("up").len(), 1000);
}

#[test]
fn no_more_than_the_most_are_remembered() {
    let world = World::with(ReceiverOptions {
        max_cached: 250,
        ..ReceiverOptions::default()
    });
    for batch in 0..20 {
        world.minutes_pass(1);
        let numbers = batch * 100..batch * 100 + 100;
        assert_eq!(world.send(V1, &request(numbers, 1)).status, 204);
        assert!(world.receiver.cached_series() <= 250);
    }
    assert_eq!(world.store.samples("up").len(), 2000);
}

#[test]
fn a_clock_set_back_loses_nothing() {
    let world = World::new();
    world.send(V1, &request(0..10, 1));
    world.minutes_pass(-5);
    world.send(V1, &request(0..10, 2));
    assert_eq!(world.receiver.cached_series(), 10);
    assert_eq!(world.store.registered.load(Relaxed), 10);
}

#[test]
fn connections_share_what_is_remembered() {
    let world = World::new();
    world.send(V1, &request(0..200, 0));
    std::thread::scope(|scope| {
        for half in [0..100, 100..200] {
            let world = &world;
            scope.spawn(move || {
                for time in 1..20 {
                    let answer = world.send(V1, &request(half.clone(), time));
                    assert_eq!(answer.status, 204);
                }
            });
        }
    });
    assert_eq!(world.store.registered.load(Relaxed), 200);
    let stored = world.store.samples("up");
    assert!(stored.iter().all(|(_, samples)| samples.len() == 20));
}
