//! The `pierhead` program.

use std::process::ExitCode;

use clap::Parser;
use pierhead::commands::CommandLine;

/// A page is made of some thousand small pieces: with the system's allocator, asking for memory was a quarter of its cost.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    match CommandLine::parse().run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            use std::io::Write;
            let _ = writeln!(std::io::stderr(), "pierhead: {error:#}");
            ExitCode::FAILURE
        }
    }
}
