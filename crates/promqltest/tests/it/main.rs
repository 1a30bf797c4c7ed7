//! Scripts: our own, and Prometheus' where they are at hand.

#[cfg(test)]
mod corpus;
#[cfg(test)]
mod options;
#[cfg(test)]
mod own;
