//! The receiver through its public interface, on a storage in memory.

#[cfg(test)]
mod any_bytes;
#[cfg(test)]
mod fakes;
#[cfg(test)]
mod histograms;
#[cfg(test)]
mod memory;
#[cfg(test)]
mod negotiation;
#[cfg(test)]
mod v1;
#[cfg(test)]
mod v2;
