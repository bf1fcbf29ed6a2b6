//! Random lives of a journal: appends, failing disks, crashes, damage, reads, releases, against a model.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod support;

use std::path::Path;

const SEEDS: u64 = 400;

/// The actions of a seed, by `SplitMix64`.
fn actions(seed: u64) -> Vec<u8> {
    let mut state = seed;
    let mut bytes = Vec::new();
    for _ in 0..100 {
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        bytes.extend_from_slice(&(mixed ^ (mixed >> 31)).to_le_bytes());
    }
    bytes
}

/// The kept failures: seeds, and actions that a fuzzer found as hexadecimal digits.
fn regressions(name: &str) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/regressions").join(name);
    let kept = std::fs::read_to_string(path).unwrap();
    let lines = kept.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    lines.map(|line| line.split_whitespace().next().unwrap().to_owned()).collect()
}

fn live(seed: u64) {
    // In memory where there is such a place: recovery syncs for real, and thousands of syncs are slow.
    let root = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap();
    let outcome = std::panic::catch_unwind(|| support::model::run(root.path(), &actions(seed)));
    assert!(outcome.is_ok(), "seed {seed} broke a promise; add it to tests/regressions/model_seeds.txt");
}

#[test]
fn seeds_that_once_broke_a_promise_hold_it() {
    for seed in regressions("model_seeds.txt") {
        live(seed.parse().unwrap());
    }
}

#[test]
fn actions_that_once_broke_a_promise_hold_it() {
    for digits in regressions("model_actions.txt") {
        let digits: Vec<u32> = digits.chars().map(|digit| digit.to_digit(16).unwrap()).collect();
        let actions: Vec<u8> = digits.chunks(2).map(|pair| (pair[0] << 4 | pair[1]) as u8).collect();
        let root = tempfile::tempdir().unwrap();
        support::model::run(root.path(), &actions);
    }
}

#[test]
fn every_acknowledged_record_is_read_once_in_order_or_counted_as_lost() {
    // JOURNAL_MODEL_SEED_FIRST moves the window, for longer hunts.
    let first =
        std::env::var("JOURNAL_MODEL_SEED_FIRST").ok().and_then(|text| text.parse().ok()).unwrap_or(0);
    for seed in first..first + SEEDS {
        live(seed);
    }
}
