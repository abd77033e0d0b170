//! statement: to be filled.
