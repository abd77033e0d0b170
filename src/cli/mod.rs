//! cli: to be filled.
