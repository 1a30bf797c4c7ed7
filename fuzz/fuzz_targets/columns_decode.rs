//! See [`fuzz::columns`].
#![no_main]

libfuzzer_sys::fuzz_target!(
    init: fuzz::sow("columns_decode", &fuzz::columns::decode_seeds()),
    |data: &[u8]| fuzz::columns::decode(data)
);
