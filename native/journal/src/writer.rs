//! Appending: frame into memory and return at once; [`crate::committer`] makes it durable.

use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rustix::event::{EventfdFlags, eventfd};

use crate::budget::Budget;
use crate::committer::Committer;
use crate::disk::{Disk, RealDisk};
use crate::error::{AppendError, Error, Limit};
use crate::layout::{RECORD_BYTES_MAX, RECORD_HEADER_BYTES, push_record, u32_at};
use crate::slot::{Slot, sync_directory};
use crate::{committed, recovery, stream};

/// Failed groups kept for a caller that never asks; the last one then stands for all that follow.
const FAILED_GROUPS_MAX: usize = 1024;
const SEGMENT_BYTES_MIN: u64 = 64 << 10;
/// A segment is at most this part of the lane's budget, or a lane could fill up with segments too new to delete.
const SEGMENTS_IN_BUDGET: u64 = 16;

/// The limits of a writer.
#[derive(Debug, Clone)]
pub struct Options {
    /// A segment ends with the group that takes it past this size.
    pub segment_bytes_max: u64,
    /// The lane's bytes over all slots.
    pub budget_bytes_max: u64,
    /// Appends are refused before the file system has less than this free.
    pub minimum_free_bytes: u64,
    /// Bytes that may wait for the disk. As many again can be on their way to it.
    pub pending_bytes_max: usize,
    /// Where a new stream begins to count; random where absent, see the crate's docs.
    pub first_sequence: Option<u64>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            segment_bytes_max: 64 << 20,
            budget_bytes_max: 20 << 30,
            minimum_free_bytes: 1 << 30,
            pending_bytes_max: 64 << 20,
            first_sequence: None,
        }
    }
}

/// Records that could not be made durable. They were not acknowledged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailedGroup {
    /// The first sequence of the group.
    pub first: u64,
    /// The last sequence of the group.
    pub last: u64,
    /// What the disk said.
    pub message: String,
}

/// How far the committer got since it was last asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// Every record up to here is durable, except those of failed groups (of this and earlier answers).
    pub committed_through: u64,
    /// Each failed group is told once.
    pub failed: Vec<FailedGroup>,
}

/// Counts since the writer was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Statistics {
    /// The last sequence handed out.
    pub last_sequence: u64,
    /// Bytes appended and not yet durable.
    pub pending_bytes: u64,
    /// Groups made durable.
    pub commits: u64,
    /// Syncs asked of the disk, those of new segments' directories among them.
    pub syncs: u64,
}

/// The one writer of a stream. Closing, or dropping, waits until everything appended is settled.
pub struct Writer {
    slot: Arc<Slot>,
    lane: String,
    directory: PathBuf,
    budget: Budget,
    pending_bytes_max: usize,
    shared: Arc<Shared>,
    committer: Mutex<Option<JoinHandle<()>>>,
}

/// What the appending threads and the committer share.
pub(crate) struct Shared {
    pub state: Mutex<State>,
    /// Something to do for the committer.
    pub work: Condvar,
    /// A group was settled.
    pub settled: Condvar,
    pub signal: OwnedFd,
    pub commits: AtomicU64,
    pub syncs: AtomicU64,
}

pub(crate) struct State {
    /// Framed records that wait for the committer.
    pub pending: Vec<u8>,
    /// The sequence of the first record in `pending`, or of the next one.
    pub pending_first: u64,
    pub next_sequence: u64,
    /// How many appends made up `pending`.
    pub pending_appends: usize,
    pub in_flight_bytes: usize,
    pub committed_through: u64,
    pub settled_through: u64,
    pub failed: Vec<FailedGroup>,
    /// The committer sleeps and wants to be woken for work.
    pub idle: bool,
    /// The lane is full: begin a new segment, so that the reader can delete the one before.
    pub rotate: bool,
    pub closing: bool,
}

