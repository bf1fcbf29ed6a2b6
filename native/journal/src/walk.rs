//! One segment's records, from an offset to a limit, over whatever damage lies between.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;

use memchr::memmem::Finder;

use crate::gather::{Gather, Share};
use crate::layout::{MARKER, RECORD_HEADER_BYTES, RecordRead, read_record};

const CHUNK_BYTES: usize = 1 << 20;
const CHUNK_BYTES_MIN: usize = 64 << 10;
/// The unit in which a disk fails to read.
const SECTOR_BYTES: usize = 4096;
const EIO: i32 = 5;

/// Where a walk is. It passes the bytes before `limit` only; the file is at least that long.
pub(crate) struct Walk<'a> {
    pub file: &'a File,
    pub offset: u64,
    pub limit: u64,
    /// The sequence that comes next if nothing is missing.
    pub expected: u64,
    /// Where the last whole record ended, or where the walk began; what recovery looks for.
    pub whole_end: u64,
}

impl<'a> Walk<'a> {
    pub fn new(file: &'a File, offset: u64, limit: u64, expected: u64) -> Self {
        Self { file, offset, limit, expected, whole_end: offset }
    }

    /// Gathers records until the share is used up or the limit reached. A share too small for the record at
    /// hand takes nothing, unless nothing was gathered at all: then one record, so that every walk goes on.
    pub fn take(&mut self, share: Share, gather: &mut Gather) -> io::Result<()> {
        let records_end = gather.index.len().saturating_add(share.records);
        let mut at = gather.bytes.len();
        let bytes_end = at.saturating_add(share.bytes);
        while self.offset < self.limit && gather.index.len() < records_end {
            let remaining = self.limit - self.offset;
            match read_record(&gather.bytes[at..], remaining, &(self.expected..=self.expected)) {
                RecordRead::Whole { sequence, payload_bytes } => {
                    let end = at + RECORD_HEADER_BYTES + payload_bytes;
                    if end > bytes_end && !gather.index.is_empty() {
                        break;
                    }
                    gather.index.push((at + RECORD_HEADER_BYTES, payload_bytes as u32));
                    self.expected = sequence.saturating_add(1);
                    self.offset += (end - at) as u64;
                    self.whole_end = self.offset;
                    at = end;
                }
                RecordRead::Short(needed) => {
                    // Past the share only for a batch's first record; the check above drops any other.
                    if at + needed > bytes_end && !gather.index.is_empty() {
                        break;
                    }
                    let have = gather.bytes.len() - at;
                    let wanted = bytes_end.saturating_sub(at).clamp(CHUNK_BYTES_MIN, CHUNK_BYTES).max(needed);
                    let wanted = wanted.min(remaining as usize);
                    gather.bytes.resize(at + wanted, 0);
                    read(self.file, &mut gather.bytes[at + have..], self.offset + have as u64)?;
                }
                RecordRead::Damaged => {
                    gather.bytes.truncate(at);
                    let (next, sequence) = self.next_whole()?;
                    gather.lost_bytes += next - self.offset;
                    gather.lost_records += sequence - self.expected;
                    self.offset = next;
                    self.expected = sequence;
                    gather.jump(next, sequence);
                }
            }
        }
        gather.bytes.truncate(at);
        Ok(())
    }

    /// Where the next whole record behind the damage begins, and its sequence. If there is none, the limit, and
    /// the sequence expected here: how much is missing is then for the segment's end to say.
    fn next_whole(&self) -> io::Result<(u64, u64)> {
        let finder = Finder::new(&MARKER);
        let mut window = Vec::new();
        let mut record = Vec::new();
        let mut from = self.offset + 1;
        while from + RECORD_HEADER_BYTES as u64 <= self.limit {
            window.resize(CHUNK_BYTES.min((self.limit - from) as usize), 0);
            read(self.file, &mut window, from)?;
            for hit in finder.find_iter(&window) {
                if let Some(sequence) = self.whole_at(from + hit as u64, &mut record)? {
                    return Ok((from + hit as u64, sequence));
                }
            }
            if from + window.len() as u64 == self.limit {
                break;
            }
            // A marker may lie across the windows' edge.
            from += (window.len() - (MARKER.len() - 1)) as u64;
        }
        Ok((self.limit, self.expected))
    }

    /// The sequence of a whole record at `offset`. As many records may be missing as fit into the damage: this
    /// keeps chance, and old bytes, from being taken for a record.
    fn whole_at(&self, offset: u64, record: &mut Vec<u8>) -> io::Result<Option<u64>> {
        let missing_max = (offset - self.offset) / RECORD_HEADER_BYTES as u64;
        let sequences = self.expected..=self.expected.saturating_add(missing_max);
        record.clear();
        loop {
            match read_record(record, self.limit - offset, &sequences) {
                RecordRead::Whole { sequence, .. } => return Ok(Some(sequence)),
                RecordRead::Damaged => return Ok(None),
                RecordRead::Short(needed) => {
                    record.resize(needed, 0);
                    read(self.file, record, offset)?;
                }
            }
        }
    }
}

/// Reads all of `bytes`. Sectors that the disk cannot read come as zeros, which no checksum takes for a
/// record: a bad sector is damage like any other and must not stop the log.
fn read(file: &File, bytes: &mut [u8], offset: u64) -> io::Result<()> {
    match file.read_exact_at(bytes, offset) {
        Err(error) if error.raw_os_error() == Some(EIO) => {}
        other => return other,
    }
    for (index, sector) in bytes.chunks_mut(SECTOR_BYTES).enumerate() {
        match file.read_exact_at(sector, offset + (index * SECTOR_BYTES) as u64) {
            Err(error) if error.raw_os_error() == Some(EIO) => sector.fill(0),
            other => other?,
        }
    }
    Ok(())
}
