//! See [`fuzz::block`].
#![no_main]

libfuzzer_sys::fuzz_target!(
    init: fuzz::sow("block_files", &fuzz::block::files_seeds()),
    |data: &[u8]| fuzz::block::files(data)
);
