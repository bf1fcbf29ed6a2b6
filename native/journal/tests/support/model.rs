//! A tiny model of the journal beside the real one, both led through the same actions.
//!
//! The actions are decoded from bytes, so that a seed, a kept failure and a fuzzer drive the same code. The model
//! is two lists: what was acknowledged, and what may or may not have survived a crash. It holds the journal to:
//! every acknowledged record is read exactly once and in order, unless the model damaged its bytes; then it is
//! counted as lost.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use journal::{Batch, Checkpoint, Merge, Range, Reader, SEGMENT_HEADER_BYTES, Slot, Writer, claim_slot};

use super::{
    Fault, PATIENCE, TestDisk, committed, flip, framed, lengthen, options, prefixed, segments, truncate,
};

const STREAMS: usize = 2;
const LANE: &str = "events";

/// Decisions, one byte after the other; zeros when they run out.
struct Decisions<'a> {
    bytes: &'a [u8],
}

impl Decisions<'_> {
    fn below(&mut self, limit: usize) -> usize {
        let mut number = 0_usize;
        for _ in 0..if limit > 256 { 3 } else { 1 } {
            let (first, rest) = self.bytes.split_first().unwrap_or((&0, &[]));
            self.bytes = rest;
            number = number << 8 | usize::from(*first);
        }
        number % limit.max(1)
    }

    fn chance(&mut self, one_in: usize) -> bool {
        self.below(one_in) == 1 % one_in
    }
}

/// An acknowledged record and where it stands.
#[derive(Debug, Clone)]
struct Acknowledged {
    id: u64,
    segment: u64,
    start: u64,
    end: u64,
    damaged: bool,
}

struct Stream {
    directory: PathBuf,
    disk: TestDisk,
    /// Apart from the writer: the slot is claimed again when the process starts anew.
    open: Option<(Arc<Slot>, Writer)>,
    unread: VecDeque<Acknowledged>,
    /// Written but never acknowledged: may be read, once.
    maybe: BTreeSet<u64>,
    /// Failed records that could not be cut off; the next group, if the process lives to write it, seals them off.
    uncut: Vec<u64>,
    sealed: Vec<u64>,
    old_position: Option<Vec<u8>>,
    lost: u64,
    /// Records that only luck could count right are among the losses.
    inexact: bool,
}

pub struct Model<'a> {
    decisions: Decisions<'a>,
    root: PathBuf,
    streams: Vec<Stream>,
    reader: Reader,
    /// What the engine keeps: checkpoints, and the ranges of the block it is working on.
    checkpoints: BTreeMap<u32, Checkpoint>,
    next_id: u64,
    lost_records: u64,
    damage_since_read: bool,
}

/// Leads a journal below `root`, which must be empty, through the actions in `bytes`. Panics on a broken promise.
pub fn run(root: &Path, bytes: &[u8]) {
    let mut model = Model::new(root, bytes);
    while !model.decisions.bytes.is_empty() {
        model.act();
    }
    model.finish();
}

fn open(root: &Path, number: usize, disk: &TestDisk) -> (Arc<Slot>, Writer) {
    let slot = claim_slot(root).unwrap();
    assert_eq!(slot.number() as usize, number);
    let options = journal::Options { segment_bytes_max: 1, ..options() };
    let writer = Writer::open_on(Box::new(disk.clone()), &slot, LANE, &options).unwrap();
    (slot, writer)
}

fn payload(id: u64, length: usize) -> Vec<u8> {
    let mut payload = id.to_le_bytes().to_vec();
    payload.resize(8 + length, (id % 251) as u8);
    payload
}

impl<'a> Model<'a> {
    fn new(root: &Path, bytes: &'a [u8]) -> Self {
        let streams = (0..STREAMS).map(|number| {
            let disk = TestDisk::default();
            Stream {
                directory: root.join(number.to_string()).join(LANE),
                open: Some(open(root, number, &disk)),
                disk,
                unread: VecDeque::new(),
                maybe: BTreeSet::new(),
                uncut: Vec::new(),
                sealed: Vec::new(),
                old_position: None,
                lost: 0,
                inexact: false,
            }
        });
        Self {
            decisions: Decisions { bytes },
            streams: streams.collect(),
            reader: Reader::open(root, LANE, &BTreeMap::new()).unwrap(),
            root: root.to_owned(),
            checkpoints: BTreeMap::new(),
            next_id: 0,
            lost_records: 0,
            damage_since_read: false,
        }
    }

    fn act(&mut self) {
        let number = self.decisions.below(STREAMS);
        match self.decisions.below(16) {
            0..=4 => {
                self.append(number);
            }
            5 => self.append_to_a_failing_disk(number),
            6..=8 => drop(self.read()),
            9 => self.crash_while_reading(),
            10 => self.release(number),
            11 | 12 => self.crash(number),
            13 => self.damage(number),
            14 => self.remember_position(number),
            _ => self.damage_header(number),
        }
    }

