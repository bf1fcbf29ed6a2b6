//! Flags against their promises: the first byte picks what the rest is. Texts go to the readers as they are; choices
//! become definitions and a request whose answers must agree.
//!
//! `cargo +nightly fuzz run flags`; on a stable compiler `PROPTEST_CASES=100000 cargo test -p flags --test hostile`.

#![no_main]

#[path = "../../flags/tests/hostile/oracle.rs"]
mod oracle;

use flags::{FlagSet, Options, Request, Route, Sender};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let Some((first, rest)) = input.split_first() else {
        return;
    };
    match first % 4 {
        0 => {
            let _ = (FlagSet::compile(rest), flags::check(rest));
        }
        1 => read(rest, Some("application/json")),
        2 => read(rest, Some("application/x-www-form-urlencoded")),
        _ => oracle::check(rest),
    }
});

/// What is decoded is JSON, and read without a panic.
fn read(body: &[u8], content_type: Option<&str>) {
    let query = wire::flags::Query::default();
    if let Ok(json) = wire::flags::json(&query, content_type, None, body) {
        assert!(json::Value::parse(&json).is_ok());
        let _ = Request::read(Route::Flags, &Options::default(), &Sender::default(), &json);
    }
}
