//! Order across the streams of a lane: where each stream's part of a batch has to end.

use std::ops::{Range, RangeInclusive};

use crate::gather::Gather;
use crate::reader::Checkpoint;

/// How the records of several streams follow on each other.
#[derive(Debug, Clone)]
pub struct Merge {
    /// What records are ordered by. Rises within a stream, but for small disorder.
    pub key: fn(&[u8]) -> i64,
    /// Keys that are too young: a record with such a key is left for later, and so is what stands behind it.
    pub held: RangeInclusive<i64>,
}

/// What one stream gave to a batch.
#[derive(Debug)]
pub(crate) struct Part {
    pub slot: u32,
    pub start: Checkpoint,
    pub end: Checkpoint,
    /// Which of the gathered records are its own.
    pub records: Range<usize>,
    /// Records and bytes lost on the way.
    pub lost: (u64, u64),
    /// Nothing of it is left unread.
    pub whole: bool,
}

impl Merge {
    /// Ends each part before the first record that is too young, or above what another stream still has.
    pub(crate) fn cut(&self, gather: &mut Gather, parts: &mut [Part]) {
        // What is left of a stream is not below what was taken of it. The greatest key, not the last: a part must
        // never be cut for its own sake, or a little disorder in it could stop the line.
        let taken = parts.iter().filter(|part| !part.whole);
        let frontier = taken.filter_map(|part| self.keys(gather, part).max()).min().unwrap_or(i64::MAX);
        let mut lost_before = (0, 0);
        for part in parts.iter_mut() {
            let kept = self.keys(gather, part).take_while(|key| *key <= frontier && !self.held.contains(key));
            let kept = kept.count();
            let lost_after = (lost_before.0 + part.lost.0, lost_before.1 + part.lost.1);
            if kept < part.records.len() {
                part.records.end = part.records.start + kept;
                let cut = (kept > 0).then(|| gather.behind(part.records.end - 1)).flatten();
                part.end = cut.map_or(part.start, |cut| cut.at);
                part.lost = cut
                    .map_or((0, 0), |cut| (cut.lost_records - lost_before.0, cut.lost_bytes - lost_before.1));
            }
            lost_before = lost_after;
        }
        gather.lost_records = parts.iter().map(|part| part.lost.0).sum();
        gather.lost_bytes = parts.iter().map(|part| part.lost.1).sum();
        let mut index = Vec::with_capacity(parts.iter().map(|part| part.records.len()).sum());
        for part in parts {
            let first = index.len();
            index.extend_from_slice(&gather.index[part.records.clone()]);
            part.records = first..index.len();
        }
        gather.index = index;
    }

    fn keys<'g>(&self, gather: &'g Gather, part: &Part) -> impl Iterator<Item = i64> + use<'g> {
        let key = self.key;
        part.records.clone().filter_map(move |index| gather.payload(index)).map(key)
    }
}
