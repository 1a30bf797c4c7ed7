//! Alerts to Alertmanagers that are played by the test.

#[cfg(test)]
mod sending;
