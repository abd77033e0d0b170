//! register: to be filled.
