//! Groups of rules over a storage in memory.

#[cfg(test)]
mod alerting;
#[cfg(test)]
mod bench;
#[cfg(test)]
mod preview;
#[cfg(test)]
mod reload;
#[cfg(test)]
mod storing;
