//! What the fuzz targets do: bytes in, no panic, and what was read is consistent.
//!
//! Deliberately not here: the loop that makes bytes (`libfuzzer-sys`) and the command that starts it
//! (`cargo xtask fuzz`).
//!
//! Formats on disk are under checksums, which random bytes never pass. So targets take what is inside of
//! them and put it into files with right checksums, as `docs/format` says and independently of the code
//! that writes those files. Each target sows its corpus with inputs made of valid data.

pub mod block;
pub mod columns;
pub mod config;
pub mod exposition;
pub mod index;
pub mod manifest;
mod parts;
pub mod promql;
pub mod relabel;
pub mod remote;
pub mod wal;

use std::path::Path;

/// Puts `seeds` into the corpus of `target`, where they are not there yet.
pub fn sow(target: &str, seeds: &[Vec<u8>]) {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("corpus")
        .join(target);
    std::fs::create_dir_all(&corpus).expect("the corpus folder can be made");
    for (number, seed) in seeds.iter().enumerate() {
        let file = corpus.join(format!("seed-{number}"));
        if !file.is_file() {
            std::fs::write(file, seed).expect("a seed can be written");
        }
    }
}

/// The bytes as text, if they are one.
fn text(data: &[u8]) -> Option<&str> {
    std::str::from_utf8(data).ok()
}

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn below(&mut self, bound: u64) -> u64 {
        (self.next() >> 11) % bound
    }
}
