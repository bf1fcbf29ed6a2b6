//! Reading every slot's stream of one lane, from another process than the writers'.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::batch::{Batch, Range};
use crate::committed::Committed;
use crate::error::Error;
use crate::gather::{Gather, Share};
use crate::layout::SEGMENT_HEADER_BYTES;
use crate::merge::{Merge, Part};
use crate::slot::{self, SLOTS_MAX};
use crate::walk::Walk;
use crate::{recovery, stream};

/// Where reading a stream goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Checkpoint {
    /// The first sequence of the segment, which names it.
    pub segment: u64,
    /// The offset of the next record in it.
    pub offset: u64,
    /// The sequence that record has if nothing is missing.
    pub next_sequence: u64,
}

/// What a reader has not read yet.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Backlog {
    /// Records; too many by those that writers failed to commit.
    pub records: u64,
    /// Bytes of segments.
    pub bytes: u64,
}

/// Reads one lane of all slots.
#[derive(Debug)]
pub struct Reader {
    root: PathBuf,
    lane: String,
    streams: BTreeMap<u32, Stream>,
    warnings: Vec<String>,
    /// Which slot is first in the next batch, so that none is last forever.
    turn: usize,
}

#[derive(Debug)]
struct Stream {
    directory: PathBuf,
    /// Nothing until the stream has its first segment.
    at: Option<Checkpoint>,
    committed: Option<Committed>,
    /// The segments as of `committed`.
    segments: Vec<u64>,
}

/// Where a segment's records end.
#[derive(Debug, Clone, Copy)]
struct Ending {
    offset: u64,
    /// The sequence that follows on the segment's last acknowledged record.
    next_sequence: u64,
    successor: Option<u64>,
}

impl Reader {
    /// Opens the lane at the checkpoints; slots without one are read from their oldest segment.
    ///
    /// Streams that nobody writes are recovered first, or a power cut could leave their last records unread
    /// until a writer claims the slot again.
    pub fn open(root: &Path, lane: &str, checkpoints: &BTreeMap<u32, Checkpoint>) -> Result<Self, Error> {
        for slot in slot::slots(root)? {
            let directory = slot::directory(root, slot);
            let stream = directory.join(lane);
            if stream.is_dir() {
                slot::while_unowned(&directory, || recovery::recover(&stream).map(drop))?;
            }
        }
        let mut reader = Self {
            root: root.to_owned(),
            lane: lane.to_owned(),
            streams: BTreeMap::new(),
            warnings: Vec::new(),
            turn: 0,
        };
        for (slot, checkpoint) in checkpoints {
            reader.stream(*slot)?.at = Some(*checkpoint);
        }
        Ok(reader)
    }

    /// Takes what is durable and unread, at most `records_max` records and about `bytes_max` bytes, with equal
    /// shares for every slot that has something. At least one record, however large. Nothing when all is read.
    pub fn read(&mut self, records_max: usize, bytes_max: usize) -> Result<Option<Batch>, Error> {
        self.take(records_max, bytes_max, None)
    }

    /// As [`Reader::read`], but batch after batch in the order of `merge` over all slots, as far as the limits
    /// and each stream's own order allow. Nothing, too, when all that is unread is held back.
    pub fn read_merged(
        &mut self,
        records_max: usize,
        bytes_max: usize,
        merge: &Merge,
    ) -> Result<Option<Batch>, Error> {
        self.take(records_max, bytes_max, Some(merge))
    }

