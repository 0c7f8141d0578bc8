//! The command line: arguments in, exit code out.

use std::process::ExitCode;

use mimalloc::MiMalloc;

// The memory of the solver is many small pieces that go together: the system's allocator pauses for 50 ms when they do (benches/compare.rs).
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    iamproof::cli::run(std::env::args_os())
}
