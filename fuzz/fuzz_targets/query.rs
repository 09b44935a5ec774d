//! The target `query` of `quintet_fuzz`, for cargo-fuzz.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| quintet_fuzz::run("query", data));
