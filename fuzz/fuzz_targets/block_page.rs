//! See [`fuzz::block`].
#![no_main]

libfuzzer_sys::fuzz_target!(
    init: fuzz::sow("block_page", &fuzz::block::page_seeds()),
    |data: &[u8]| fuzz::block::page(data)
);
