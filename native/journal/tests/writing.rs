//! What the writer promises to those who append.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod support;

use std::collections::BTreeMap;
use std::sync::Arc;

use journal::{AppendError, Batch, Error, Limit, Options, RECORD_BYTES_MAX, Reader, Writer, claim_slot};
use support::{Fault, PATIENCE, TestDisk, append, committed, options, prefixed, segments};

fn read_all(root: &std::path::Path) -> Vec<Vec<u8>> {
    let mut reader = Reader::open(root, "events", &BTreeMap::new()).unwrap();
    let mut records = Vec::new();
    while let Some(batch) = reader.read(1_000, 1 << 20).unwrap() {
        assert_eq!((batch.lost_records(), batch.lost_bytes()), (0, 0));
        records.extend(batch.records().map(<[u8]>::to_vec));
    }
    records
}

#[test]
fn what_was_appended_is_read_by_another_process_once_it_is_committed() {
    let root = tempfile::tempdir().unwrap();
    let slot = claim_slot(root.path()).unwrap();
    let writer = Writer::open(&slot, "events", &options()).unwrap();
    let mut reader = Reader::open(root.path(), "events", &BTreeMap::new()).unwrap();
    assert!(reader.read(10, 1_000).unwrap().is_none());
    assert_eq!(append(&writer, &["one", "", "three"]), 3);
    assert_eq!(writer.progress().committed_through, 3);
    let batch = reader.read(10, 1_000).unwrap().unwrap();
    assert_eq!(batch.records().collect::<Vec<_>>(), [b"one".as_slice(), b"", b"three"]);
    assert_eq!(batch.get(2), Some(b"three".as_slice()));
    assert!(reader.read(10, 1_000).unwrap().is_none());
    assert!(writer.statistics().syncs >= 2 && writer.statistics().commits == 1);
}

#[test]
fn sequences_rise_by_one_across_restarts_and_an_old_segment_is_never_appended_to() {
    let root = tempfile::tempdir().unwrap();
    for life in 0..3_u64 {
        let slot = claim_slot(root.path()).unwrap();
        let writer = Writer::open(&slot, "events", &options()).unwrap();
        assert_eq!(append(&writer, &["a", "b"]), 2 * life + 2);
        assert_eq!(segments(writer.directory()).len() as u64, life + 1);
    }
    assert_eq!(read_all(root.path()).len(), 6);
}

#[test]
fn a_slot_has_one_owner_and_a_lane_one_writer() {
    let root = tempfile::tempdir().unwrap();
    let first = claim_slot(root.path()).unwrap();
    let second = claim_slot(root.path()).unwrap();
    assert_eq!((first.number(), second.number()), (0, 1));
    let writer = Writer::open(&first, "events", &options()).unwrap();
    assert!(matches!(Writer::open(&first, "events", &options()), Err(Error::LaneOpen(_))));
    assert!(matches!(Writer::open(&first, "../events", &options()), Err(Error::LaneName(_))));
    drop(first);
    assert_eq!(claim_slot(root.path()).unwrap().number(), 2, "the writer still holds its slot");
    drop(writer);
    assert_eq!(claim_slot(root.path()).unwrap().number(), 0, "a slot nobody holds is taken again");
}

#[test]
fn appends_of_many_threads_share_groups_and_all_arrive() {
    let root = tempfile::tempdir().unwrap();
    let slot = claim_slot(root.path()).unwrap();
    let writer = Arc::new(Writer::open(&slot, "events", &options()).unwrap());
    let threads = (0..8_u32).map(|thread| {
        let writer = Arc::clone(&writer);
        std::thread::spawn(move || {
            for index in 0..200_u32 {
                writer.append(&prefixed(&[format!("{thread}-{index}")])).unwrap();
            }
        })
    });
    threads.collect::<Vec<_>>().into_iter().for_each(|thread| thread.join().unwrap());
    assert!(writer.flush(PATIENCE));
    assert!(writer.statistics().commits < 1_600, "one sync serves everything appended meanwhile");
    let records = read_all(root.path());
    assert_eq!(records.len(), 1_600);
    for thread in 0..8 {
        let start = format!("{thread}-");
        let own: Vec<_> = records.iter().filter(|record| record.starts_with(start.as_bytes())).collect();
        let indexes =
            own.iter().map(|record| String::from_utf8_lossy(&record[start.len()..]).parse::<u32>().unwrap());
        assert!(indexes.eq(0..200), "one thread's records stay in order");
    }
}

