//! What a reader promises about the order of records across slots.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod support;

use std::collections::BTreeMap;
use std::path::Path;

use journal::{Batch, Merge, Reader, Slot, Writer, claim_slot};
use support::{append, options};

const HELD_NEVER: i64 = i64::MAX;

fn key(payload: &[u8]) -> i64 {
    std::str::from_utf8(payload).unwrap().trim().parse().unwrap()
}

fn merge(held_from: i64) -> Merge {
    Merge { key, held: held_from..=HELD_NEVER }
}

fn writer(root: &Path) -> (std::sync::Arc<Slot>, Writer) {
    let slot = claim_slot(root).unwrap();
    let writer = Writer::open(&slot, "events", &options()).unwrap();
    (slot, writer)
}

fn write(writer: &Writer, keys: impl IntoIterator<Item = i64>) {
    let payloads: Vec<String> = keys.into_iter().map(|key| format!("{key:20}")).collect();
    append(writer, &payloads);
}

fn keys(batch: &Batch) -> Vec<i64> {
    let mut keys: Vec<i64> = batch.records().map(key).collect();
    keys.sort_unstable();
    keys
}

fn open(root: &Path) -> Reader {
    Reader::open(root, "events", &BTreeMap::new()).unwrap()
}

#[test]
fn batches_follow_on_each_other_over_all_slots_whatever_their_rates() {
    let root = tempfile::tempdir().unwrap();
    let (slots, writers): (Vec<_>, Vec<_>) = (0..3).map(|_| writer(root.path())).unzip();
    write(&writers[0], (0..300).step_by(2));
    write(&writers[1], (1..300).step_by(10));
    write(&writers[2], (3..40).step_by(10));
    let mut reader = open(root.path());
    let mut all = Vec::new();
    while let Some(batch) = reader.read_merged(20, 1 << 20, &merge(HELD_NEVER)).unwrap() {
        assert!(batch.len() <= 20);
        let ranges = batch.ranges().to_vec();
        all.extend(keys(&batch));
        let again = open(root.path()).read_ranges(&ranges).unwrap();
        assert!(again.records().eq(batch.records()));
        assert_eq!((again.token(), again.bytes()), (batch.token(), batch.bytes()));
    }
    let mut expected: Vec<i64> =
        (0..300).step_by(2).chain((1..300).step_by(10)).chain((3..40).step_by(10)).collect();
    expected.sort_unstable();
    assert_eq!(all, expected);
    drop((slots, writers));
}

#[test]
fn what_is_too_young_waits_and_with_it_what_stands_behind_it() {
    let root = tempfile::tempdir().unwrap();
    let (_slot, first) = writer(root.path());
    write(&first, [1, 2, 50, 3, 60]);
    let mut reader = open(root.path());
    assert_eq!(keys(&reader.read_merged(9, 1 << 20, &merge(40)).unwrap().unwrap()), [1, 2]);
    assert!(reader.read_merged(9, 1 << 20, &merge(40)).unwrap().is_none());
    assert_eq!(reader.backlog().unwrap().records, 3);
    // A slot that became durable later, with older records, still comes first.
    let (_other, second) = writer(root.path());
    write(&second, [30]);
    assert_eq!(keys(&reader.read_merged(9, 1 << 20, &merge(40)).unwrap().unwrap()), [30]);
    assert_eq!(keys(&reader.read_merged(9, 1 << 20, &merge(61)).unwrap().unwrap()), [3, 50, 60]);
    assert_eq!(reader.backlog().unwrap().records, 0);
}

#[test]
fn a_slot_that_nobody_writes_any_more_holds_nothing_up() {
    let root = tempfile::tempdir().unwrap();
    let (alive, first) = writer(root.path());
    let (dead, second) = writer(root.path());
    write(&first, 0..10);
    write(&second, [4]);
    drop((dead, second));
    let mut reader = open(root.path());
    assert_eq!(keys(&reader.read_merged(99, 1 << 20, &merge(HELD_NEVER)).unwrap().unwrap()).len(), 11);
    write(&first, 10..20);
    assert_eq!(keys(&reader.read_merged(99, 1 << 20, &merge(HELD_NEVER)).unwrap().unwrap()).len(), 10);
    drop(alive);
}

#[test]
fn disorder_within_a_stream_never_stops_the_line() {
    let root = tempfile::tempdir().unwrap();
    let (_a, first) = writer(root.path());
    let (_b, second) = writer(root.path());
    // A clock that was set back by far.
    write(&first, (0..50).map(|at| 1_000 - at).chain(0..50));
    write(&second, 500..600);
    let mut reader = open(root.path());
    let mut all = Vec::new();
    for _ in 0..200 {
        let Some(batch) = reader.read_merged(10, 1 << 20, &merge(HELD_NEVER)).unwrap() else { break };
        assert!(!batch.is_empty());
        all.extend(keys(&batch));
    }
    assert_eq!(all.len(), 200);
}
