//! See [`fuzz::wal`].
#![no_main]

libfuzzer_sys::fuzz_target!(
    init: fuzz::sow("wal_segment", &fuzz::wal::segment_seeds()),
    |data: &[u8]| fuzz::wal::segment_bytes(data)
);
