//! Bytes to records. Every length is checked: a journal can hold anything after a bad disk.

use crate::{ABSENT, Flags, HEADER_BYTES, Kind, Source, TEXTS, VERSION};

/// A record, borrowed from its bytes. The fields are those of [`crate::Draft`].
#[derive(Debug, Clone, Copy)]
pub struct Record<'a> {
    /// What the body is.
    pub kind: Kind,
    /// The protocol it came by.
    pub source: Source,
    /// Yes-or-no facts.
    pub flags: Flags,
    /// The project the token named.
    pub project_id: u32,
    /// When the request arrived, in microseconds since 1970.
    pub received_at_us: i64,
    /// When the event happened, in microseconds since 1970.
    pub timestamp_us: i64,
    /// When the client sent it, in microseconds since 1970.
    pub sent_at_us: Option<i64>,
    /// The event's uuid.
    pub uuid: [u8; 16],
    /// The event's name.
    pub event: &'a str,
    /// The distinct id.
    pub distinct_id: &'a str,
    /// The client's address as text; empty where unknown.
    pub client_address: &'a str,
    /// A JSON object.
    pub properties: &'a str,
    /// A JSON object, or empty.
    pub set: &'a str,
    /// A JSON object, or empty.
    pub set_once: &'a str,
    /// What the kind needs besides.
    pub detail: &'a str,
}

/// Why bytes are not a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReadError {
    /// Fewer bytes than the header or the lengths in it say, or more.
    Length,
    /// Written by a release newer than this one.
    Version(u8),
    /// A kind or source that this release does not know.
    Unknown,
    /// A text that is not UTF-8.
    Text,
}

impl std::fmt::Display for ReadError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Length => write!(formatter, "the record's lengths do not add up"),
            Self::Version(version) => {
                write!(formatter, "record version {version} is newer than this release")
            }
            Self::Unknown => write!(formatter, "the record's kind or source is unknown"),
            Self::Text => write!(formatter, "a text in the record is not UTF-8"),
        }
    }
}

impl std::error::Error for ReadError {}

impl<'a> Record<'a> {
    /// Reads one record from exactly its bytes.
    pub fn read(bytes: &'a [u8]) -> Result<Self, ReadError> {
        if bytes.len() < HEADER_BYTES {
            return Err(ReadError::Length);
        }
        if bytes[0] != VERSION {
            return Err(ReadError::Version(bytes[0]));
        }
        // The texts lie one behind the other: they are checked in one go, and cut where characters end.
        let mut ends = [0; TEXTS];
        let mut at = 0_usize;
        for (index, end) in ends.iter_mut().enumerate() {
            at = at.checked_add(u32_at(bytes, 48 + 4 * index) as usize).ok_or(ReadError::Length)?;
            *end = at;
        }
        let body = &bytes[HEADER_BYTES..];
        if at != body.len() {
            return Err(ReadError::Length);
        }
        let body = simdutf8::basic::from_utf8(body).map_err(|_| ReadError::Text)?;
        let mut texts = [""; TEXTS];
        let mut start = 0;
        for (text, end) in texts.iter_mut().zip(ends) {
            *text = body.get(start..end).ok_or(ReadError::Text)?;
            start = end;
        }
        let [event, distinct_id, client_address, properties, set, set_once, detail] = texts;
        let sent_at_us = i64_at(bytes, 24);
        let mut uuid = [0; 16];
        uuid.copy_from_slice(&bytes[32..48]);
        Ok(Self {
            kind: Kind::from_byte(bytes[1]).ok_or(ReadError::Unknown)?,
            source: Source::from_byte(bytes[2]).ok_or(ReadError::Unknown)?,
            flags: Flags(bytes[3]),
            project_id: u32_at(bytes, 4),
            received_at_us: i64_at(bytes, 8),
            timestamp_us: i64_at(bytes, 16),
            sent_at_us: (sent_at_us != ABSENT).then_some(sent_at_us),
            uuid,
            event,
            distinct_id,
            client_address,
            properties,
            set,
            set_once,
            detail,
        })
    }

    /// The time of receipt alone, to order records without reading them whole.
    pub fn received_at_us_of(bytes: &[u8]) -> i64 {
        if bytes.len() < HEADER_BYTES { i64::MIN } else { i64_at(bytes, 8) }
    }
}

/// Walks the length-prefixed records that [`crate::Encoder`] gathered.
#[derive(Debug, Clone)]
pub struct Records<'a> {
    rest: &'a [u8],
}

impl<'a> Records<'a> {
    /// Starts at the first record.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let length = u32::from_le_bytes(self.rest.get(..4)?.try_into().ok()?) as usize;
        let record = self.rest.get(4..4 + length)?;
        self.rest = &self.rest[4 + length..];
        Some(record)
    }
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    let mut word = [0; 4];
    word.copy_from_slice(&bytes[at..at + 4]);
    u32::from_le_bytes(word)
}

fn i64_at(bytes: &[u8], at: usize) -> i64 {
    let mut word = [0; 8];
    word.copy_from_slice(&bytes[at..at + 8]);
    i64::from_le_bytes(word)
}
