//! Persons: who an event belongs to, and what it changes about them.
//!
//! [`Persons`] is a state machine. A block of events goes through it in three steps: the distinct ids that are
//! not [loaded](Persons::is_loaded) are loaded from the catalog, the events are [applied](Persons::apply) in
//! their order, and the [changes](Persons::take_changes) are written to the catalog in the transaction that
//! also moves the checkpoint. What follows from the same rows and the same events is always the same, whatever
//! the blocks: a crash repeats a block without a trace. Afterwards [`Persons::evict`] keeps memory in its limits.
//!
//! Promises:
//! - A person's id is derived from the distinct id that created it, so events without a person already carry the
//!   id that a person would get. Distinct ids that end up with another person's id get a version above zero:
//!   an override, by which queries re-point old events.
//! - A distinct id has at most one person. A person's distinct ids are all known or the person is not
//!   [complete](LoadedPerson::complete), and then nothing moves it.
//! - No event makes it panic, and no event takes more than time in proportion to its size and its person's.
//! - An event of a known person that changes nothing allocates nothing.
//!
//! Where PostHog leaves open or to chance what happens, this does:
//! - `$unset` also applies to the properties with which a person is created, and `$creator_event_uuid` of a new
//!   person cannot be set by the event.
//! - Properties that would grow over [`Limits::properties_bytes_max`] are refused as a whole, with a warning; a
//!   person is then created with its `$creator_event_uuid` alone, and a merge keeps the properties of the person
//!   that stays. What is over the limit may shrink.
//! - A merge that would move more than [`Limits::moved_distinct_ids_max`] distinct ids is refused like one of an
//!   identified person; the event keeps its own person.
//! - Values are compared as text: `1.0` replaces `1`.

mod changes;
mod edits;
mod event_kind;
mod identity;
mod memory;
mod merge;
mod occurrence;
mod properties;
mod state;
mod warnings;

pub use changes::{Changes, DistinctIdRow, MergedRow, PersonRow, PersonlessRow};
pub use identity::{is_mergeable, person_id};
pub use occurrence::{Kept, Occurrence, Outcome, PersonMode, ProfileMode, Property, Warning};
pub use state::Persons;

/// `person_created_at` of events without a person: 1970-01-01 00:00:05, as PostHog marks them.
pub const NO_PERSON_CREATED_AT_US: i64 = 5_000_000;

/// How much a state may hold.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Distinct ids in memory after [`Persons::evict`].
    pub entries_max: usize,
    /// Bytes in memory after [`Persons::evict`], roughly.
    pub bytes_max: usize,
    /// Distinct ids that one merge may move.
    pub moved_distinct_ids_max: usize,
    /// Bytes of a person's properties as JSON.
    pub properties_bytes_max: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            entries_max: 1_000_000,
            bytes_max: 512 << 20,
            moved_distinct_ids_max: 10_000,
            properties_bytes_max: 512 << 10,
        }
    }
}

/// An event was applied before its distinct ids were loaded: the caller's mistake, not the event's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotLoaded;

impl std::fmt::Display for NotLoaded {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("a distinct id was used before it was loaded")
    }
}

impl std::error::Error for NotLoaded {}

/// A person row with its distinct ids, as the catalog holds them.
#[derive(Debug, Clone, Copy)]
pub struct LoadedPerson<'a> {
    /// The project.
    pub project_id: u32,
    /// The person's id.
    pub id: [u8; 16],
    /// Microseconds since 1970, UTC.
    pub created_at_us: i64,
    /// A JSON object.
    pub properties: &'a str,
    /// Whether a merge or an identify has named the person.
    pub is_identified: bool,
    /// The person's version.
    pub version: i64,
    /// The person's distinct ids with their versions: all of them, or those asked for where there are more than
    /// can be moved.
    pub distinct_ids: &'a [(&'a str, i64)],
    /// Whether `distinct_ids` are all of them.
    pub complete: bool,
}

#[cfg(test)]
mod tests;
