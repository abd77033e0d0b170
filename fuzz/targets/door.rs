//! Fuzz target; what must hold stands in `src/door.rs`.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| tasdiq_fuzz::door::door(data));
