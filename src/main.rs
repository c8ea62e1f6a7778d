//! The `pierhead` program.

use std::process::ExitCode;

use clap::Parser;
use pierhead::commands::CommandLine;

/// Gives large blocks back to the system at once. The standard one kept the 19 MiB of each password that was hashed, once
/// for every thread that ever did it.
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
