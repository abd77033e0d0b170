//! ASKING OVER HTTP: the one client of the command line, of a service far or in this process, and
//! the agents of all who ask. What a server sends is bounded before it is believed. Not here: what
//! the answers mean.

mod agent;
mod bounds;
mod error;
mod roots;
mod service;

pub use agent::{Caller, is_own};
pub use bounds::PACK;
pub use error::{ClientError, ServerProblem};
pub use roots::{believe, why};
pub use service::{Answering, Client};
