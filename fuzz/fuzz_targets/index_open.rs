//! See [`fuzz::index`].
#![no_main]

libfuzzer_sys::fuzz_target!(
    init: fuzz::sow("index_open", &fuzz::index::seeds()),
    |data: &[u8]| fuzz::index::open(data)
);
