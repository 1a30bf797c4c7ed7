//! Behaviour of the database: through its traits, on files in memory that fail on demand.

#[cfg(test)]
mod durability;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod fixture;
#[cfg(test)]
mod model_test;
#[cfg(test)]
mod reading;
#[cfg(test)]
mod retention;
