//! Behaviour of the engine that scripts (the crate `promqltest`) do not tell.

#[cfg(test)]
mod limits;
