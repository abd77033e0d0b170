//! Pages for people: server-rendered, complete without scripts, one request each, in the reader's
//! language. They show what `verify` and the register say.

mod audit;
mod certificate;
mod error;
mod event;
mod frame;
mod gzip;
mod home;
mod inspect;
mod inspect_input;
mod inspect_view;
mod map;
mod party;
mod register;
mod routes;
mod scan;
mod scan_view;
mod told;
mod verdict;
mod words;

pub use routes::routes;
