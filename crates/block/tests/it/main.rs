//! Behaviour of blocks and of stores of them, from the outside.

#[cfg(test)]
mod compaction;
#[cfg(test)]
mod crash;
#[cfg(test)]
mod damage;
#[cfg(test)]
mod fixture;
#[cfg(test)]
mod frozen;
#[cfg(test)]
mod reading;
#[cfg(test)]
mod store;
