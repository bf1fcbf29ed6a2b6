//! Bytes of segments and records, and nothing about where they are; see the pictures in the crate's docs.

use std::ops::RangeInclusive;

/// The largest payload.
pub const RECORD_BYTES_MAX: usize = 32 << 20;
/// What a record costs besides its payload.
pub const RECORD_HEADER_BYTES: usize = 20;
/// Where the first record of a segment begins.
pub const SEGMENT_HEADER_BYTES: u64 = 64;

pub(crate) const MARKER: [u8; 4] = [0xFF, 0x4A, 0xFE, 0x0A];
const MAGIC: [u8; 8] = *b"HOGJRNL\n";
const VERSION: u32 = 1;
const EXTENSION: &str = ".journal";

/// What a segment says about itself and, as a seal, about the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SegmentHeader {
    pub first: u64,
    pub previous: u64,
    pub previous_end: u64,
    pub follows: u64,
}

/// What stands where a segment header should be.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum HeaderRead {
    Whole(SegmentHeader),
    Damaged,
    Newer(u32),
}

impl SegmentHeader {
    pub fn write(&self) -> [u8; SEGMENT_HEADER_BYTES as usize] {
        let mut bytes = [0; SEGMENT_HEADER_BYTES as usize];
        bytes[..8].copy_from_slice(&MAGIC);
        bytes[8..12].copy_from_slice(&VERSION.to_le_bytes());
        for (index, number) in [self.first, self.previous, self.previous_end, self.follows].iter().enumerate()
        {
            bytes[16 + 8 * index..24 + 8 * index].copy_from_slice(&number.to_le_bytes());
        }
        let crc = crc32c::crc32c(&bytes[..60]);
        bytes[60..].copy_from_slice(&crc.to_le_bytes());
        bytes
    }

    /// `name` is the sequence in the file's name, which must agree.
    pub fn read(bytes: &[u8], name: u64) -> HeaderRead {
        let whole = bytes.len() >= SEGMENT_HEADER_BYTES as usize
            && bytes[..8] == MAGIC
            && u32_at(bytes, 60) == crc32c::crc32c(&bytes[..60]);
        if !whole {
            return HeaderRead::Damaged;
        }
        if u32_at(bytes, 8) != VERSION {
            return HeaderRead::Newer(u32_at(bytes, 8));
        }
        let header = Self {
            first: u64_at(bytes, 16),
            previous: u64_at(bytes, 24),
            previous_end: u64_at(bytes, 32),
            follows: u64_at(bytes, 40),
        };
        if header.first == name { HeaderRead::Whole(header) } else { HeaderRead::Damaged }
    }
}

/// The file name of the segment that begins with `first`.
pub(crate) fn segment_name(first: u64) -> String {
    format!("{first:020}{EXTENSION}")
}

/// The first sequence of the segment with this file name.
pub(crate) fn segment_first(name: &str) -> Option<u64> {
    let digits = name.strip_suffix(EXTENSION)?;
    (digits.len() == 20 && digits.bytes().all(|byte| byte.is_ascii_digit())).then(|| digits.parse().ok())?
}

/// Appends one framed record to `bytes`. The payload is copied here and nowhere else.
pub(crate) fn push_record(bytes: &mut Vec<u8>, sequence: u64, payload: &[u8]) {
    let start = bytes.len();
    let mut header = [0; RECORD_HEADER_BYTES];
    header[..4].copy_from_slice(&MARKER);
    header[8..12].copy_from_slice(&(payload.len() as u32).to_le_bytes());
    header[12..].copy_from_slice(&sequence.to_le_bytes());
    bytes.extend_from_slice(&header);
    bytes.extend_from_slice(payload);
    let crc = crc32c::crc32c(&bytes[start + 8..]);
    bytes[start + 4..start + 8].copy_from_slice(&crc.to_le_bytes());
}

/// What stands where a record should be.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum RecordRead {
    /// A record whose checksum and sequence are right.
    Whole { sequence: u64, payload_bytes: usize },
    /// Perhaps a record: this many bytes from its start are needed to tell.
    Short(usize),
    /// No record.
    Damaged,
}

/// Judges the record at the start of `bytes`, which may hold less than the `remaining` bytes of the segment.
pub(crate) fn read_record(bytes: &[u8], remaining: u64, sequences: &RangeInclusive<u64>) -> RecordRead {
    if remaining < RECORD_HEADER_BYTES as u64 {
        return RecordRead::Damaged;
    }
    let Some(header) = bytes.get(..RECORD_HEADER_BYTES) else {
        return RecordRead::Short(RECORD_HEADER_BYTES);
    };
    let payload_bytes = u32_at(header, 8) as usize;
    let whole_bytes = RECORD_HEADER_BYTES + payload_bytes;
    let sequence = u64_at(header, 12);
    if header[..4] != MARKER
        || payload_bytes > RECORD_BYTES_MAX
        || whole_bytes as u64 > remaining
        || !sequences.contains(&sequence)
    {
        return RecordRead::Damaged;
    }
    let Some(whole) = bytes.get(..whole_bytes) else {
        return RecordRead::Short(whole_bytes);
    };
    let crc = u32_at(header, 4);
    if crc32c::crc32c(&whole[8..]) != crc {
        return RecordRead::Damaged;
    }
    RecordRead::Whole { sequence, payload_bytes }
}

pub(crate) fn u32_at(bytes: &[u8], at: usize) -> u32 {
    let mut word = [0; 4];
    word.copy_from_slice(&bytes[at..at + 4]);
    u32::from_le_bytes(word)
}

pub(crate) fn u64_at(bytes: &[u8], at: usize) -> u64 {
    let mut word = [0; 8];
    word.copy_from_slice(&bytes[at..at + 8]);
    u64::from_le_bytes(word)
}
