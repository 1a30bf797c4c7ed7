//! The real program: started, asked over HTTP, killed, started again.

#[cfg(test)]
mod addresses;
#[cfg(test)]
mod api;
#[cfg(test)]
mod bad_input;
#[cfg(test)]
#[path = "../../../crates/metadata/tests/it/cluster.rs"]
#[expect(dead_code, reason = "each test has a cluster of its own here")]
mod cluster;
#[cfg(test)]
mod commands;
#[cfg(test)]
mod dashboards;
#[cfg(test)]
mod differential;
#[cfg(test)]
mod durability;
#[cfg(test)]
mod exporter;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod peer_node;
#[cfg(test)]
mod peer_rules;
#[cfg(test)]
mod peers;
#[cfg(test)]
mod postgres;
#[cfg(test)]
mod process;
#[cfg(test)]
mod query_batch;
#[cfg(test)]
mod receiver;
#[cfg(test)]
mod reload;
#[cfg(test)]
mod render;
#[cfg(test)]
mod routes;
#[cfg(test)]
mod rule_forms;
#[cfg(test)]
mod rules;
#[cfg(test)]
mod rules_reload;
#[cfg(test)]
mod running;
#[cfg(test)]
mod scraping;
#[cfg(test)]
mod sending;
#[cfg(test)]
mod watchfire_calls;
#[cfg(test)]
mod web_config;
