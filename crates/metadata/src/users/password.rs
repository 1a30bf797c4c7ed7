//! Passwords: which are taken, how they are hashed and verified.

use crate::secret::random_password;
use crate::{Error, HashCost, Result, Secret};
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{Error as HashError, PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// Shortest password. Source: OWASP ASVS 5.0, 6.2.1.
const SHORTEST: usize = 8;
/// Longest password. Units: bytes. Far above what ASVS 6.2.9 asks, and no way to keep the server busy.
const LONGEST: usize = 1024;
/// Hashes at once: each takes memory, and guessing shall not take all cores.
const AT_ONCE: usize = 2;
/// Bytes of salt. Source: RFC 9106, section 4.
const SALT_BYTES: usize = 16;
/// Passwords of at least 8 letters that lists of stolen ones begin with; none of ASVS 6.2.4's rules
/// stops them otherwise. Ordering: none.
const COMMON: &str = "password password1 password12 password123 passw0rd p@ssw0rd p@ssword \
    12345678 123456789 1234567890 0123456789 987654321 87654321 11111111 00000000 88888888 12341234 \
    11223344 1q2w3e4r 1q2w3e4r5t 1qaz2wsx 1qazxsw2 zaq12wsx qwertyui qwertyuiop qwerty12 qwerty123 \
    qwerty1234 asdfghjk asdfghjkl zxcvbnm1 abcd1234 abc12345 a1b2c3d4 aa123456 iloveyou iloveyou1 \
    sunshine princess football baseball superman starwars whatever trustno1 welcome1 welcome123 \
    letmein1 letmein123 changeme changeme1 changeit dragon123 monkey123 master123 shadow123 admin123 \
    admin1234 administrator adminadmin rootroot toor1234 computer internet michelle jennifer jonathan \
    corvette mercedes maverick midnight hello123 test1234 testtest testing1 guest123 default1 \
    secret123 mypassword server123 grafana1 grafana123 prometheus watchfire monitoring";

/// Hashes and verifies.
#[derive(Debug)]
pub(crate) struct Passwords {
    cost: HashCost,
    permits: Arc<Semaphore>,
    /// The hash of a password that nobody has: what is verified where there is no user, so that the
    /// answer takes as long.
    nobody: String,
}

impl Passwords {
    /// Hashes once, on this thread.
    pub(crate) fn new(cost: HashCost) -> Result<Self> {
        let nobody = hash(cost, random_password()?.reveal())?;
        Ok(Self {
            cost,
            permits: Arc::new(Semaphore::new(AT_ONCE)),
            nobody,
        })
    }

    /// Hashes on a thread that may block.
    pub(crate) async fn hash(&self, password: &Secret) -> Result<String> {
        let cost = self.cost;
        let password = password.clone();
        self.blocking(move || hash(cost, password.reveal())).await
    }

    /// Whether `password` has this hash, on a thread that may block. `None` takes as long as any and is
    /// never right.
    pub(crate) async fn verify(&self, password: &Secret, stored: Option<String>) -> Result<bool> {
        // An empty hash is a user without a password.
        let stored = stored.filter(|stored| !stored.is_empty());
        let known = stored.is_some();
        let stored = stored.unwrap_or_else(|| self.nobody.clone());
        let password = password.clone();
        let right = self.blocking(move || verify(password.reveal(), &stored));
        Ok(right.await? && known)
    }

    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let permit = Arc::clone(&self.permits).acquire_owned().await;
        let permit = permit.map_err(|_| Error::Cancelled)?;
        let work = move || {
            // Held by the thread, not by whoever waits: who goes away stops no hashing.
            let _permit = permit;
            work()
        };
        tokio::task::spawn_blocking(work)
            .await
            .map_err(|_| Error::Cancelled)?
    }
}

/// Refuses passwords that are guessed first.
///
/// `names` are what the password must not be: the login, the email.
pub(crate) fn check(password: &Secret, names: &[&str]) -> Result<()> {
    let text = password.reveal();
    let refuse = |reason: &str| Err(Error::invalid("password", reason));
    if text.chars().count() < SHORTEST {
        return refuse("it is shorter than 8 characters");
    }
    if text.len() > LONGEST {
        return refuse("it is longer than 1024 bytes");
    }
    let lower = text.to_lowercase();
    if COMMON.split_whitespace().any(|common| common == lower) {
        return refuse("it is one of the most common passwords");
    }
    if names.iter().any(|name| name.to_lowercase() == lower) {
        return refuse("it is the login or the email");
    }
    Ok(())
}

fn hash(cost: HashCost, password: &str) -> Result<String> {
    let mut salt = [0_u8; SALT_BYTES];
    getrandom::fill(&mut salt)?;
    let params = Params::new(cost.memory_kib, cost.passes, 1, None);
    let params = params.map_err(|error| Error::PasswordHash(error.into()))?;
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let hash = argon2
        .hash_password_with_salt(password.as_bytes(), &salt)
        .map_err(Error::PasswordHash)?;
    Ok(hash.to_string())
}

/// The comparison takes the same time wherever the difference is.
fn verify(password: &str, stored: &str) -> Result<bool> {
    let stored =
        PasswordHash::new(stored).map_err(|_| Error::PasswordHash(HashError::EncodingInvalid))?;
    // The cost is the one in the stored hash.
    match Argon2::default().verify_password(password.as_bytes(), &stored) {
        Ok(()) => Ok(true),
        Err(HashError::PasswordInvalid) => Ok(false),
        Err(error) => Err(Error::PasswordHash(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHEAP: HashCost = HashCost {
        memory_kib: 64,
        passes: 1,
    };

    #[test]
    fn hash_is_argon2id_of_the_cost_with_its_own_salt() {
        let first = hash(CHEAP, "correct horse").unwrap();
        assert!(first.starts_with("$argon2id$v=19$m=64,t=1,p=1$"), "{first}");
        assert_ne!(first, hash(CHEAP, "correct horse").unwrap());
        assert!(verify("correct horse", &first).unwrap());
        assert!(!verify("correct horsf", &first).unwrap());
        assert!(verify("x", "no hash").is_err());
    }

    #[test]
    fn default_cost_is_owasps_minimum() {
        let stored = hash(HashCost::default(), "correct horse").unwrap();
        assert!(
            stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{stored}"
        );
    }

    #[tokio::test]
    async fn nobody_has_no_password() {
        let passwords = Passwords::new(CHEAP).unwrap();
        let password = Secret::new("correct horse");
        let stored = passwords.hash(&password).await.unwrap();
        assert!(passwords.verify(&password, Some(stored)).await.unwrap());
        assert!(!passwords.verify(&password, None).await.unwrap());
        assert!(
            !passwords
                .verify(&Secret::new(""), Some(String::new()))
                .await
                .unwrap()
        );
    }

    #[test]
    fn short_common_and_own_names_are_refused() {
        for wrong in [
            "",
            "1234567",
            "Password123",
            "ann@example.org",
            "\u{e4}\u{e4}\u{e4}",
        ] {
            assert!(
                check(&Secret::new(wrong), &["ann", "Ann@example.org"]).is_err(),
                "{wrong}"
            );
        }
        assert!(check(&Secret::new("x".repeat(1025)), &[]).is_err());
        for right in [
            "correct horse",
            &"x".repeat(64),
            "\u{e4}\u{e4}\u{e4}\u{e4}\u{e4}\u{e4}\u{e4}\u{e4}",
        ] {
            assert!(check(&Secret::new(right), &["ann"]).is_ok(), "{right}");
        }
    }
}
