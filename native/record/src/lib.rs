//! A journal record: one decoded event (or replay item, log record, …) and its envelope.
//!
//! `wire` writes records, `journal` keeps their bytes without looking inside, `ingest` reads them. The layout
//! is therefore ours alone, it is versioned, and every later release reads the versions before it.
//!
//! ```text
//! offset size  field            all numbers little-endian
//!      0    1  version          1
//!      1    1  kind             what the body is, see [`Kind`]
//!      2    1  source           the protocol it came by, see [`Source`]
//!      3    1  flags            see [`Flags`]
//!      4    4  project id
//!      8    8  received at      microseconds since 1970, UTC
//!     16    8  timestamp        microseconds since 1970, UTC, after skew correction and clamps
//!     24    8  sent at          microseconds since 1970, UTC; [`ABSENT`] where unknown
//!     32   16  uuid
//!     48   28  seven lengths    u32 each, in the order of the texts
//!     76    …  texts            event, distinct id, client address, properties, $set, $set_once, detail
//! ```
//!
//! All texts are UTF-8. `properties`, `$set` and `$set_once` are JSON objects that the wire has validated, or
//! empty where absent. `detail` belongs to the kind: for [`Kind::Warning`] the JSON details of the warning, for
//! [`Kind::Exception`] what else its row says (`ingest` writes and reads it), with the person's properties in
//! `$set`.

mod read;
mod write;

pub use read::{ReadError, Record, Records};
pub use write::{Draft, Encoder};

/// The version that [`Encoder`] writes.
pub const VERSION: u8 = 1;
/// A time that is not known.
pub const ABSENT: i64 = i64::MIN;
pub(crate) const HEADER_BYTES: usize = 76;
pub(crate) const TEXTS: usize = 7;

/// What a record's body is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Kind {
    /// An analytics event, AI events among them.
    Event = 0,
    /// One `/s` message for one session: properties hold `$snapshot_items` and its envelope.
    Replay = 1,
    /// One OTLP log record, as JSON in properties.
    Log = 2,
    /// One OTLP span, as JSON in properties.
    Span = 3,
    /// One OTLP metric data point, as JSON in properties.
    Metric = 4,
    /// An ingestion warning raised at capture: `event` is the warning's type, `detail` its details.
    Warning = 5,
    /// An exception after its way through ingest: the row is finished but for what error tracking adds.
    Exception = 6,
}

/// The protocol a record came by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Source {
    /// `/e`, `/batch` and their aliases, and `/s`.
    V0 = 0,
    /// `/i/v1/analytics/events` and `/i/v1/ai/events`.
    V1 = 1,
    /// `/i/v0/ai` and `/i/v0/ai/batch`.
    Ai = 2,
    /// Any OTLP endpoint.
    Otlp = 3,
    /// `/report`.
    Csp = 4,
}

/// Yes-or-no facts of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Flags(pub u8);

impl Flags {
    /// The batch was marked `historical_migration`.
    pub const HISTORICAL: u8 = 1;
    /// Capture decided that this event must not touch persons (v1 illegal distinct ids).
    pub const FORCED_PERSONLESS: u8 = 2;
    /// The event's own timestamp could not be used and the time of receipt stands in.
    pub const TIMESTAMP_REPLACED: u8 = 4;
    /// The event came by the AI lane.
    pub const AI: u8 = 8;
    /// The record was set aside and sent again: it is no repetition.
    pub const REPLAYED: u8 = 16;

    /// Whether `flag` is set.
    pub const fn has(self, flag: u8) -> bool {
        self.0 & flag != 0
    }
}

impl Kind {
    fn from_byte(byte: u8) -> Option<Self> {
        [Self::Event, Self::Replay, Self::Log, Self::Span, Self::Metric, Self::Warning, Self::Exception]
            .into_iter()
            .find(|kind| *kind as u8 == byte)
    }
}

impl Source {
    fn from_byte(byte: u8) -> Option<Self> {
        [Self::V0, Self::V1, Self::Ai, Self::Otlp, Self::Csp].into_iter().find(|source| *source as u8 == byte)
    }
}

#[cfg(test)]
mod tests;
