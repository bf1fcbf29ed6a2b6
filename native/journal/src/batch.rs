//! What a reader hands out: records, where they came from, and what was lost on the way.

use std::fmt::Write;

use crate::gather::Gather;
use crate::layout::RECORD_HEADER_BYTES;
use crate::reader::Checkpoint;

/// A stretch of one stream. Reading the same range again gives the same records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    /// The slot of the stream.
    pub slot: u32,
    /// The segment the range begins in.
    pub first_segment: u64,
    /// Where in it.
    pub first_offset: u64,
    /// The segment the range ends in.
    pub last_segment: u64,
    /// Where in it, exclusive.
    pub last_offset: u64,
    /// The first sequence the range covers.
    pub first_sequence: u64,
    /// The last sequence the range covers; one below the first where damage is all there was.
    pub last_sequence: u64,
    /// How many records it yielded.
    pub records: u64,
}

impl Range {
    /// Where to read on behind the range: the checkpoint to keep once its records are stored.
    pub fn end(&self) -> Checkpoint {
        Checkpoint {
            segment: self.last_segment,
            offset: self.last_offset,
            next_sequence: self.last_sequence.saturating_add(1),
        }
    }

    pub(crate) fn start(&self) -> Checkpoint {
        Checkpoint {
            segment: self.first_segment,
            offset: self.first_offset,
            next_sequence: self.first_sequence,
        }
    }
}

/// Records read together, in order within each stream.
#[derive(Debug, Default)]
pub struct Batch {
    lane: String,
    gather: Gather,
    ranges: Vec<Range>,
}

impl Batch {
    pub(crate) fn new(lane: &str, gather: Gather, ranges: Vec<Range>) -> Self {
        Self { lane: lane.to_owned(), gather, ranges }
    }

    /// How many records there are.
    pub fn len(&self) -> usize {
        self.gather.index.len()
    }

    /// Whether there are none: the ranges then cover damage only, which still has to be passed.
    pub fn is_empty(&self) -> bool {
        self.gather.index.is_empty()
    }

    /// How many bytes the records take in the journal.
    pub fn bytes(&self) -> usize {
        self.gather.index.iter().map(|(_, length)| RECORD_HEADER_BYTES + *length as usize).sum()
    }

    /// The record at `index`.
    pub fn get(&self, index: usize) -> Option<&[u8]> {
        self.gather.payload(index)
    }

    /// The records.
    pub fn records(&self) -> impl ExactSizeIterator<Item = &[u8]> {
        self.gather.index.iter().map(|(start, length)| &self.gather.bytes[*start..*start + *length as usize])
    }

    /// Where the records came from: at most one range for each slot, in the order of the records.
    pub fn ranges(&self) -> &[Range] {
        &self.ranges
    }

    /// How many acknowledged records were destroyed within the ranges. After a crash it can count records that
    /// recovery found, or should have, although they were never acknowledged.
    pub fn lost_records(&self) -> u64 {
        self.gather.lost_records
    }

    /// How many damaged bytes were passed over.
    pub fn lost_bytes(&self) -> u64 {
        self.gather.lost_bytes
    }

    /// Names the batch: equal for the same ranges with the same records, different for everything else.
    pub fn token(&self) -> String {
        let mut token = self.lane.clone();
        for range in &self.ranges {
            // Writing to a String cannot fail.
            let _ = write!(
                token,
                "/{}.{}.{}-{}.{}",
                range.slot, range.first_segment, range.first_offset, range.last_segment, range.last_offset
            );
        }
        let _ = write!(token, "/{:08x}", self.gather.checksum());
        token
    }
}
