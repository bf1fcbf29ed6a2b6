//! placeholder
#![allow(missing_docs)]
mod changes;
mod identity;
mod occurrence;
pub use changes::{Changes, DistinctIdRow, MergedRow, PersonRow, PersonlessRow};
pub use identity::{is_mergeable, person_id};
pub use occurrence::{Kept, Occurrence, Outcome, PersonMode, ProfileMode, Property, Warning};

/// `person_created_at` of events without a person: 1970-01-01 00:00:05, as PostHog marks them.
pub const NO_PERSON_CREATED_AT_US: i64 = 5_000_000;

/// A person row with the distinct id asked for, as the catalog holds them.
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
