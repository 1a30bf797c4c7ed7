//! Whole columns, from the outside.

#[cfg(test)]
mod classes;
#[cfg(test)]
mod round_trips;
#[cfg(test)]
mod sizes;
