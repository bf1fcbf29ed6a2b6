//! What is on disk, for an operator: every stream, segment and damaged stretch. Reads everything, changes nothing.

use std::path::Path;

use crate::committed::Committed;
use crate::error::Error;
use crate::gather::{Gather, Share};
use crate::layout::SEGMENT_HEADER_BYTES;
use crate::walk::Walk;
use crate::{slot, stream};

const STEP: Share = Share { records: 1 << 16, bytes: 4 << 20 };

/// One (slot, lane).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StreamReport {
    /// The slot.
    pub slot: u32,
    /// The lane.
    pub lane: String,
    /// The last durable sequence; nothing where the stream never had a record or its position is damaged.
    pub committed_sequence: Option<u64>,
    /// The segments, oldest first.
    pub segments: Vec<SegmentReport>,
}

/// One segment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SegmentReport {
    /// The sequence in its name.
    pub first_sequence: u64,
    /// The last whole record's sequence; nothing where there is no record.
    pub last_sequence: Option<u64>,
    /// How many whole records it holds.
    pub records: u64,
    /// Its size.
    pub bytes: u64,
    /// Whether its header is readable. Records can be read without it.
    pub header_is_whole: bool,
    /// Damaged stretches before the end of what is durable.
    pub damage: Vec<Damage>,
    /// Bytes behind the durable end: a group under way, or the torn tail of a crash. Harmless.
    pub tail_bytes: u64,
}

/// Bytes that hold no record although they should.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Damage {
    /// About where: damage is found while passing over this many bytes.
    pub offset: u64,
    /// How many bytes.
    pub bytes: u64,
    /// How many records are missing there.
    pub records: u64,
}

/// Walks every stream below `root`.
pub fn inspect(root: &Path) -> Result<Vec<StreamReport>, Error> {
    let mut reports = Vec::new();
    for slot in slot::slots(root)? {
        let directory = slot::directory(root, slot);
        let mut lanes = Vec::new();
        for entry in std::fs::read_dir(&directory).map_err(Error::io(&directory))? {
            let entry = entry.map_err(Error::io(&directory))?;
            if let (true, Ok(lane)) = (entry.path().is_dir(), entry.file_name().into_string()) {
                lanes.push(lane);
            }
        }
        lanes.sort_unstable();
        for lane in lanes {
            reports.push(inspect_stream(&directory.join(&lane), slot, lane)?);
        }
    }
    Ok(reports)
}

fn inspect_stream(directory: &Path, slot: u32, lane: String) -> Result<StreamReport, Error> {
    let committed = Committed::load(directory).map_err(Error::io(directory))?;
    let mut segments = Vec::new();
    for segment in stream::segments(directory)? {
        segments.extend(inspect_segment(directory, segment, committed)?);
    }
    Ok(StreamReport {
        slot,
        lane,
        committed_sequence: committed.map(|committed| committed.sequence),
        segments,
    })
}

/// Nothing if a reader deleted the segment meanwhile.
fn inspect_segment(
    directory: &Path,
    segment: u64,
    committed: Option<Committed>,
) -> Result<Option<SegmentReport>, Error> {
    let Some((file, length)) = stream::open(directory, segment)? else { return Ok(None) };
    let durable = committed.filter(|committed| committed.segment == segment);
    let end = durable.map_or(length, |committed| length.min(committed.end));
    let mut report = SegmentReport {
        first_sequence: segment,
        last_sequence: None,
        records: 0,
        bytes: length,
        header_is_whole: stream::header(directory, segment)?.is_some(),
        damage: Vec::new(),
        tail_bytes: length - end,
    };
    let mut walk = Walk::new(&file, SEGMENT_HEADER_BYTES.min(end), end, segment);
    while walk.offset < end {
        let (offset, mut gather) = (walk.offset, Gather::default());
        walk.take(STEP, &mut gather).map_err(Error::io(&stream::path(directory, segment)))?;
        report.records += gather.index.len() as u64;
        if gather.lost_bytes > 0 {
            report.damage.push(Damage { offset, bytes: gather.lost_bytes, records: gather.lost_records });
        }
    }
    report.last_sequence = (report.records > 0).then(|| walk.expected - 1);
    Ok(Some(report))
}
