//! Secrets: random ones, their hashes, and a text that does not show itself.

use crate::Result;
use sha2::{Digest, Sha256};
use std::fmt;
use std::fmt::Write as _;
use subtle::ConstantTimeEq;

/// Letters of secrets and uids. Exactly 64, so that six random bits choose one without bias; all of
/// them may stand in a URL and in a cookie.
const LETTERS: &[u8; 64] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
/// Letters of a secret: 43 of six bits are 258 bits.
const SECRET_LETTERS: usize = 43;
/// Letters of a uid: 84 bits, the length that Grafana's have.
const UID_LETTERS: usize = 14;

/// A text that neither logs nor errors show. Not `Display`, and `Debug` hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps a secret.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The secret itself, for the one place that hands it on.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// A new one of 258 random bits behind `prefix`.
    pub(crate) fn random(prefix: &str) -> Result<Self> {
        Ok(Self(format!("{prefix}{}", letters(SECRET_LETTERS)?)))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(***)")
    }
}

/// A random password that people can type once. Shape: 20 letters and digits, 120 bits.
pub(crate) fn random_password() -> Result<Secret> {
    letters(20).map(Secret)
}

/// A random uid. It begins with a letter, so that no program takes it for a number or an option.
pub(crate) fn random_uid() -> Result<String> {
    Ok(format!("w{}", letters(UID_LETTERS - 1)?))
}

fn letters(count: usize) -> Result<String> {
    let mut bytes = vec![0_u8; count];
    getrandom::fill(&mut bytes)?;
    let letter = |byte: &u8| LETTERS.get(usize::from(byte & 63)).copied();
    Ok(bytes.iter().filter_map(letter).map(char::from).collect())
}

/// SHA-256 in hexadecimal: how tokens are stored. They are random and long, so a slow hash adds nothing.
pub(crate) fn hash(text: &str) -> String {
    let mut hex = String::with_capacity(64);
    for byte in Sha256::digest(text.as_bytes()) {
        // Writing to a String cannot fail.
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}

/// Whether two texts are the same, in a time that tells nothing but their lengths.
pub(crate) fn same(left: &str, right: &str) -> bool {
    left.as_bytes().ct_eq(right.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn secrets_differ_and_do_not_show_themselves() {
        let all: HashSet<String> = (0..1000)
            .map(|_| Secret::random("p_").unwrap().reveal().to_owned())
            .collect();
        assert_eq!(all.len(), 1000);
        assert!(all.iter().all(|secret| secret.len() == 45));
        let secret = Secret::new("canary");
        assert!(!format!("{secret:?} {:?}", Some(&secret)).contains("canary"));
    }

    #[test]
    fn uids_are_made_of_letters_that_uids_may_have() {
        for _ in 0..1000 {
            let uid = random_uid().unwrap();
            assert!(crate::text::uid("uid", &uid).is_ok(), "{uid}");
            assert!(uid.starts_with('w') && uid.len() == 14);
        }
    }

    #[test]
    fn hash_is_sha_256() {
        // FIPS 180-2, appendix B.1.
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(hash("abc"), expected);
        assert!(same(expected, &hash("abc")));
        assert!(!same(expected, &hash("abd")) && !same("a", "ab"));
    }
}