    fn take(
        &mut self,
        records_max: usize,
        bytes_max: usize,
        merge: Option<&Merge>,
    ) -> Result<Option<Batch>, Error> {
        self.refresh()?;
        let mut waiting: Vec<u32> =
            self.streams.iter().filter(|(_, stream)| stream.has_more()).map(|(slot, _)| *slot).collect();
        if waiting.is_empty() || records_max == 0 {
            return Ok(None);
        }
        let turn = self.turn % waiting.len();
        waiting.rotate_left(turn);
        self.turn = self.turn.wrapping_add(1);
        let mut gather = Gather::default();
        let mut parts = Vec::with_capacity(waiting.len());
        for (index, slot) in waiting.iter().enumerate() {
            let left = waiting.len() - index;
            let share = Share {
                records: (records_max - gather.index.len()).div_ceil(left),
                bytes: bytes_max.saturating_sub(gather.bytes.len()) / left,
            };
            let Some(stream) = self.streams.get(slot) else { continue };
            let Some(at) = stream.at else { continue };
            let first = gather.index.len();
            let lost = (gather.lost_records, gather.lost_bytes);
            let end = stream.read(at, share, &mut gather, |segment| stream.live_ending(segment))?;
            let lost = (gather.lost_records - lost.0, gather.lost_bytes - lost.1);
            let whole = !stream.has_more_behind(end);
            parts.push(Part { slot: *slot, start: at, end, records: first..gather.index.len(), lost, whole });
        }
        if let Some(merge) = merge {
            merge.cut(&mut gather, &mut parts);
        }
        let moved = parts.iter().filter(|part| part.end != part.start);
        let ranges: Vec<Range> =
            moved.map(|part| range(part.slot, part.start, part.end, part.records.len())).collect();
        self.pass(&ranges);
        let something = !gather.index.is_empty() || gather.lost_records > 0 || gather.lost_bytes > 0;
        Ok(something.then(|| Batch::new(&self.lane, gather, ranges)))
    }

    /// Reads exactly these ranges again, and goes on behind them. Unless bytes were damaged or deleted since,
    /// the batch and its token are the same as the first time.
    pub fn read_ranges(&mut self, ranges: &[Range]) -> Result<Batch, Error> {
        let mut gather = Gather::default();
        let mut read = Vec::with_capacity(ranges.len());
        for wanted in ranges {
            let (start, end) = (wanted.start(), wanted.end());
            if (start.segment, start.offset) > (end.segment, end.offset) {
                return Err(Error::Range);
            }
            self.stream(wanted.slot)?;
            let Some(stream) = self.streams.get(&wanted.slot) else { continue };
            let before = gather.index.len();
            let segments = stream::segments(&stream.directory)?;
            let share = Share { records: usize::MAX, bytes: usize::MAX };
            stream.read(start, share, &mut gather, |segment| {
                if segment < end.segment {
                    return sealed_ending(&stream.directory, segment, &segments);
                }
                let ending = Ending { offset: end.offset, next_sequence: end.next_sequence, successor: None };
                Ok((segment == end.segment).then_some(ending))
            })?;
            read.push(range(wanted.slot, start, end, gather.index.len() - before));
        }
        self.pass(&read);
        Ok(Batch::new(&self.lane, gather, read))
    }

    /// Deletes the segments of a slot that lie wholly before a checkpoint, never the newest. Returns how many.
    pub fn release(&mut self, slot: u32, checkpoint: Checkpoint) -> Result<usize, Error> {
        let directory = self.stream(slot)?.directory.clone();
        let Some(committed) = Committed::load(&directory).map_err(Error::io(&directory))? else {
            return Ok(0);
        };
        let segments = stream::segments(&directory)?;
        let mut released = 0;
        for segment in segments.iter().copied() {
            let newest = Some(&segment) == segments.last() || segment >= committed.segment;
            if newest || segment > checkpoint.segment {
                break;
            }
            if segment == checkpoint.segment {
                let ending = sealed_ending(&directory, segment, &segments)?;
                if ending.is_none_or(|ending| checkpoint.offset < ending.offset) {
                    break;
                }
            }
            let path = stream::path(&directory, segment);
            std::fs::remove_file(&path).map_err(Error::io(&path))?;
            released += 1;
        }
        Ok(released)
    }

