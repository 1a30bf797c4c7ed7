//! Behaviour of the engine, told in test scripts.

mod corpus;
mod keyed;
#[cfg(test)]
mod limits;
mod names;
mod promqltest;
mod scripts;
