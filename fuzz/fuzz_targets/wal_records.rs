//! See [`fuzz::wal`].
#![no_main]

libfuzzer_sys::fuzz_target!(
    init: fuzz::sow("wal_records", &fuzz::wal::records_seeds()),
    |data: &[u8]| fuzz::wal::records(data)
);