    /// What is durable and unread over all slots.
    pub fn backlog(&mut self) -> Result<Backlog, Error> {
        self.refresh()?;
        let mut backlog = Backlog::default();
        for stream in self.streams.values() {
            let (Some(at), Some(committed)) = (stream.at, stream.committed) else { continue };
            if !stream.has_more() {
                continue;
            }
            backlog.records += committed.sequence.saturating_add(1).saturating_sub(at.next_sequence);
            let unread = stream.segments.iter().filter(|segment| **segment >= at.segment);
            for segment in unread.filter(|segment| **segment <= committed.segment) {
                let length = stream::length(&stream.directory, *segment);
                let end = if *segment == committed.segment { committed.end } else { length };
                let start = if *segment == at.segment { at.offset } else { SEGMENT_HEADER_BYTES };
                backlog.bytes += end.saturating_sub(start);
            }
        }
        Ok(backlog)
    }

    /// Where each slot's stream goes on.
    pub fn checkpoints(&self) -> BTreeMap<u32, Checkpoint> {
        self.streams.iter().filter_map(|(slot, stream)| Some((*slot, stream.at?))).collect()
    }

    /// What an operator should know: streams that were replaced behind the reader's back. Each is told once.
    pub fn take_warnings(&mut self) -> Vec<String> {
        std::mem::take(&mut self.warnings)
    }

    fn stream(&mut self, slot: u32) -> Result<&mut Stream, Error> {
        if slot >= SLOTS_MAX {
            return Err(Error::Range);
        }
        Ok(self.streams.entry(slot).or_insert_with(|| Stream {
            directory: slot::directory(&self.root, slot).join(&self.lane),
            at: None,
            committed: None,
            segments: Vec::new(),
        }))
    }

    /// Finds new slots, and how far each stream is durable by now.
    fn refresh(&mut self) -> Result<(), Error> {
        for slot in slot::slots(&self.root)? {
            self.stream(slot)?;
        }
        for (slot, stream) in &mut self.streams {
            if stream.refresh()? {
                self.warnings.push(format!(
                    "slot {slot}, lane {}: the journal is older than its checkpoint; reading all of it again",
                    self.lane
                ));
            }
        }
        Ok(())
    }

    fn pass(&mut self, ranges: &[Range]) {
        for range in ranges {
            if let Some(stream) = self.streams.get_mut(&range.slot) {
                stream.at = Some(range.end());
            }
        }
    }
}

impl Stream {
    /// Reads the position and, when it reached another segment, the list. True if the stream was replaced by an
    /// older or a new one: its checkpoint then names a segment that is yet to come, and reading starts over
    /// rather than pass over records that were never read.
    fn refresh(&mut self) -> Result<bool, Error> {
        let committed = Committed::load(&self.directory).map_err(Error::io(&self.directory))?;
        let Some(committed) = committed.filter(|committed| self.committed != Some(*committed)) else {
            return Ok(false);
        };
        if self.committed.is_none_or(|before| before.segment != committed.segment) {
            // After the position, so that its segment is in the list.
            self.segments = stream::segments(&self.directory)?;
        }
        self.committed = Some(committed);
        let (Some(oldest), Some(newest)) = (self.segments.first(), self.segments.last()) else {
            return Ok(false);
        };
        let replaced = self.at.is_some_and(|at| at.segment > *newest);
        if replaced || self.at.is_none() {
            self.at = Some(beginning(*oldest));
        }
        Ok(replaced)
    }

    fn has_more(&self) -> bool {
        self.at.is_some_and(|at| self.has_more_behind(at))
    }

    fn has_more_behind(&self, at: Checkpoint) -> bool {
        self.committed.is_some_and(|committed| (committed.segment, committed.end) > (at.segment, at.offset))
    }

