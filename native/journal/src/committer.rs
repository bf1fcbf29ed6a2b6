//! Group commit: one thread per writer takes everything appended meanwhile, writes it, syncs it once, says so.
//!
//! While one group is on its way to the disk, the next gathers. Nothing waits on purpose but when many clients write
//! at once, and then for a millisecond at most.

use std::fs::File;
use std::io;
use std::path::PathBuf;
use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use crate::committed::{self, Committed};
use crate::disk::{Disk, SegmentFile};
use crate::layout::{SEGMENT_HEADER_BYTES, SegmentHeader};
use crate::stream;
use crate::writer::{FailedGroup, Shared};

/// A buffer that one large request grew is given back.
const KEPT_BUFFER_BYTES: usize = 8 << 20;
/// A group of this many appends says that many clients write at once, and the next one gathers for a while: a sync
/// costs the machine more than it costs them to wait.
const BUSY_APPENDS: usize = 8;
/// How soon after one another groups are synced while that is so.
const BUSY_INTERVAL: Duration = Duration::from_millis(1);
/// How often a position that could not be published is tried again.
const PUBLISH_INTERVAL: Duration = Duration::from_secs(1);

/// What is written and synced at once. Without records it only asks for a new segment.
struct Group {
    first: u64,
    last: u64,
    bytes: Vec<u8>,
    rotate: bool,
    appends: usize,
    taken: Instant,
}

/// The segment that takes the next group.
struct Open {
    segment: u64,
    end: u64,
    file: Box<dyn SegmentFile>,
    /// Its directory entry is not durable yet.
    fresh: bool,
}

pub(crate) struct Committer {
    shared: Arc<Shared>,
    disk: Box<dyn Disk>,
    directory: PathBuf,
    committed_file: File,
    segment_bytes_max: u64,
    open: Option<Open>,
    /// Up to where the stream is durable. Nothing before the first record of its life.
    committed: Option<Committed>,
    unpublished: bool,
}

impl Committer {
    pub fn new(
        shared: Arc<Shared>,
        disk: Box<dyn Disk>,
        directory: PathBuf,
        committed_file: File,
        segment_bytes_max: u64,
        committed: Option<Committed>,
    ) -> Self {
        Self {
            shared,
            disk,
            directory,
            committed_file,
            segment_bytes_max,
            open: None,
            committed,
            unpublished: false,
        }
    }

    /// Commits groups until the writer closes and nothing waits any more.
    pub fn run(mut self) {
        let mut group =
            Group { first: 0, last: 0, bytes: Vec::new(), rotate: false, appends: 0, taken: Instant::now() };
        while self.next_group(&mut group) {
            if !group.bytes.is_empty() {
                self.commit(&group);
            } else if group.rotate {
                // A disk too full for a header is full for records too; the next refused append asks again.
                let _ = self.rotate(group.first);
            }
            self.publish();
        }
        // A clean end leaves nothing for recovery to find. Without the sync, recovery finds it.
        let _ = self.committed_file.sync_all();
    }

