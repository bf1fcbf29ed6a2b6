//! Actors with their events, as `ClickHouse` writes them in `RowBinary`.
//!
//! A row is `(actor String, events Array(Tuple(time Int64, mask UInt64, breakdown Array(String))))`; integers are
//! little-endian, lengths are LEB128.
//!
//! Bits of a mask: bit `k` says that the event matches step `k` (from 0); bit `32 + s` that it is an exclusion for
//! attempts whose last step is `s`.

use std::fmt;

/// Most events of one actor: more is a sign of a shared id, and would only cost memory.
const EVENTS_MAX: u64 = 10_000_000;
const LEB128_BYTES_MAX: usize = 10;
const EVENT_BYTES_MIN: u64 = 17;

/// An event of one actor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Microseconds since 1970.
    pub time_us: i64,
    /// Which steps and exclusions it matches.
    pub mask: u64,
    /// The values that a breakdown reads of it; empty without one.
    pub breakdown: Vec<String>,
}

/// What the walk needs of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// Microseconds since 1970.
    pub time_us: i64,
    /// Which steps and exclusions it matches.
    pub mask: u64,
}

impl Moment {
    /// Whether it matches step `step`, from 0.
    pub fn is_step(self, step: usize) -> bool {
        self.mask >> step & 1 == 1
    }

    /// Attempts it ends: bit `s` for those whose last step is `s`.
    pub fn excludes(self) -> u32 {
        (self.mask >> 32) as u32
    }
}

/// An actor with the events that matter, in any order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// Person id, group key or value of an expression.
    pub id: String,
    /// The actor's events.
    pub events: Vec<Event>,
}

/// Why rows could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Error {
    /// The bytes are not rows of the expected shape.
    Malformed,
    /// The bytes end within a row.
    CutShort,
    /// One actor has more events than are read.
    TooManyEvents,
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Malformed => "the store's rows are not those of a funnel",
            Self::CutShort => "the store's answer ended early",
            Self::TooManyEvents => "one actor has more events than a funnel can walk",
        })
    }
}

impl std::error::Error for Error {}

/// Turns pieces of an answer into actors, keeping the start of a row until the rest has come.
#[derive(Debug, Default)]
pub struct Rows {
    pending: Vec<u8>,
}

impl Rows {
    /// Calls `each` with every actor that is whole by now.
    pub fn feed(&mut self, piece: &[u8], mut each: impl FnMut(Actor)) -> Result<(), Error> {
        if self.pending.is_empty() {
            let rest = read_rows(piece, &mut each)?;
            self.pending.extend_from_slice(rest);
            return Ok(());
        }
        self.pending.extend_from_slice(piece);
        let left = read_rows(&self.pending, &mut each)?.len();
        let read = self.pending.len() - left;
        self.pending.drain(..read);
        Ok(())
    }

    /// Says whether the last row was whole.
    pub fn finish(&self) -> Result<(), Error> {
        if self.pending.is_empty() { Ok(()) } else { Err(Error::CutShort) }
    }
}

fn read_rows<'a>(mut bytes: &'a [u8], each: &mut impl FnMut(Actor)) -> Result<&'a [u8], Error> {
    while !bytes.is_empty() {
        let mut cursor = Cursor { bytes };
        match cursor.actor() {
            Ok(actor) => each(actor),
            Err(Error::CutShort) => break,
            Err(error) => return Err(error),
        }
        bytes = cursor.bytes;
    }
    Ok(bytes)
}

struct Cursor<'a> {
    bytes: &'a [u8],
}

impl<'a> Cursor<'a> {
    fn actor(&mut self) -> Result<Actor, Error> {
        let id = self.text()?;
        let count = self.length()?;
        if count > EVENTS_MAX {
            return Err(Error::TooManyEvents);
        }
        // A row that has not come whole is read again later: do not make room for what is not there.
        if count.saturating_mul(EVENT_BYTES_MIN) > self.bytes.len() as u64 {
            return Err(Error::CutShort);
        }
        let mut events = Vec::with_capacity(count as usize);
        for _ in 0..count {
            events.push(self.event()?);
        }
        Ok(Actor { id, events })
    }

    fn event(&mut self) -> Result<Event, Error> {
        let time_us = i64::from_le_bytes(self.word()?);
        let mask = u64::from_le_bytes(self.word()?);
        let values = self.length()?;
        if values > self.bytes.len() as u64 {
            return Err(Error::CutShort);
        }
        let breakdown = (0..values).map(|_| self.text()).collect::<Result<_, _>>()?;
        Ok(Event { time_us, mask, breakdown })
    }

    fn text(&mut self) -> Result<String, Error> {
        let length = self.length()?;
        let bytes = self.take(usize::try_from(length).map_err(|_| Error::Malformed)?)?;
        Ok(String::from_utf8_lossy(bytes).into_owned())
    }

    fn word(&mut self) -> Result<[u8; 8], Error> {
        let mut word = [0; 8];
        word.copy_from_slice(self.take(8)?);
        Ok(word)
    }

    fn length(&mut self) -> Result<u64, Error> {
        let mut value = 0;
        for index in 0..LEB128_BYTES_MAX {
            let byte = self.take(1)?[0];
            value |= u64::from(byte & 0x7f).checked_shl(7 * index as u32).unwrap_or(0);
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(Error::Malformed)
    }

    fn take(&mut self, count: usize) -> Result<&'a [u8], Error> {
        if count > self.bytes.len() {
            return Err(Error::CutShort);
        }
        let (taken, rest) = self.bytes.split_at(count);
        self.bytes = rest;
        Ok(taken)
    }
}
