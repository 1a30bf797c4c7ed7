//! Unit tests of rules, run as a whole.

#[cfg(test)]
mod given_files;
#[cfg(test)]
mod reports;