impl Shared {
    pub fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    pub fn fail(&mut self, group: FailedGroup) {
        let full = self.failed.len() >= FAILED_GROUPS_MAX;
        match self.failed.last_mut() {
            Some(last) if full || (last.last + 1 == group.first && last.message == group.message) => {
                last.last = group.last;
            }
            _ => self.failed.push(group),
        }
    }
}

impl Writer {
    /// Opens a lane of a slot, recovering what an earlier life left.
    pub fn open(slot: &Arc<Slot>, lane: &str, options: &Options) -> Result<Self, Error> {
        Self::open_on(Box::new(RealDisk), slot, lane, options)
    }

    /// Opens a lane whose new segments are written to `disk`.
    pub fn open_on(
        disk: Box<dyn Disk>,
        slot: &Arc<Slot>,
        lane: &str,
        options: &Options,
    ) -> Result<Self, Error> {
        slot.open_lane(lane)?;
        let opened = Self::start(disk, slot, lane, options);
        if opened.is_err() {
            slot.close_lane(lane);
        }
        opened
    }

    fn start(disk: Box<dyn Disk>, slot: &Arc<Slot>, lane: &str, options: &Options) -> Result<Self, Error> {
        let directory = slot.directory().join(lane);
        std::fs::create_dir_all(&directory).map_err(Error::io(&directory))?;
        sync_directory(&slot.directory()).map_err(Error::io(&directory))?;
        let recovered = recovery::recover(&directory)?;
        let first = recovered.next_sequence.or(options.first_sequence).unwrap_or_else(random_start).max(1);
        let signal = eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK)
            .map_err(|error| Error::io(&directory)(error.into()))?;
        let shared = Arc::new(Shared {
            state: Mutex::new(State {
                pending: Vec::new(),
                pending_first: first,
                next_sequence: first,
                pending_appends: 0,
                in_flight_bytes: 0,
                committed_through: first - 1,
                settled_through: first - 1,
                failed: Vec::new(),
                idle: false,
                rotate: false,
                closing: false,
            }),
            work: Condvar::new(),
            settled: Condvar::new(),
            signal,
            commits: AtomicU64::new(0),
            syncs: AtomicU64::new(0),
        });
        let committed_file = committed::open(&directory).map_err(Error::io(&directory))?;
        let segment_bytes_max = options.segment_bytes_max.min(options.budget_bytes_max / SEGMENTS_IN_BUDGET);
        let committer = Committer::new(
            Arc::clone(&shared),
            disk,
            directory.clone(),
            committed_file,
            segment_bytes_max.max(SEGMENT_BYTES_MIN),
            recovered.committed,
        );
        let thread = std::thread::Builder::new()
            .name(format!("journal {lane}"))
            .spawn(move || committer.run())
            .map_err(Error::io(&directory))?;
        Ok(Self {
            slot: Arc::clone(slot),
            lane: lane.to_owned(),
            budget: Budget::new(slot.root(), lane, options.budget_bytes_max, options.minimum_free_bytes),
            directory,
            pending_bytes_max: options.pending_bytes_max,
            shared,
            committer: Mutex::new(Some(thread)),
        })
    }

    /// Appends records, each a little-endian u32 length and its bytes, all or none of them. Returns the sequence
    /// of the last; it is durable once [`Writer::progress`] has passed it. No records: 0, which has passed.
    pub fn append(&self, records: &[u8]) -> Result<u64, AppendError> {
        let framed_bytes = framed_bytes(records)?;
        if framed_bytes > self.pending_bytes_max {
            return Err(AppendError::TooLarge);
        }
        if framed_bytes == 0 {
            return Ok(0);
        }
        let waiting_bytes = {
            let state = self.shared.lock();
            self.check_room(&state, framed_bytes)?;
            state.pending.len() + state.in_flight_bytes
        };
        if let Err(limit) = self.budget.take(framed_bytes as u64, waiting_bytes as u64) {
            if limit == Limit::Lane {
                self.shared.lock().rotate = true;
                self.shared.work.notify_one();
            }
            return Err(AppendError::Full(limit));
        }
        let mut state = self.shared.lock();
        self.check_room(&state, framed_bytes)?;
        state.pending.reserve(framed_bytes);
        let mut rest = records;
        while !rest.is_empty() {
            let end = 4 + u32_at(rest, 0) as usize;
            let sequence = state.next_sequence;
            push_record(&mut state.pending, sequence, &rest[4..end]);
            state.next_sequence += 1;
            rest = &rest[end..];
        }
        state.pending_appends += 1;
        let last = state.next_sequence - 1;
        // A committer at work looks for more by itself; waking is a system call that most appends can do without.
        let wake = std::mem::take(&mut state.idle);
        drop(state);
        if wake {
            self.shared.work.notify_one();
        }
        Ok(last)
    }

    fn check_room(&self, state: &State, framed_bytes: usize) -> Result<(), AppendError> {
        if state.closing {
            return Err(AppendError::Closed);
        }
        if state.pending.len() + framed_bytes > self.pending_bytes_max {
            return Err(AppendError::Full(Limit::Pending));
        }
        Ok(())
    }

    /// Becomes readable when there is progress; [`Writer::progress`] makes it quiet again.
    pub fn signal(&self) -> BorrowedFd<'_> {
        self.shared.signal.as_fd()
    }

    /// How far the committer got. Check `failed` before `committed_through`.
    pub fn progress(&self) -> Progress {
        // Quiet first: progress made between the two calls then signals again. Reading a quiet one fails, rightly.
        let _ = rustix::io::read(&self.shared.signal, &mut [0_u8; 8]);
        let mut state = self.shared.lock();
        Progress { committed_through: state.committed_through, failed: std::mem::take(&mut state.failed) }
    }

    /// Waits until everything appended so far is settled, committed or failed. Whether that was in time.
    pub fn flush(&self, timeout: Duration) -> bool {
        let deadline = Instant::now() + timeout;
        let mut state = self.shared.lock();
        let through = state.next_sequence - 1;
        while state.settled_through < through {
            let Some(left) = deadline.checked_duration_since(Instant::now()) else { return false };
            let waited = self.shared.settled.wait_timeout(state, left);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        true
    }

    /// Refuses further appends, waits until everything appended is settled, and gives the lane back.
    pub fn close(&self) {
        self.shared.lock().closing = true;
        self.shared.work.notify_one();
        let mut committer = self.committer.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(thread) = committer.take() {
            let _ = thread.join();
            self.slot.close_lane(&self.lane);
        }
    }

    /// The lane's name.
    pub fn lane(&self) -> &str {
        &self.lane
    }

    /// The stream's directory.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// How many bytes this stream's segments take on disk.
    pub fn bytes(&self) -> u64 {
        stream::bytes(&self.directory)
    }

    /// Counts since the writer was opened.
    pub fn statistics(&self) -> Statistics {
        let state = self.shared.lock();
        Statistics {
            last_sequence: state.next_sequence - 1,
            pending_bytes: (state.pending.len() + state.in_flight_bytes) as u64,
            commits: self.shared.commits.load(Ordering::Relaxed),
            syncs: self.shared.syncs.load(Ordering::Relaxed),
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.close();
    }
}

/// Checks the lengths and sums up what the records will take. After this the lengths can be trusted.
fn framed_bytes(records: &[u8]) -> Result<usize, AppendError> {
    let mut rest = records;
    let mut framed_bytes = 0_usize;
    while !rest.is_empty() {
        let length = rest.get(..4).map(|prefix| u32_at(prefix, 0) as usize).ok_or(AppendError::Malformed)?;
        if length > RECORD_BYTES_MAX {
            return Err(AppendError::TooLarge);
        }
        rest = rest.get(4 + length..).ok_or(AppendError::Malformed)?;
        framed_bytes += RECORD_HEADER_BYTES + length;
    }
    Ok(framed_bytes)
}

/// 40 random bits, from the keys that the standard library draws for its hash maps.
fn random_start() -> u64 {
    use std::hash::{BuildHasher, RandomState};
    1 + (RandomState::new().hash_one(0_u8) >> 24)
}
