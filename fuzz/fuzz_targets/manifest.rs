//! See [`fuzz::manifest`].
#![no_main]

libfuzzer_sys::fuzz_target!(
    init: fuzz::sow("manifest", &fuzz::manifest::seeds()),
    |data: &[u8]| fuzz::manifest::run(data)
);