#[test]
fn a_failing_disk_fails_the_group_and_the_next_group_succeeds_without_a_loss() {
    for fault in [Fault::Create, Fault::Append(0), Fault::Append(10), Fault::Sync, Fault::SyncAndCut] {
        for fresh in [true, false] {
            let root = tempfile::tempdir().unwrap();
            let slot = claim_slot(root.path()).unwrap();
            let disk = TestDisk::default();
            let writer = Writer::open_on(Box::new(disk.clone()), &slot, "events", &options()).unwrap();
            if !fresh {
                append(&writer, &["before"]);
            }
            if fault == Fault::Create && !fresh {
                continue;
            }
            disk.plan(fault);
            let last = append(&writer, &["failed", "failed"]);
            let failed = writer.progress().failed;
            assert_eq!(failed.len(), 1, "{fault:?}");
            assert_eq!((failed[0].first, failed[0].last), (last - 1, last));
            assert_eq!(append(&writer, &["after"]), last + 1);
            let progress = writer.progress();
            assert_eq!((progress.committed_through, progress.failed.len()), (last + 1, 0));
            let expected: &[&[u8]] = if fresh { &[b"after"] } else { &[b"before", b"after"] };
            assert_eq!(read_all(root.path()), expected, "{fault:?}");
        }
    }
}

#[test]
fn a_full_lane_refuses_until_the_reader_releases_even_its_newest_segment() {
    let root = tempfile::tempdir().unwrap();
    let slot = claim_slot(root.path()).unwrap();
    let limits = Options { budget_bytes_max: 1 << 20, segment_bytes_max: 1 << 30, ..options() };
    let writer = Writer::open(&slot, "events", &limits).unwrap();
    let full = AppendError::Full(Limit::Lane);
    let body = prefixed(&[vec![7_u8; 300_000]]);
    while writer.append(&body).is_ok() {
        assert!(writer.flush(PATIENCE));
        assert!(writer.statistics().last_sequence < 10);
    }
    assert_eq!(writer.append(&body), Err(full));
    let mut reader = Reader::open(root.path(), "events", &BTreeMap::new()).unwrap();
    let mut end = None;
    while let Some(batch) = reader.read(10, 1 << 20).unwrap() {
        end = batch.ranges().first().map(journal::Range::end);
    }
    // The writer begins a new segment because it is full, and measures again after a while.
    let deadline = std::time::Instant::now() + PATIENCE;
    while writer.append(&body).is_err() {
        reader.release(0, end.unwrap()).unwrap();
        assert!(std::time::Instant::now() < deadline, "room was never found again");
        std::thread::yield_now();
    }
    assert!(writer.flush(PATIENCE));
    assert_eq!(reader.read(10, 1 << 20).unwrap().as_ref().map(Batch::len), Some(1));
}

#[test]
fn too_few_free_bytes_refuse_and_name_the_limit() {
    let root = tempfile::tempdir().unwrap();
    let slot = claim_slot(root.path()).unwrap();
    let limits = Options { minimum_free_bytes: u64::MAX >> 1, ..options() };
    let writer = Writer::open(&slot, "events", &limits).unwrap();
    assert_eq!(writer.append(&prefixed(&["a"])), Err(AppendError::Full(Limit::FreeBytes)));
}

#[test]
fn what_can_never_fit_or_is_no_record_is_refused_as_a_whole() {
    let root = tempfile::tempdir().unwrap();
    let slot = claim_slot(root.path()).unwrap();
    let writer = Writer::open(&slot, "events", &options()).unwrap();
    let mut long = prefixed(&["fine"]);
    long.extend_from_slice(&(RECORD_BYTES_MAX as u32 + 1).to_le_bytes());
    assert_eq!(writer.append(&long), Err(AppendError::TooLarge));
    for malformed in [&[1_u8, 0, 0][..], &[2, 0, 0, 0, 9], &[0, 0, 0, 0, 1]] {
        assert_eq!(writer.append(malformed), Err(AppendError::Malformed));
    }
    assert_eq!(writer.append(&[]), Ok(0));
    assert_eq!(writer.append(&prefixed(&[vec![0; RECORD_BYTES_MAX]])), Ok(1));
    writer.close();
    assert_eq!(writer.append(&prefixed(&["a"])), Err(AppendError::Closed));
    assert_eq!(writer.progress().committed_through, 1, "closing drains");
    assert_eq!(committed(writer.directory()).unwrap().2, 1);
}

#[test]
fn a_reader_that_recovers_a_free_slot_never_makes_a_writer_take_another() {
    let root = tempfile::tempdir().unwrap();
    append(&Writer::open(&claim_slot(root.path()).unwrap(), "events", &options()).unwrap(), &["a"]);
    let path = root.path().to_owned();
    let readers = std::thread::spawn(move || {
        for _ in 0..200 {
            Reader::open(&path, "events", &BTreeMap::new()).unwrap();
        }
    });
    while !readers.is_finished() {
        assert_eq!(claim_slot(root.path()).unwrap().number(), 0);
    }
    readers.join().unwrap();
}
