//! Each way a disk can lie: the records it touches are lost and counted, the others are read.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod support;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use journal::{Batch, Checkpoint, Reader, Writer, claim_slot, inspect};
use support::{Fault, TestDisk, append, committed, flip, framed, lengthen, options, segments, truncate};

/// Three lives of three records each, `0` to `8`; three segments.
fn journal() -> (tempfile::TempDir, PathBuf) {
    let root = tempfile::tempdir().unwrap();
    let mut directory = PathBuf::new();
    for life in 0..3 {
        let writer = Writer::open(&claim_slot(root.path()).unwrap(), "events", &options()).unwrap();
        append(&writer, &[0, 1, 2].map(|index| format!("{}", life * 3 + index)));
        writer.directory().clone_into(&mut directory);
    }
    (root, directory)
}

fn read(root: &Path) -> Batch {
    Reader::open(root, "events", &BTreeMap::new()).unwrap().read(100, 1 << 24).unwrap().unwrap()
}

fn text(batch: &Batch) -> String {
    batch.records().map(|record| String::from_utf8_lossy(record).into_owned()).collect()
}

/// Where record `index` of a segment begins: a header of 64 bytes, then 21 for each.
fn record_at(index: u64) -> u64 {
    64 + 21 * index
}

#[test]
fn every_flipped_bit_of_a_record_costs_that_record_alone() {
    for segment in 0..3_usize {
        for index in 0..3_u64 {
            for offset in 0..21 {
                let (root, directory) = journal();
                flip(&segments(&directory)[segment], record_at(index) + offset, 0x81);
                let batch = read(root.path());
                let lost = segment * 3 + index as usize;
                assert_eq!(text(&batch), "012345678".replace(&lost.to_string(), ""));
                assert_eq!((batch.lost_records(), batch.lost_bytes()), (1, 21));
            }
        }
    }
}

#[test]
fn a_damaged_segment_header_costs_no_record() {
    for segment in 0..3 {
        for offset in [0, 8, 16, 24, 32, 40, 60] {
            let (root, directory) = journal();
            flip(&segments(&directory)[segment], offset, 0x40);
            let batch = read(root.path());
            assert_eq!((text(&batch).as_str(), batch.lost_records()), ("012345678", 0));
        }
    }
}

#[test]
fn a_segment_of_a_later_release_stops_the_reader_and_the_writer_instead_of_being_damage() {
    let (root, directory) = journal();
    let path = segments(&directory).pop().unwrap();
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[8] = 2;
    let crc = crc32c::crc32c(&bytes[..60]);
    bytes[60..64].copy_from_slice(&crc.to_le_bytes());
    std::fs::write(&path, bytes).unwrap();
    assert!(matches!(
        Reader::open(root.path(), "events", &BTreeMap::new()),
        Err(journal::Error::Version { version: 2, .. })
    ));
    let slot = claim_slot(root.path()).unwrap();
    assert!(Writer::open(&slot, "events", &options()).is_err());
}

#[test]
fn a_missing_or_emptied_segment_costs_its_records_and_they_are_counted() {
    let (root, directory) = journal();
    std::fs::remove_file(&segments(&directory)[1]).unwrap();
    let batch = read(root.path());
    assert_eq!((text(&batch).as_str(), batch.lost_records()), ("012678", 3));
    let (root, directory) = journal();
    truncate(&segments(&directory)[1], 0);
    let batch = read(root.path());
    assert_eq!((text(&batch).as_str(), batch.lost_records()), ("012678", 3));
}

#[test]
fn acknowledged_records_cut_off_the_newest_segment_are_counted_before_and_after_a_restart() {
    for restart in [false, true] {
        let (root, directory) = journal();
        truncate(&segments(&directory)[2], record_at(1) + 5);
        if restart {
            let writer = Writer::open(&claim_slot(root.path()).unwrap(), "events", &options()).unwrap();
            assert_eq!(append(&writer, &["9"]), 10, "no sequence is used twice");
        }
        let batch = read(root.path());
        assert_eq!(text(&batch), if restart { "01234569" } else { "0123456" });
        assert_eq!(batch.lost_records(), 2);
    }
}

#[test]
fn a_torn_tail_is_no_loss_and_whole_records_in_it_survive() {
    for torn in 0..=21 {
        let (root, directory) = journal();
        let mut tail = framed(10, b"x");
        tail.extend_from_slice(&framed(11, b"y")[..torn.min(20)]);
        lengthen(&segments(&directory)[2], &tail);
        let writer = Writer::open(&claim_slot(root.path()).unwrap(), "events", &options()).unwrap();
        assert_eq!(append(&writer, &["9"]), 11);
        let batch = read(root.path());
        assert_eq!((text(&batch).as_str(), batch.lost_records(), batch.lost_bytes()), ("012345678x9", 0, 0));
    }
}

#[test]
fn what_a_power_cut_left_out_of_the_position_is_found_by_a_reader_of_a_slot_nobody_writes() {
    let (root, directory) = journal();
    std::fs::remove_file(directory.join("committed")).unwrap();
    assert_eq!(text(&read(root.path())), "012345678");
    assert_eq!(committed(&directory).unwrap().2, 9);
}

#[test]
fn nothing_behind_the_committed_position_is_read_while_the_writer_lives() {
    let root = tempfile::tempdir().unwrap();
    let writer = Writer::open(&claim_slot(root.path()).unwrap(), "events", &options()).unwrap();
    append(&writer, &["a"]);
    lengthen(&segments(writer.directory())[0], &framed(2, b"under way"));
    assert_eq!(text(&read(root.path())), "a");
}

