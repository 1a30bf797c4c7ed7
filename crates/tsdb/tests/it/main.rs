//! Behaviour of the database: through its traits, on files in memory that fail on demand.

#[cfg(test)]
mod admin;
#[cfg(test)]
mod admission;
#[cfg(test)]
mod blocks;
#[cfg(test)]
mod disk_full;
#[cfg(test)]
mod durability;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod figures;
#[cfg(test)]
mod fixture;
#[cfg(test)]
mod fleet;
#[cfg(test)]
mod frozen;
#[cfg(test)]
mod kill;
#[cfg(test)]
mod metrics;
#[cfg(test)]
mod model_test;
#[cfg(test)]
mod odd_values;
#[cfg(test)]
mod reading;
#[cfg(test)]
mod retention;
#[cfg(test)]
mod sides;
#[cfg(test)]
mod tailing;
