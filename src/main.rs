//! The `pierhead` program.

use std::process::ExitCode;

use clap::Parser;
use pierhead::commands::CommandLine;

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
