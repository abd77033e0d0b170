//! label: to be filled.
