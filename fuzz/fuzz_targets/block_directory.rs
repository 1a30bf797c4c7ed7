//! See [`fuzz::block`].
#![no_main]

libfuzzer_sys::fuzz_target!(
    init: fuzz::sow("block_directory", &fuzz::block::directory_seeds()),
    |data: &[u8]| fuzz::block::directory(data)
);