    fn payloads(&mut self) -> Vec<(u64, Vec<u8>)> {
        let count = 1 + self.decisions.below(6);
        (0..count)
            .map(|_| {
                self.next_id += 1;
                let long = self.decisions.chance(12);
                let length = self.decisions.below(if long { 150_000 } else { 90 });
                (self.next_id, payload(self.next_id, length))
            })
            .collect()
    }

    /// Appends; returns whether the disk took it.
    fn append(&mut self, number: usize) -> bool {
        let payloads = self.payloads();
        let stream = &mut self.streams[number];
        let (_, writer) = stream.open.as_ref().unwrap();
        let bodies: Vec<_> = payloads.iter().map(|(_, payload)| payload).collect();
        let last = writer.append(&prefixed(&bodies)).unwrap();
        assert!(writer.flush(PATIENCE), "nothing was settled in time");
        let progress = writer.progress();
        if let Some(failed) = progress.failed.first() {
            assert_eq!((failed.first, failed.last), (last + 1 - payloads.len() as u64, last));
            return false;
        }
        assert_eq!(progress.committed_through, last);
        stream.sealed.append(&mut stream.uncut);
        let (segment, mut end, sequence) = committed(&stream.directory).unwrap();
        assert_eq!(sequence, last);
        let mut records = Vec::new();
        for (id, payload) in payloads.iter().rev() {
            let start = end - 20 - payload.len() as u64;
            records.push(Acknowledged { id: *id, segment, start, end, damaged: false });
            end = start;
        }
        stream.unread.extend(records.into_iter().rev());
        true
    }

    fn append_to_a_failing_disk(&mut self, number: usize) {
        let fault = match self.decisions.below(4) {
            0 => Fault::Create,
            1 => Fault::Append(self.decisions.below(300)),
            2 => Fault::Sync,
            _ => Fault::SyncAndCut,
        };
        self.streams[number].disk.plan(fault);
        let first = self.next_id + 1;
        let taken = self.append(number);
        let stream = &mut self.streams[number];
        // Not every group creates a segment; the fault was for this group only.
        stream.disk.faults.lock().unwrap().clear();
        assert!(!taken || fault == Fault::Create, "{fault:?} went unnoticed");
        if !taken && fault == Fault::SyncAndCut {
            stream.uncut.extend(first..=self.next_id);
        }
    }

    /// The process ends in the middle of a group, or the machine does; then a new one starts.
    fn crash(&mut self, number: usize) {
        let stream = &mut self.streams[number];
        stream.open = None;
        stream.maybe.extend(stream.uncut.drain(..));
        let power_cut = self.decisions.chance(3);
        if let (true, Some((segment, end, sequence))) =
            (self.decisions.chance(2), committed(&stream.directory))
        {
            let path = stream.directory.join(format!("{segment:020}.journal"));
            let newest = segments(&stream.directory).pop() == Some(path.clone());
            if newest && std::fs::metadata(&path).unwrap().len() == end {
                let mut tail = Vec::new();
                for index in 0..self.decisions.below(4) as u64 {
                    self.next_id += 1;
                    stream.maybe.insert(self.next_id);
                    let body = payload(self.next_id, self.decisions.below(90));
                    tail.extend(framed(sequence + 1 + index, &body));
                }
                tail.truncate(self.decisions.below(tail.len() + 1));
                if self.decisions.chance(4) {
                    tail = (0..self.decisions.below(60)).map(|_| self.decisions.below(256) as u8).collect();
                }
                lengthen(&path, &tail);
            }
        }
        if power_cut && let Some(position) = stream.old_position.take() {
            // The position is not synced; with damage beside it, recovery cannot know what the end once was.
            std::fs::write(stream.directory.join("committed"), position).unwrap();
            stream.inexact |= stream.unread.iter().any(|record| record.damaged);
        }
        stream.open = Some(open(&self.root, number, &stream.disk));
    }

    fn remember_position(&mut self, number: usize) {
        let stream = &mut self.streams[number];
        stream.old_position =
            std::fs::read(stream.directory.join("committed")).ok().filter(|old| old.len() == 40);
    }

    /// Flips bits of an acknowledged record nobody has read, or cuts a file in it.
    fn damage(&mut self, number: usize) {
        let stream = &mut self.streams[number];
        if stream.unread.is_empty() {
            return;
        }
        let index = self.decisions.below(stream.unread.len());
        let victim = stream.unread[index].clone();
        if victim.damaged {
            return;
        }
        self.damage_since_read = true;
        let path = stream.directory.join(format!("{:020}.journal", victim.segment));
        let last = committed(&stream.directory).is_some_and(|(segment, ..)| segment == victim.segment);
        if self.decisions.chance(5) && !last {
            truncate(&path, victim.start + self.decisions.below((victim.end - victim.start) as usize) as u64);
            // Records that recovery found are missing from then on too, though nobody was promised them.
            stream.inexact |= !stream.maybe.is_empty();
            for record in stream.unread.iter_mut().filter(|record| record.segment == victim.segment) {
                record.damaged |= record.start >= victim.start;
            }
            return;
        }
        let offset = self.decisions.below((victim.end - victim.start) as usize) as u64;
        flip(&path, victim.start + offset, 1 << self.decisions.below(8));
        stream.unread[index].damaged = true;
    }

