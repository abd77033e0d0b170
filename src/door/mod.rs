//! The door between the network and a router: connections, their times, the bytes in flight and the
//! places for work, each bounded over all callers. What it costs at most stands in `limits`.
//! Not here: routes, and what a request means.

mod answer;
mod body;
mod held;
mod listen;
mod places;
mod refusal;
mod seat;
mod seats;
mod serve;
mod stream;

pub use answer::Weight;
pub use body::BodyFault;
pub use held::place;
pub use listen::{listen, raise_file_limit};
pub use places::{Busy, Lane};
pub use refusal::refusal;
pub use serve::{Caller, serve};
