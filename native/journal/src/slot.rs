//! Slots: one directory for one writing process, held by a lock that dies with the process.

use std::collections::BTreeSet;
use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::error::Error;

/// How many processes may write one journal.
pub const SLOTS_MAX: u32 = 256;
const LOCK_FILE_NAME: &str = "lock";
/// Readers hold a free slot's lock for as long as recovery takes; a claim waits that long, not forever.
const READER_WAITS_MAX: u32 = 2_000;
const READER_WAIT: Duration = Duration::from_millis(5);

/// A slot this process owns until the value and every writer on it are gone.
#[derive(Debug)]
pub struct Slot {
    number: u32,
    root: PathBuf,
    open_lanes: Mutex<BTreeSet<String>>,
    _lock: File,
}

impl Slot {
    /// The slot's number, which is its directory's name.
    pub fn number(&self) -> u32 {
        self.number
    }

    /// The journal's root.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The slot's directory.
    pub fn directory(&self) -> PathBuf {
        directory(&self.root, self.number)
    }

    pub(crate) fn open_lane(&self, lane: &str) -> Result<(), Error> {
        let valid = (1..=32).contains(&lane.len())
            && lane.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
        if !valid {
            return Err(Error::LaneName(lane.to_owned()));
        }
        let mut lanes = self.open_lanes.lock().unwrap_or_else(PoisonError::into_inner);
        if lanes.insert(lane.to_owned()) { Ok(()) } else { Err(Error::LaneOpen(lane.to_owned())) }
    }

    pub(crate) fn close_lane(&self, lane: &str) {
        self.open_lanes.lock().unwrap_or_else(PoisonError::into_inner).remove(lane);
    }
}

/// Claims the first slot that no process holds, and creates its directory where needed.
pub fn claim_slot(root: &Path) -> Result<Arc<Slot>, Error> {
    for number in 0..SLOTS_MAX {
        let directory = directory(root, number);
        std::fs::create_dir_all(&directory).map_err(Error::io(&directory))?;
        let path = directory.join(LOCK_FILE_NAME);
        let lock = open_lock(&path).map_err(Error::io(&path))?;
        if !claim(&lock).map_err(Error::io(&path))? {
            continue;
        }
        // The slot's entry must outlive a power cut, or its segments would not.
        for synced in [&directory, root] {
            sync_directory(synced).map_err(Error::io(synced))?;
        }
        return Ok(Arc::new(Slot {
            number,
            root: root.to_owned(),
            open_lanes: Mutex::default(),
            _lock: lock,
        }));
    }
    Err(Error::NoFreeSlot)
}

/// Takes the lock for writing. While only readers hold it (see [`while_unowned`]), waits for them.
fn claim(lock: &File) -> std::io::Result<bool> {
    for _ in 0..READER_WAITS_MAX {
        match lock.try_lock() {
            Ok(()) => return Ok(true),
            Err(TryLockError::WouldBlock) => {}
            Err(TryLockError::Error(error)) => return Err(error),
        }
        match lock.try_lock_shared() {
            Ok(()) => lock.unlock()?,
            Err(TryLockError::WouldBlock) => return Ok(false),
            Err(TryLockError::Error(error)) => return Err(error),
        }
        std::thread::sleep(READER_WAIT);
    }
    Ok(false)
}

/// Runs `work` if no process writes the slot, and keeps writers out meanwhile.
pub(crate) fn while_unowned(
    slot_directory: &Path,
    work: impl FnOnce() -> Result<(), Error>,
) -> Result<(), Error> {
    let path = slot_directory.join(LOCK_FILE_NAME);
    let lock = open_lock(&path).map_err(Error::io(&path))?;
    match lock.try_lock_shared() {
        Ok(()) => work(),
        Err(TryLockError::WouldBlock) => Ok(()),
        Err(TryLockError::Error(error)) => Err(Error::io(&path)(error)),
    }
}

/// The numbers of the slots below a root, rising. A root that does not exist yet has none.
pub(crate) fn slots(root: &Path) -> Result<Vec<u32>, Error> {
    let entries = match std::fs::read_dir(root) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(Error::io(root)(error)),
    };
    let mut numbers = BTreeSet::new();
    for entry in entries {
        let name = entry.map_err(Error::io(root))?.file_name();
        let number = name.to_str().and_then(|name| name.parse::<u32>().ok());
        numbers.extend(number.filter(|number| *number < SLOTS_MAX));
    }
    Ok(numbers.into_iter().collect())
}

pub(crate) fn directory(root: &Path, number: u32) -> PathBuf {
    root.join(number.to_string())
}

/// Makes the entries of a directory durable.
pub(crate) fn sync_directory(path: &Path) -> std::io::Result<()> {
    File::open(path)?.sync_all()
}

fn open_lock(path: &Path) -> std::io::Result<File> {
    OpenOptions::new().create(true).write(true).truncate(false).open(path)
}
