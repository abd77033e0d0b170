//! web: to be filled.
