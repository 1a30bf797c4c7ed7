//! See [`fuzz::relabel`].
#![no_main]

libfuzzer_sys::fuzz_target!(
    init: fuzz::sow("relabel", &fuzz::relabel::seeds()),
    |data: &[u8]| fuzz::relabel::run(data)
);
