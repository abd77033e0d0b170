//! The binary: arguments in, exit code out. Everything else is in the library.

// Under this flag the library takes every signature: a program must not be made of it.
#[cfg(fuzzing)]
compile_error!("built for fuzzing, which checks no signature: only `cargo fuzz` may");

fn main() -> std::process::ExitCode {
    tasdiq::cli::main()
}