    fn damage_header(&mut self, number: usize) {
        let stream = &mut self.streams[number];
        if let Some(path) = segments(&stream.directory).pop() {
            flip(&path, self.decisions.below(SEGMENT_HEADER_BYTES as usize) as u64, 0x10);
            // The header knew which sequences had failed, and where the segment before it ended.
            stream.inexact = true;
            stream.maybe.extend(stream.sealed.drain(..));
            self.damage_since_read = true;
        }
    }

    fn read(&mut self) -> Option<Batch> {
        let records_max = 1 + self.decisions.below(20);
        let bytes_max = 1 + self.decisions.below(4_000);
        // No decision of its own, so that kept failures mean what they meant.
        let batch = match records_max % 4 {
            0 => self.reader.read_merged(records_max, bytes_max, &self.merge(0)),
            1 => self.reader.read_merged(records_max, bytes_max, &self.merge(6)),
            _ => self.reader.read(records_max, bytes_max),
        };
        let batch = batch.unwrap()?;
        assert!(batch.len() <= records_max);
        self.check(&batch);
        Some(batch)
    }

    /// By the ids, leaving the youngest `held`.
    fn merge(&self, held: u64) -> Merge {
        let key = |payload: &[u8]| i64::from_le_bytes(payload[..8].try_into().unwrap());
        let oldest_held = (self.next_id + 1).saturating_sub(held) as i64;
        Merge { key, held: oldest_held..=self.next_id as i64 }
    }

    /// Holds a batch to the model and moves the engine's checkpoints behind it.
    fn check(&mut self, batch: &Batch) {
        assert_eq!(batch.records().len(), batch.ranges().iter().map(|range| range.records as usize).sum());
        let mut records = batch.records();
        for range in batch.ranges() {
            let stream = &mut self.streams[range.slot as usize];
            for record in records.by_ref().take(range.records as usize) {
                stream.take(record);
            }
            self.checkpoints.insert(range.slot, range.end());
        }
        self.lost_records += batch.lost_records();
        self.damage_since_read = false;
    }

    /// The engine dies before its checkpoint moved: the next life reads the same ranges and gets the same batch.
    fn crash_while_reading(&mut self) {
        self.damage_since_read = false;
        let before = self.checkpoints.clone();
        let Some(batch) = self.read() else { return };
        self.reader = Reader::open(&self.root, LANE, &before).unwrap();
        let ranges: Vec<Range> = batch.ranges().to_vec();
        let again = self.reader.read_ranges(&ranges).unwrap();
        assert!(again.records().eq(batch.records()), "the same ranges gave other records");
        assert_eq!(again.token(), batch.token());
        assert_eq!(again.ranges(), batch.ranges());
        assert_eq!((again.lost_records(), again.lost_bytes()), (batch.lost_records(), batch.lost_bytes()));
    }

    fn release(&mut self, number: usize) {
        if let Some(checkpoint) = self.checkpoints.get(&(number as u32)) {
            self.reader.release(number as u32, *checkpoint).unwrap();
        }
    }

    fn finish(mut self) {
        for stream in &mut self.streams {
            stream.open = None;
            stream.maybe.extend(stream.uncut.drain(..));
        }
        while let Some(batch) = self.reader.read(100, 100_000).unwrap() {
            self.check(&batch);
        }
        assert_eq!(self.reader.backlog().unwrap(), journal::Backlog::default());
        assert!(self.reader.take_warnings().is_empty());
        for stream in &mut self.streams {
            stream.pass_damaged();
            assert!(stream.unread.is_empty(), "acknowledged and never read: {:?}", stream.unread);
        }
        let lost: u64 = self.streams.iter().map(|stream| stream.lost).sum();
        if !self.streams.iter().any(|stream| stream.inexact) {
            assert_eq!(self.lost_records, lost, "records lost and records counted as lost");
        }
    }
}

impl Stream {
    /// A record was read: the next one acknowledged, or one that a crash left behind.
    fn take(&mut self, record: &[u8]) {
        let id = u64::from_le_bytes(record[..8].try_into().unwrap());
        assert_eq!(record, payload(id, record.len() - 8), "a record's bytes changed");
        if self.maybe.remove(&id) {
            return;
        }
        self.pass_damaged();
        let expected = self.unread.pop_front();
        assert_eq!(Some(id), expected.map(|record| record.id), "the next record, in order and once");
    }

    fn pass_damaged(&mut self) {
        while self.unread.front().is_some_and(|record| record.damaged) {
            self.unread.pop_front();
            self.lost += 1;
        }
    }
}
