//! Behaviour of the engine, told in test scripts.

mod corpus;
mod limits;
mod promqltest;
mod scripts;
