//! How much disk a lane may use, over all slots, and how much the file system must keep free.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::error::Limit;
use crate::stream;

/// Measuring lists directories. Between measurements a writer counts what it appended itself, so the lane can
/// pass its budget by what the *other* writers append in this time, and by no more.
const MEASURE_INTERVAL: Duration = Duration::from_millis(200);

/// One writer's view of its lane's budget.
#[derive(Debug)]
pub(crate) struct Budget {
    root: PathBuf,
    lane: String,
    lane_bytes_max: u64,
    free_bytes_min: u64,
    measured: Mutex<Option<Measured>>,
}

#[derive(Debug, Clone, Copy)]
struct Measured {
    at: Instant,
    lane_bytes: u64,
    free_bytes: u64,
}

impl Budget {
    pub fn new(root: &Path, lane: &str, lane_bytes_max: u64, free_bytes_min: u64) -> Self {
        let (root, lane) = (root.to_owned(), lane.to_owned());
        Self { root, lane, lane_bytes_max, free_bytes_min, measured: Mutex::default() }
    }

    /// Sets `bytes` aside, or names the limit they would break. `waiting` bytes are not on disk yet.
    pub fn take(&self, bytes: u64, waiting: u64) -> Result<(), Limit> {
        let mut slot = self.measured.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = slot.filter(|measured| measured.at.elapsed() < MEASURE_INTERVAL);
        let mut measured = fresh.unwrap_or_else(|| self.measure(waiting));
        let verdict = if measured.lane_bytes.saturating_add(bytes) > self.lane_bytes_max {
            Err(Limit::Lane)
        } else if measured.free_bytes < self.free_bytes_min.saturating_add(bytes) {
            Err(Limit::FreeBytes)
        } else {
            measured.lane_bytes += bytes;
            measured.free_bytes -= bytes;
            Ok(())
        };
        *slot = Some(measured);
        verdict
    }

    /// A directory that cannot be listed counts as empty: the append that follows reports what is wrong.
    fn measure(&self, waiting: u64) -> Measured {
        let slots = crate::slot::slots(&self.root).unwrap_or_default();
        let lane_bytes: u64 = slots
            .into_iter()
            .map(|slot| stream::bytes(&crate::slot::directory(&self.root, slot).join(&self.lane)))
            .sum();
        let free_bytes = rustix::fs::statvfs(&self.root)
            .map_or(u64::MAX, |status| status.f_bavail.saturating_mul(status.f_frsize));
        Measured {
            at: Instant::now(),
            lane_bytes: lane_bytes.saturating_add(waiting),
            free_bytes: free_bytes.saturating_sub(waiting),
        }
    }
}
