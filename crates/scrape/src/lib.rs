//! Targets, scrape loops and the HTTP client.
