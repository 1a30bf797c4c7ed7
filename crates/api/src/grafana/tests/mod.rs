//! The API over a database in a folder of its own, asked as its clients ask.

mod dashboards;
mod folders;
mod hostile;
mod people;
mod permissions;
mod render;
mod world;

pub(crate) use world::{Answer, Who, World};
