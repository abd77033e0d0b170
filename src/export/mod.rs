//! Writing a log as static files.
