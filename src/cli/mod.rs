//! The command line: one file per verb, options shared by all in `options`. Verdicts go to stdout,
//! diagnostics to stderr. Not here: anything a verb does that the library could.

mod audit;
mod bench;
mod demo;
mod export;
mod init;
mod issue;
mod keygen;
mod label;
mod options;
mod pack;
mod register;
mod serve;
mod sign;
mod submit;
mod trust;
mod verbs;
mod verify;

pub use options::{Global, Outcome};
pub use verbs::main;
