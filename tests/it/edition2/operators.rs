//! Certificates of operators: who is certified for what since when, what their volumes let count,
//! and what rests on them.

use super::*;
