//! `watchfire`: the server, and the only crate that names concrete engines together.
//!
//! Deliberately not here: logic. This crate reads flags, opens the engines, wires them, runs until a
//! signal comes, and closes them in order.

mod backend;
mod cli;
mod commands;
mod exit;
mod lifecycle;
mod logging;
mod reload;
mod rule_flags;
mod rule_tasks;
mod run;
mod switch;
mod ui;
mod web;
mod wire;

use clap::Parser;
use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = cli::Cli::parse();
    if let Some(command) = &cli.command {
        return commands::run(command);
    }
    logging::start(&cli.log);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    let result = match runtime {
        Ok(runtime) => runtime.block_on(run::run(cli)),
        Err(error) => Err(exit::Failure::start(error)),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            tracing::error!(error = format!("{:#}", failure.error), "{}", failure.what());
            failure.code()
        }
    }
}
