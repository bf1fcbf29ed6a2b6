//! The journal against its model: the input is a list of actions, see `journal/tests/support/model.rs`.
//!
//! `cargo +nightly fuzz run journal_recovery`

#![no_main]

#[path = "../../journal/tests/support/mod.rs"]
mod support;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|actions: &[u8]| {
    // In memory where there is such a place: recovery syncs for real.
    let root = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).expect("a directory to fuzz in");
    support::model::run(root.path(), actions);
});
