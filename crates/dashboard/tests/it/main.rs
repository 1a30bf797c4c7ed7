//! Behaviour over whole dashboards.

#[cfg(test)]
mod corpus;
