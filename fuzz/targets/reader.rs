//! Fuzz target; what must hold stands in `src/parsers.rs`.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| tasdiq_fuzz::parsers::reader(data));
