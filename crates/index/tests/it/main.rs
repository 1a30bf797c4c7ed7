//! Behaviour of the index in both forms, seen from outside.

#[cfg(test)]
mod answers;
#[cfg(test)]
mod corruption;
#[cfg(test)]
mod fleet;
#[cfg(test)]
mod memory;
