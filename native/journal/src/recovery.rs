//! After a crash: what of a stream is whole, made durable and said so in `committed`.
//!
//! Recovery never changes a segment. It walks the newest one from the last known position, takes every whole
//! record it finds as written, syncs them, and publishes where they end. Bytes behind that are a torn tail, or
//! damage; the next segment's header seals them off.

use std::fs::File;
use std::path::Path;

use crate::committed::{self, Committed};
use crate::error::Error;
use crate::gather::{Gather, Share};
use crate::layout::SEGMENT_HEADER_BYTES;
use crate::walk::Walk;
use crate::{slot, stream};

/// How much is walked at a time.
const STEP: Share = Share { records: usize::MAX >> 1, bytes: 4 << 20 };

/// A stream as recovery left it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Recovered {
    /// Nothing while the stream never had a record.
    pub committed: Option<Committed>,
    /// The lowest sequence that can name a new segment; nothing for a stream that never had one.
    pub next_sequence: Option<u64>,
}

/// Recovers one stream. The caller keeps its writers out. Running it twice changes nothing.
pub(crate) fn recover(directory: &Path) -> Result<Recovered, Error> {
    let known = Committed::load(directory).map_err(Error::io(directory))?;
    let Some(newest) = stream::segments(directory)?.last().copied() else {
        let next_sequence = known.map(|committed| committed.sequence.saturating_add(1));
        return Ok(Recovered { committed: known, next_sequence });
    };
    let Some((file, length)) = stream::open(directory, newest)? else {
        return Ok(Recovered { committed: known, next_sequence: Some(newest.saturating_add(1)) });
    };
    // A version that is not ours must stop us before anything is written.
    stream::header(directory, newest)?;
    let found = walk(directory, newest, &file, length, known)?;
    file.sync_all().map_err(Error::io(&stream::path(directory, newest)))?;
    slot::sync_directory(directory).map_err(Error::io(directory))?;
    if known != Some(found) {
        let file = committed::open(directory).map_err(Error::io(directory))?;
        committed::publish(&file, found)
            .and_then(|()| file.sync_all())
            .map_err(Error::io(&directory.join(committed::FILE_NAME)))?;
    }
    let next_sequence = found.sequence.max(newest).saturating_add(1);
    Ok(Recovered { committed: Some(found), next_sequence: Some(next_sequence) })
}

/// Finds the end of the newest segment's last whole record.
fn walk(
    directory: &Path,
    newest: u64,
    file: &File,
    length: u64,
    known: Option<Committed>,
) -> Result<Committed, Error> {
    let known = known.filter(|known| known.segment >= newest);
    let trusted = known.filter(|known| known.segment == newest && known.end <= length);
    let (offset, expected) = trusted.map_or((SEGMENT_HEADER_BYTES, newest), |known| {
        (known.end, known.sequence.saturating_add(1).max(newest))
    });
    let mut walk = Walk::new(file, offset.min(length), length, expected);
    let mut gather = Gather::default();
    while walk.offset < length {
        walk.take(STEP, &mut gather).map_err(Error::io(&stream::path(directory, newest)))?;
        gather.clear_records();
    }
    let mut found = Committed {
        segment: newest,
        end: walk.whole_end.max(SEGMENT_HEADER_BYTES),
        sequence: walk.expected.saturating_sub(1),
    };
    if let Some(known) = known {
        // What was acknowledged stays so: a reader then counts what is missing as lost.
        found.end = found.end.max(if known.segment == newest { known.end } else { 0 });
        found.sequence = found.sequence.max(known.sequence);
    }
    Ok(found)
}
