//! See [`fuzz::columns`].
#![no_main]

libfuzzer_sys::fuzz_target!(
    init: fuzz::sow("columns_encode", &fuzz::columns::encode_seeds()),
    |data: &[u8]| fuzz::columns::encode(data)
);
