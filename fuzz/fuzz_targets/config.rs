//! See [`fuzz::config`].
#![no_main]

libfuzzer_sys::fuzz_target!(
    init: fuzz::sow("config", &fuzz::config::seeds()),
    |data: &[u8]| fuzz::config::run(data)
);
