//! See [`fuzz::exposition`].
#![no_main]

libfuzzer_sys::fuzz_target!(
    init: fuzz::sow("exposition", &fuzz::exposition::seeds()),
    |data: &[u8]| fuzz::exposition::run(data)
);
