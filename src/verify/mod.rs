//! verify: to be filled.
