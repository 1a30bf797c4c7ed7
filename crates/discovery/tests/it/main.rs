//! Discovery against real servers and files.

#[cfg(test)]
mod dns;
#[cfg(test)]
mod file;
#[cfg(test)]
mod fixture;
#[cfg(test)]
mod http;
