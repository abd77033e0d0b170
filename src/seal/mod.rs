//! seal: to be filled.
