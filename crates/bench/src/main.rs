//! The program `watchfire-bench`: see the library.

#![expect(
    clippy::print_stderr,
    reason = "a tool that fails on its standard error"
)]

use clap::Parser as _;
use std::process::ExitCode;

fn main() -> ExitCode {
    match bench::execute(bench::Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
