//! What is remembered of cookieless visitors: how often they were named, and their session.

use rustc_hash::FxHashMap;

/// A session ends when its visitor was not seen for so long.
const SESSION_US: i64 = 30 * 60 * 1_000_000;
/// Visitors kept in memory from one block to the next.
const VISITORS_KEPT_MAX: usize = 200_000;

/// Whom something is remembered of: a hash that only the day's salt can make.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SessionKey {
    /// The project.
    pub project_id: u32,
    /// The day, counted from 1970-01-01.
    pub day: i32,
    /// The visitor.
    pub hash: [u8; 16],
}

/// What is remembered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Session {
    /// How often the visitor was identified.
    pub identifies: u32,
    /// The session's id and the time of its latest event, in microseconds since 1970.
    pub current: Option<([u8; 16], i64)>,
}

/// The visitors in memory.
#[derive(Debug, Default)]
pub(crate) struct Sessions {
    known: FxHashMap<SessionKey, Session>,
    changed: Vec<SessionKey>,
}

impl Sessions {
    pub(crate) fn has(&self, key: &SessionKey) -> bool {
        self.known.contains_key(key)
    }

    pub(crate) fn get(&self, key: &SessionKey) -> Option<&Session> {
        self.known.get(key)
    }

    /// What memory already knows wins: it is newer.
    pub(crate) fn load(&mut self, key: SessionKey, session: Session) {
        self.known.entry(key).or_insert(session);
    }

    /// The session of an event: the visitor's own while it lasts, else a new one.
    pub(crate) fn use_at(&mut self, key: SessionKey, at_us: i64, new: impl Fn(i64) -> [u8; 16]) -> [u8; 16] {
        let session = self.known.entry(key).or_default();
        let current = match session.current {
            Some((id, latest_us)) if at_us.saturating_sub(latest_us) <= SESSION_US => {
                (id, latest_us.max(at_us))
            }
            _ => (new(at_us), at_us),
        };
        if session.current != Some(current) {
            session.current = Some(current);
            self.changed.push(key);
        }
        current.0
    }

    pub(crate) fn count_identify(&mut self, key: SessionKey, identifies_max: u32) {
        let session = self.known.entry(key).or_default();
        if session.identifies < identifies_max {
            session.identifies += 1;
            self.changed.push(key);
        }
    }

    /// What changed since the last time, each visitor once.
    pub(crate) fn take_changes(&mut self) -> Vec<(SessionKey, Session)> {
        let mut changed = std::mem::take(&mut self.changed);
        changed.sort_unstable();
        changed.dedup();
        changed.into_iter().filter_map(|key| Some((key, *self.known.get(&key)?))).collect()
    }

    pub(crate) fn forget_before(&mut self, day: i32) {
        self.known.retain(|key, _| key.day >= day);
    }

    pub(crate) fn is_over_limits(&self) -> bool {
        self.known.len() > VISITORS_KEPT_MAX
    }

    /// Forgets everything where it is too much. To be called when the catalog has all changes.
    pub(crate) fn trim(&mut self) {
        if self.is_over_limits() {
            self.known.clear();
        }
    }
}
