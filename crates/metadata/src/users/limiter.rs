//! How often somebody may guess: token buckets per address, and per address and login.

use crate::text;
use model::{DurationMs, TimestampMs};
use std::collections::HashMap;
use std::net::IpAddr;

const MINUTE: f64 = 60_000.0;
/// Guesses of one login from one address, in a minute and at once. 10,000 of them take 33 hours. By
/// address, so that a stranger's guesses lock nobody out.
const PER_LOGIN: f64 = 5.0;
/// Guesses from one address.
const PER_ADDRESS: f64 = 20.0;
/// Buckets that are kept. Full ones are dropped first; they say nothing.
const BUCKETS: usize = 20_000;

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Key {
    Address(String),
    Login(String, String),
}

impl Key {
    /// Tokens at most, and per minute.
    fn capacity(&self) -> f64 {
        match self {
            Self::Address(_) => PER_ADDRESS,
            Self::Login(..) => PER_LOGIN,
        }
    }
}

#[derive(Debug, Clone, Copy)]
struct Bucket {
    tokens: f64,
    at: TimestampMs,
}

/// The buckets. In memory only: a restart forgives.
#[derive(Debug, Default)]
pub(crate) struct LoginLimiter {
    buckets: HashMap<Key, Bucket>,
}

impl LoginLimiter {
    /// Takes a token for a guess that is about to be made, or says how long to wait.
    pub(crate) fn take(
        &mut self,
        login: &str,
        address: &str,
        now: TimestampMs,
    ) -> Result<(), DurationMs> {
        let keys = keys(login, address);
        let wait = keys.iter().map(|key| self.wait(key, now)).max();
        if let Some(wait) = wait.filter(|wait| wait.0 > 0) {
            return Err(wait);
        }
        self.make_room(now);
        for key in keys {
            let tokens = self.tokens(&key, now) - 1.0;
            self.buckets.insert(key, Bucket { tokens, at: now });
        }
        Ok(())
    }

    /// Gives the token back: the password was right.
    pub(crate) fn give_back(&mut self, login: &str, address: &str) {
        for key in keys(login, address) {
            let capacity = key.capacity();
            if let Some(bucket) = self.buckets.get_mut(&key) {
                bucket.tokens = (bucket.tokens + 1.0).min(capacity);
            }
        }
    }

    fn tokens(&self, key: &Key, now: TimestampMs) -> f64 {
        let capacity = key.capacity();
        self.buckets.get(key).map_or(capacity, |bucket| {
            // A clock that was set back gives nothing and takes nothing.
            let passed = now.0.saturating_sub(bucket.at.0).max(0) as f64;
            (bucket.tokens + passed * capacity / MINUTE).min(capacity)
        })
    }

    #[expect(
        clippy::cast_possible_truncation,
        reason = "at most a minute in milliseconds"
    )]
    fn wait(&self, key: &Key, now: TimestampMs) -> DurationMs {
        let missing = 1.0 - self.tokens(key, now);
        DurationMs((missing * MINUTE / key.capacity()).ceil() as i64)
    }

    fn make_room(&mut self, now: TimestampMs) {
        if self.buckets.len() < BUCKETS {
            return;
        }
        let full: Vec<Key> = self
            .buckets
            .keys()
            .filter(|key| self.tokens(key, now) >= key.capacity())
            .cloned()
            .collect();
        for key in full {
            self.buckets.remove(&key);
        }
        if self.buckets.len() >= BUCKETS {
            // A flood from so many addresses fills any table; those of an address alone stay, which
            // are the fewer and the stronger ones.
            self.buckets.retain(|key, _| matches!(key, Key::Address(_)));
        }
        if self.buckets.len() >= BUCKETS {
            self.buckets.clear();
        }
    }
}

fn keys(login: &str, address: &str) -> [Key; 2] {
    let address = network(address);
    [
        Key::Login(address.clone(), text::key(login.trim())),
        Key::Address(address),
    ]
}

/// The address, of IPv6 the /64 that one subscriber has.
fn network(address: &str) -> String {
    match address
        .parse::<IpAddr>()
        .map(|address| address.to_canonical())
    {
        Ok(IpAddr::V6(address)) => format!("{:x}", address.to_bits() >> 64),
        Ok(IpAddr::V4(address)) => address.to_string(),
        Err(_) => address.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> TimestampMs {
        TimestampMs(1_000_000 + seconds * 1000)
    }

    #[test]
    fn sixth_guess_of_a_minute_waits_and_strangers_lock_nobody_out() {
        let mut limiter = LoginLimiter::default();
        for _ in 0..5 {
            limiter.take("ann", "192.0.2.1", at(0)).unwrap();
        }
        assert_eq!(
            limiter.take("Ann ", "192.0.2.1", at(0)),
            Err(DurationMs(12_000))
        );
        assert_eq!(
            limiter.take("ann", "::ffff:192.0.2.1", at(2)),
            Err(DurationMs(10_000))
        );
        limiter.take("ann", "192.0.2.2", at(0)).unwrap();
        limiter.take("ann", "192.0.2.1", at(12)).unwrap();
        assert!(limiter.take("ann", "192.0.2.1", at(12)).is_err());
    }

    #[test]
    fn one_address_has_twenty_guesses_whatever_the_logins_and_the_low_bits() {
        let mut limiter = LoginLimiter::default();
        for guess in 0..20 {
            let address = format!("2001:db8::{guess:x}");
            limiter
                .take(&format!("user{guess}"), &address, at(0))
                .unwrap();
        }
        assert!(limiter.take("another", "2001:db8::ffff", at(0)).is_err());
        limiter.take("another", "2001:db8:0:1::1", at(0)).unwrap();
    }

    #[test]
    fn ten_thousand_guesses_take_more_than_a_day() {
        let mut limiter = LoginLimiter::default();
        let mut now = at(0);
        for _ in 0..10_000 {
            while let Err(wait) = limiter.take("ann", "192.0.2.1", now) {
                now = now + wait;
            }
        }
        assert!(now.0 - at(0).0 > 24 * 3_600_000);
    }

    #[test]
    fn right_password_costs_no_token() {
        let mut limiter = LoginLimiter::default();
        for _ in 0..100 {
            limiter.take("ann", "192.0.2.1", at(0)).unwrap();
            limiter.give_back("ann", "192.0.2.1");
        }
        assert!(limiter.take("ann", "192.0.2.1", at(-5)).is_ok());
    }

    #[test]
    fn flood_of_logins_and_addresses_takes_bounded_memory() {
        let mut limiter = LoginLimiter::default();
        for guess in 0..60_000 {
            let address = format!(
                "10.{}.{}.{}",
                guess / 65_536,
                guess / 256 % 256,
                guess % 256
            );
            let _ = limiter.take(&format!("user{guess}"), &address, at(0));
            assert!(limiter.buckets.len() <= BUCKETS + 1);
        }
    }
}
