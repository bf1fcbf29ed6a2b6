//! Records to bytes.

use crate::{ABSENT, Flags, HEADER_BYTES, Kind, Source, VERSION};

/// A record about to be written. Borrowed texts, so that nothing is copied twice.
#[derive(Debug, Clone)]
pub struct Draft<'a> {
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
    /// A JSON object, or empty where the event had no top-level `$set`.
    pub set: &'a str,
    /// A JSON object, or empty where the event had no top-level `$set_once`.
    pub set_once: &'a str,
    /// What the kind needs besides; see the layout.
    pub detail: &'a str,
}

/// Gathers the records of one request: each as a u32 length and its bytes, one after the other.
#[derive(Debug, Default)]
pub struct Encoder {
    bytes: Vec<u8>,
    count: usize,
}

impl Encoder {
    /// Room for about `capacity` bytes before it grows.
    pub fn with_capacity(capacity: usize) -> Self {
        Self { bytes: Vec::with_capacity(capacity), count: 0 }
    }

    /// Appends one record.
    pub fn push(&mut self, draft: &Draft<'_>) {
        let texts = [
            draft.event,
            draft.distinct_id,
            draft.client_address,
            draft.properties,
            draft.set,
            draft.set_once,
            draft.detail,
        ];
        let length = HEADER_BYTES + texts.iter().map(|text| text.len()).sum::<usize>();
        self.bytes.reserve(4 + length);
        self.bytes.extend_from_slice(&(length as u32).to_le_bytes());
        self.bytes.extend_from_slice(&[VERSION, draft.kind as u8, draft.source as u8, draft.flags.0]);
        self.bytes.extend_from_slice(&draft.project_id.to_le_bytes());
        for time in [draft.received_at_us, draft.timestamp_us, draft.sent_at_us.unwrap_or(ABSENT)] {
            self.bytes.extend_from_slice(&time.to_le_bytes());
        }
        self.bytes.extend_from_slice(&draft.uuid);
        for text in texts {
            self.bytes.extend_from_slice(&(text.len() as u32).to_le_bytes());
        }
        for text in texts {
            self.bytes.extend_from_slice(text.as_bytes());
        }
        self.count += 1;
    }

    /// How many records were pushed.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Whether none was.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The bytes so far.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The bytes, given away.
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// Forgets every record, for a request that turned out bad as a whole.
    pub fn clear(&mut self) {
        self.bytes.clear();
        self.count = 0;
    }
}
