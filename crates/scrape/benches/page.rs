//! Measures what reading one page costs.

fn main() {}
