//! Bytes being gathered into a batch: as read from segments, with an index of the payloads in them.

use crate::layout::RECORD_HEADER_BYTES;
use crate::reader::Checkpoint;

/// How much more may be gathered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Share {
    pub records: usize,
    pub bytes: usize,
}

/// Record headers stay between the payloads, so that nothing is copied after the read.
#[derive(Debug, Default)]
pub(crate) struct Gather {
    pub bytes: Vec<u8>,
    /// Start and length of each payload in `bytes`.
    pub index: Vec<(usize, u32)>,
    pub lost_records: u64,
    pub lost_bytes: u64,
    /// Where reading began, and went on after each damage and in each segment.
    marks: Vec<Mark>,
}

/// From here on, bytes gathered are bytes of a segment without a gap.
#[derive(Debug, Clone, Copy)]
struct Mark {
    records: usize,
    bytes: usize,
    at: Checkpoint,
    lost_records: u64,
    lost_bytes: u64,
}

/// Where a stream's part of the gathered would end if it ended earlier.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cut {
    pub at: Checkpoint,
    /// What was lost before that, since gathering began.
    pub lost_records: u64,
    pub lost_bytes: u64,
}

impl Gather {
    /// Forgets the records, keeps the counts.
    pub fn clear_records(&mut self) {
        self.bytes.clear();
        self.index.clear();
        self.marks.clear();
    }

    /// Notes that the next record stands at `at`.
    pub fn mark(&mut self, at: Checkpoint) {
        self.marks.push(Mark {
            records: self.index.len(),
            bytes: self.bytes.len(),
            at,
            lost_records: self.lost_records,
            lost_bytes: self.lost_bytes,
        });
    }

    /// Notes that the next record stands elsewhere in the segment of the last mark.
    pub fn jump(&mut self, offset: u64, next_sequence: u64) {
        if let Some(segment) = self.marks.last().map(|mark| mark.at.segment) {
            self.mark(Checkpoint { segment, offset, next_sequence });
        }
    }

    /// The place right behind the record at `index`.
    pub fn behind(&self, index: usize) -> Option<Cut> {
        let (start, length) = *self.index.get(index)?;
        let mark = self.marks[..self.marks.partition_point(|mark| mark.records <= index)].last()?;
        let at = Checkpoint {
            segment: mark.at.segment,
            offset: mark.at.offset + (start + length as usize - mark.bytes) as u64,
            next_sequence: mark.at.next_sequence + (index + 1 - mark.records) as u64,
        };
        Some(Cut { at, lost_records: mark.lost_records, lost_bytes: mark.lost_bytes })
    }

    /// The payload at `index`.
    pub fn payload(&self, index: usize) -> Option<&[u8]> {
        let (start, length) = *self.index.get(index)?;
        self.bytes.get(start..start + length as usize)
    }

    /// Over the checksums in the records' headers, to tell batches of equal ranges apart.
    pub fn checksum(&self) -> u32 {
        // A header begins with its marker of four bytes; the checksum is next.
        let checksum = |start: usize| &self.bytes[start - RECORD_HEADER_BYTES + 4..][..4];
        self.index.iter().fold(0, |crc, (start, _)| crc32c::crc32c_append(crc, checksum(*start)))
    }
}
