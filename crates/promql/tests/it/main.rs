//! Behaviour of the engine that scripts (the crate `promqltest`) do not tell.

#[cfg(test)]
mod death;
#[cfg(test)]
mod explain;
#[cfg(test)]
mod limits;
#[cfg(test)]
mod memory;
#[cfg(test)]
mod random;
