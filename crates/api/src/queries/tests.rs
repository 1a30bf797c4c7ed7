use super::*;
use model::DurationMs;

fn book() -> QueryBook {
    QueryBook::new(2, TimestampMs(0))
}

fn begin(book: &QueryBook, text: &str) -> Noted {
    let range = StepRange {
        start: TimestampMs(0),
        end: TimestampMs(60_000),
        step: DurationMs(15_000),
    };
    book.begin(
        text,
        range,
        ("127.0.0.1", "/api/v1/query_range"),
        TimestampMs(5_000),
    )
}

fn end(book: &QueryBook, text: &str, millis: u64, samples: u64, at: i64) {
    let stats = QueryStats {
        samples_read: samples,
        ..QueryStats::default()
    };
    let took = Duration::from_millis(millis);
    begin(book, text).ended(took, stats, None, TimestampMs(at));
}

fn texts(data: &QueriesData) -> Vec<&str> {
    data.profiles.iter().map(|one| one.query.as_str()).collect()
}

#[test]
fn a_query_is_listed_from_its_coming_to_its_end() {
    let book = book();
    let noted = begin(&book, "up");
    let data = book.data(Order::Longest, 10);
    let [running] = data.running.as_slice() else {
        panic!("{data:?}")
    };
    assert_eq!((running.range, running.step), (60.0, 15.0));
    assert!(running.waiting, "no seat yet");
    noted.seated();
    assert!(!book.data(Order::Longest, 10).running[0].waiting);
    drop(noted);
    assert!(book.data(Order::Longest, 10).running.is_empty());
}

#[test]
fn cancelling_sets_the_flag_of_that_query_alone() {
    let book = book();
    let (first, second) = (begin(&book, "a"), begin(&book, "b"));
    assert!(book.cancel(second.id));
    assert!(second.cancel.load(Ordering::Relaxed));
    assert!(!first.cancel.load(Ordering::Relaxed));
    assert!(book.data(Order::Longest, 10).running[1].cancelled);
    assert!(!book.cancel(99));
}

#[test]
fn queries_are_ordered_by_what_is_asked_for() {
    let book = book();
    end(&book, "slow", 900, 1, 10);
    end(&book, "often", 1, 2, 20);
    end(&book, "often", 2, 2, 30);
    end(&book, "wide", 5, 1_000, 15);
    assert_eq!(
        texts(&book.data(Order::Longest, 10)),
        ["slow", "wide", "often"]
    );
    assert_eq!(texts(&book.data(Order::Most, 1)), ["often"]);
    assert_eq!(texts(&book.data(Order::Samples, 1)), ["wide"]);
    assert_eq!(texts(&book.data(Order::Last, 1)), ["often"]);
    let data = book.data(Order::Most, 1);
    assert_eq!((data.ended, data.remembered), (4, 3));
    assert_eq!(data.profiles[0].total_time, 0.003);
}

#[test]
fn the_text_that_was_asked_longest_ago_is_forgotten_first() {
    let book = book();
    for n in 0..=MAX_PROFILES {
        end(&book, &format!("q{n}"), 1, 1, i64::try_from(n).unwrap());
    }
    let data = book.data(Order::Last, usize::MAX);
    assert_eq!(data.profiles.len(), MAX_PROFILES);
    assert!(!texts(&data).contains(&"q0"));
}

#[test]
fn a_failure_is_kept_with_its_words_and_a_long_text_is_cut() {
    let book = book();
    let noted = begin(&book, &"é".repeat(MAX_TEXT));
    let took = Duration::ZERO;
    noted.ended(
        took,
        QueryStats::default(),
        Some("no".into()),
        TimestampMs(1),
    );
    let data = book.data(Order::Longest, 1);
    assert_eq!(data.profiles[0].query.len(), MAX_TEXT);
    assert_eq!(
        (
            data.profiles[0].errors,
            data.profiles[0].last_error.as_str()
        ),
        (1, "no")
    );
}
