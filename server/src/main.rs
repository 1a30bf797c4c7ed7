//! `watchfire`: the server, and the only crate that names concrete engines together.
//!
//! Deliberately not here: logic. This crate reads flags, opens the engines, wires them, runs until a
//! signal comes, and closes them in order.

mod backend;
mod cli;
mod commands;
mod exit;
mod ignored_flags;
mod lifecycle;
mod logging;
mod metadata;
mod metadata_task;
mod provisioning;
mod reload;
mod remote_flags;
mod rule_flags;
mod rule_tasks;
mod run;
mod storage_watch;
mod stored_rules;
mod switch;
mod ui;
mod web;
mod web_flags;
mod wire;

use clap::Parser;
use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let taken = ignored_flags::take(std::env::args_os(), &cli::Cli::switches());
    let mut cli = cli::Cli::parse_from(taken.arguments);
    cli.ignored = taken.ignored;
    if let Some(command) = &cli.command {
        return commands::run(command);
    }
    logging::start(&cli.log);
    for (flag, _) in &cli.ignored {
        tracing::warn!(flag, "flag has no effect");
    }
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
