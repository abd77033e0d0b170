//! The command line: one file per verb, options shared by all in `options`. Verdicts go to stdout,
//! diagnostics to stderr. Not here: anything a verb does that the library could.

mod audit;
mod backup;
mod batch;
mod bench;
mod bulk;
mod demo;
mod desk;
mod documents;
mod dossier;
mod evidence;
mod export;
mod import;
mod init;
mod issue;
mod keygen;
mod keys;
mod label;
mod monitor;
mod options;
mod output;
mod pack;
mod pack_file;
mod quantity;
mod reconfirm;
mod register;
mod restore;
mod rows;
mod scope;
mod selection;
mod serve;
mod sign;
mod source;
mod status;
mod submit;
mod succession;
mod token;
mod trust;
mod verbs;
mod verdict;
mod verify;
mod witness;
mod witnesses;

pub use options::{Global, Outcome};
pub use serve::{LISTEN_DEFAULT, run_service};
pub use verbs::main;
