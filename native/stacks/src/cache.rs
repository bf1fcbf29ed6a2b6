//! What keeps opened symbols at hand: the ones used last, up to so many bytes.
//!
//! Shared by threads. What several ask for at once is opened once: the others wait for it, and for nothing else.

use std::collections::BTreeMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use rustc_hash::FxHashMap;

/// The least that a value counts, so that small ones do not pile up.
const ENTRY_BYTES_MIN: usize = 256;

/// Values by key, the least recently used going first.
#[derive(Debug)]
pub struct Cache<K, V> {
    bytes_max: usize,
    state: Mutex<State<K, V>>,
}

#[derive(Debug)]
struct State<K, V> {
    entries: FxHashMap<K, Entry<V>>,
    /// Keys by the moment of their last use, a count.
    order: BTreeMap<u64, K>,
    moment: u64,
    bytes: usize,
    hits: u64,
    misses: u64,
}

#[derive(Debug)]
struct Entry<V> {
    value: Arc<OnceLock<V>>,
    moment: u64,
    bytes: usize,
}

/// How a cache has done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Use {
    /// Values in it.
    pub entries: usize,
    /// Their bytes.
    pub bytes: usize,
    /// Times that a value was there.
    pub hits: u64,
    /// Times that it had to be opened.
    pub misses: u64,
}

impl<K: Clone + Eq + Hash, V: Clone> Cache<K, V> {
    /// An empty cache for so many bytes.
    pub fn new(bytes_max: usize) -> Self {
        let state = State {
            entries: FxHashMap::default(),
            order: BTreeMap::new(),
            moment: 0,
            bytes: 0,
            hits: 0,
            misses: 0,
        };
        Self { bytes_max, state: Mutex::new(state) }
    }

    /// The value of a key, opened if it is not there, and how many bytes it takes. A value that is larger than the
    /// whole cache is given and not kept.
    pub fn get_or_open(&self, key: &K, open: impl FnOnce() -> (V, usize)) -> V {
        let cell = self.cell(key);
        let mut size = None;
        let value = cell.get_or_init(|| {
            let (value, bytes) = open();
            size = Some(bytes.max(ENTRY_BYTES_MIN));
            value
        });
        if let Some(bytes) = size {
            self.opened(key, &cell, bytes);
        }
        value.clone()
    }

    /// Forgets a key, so that it is opened anew.
    pub fn remove(&self, key: &K) {
        let mut state = self.lock();
        state.remove(key);
    }

    /// How it has done so far.
    pub fn usage(&self) -> Use {
        let state = self.lock();
        Use { entries: state.entries.len(), bytes: state.bytes, hits: state.hits, misses: state.misses }
    }

    fn cell(&self, key: &K) -> Arc<OnceLock<V>> {
        let mut state = self.lock();
        state.moment += 1;
        let moment = state.moment;
        if let Some(entry) = state.entries.get_mut(key) {
            let before = std::mem::replace(&mut entry.moment, moment);
            let cell = Arc::clone(&entry.value);
            state.order.remove(&before);
            state.order.insert(moment, key.clone());
            state.hits += 1;
            return cell;
        }
        let cell = Arc::new(OnceLock::new());
        state.entries.insert(key.clone(), Entry { value: Arc::clone(&cell), moment, bytes: 0 });
        state.order.insert(moment, key.clone());
        state.misses += 1;
        cell
    }

    /// Counts what was opened, and lets go of others for it.
    fn opened(&self, key: &K, cell: &Arc<OnceLock<V>>, bytes: usize) {
        let mut state = self.lock();
        match state.entries.get_mut(key) {
            Some(entry) if Arc::ptr_eq(&entry.value, cell) => entry.bytes = bytes,
            // It was removed while it was opened.
            _ => return,
        }
        state.bytes += bytes;
        while state.bytes > self.bytes_max {
            let Some(oldest) = state.order.values().next().cloned() else { break };
            state.remove(&oldest);
        }
    }

    fn lock(&self) -> MutexGuard<'_, State<K, V>> {
        // Nothing that runs under the lock panics.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: Eq + Hash, V> State<K, V> {
    fn remove(&mut self, key: &K) {
        if let Some(entry) = self.entries.remove(key) {
            self.order.remove(&entry.moment);
            self.bytes -= entry.bytes;
        }
    }
}