    /// Waits for work and takes all of it; false when the writer closed and there is none.
    fn next_group(&self, group: &mut Group) -> bool {
        if group.appends >= BUSY_APPENDS {
            std::thread::sleep(BUSY_INTERVAL.saturating_sub(group.taken.elapsed()));
        }
        group.bytes.clear();
        group.bytes.shrink_to(KEPT_BUFFER_BYTES);
        let mut state = self.shared.lock();
        while state.pending.is_empty() && !state.rotate && !state.closing {
            state.idle = true;
            if self.unpublished {
                let waited = self.shared.work.wait_timeout(state, PUBLISH_INTERVAL);
                state = waited.unwrap_or_else(PoisonError::into_inner).0;
                break;
            }
            state = self.shared.work.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state.idle = false;
        if state.pending.is_empty() && state.closing {
            return false;
        }
        std::mem::swap(&mut state.pending, &mut group.bytes);
        group.rotate = std::mem::take(&mut state.rotate);
        group.first = state.pending_first;
        group.last = state.next_sequence - 1;
        state.pending_first = state.next_sequence;
        state.in_flight_bytes = group.bytes.len();
        group.appends = std::mem::take(&mut state.pending_appends);
        group.taken = Instant::now();
        true
    }

    fn commit(&mut self, group: &Group) {
        let written = self.write(group);
        let failure = written.err().map(|error| {
            self.abandon();
            FailedGroup { first: group.first, last: group.last, message: error.to_string() }
        });
        // First for readers, then for the client: what was acknowledged can be read.
        self.publish();
        let mut state = self.shared.lock();
        state.in_flight_bytes = 0;
        state.settled_through = group.last;
        if let Some(failure) = failure {
            state.fail(failure);
        } else {
            state.committed_through = group.last;
            self.shared.commits.fetch_add(1, Ordering::Relaxed);
        }
        drop(state);
        self.shared.settled.notify_all();
        // Fails only if nobody listened for 2^64 groups.
        let _ = rustix::io::write(&self.shared.signal, &1_u64.to_ne_bytes());
    }

    fn write(&mut self, group: &Group) -> io::Result<()> {
        // An empty segment is never full: the next one would have its name.
        let full = |open: &Open| {
            open.end > SEGMENT_HEADER_BYTES && (group.rotate || open.end >= self.segment_bytes_max)
        };
        let mut open = match self.open.take().filter(|open| !full(open)) {
            Some(open) => open,
            None => self.begin(group.first)?,
        };
        let written = open.file.append(&group.bytes);
        // Kept even when it failed: abandoning has to know what to cut.
        let open = self.open.insert(open);
        written?;
        open.file.sync()?;
        self.shared.syncs.fetch_add(1, Ordering::Relaxed);
        if open.fresh {
            self.disk.sync_directory(&self.directory)?;
            self.shared.syncs.fetch_add(1, Ordering::Relaxed);
            open.fresh = false;
        }
        open.end += group.bytes.len() as u64;
        self.committed = Some(Committed { segment: open.segment, end: open.end, sequence: group.last });
        self.unpublished = true;
        Ok(())
    }

    /// Creates the segment whose first record will be `first`; its header seals what is durable now.
    fn begin(&self, first: u64) -> io::Result<Open> {
        let header = SegmentHeader {
            first,
            previous: self.committed.map_or(0, |committed| committed.segment),
            previous_end: self.committed.map_or(0, |committed| committed.end),
            follows: self.committed.map_or(0, |committed| committed.sequence),
        };
        let path = stream::path(&self.directory, first);
        let mut file = self.disk.create(&path)?;
        if let Err(error) = file.append(&header.write()) {
            // A reader passes over what stays here: no later seal names it.
            let _ = std::fs::remove_file(&path);
            return Err(error);
        }
        Ok(Open { segment: first, end: SEGMENT_HEADER_BYTES, file, fresh: true })
    }

    /// Leaves a segment whose last group failed: cut back if the disk lets us, sealed off by the next in any case.
    fn abandon(&mut self) {
        let Some(mut open) = self.open.take() else { return };
        let _ = open.file.cut(open.end);
        if open.fresh {
            let _ = std::fs::remove_file(stream::path(&self.directory, open.segment));
        }
    }

    /// Begins an empty segment, so that the one before can be deleted once it is read.
    fn rotate(&mut self, first: u64) -> io::Result<()> {
        let Some(committed) = self.committed.filter(|committed| committed.end > SEGMENT_HEADER_BYTES) else {
            return Ok(());
        };
        let mut open = self.begin(first)?;
        let synced = open.file.sync().and_then(|()| self.disk.sync_directory(&self.directory));
        if let Err(error) = synced {
            let _ = std::fs::remove_file(stream::path(&self.directory, first));
            return Err(error);
        }
        self.shared.syncs.fetch_add(2, Ordering::Relaxed);
        open.fresh = false;
        self.committed = Some(Committed { segment: first, end: open.end, sequence: committed.sequence });
        self.open = Some(open);
        self.unpublished = true;
        Ok(())
    }

    /// What could not be published is durable nevertheless and will be; readers learn of it later.
    fn publish(&mut self) {
        let Some(committed) = self.committed.filter(|_| self.unpublished) else { return };
        self.unpublished = committed::publish(&self.committed_file, committed).is_err();
    }
}
