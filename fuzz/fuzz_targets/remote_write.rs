//! See [`fuzz::remote`].
#![no_main]

libfuzzer_sys::fuzz_target!(
    init: fuzz::sow("remote_write", &fuzz::remote::seeds()),
    |data: &[u8]| fuzz::remote::write(data)
);