    /// Reads from `at` until the share is used up or a segment has no ending yet; returns where that was.
    fn read(
        &self,
        mut at: Checkpoint,
        share: Share,
        gather: &mut Gather,
        ending: impl Fn(u64) -> Result<Option<Ending>, Error>,
    ) -> Result<Checkpoint, Error> {
        let records_end = gather.index.len().saturating_add(share.records);
        let bytes_end = gather.bytes.len().saturating_add(share.bytes);
        gather.mark(at);
        while let Some(ending) = ending(at.segment)? {
            if at.offset < ending.offset {
                let left = Share {
                    records: records_end - gather.index.len(),
                    bytes: bytes_end.saturating_sub(gather.bytes.len()),
                };
                self.read_segment(&mut at, ending.offset, left, gather)?;
                if at.offset < ending.offset {
                    break;
                }
            }
            gather.lost_records += ending.next_sequence.saturating_sub(at.next_sequence);
            at.next_sequence = at.next_sequence.max(ending.next_sequence);
            let Some(successor) = ending.successor else { break };
            if stream::header(&self.directory, successor)?.is_none() {
                gather.lost_bytes += SEGMENT_HEADER_BYTES;
            }
            at = beginning(successor);
            gather.mark(at);
        }
        Ok(at)
    }

    fn read_segment(
        &self,
        at: &mut Checkpoint,
        end: u64,
        share: Share,
        gather: &mut Gather,
    ) -> Result<(), Error> {
        let opened = stream::open(&self.directory, at.segment)?;
        let readable = opened.as_ref().map_or(0, |(_, length)| end.min(*length));
        if let Some((file, _)) = opened.filter(|_| at.offset < readable) {
            let mut walk = Walk::new(&file, at.offset, readable, at.next_sequence);
            walk.take(share, gather).map_err(Error::io(&stream::path(&self.directory, at.segment)))?;
            at.offset = walk.offset;
            at.next_sequence = walk.expected;
        }
        if at.offset >= readable && readable < end {
            // The file ends before its records did.
            gather.lost_bytes += end - at.offset;
            at.offset = end;
        }
        Ok(())
    }

    /// Where a segment ends while its stream is being written.
    fn live_ending(&self, segment: u64) -> Result<Option<Ending>, Error> {
        let Some(committed) = self.committed.filter(|committed| segment <= committed.segment) else {
            return Ok(None);
        };
        if segment < committed.segment {
            return sealed_ending(&self.directory, segment, &self.segments);
        }
        let next_sequence = committed.sequence.saturating_add(1);
        Ok(Some(Ending { offset: committed.end, next_sequence, successor: None }))
    }
}

/// Where a segment that has successors ends: its seal says, which is in the next header that can be read.
fn sealed_ending(directory: &Path, segment: u64, segments: &[u64]) -> Result<Option<Ending>, Error> {
    let later = &segments[segments.partition_point(|other| *other <= segment)..];
    let Some(successor) = later.first().copied() else { return Ok(None) };
    let length = stream::length(directory, segment);
    let mut ending = Ending { offset: length, next_sequence: successor, successor: Some(successor) };
    for candidate in later {
        let Some(header) = stream::header(directory, *candidate)? else { continue };
        let next_sequence = header.follows.saturating_add(1);
        match header.previous.cmp(&segment) {
            std::cmp::Ordering::Equal => {
                ending.offset = header.previous_end;
                ending.next_sequence = next_sequence;
            }
            // The seal passes over this segment: nothing in it was ever committed.
            std::cmp::Ordering::Less => {
                ending.offset = 0;
                ending.next_sequence = next_sequence;
            }
            // A segment between is missing, or cannot say.
            std::cmp::Ordering::Greater if *candidate == successor => ending.next_sequence = next_sequence,
            std::cmp::Ordering::Greater => {}
        }
        break;
    }
    Ok(Some(ending))
}

fn beginning(segment: u64) -> Checkpoint {
    Checkpoint { segment, offset: SEGMENT_HEADER_BYTES, next_sequence: segment }
}

fn range(slot: u32, start: Checkpoint, end: Checkpoint, records: usize) -> Range {
    Range {
        slot,
        first_segment: start.segment,
        first_offset: start.offset,
        last_segment: end.segment,
        last_offset: end.offset,
        first_sequence: start.next_sequence,
        last_sequence: end.next_sequence.saturating_sub(1),
        records: records as u64,
    }
}
