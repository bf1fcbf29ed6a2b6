//! The wire against its model: the first byte picks the endpoint, the rest is the body.
//!
//! `cargo +nightly fuzz run wire`; on a stable compiler `FUZZ_SECONDS=60 cargo test -p wire --release --test model`.

#![no_main]

#[path = "../../wire/tests/oracle/mod.rs"]
mod oracle;

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;

static PROJECTS: LazyLock<wire::Projects> = LazyLock::new(oracle::projects);

fuzz_target!(|input: &[u8]| {
    let Some((first, body)) = input.split_first() else {
        return;
    };
    let routes = wire::Route::ALL;
    oracle::check(routes[usize::from(*first) % routes.len()], body, &PROJECTS);
});
