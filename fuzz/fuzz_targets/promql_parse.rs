//! See [`fuzz::promql`].
#![no_main]

libfuzzer_sys::fuzz_target!(
    init: fuzz::sow("promql_parse", &fuzz::promql::parse_seeds()),
    |data: &[u8]| fuzz::promql::parse(data)
);
