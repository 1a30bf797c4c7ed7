//! See [`fuzz::promql`].
#![no_main]

libfuzzer_sys::fuzz_target!(
    init: fuzz::sow("promql_eval", &fuzz::promql::eval_seeds()),
    |data: &[u8]| fuzz::promql::eval(data)
);
