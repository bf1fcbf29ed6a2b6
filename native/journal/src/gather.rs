//! Bytes being gathered into a batch: as read from segments, with an index of the payloads in them.

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
    /// Over the checksums of the records, to tell batches of equal ranges apart.
    pub crc: u32,
}

impl Gather {
    /// Forgets the records, keeps the counts.
    pub fn clear_records(&mut self) {
        self.bytes.clear();
        self.index.clear();
    }
}