#[test]
fn a_segment_that_no_seal_names_holds_nothing() {
    let (root, directory) = journal();
    let disk = TestDisk::default();
    let slot = claim_slot(root.path()).unwrap();
    let writer = Writer::open_on(Box::new(disk.clone()), &slot, "events", &options()).unwrap();
    disk.plan(Fault::Append(0));
    append(&writer, &["failed"]);
    append(&writer, &["9"]);
    // The failed group's segment, as if the disk had refused to remove it and kept the record nevertheless.
    let mut stray = std::fs::read(&segments(&directory)[3]).unwrap();
    stray.truncate(64);
    stray[16..24].copy_from_slice(&10_u64.to_le_bytes());
    let crc = crc32c::crc32c(&stray[..60]);
    stray[60..64].copy_from_slice(&crc.to_le_bytes());
    stray.extend(framed(10, b"failed"));
    std::fs::write(directory.join(format!("{:020}.journal", 10)), stray).unwrap();
    let batch = read(root.path());
    assert_eq!((text(&batch).as_str(), batch.lost_records()), ("0123456789", 0));
}

#[test]
fn a_journal_replaced_behind_its_checkpoint_is_read_from_its_beginning_with_a_warning() {
    let (root, _) = journal();
    let ahead = Checkpoint { segment: 1_000, offset: 64, next_sequence: 1_000 };
    let mut reader = Reader::open(root.path(), "events", &BTreeMap::from([(0, ahead)])).unwrap();
    assert_eq!(text(&reader.read(100, 1 << 20).unwrap().unwrap()), "012345678");
    assert_eq!(reader.take_warnings().len(), 1);
}

#[test]
fn the_inspection_tells_what_is_damaged() {
    let (root, directory) = journal();
    flip(&segments(&directory)[1], record_at(1) + 20, 1);
    flip(&segments(&directory)[0], 3, 1);
    lengthen(&segments(&directory)[2], b"torn");
    let reports = inspect(root.path()).unwrap();
    let [report] = reports.as_slice() else { panic!("one stream") };
    assert_eq!((report.lane.as_str(), report.committed_sequence), ("events", Some(9)));
    assert_eq!(report.segments.iter().map(|segment| segment.records).collect::<Vec<_>>(), [3, 2, 3]);
    assert!(!report.segments[0].header_is_whole && report.segments[1].header_is_whole);
    assert_eq!((report.segments[1].damage[0].bytes, report.segments[1].damage[0].records), (21, 1));
    assert_eq!(report.segments[2].tail_bytes, 4);
}

#[test]
fn slots_share_a_batch_fairly_and_the_same_ranges_give_the_same_batch() {
    let root = tempfile::tempdir().unwrap();
    let writers =
        [(); 3].map(|()| Writer::open(&claim_slot(root.path()).unwrap(), "events", &options()).unwrap());
    for writer in &writers {
        append(writer, &[[0_u8; 100]; 50]);
    }
    let mut reader = Reader::open(root.path(), "events", &BTreeMap::new()).unwrap();
    assert_eq!(reader.backlog().unwrap().records, 150);
    let mut firsts = Vec::new();
    while let Some(batch) = reader.read(30, 1 << 20).unwrap() {
        assert!(batch.ranges().iter().all(|range| range.records == 10), "{:?}", batch.ranges());
        firsts.push(batch.ranges()[0].slot);
        let again = Reader::open(root.path(), "events", &BTreeMap::new())
            .unwrap()
            .read_ranges(batch.ranges())
            .unwrap();
        assert!(again.records().eq(batch.records()) && again.token() == batch.token());
    }
    assert_eq!(firsts, [0, 1, 2, 0, 1]);
    assert_eq!(reader.backlog().unwrap(), journal::Backlog::default());
}

#[test]
fn a_record_larger_than_the_batch_still_comes() {
    let root = tempfile::tempdir().unwrap();
    let writers =
        [(); 2].map(|()| Writer::open(&claim_slot(root.path()).unwrap(), "events", &options()).unwrap());
    append(&writers[0], &[vec![1; 2_000_000], vec![2; 3]]);
    append(&writers[1], &[vec![3; 3_000_000]]);
    let mut reader = Reader::open(root.path(), "events", &BTreeMap::new()).unwrap();
    let mut lengths = Vec::new();
    while let Some(batch) = reader.read(10, 100).unwrap() {
        lengths.extend(batch.records().map(<[u8]>::len));
        assert!(lengths.len() <= 3);
    }
    lengths.sort_unstable();
    assert_eq!(lengths, [3, 2_000_000, 3_000_000]);
}

#[test]
fn records_behind_megabytes_of_damage_are_found() {
    let root = tempfile::tempdir().unwrap();
    let writer = Writer::open(&claim_slot(root.path()).unwrap(), "events", &options()).unwrap();
    append(&writer, &[vec![b'0'; 1], vec![b'x'; 3_000_000], vec![b'2'; 1], vec![b'3'; 1]]);
    // The length itself: nothing says any more where the next record begins.
    flip(&segments(writer.directory())[0], record_at(1) + 9, 0xFF);
    let batch = read(root.path());
    assert_eq!((text(&batch).as_str(), batch.lost_records(), batch.lost_bytes()), ("023", 1, 3_000_020));
}
