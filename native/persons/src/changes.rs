//! The rows that differ from the catalog's since they were last taken.

use std::sync::Arc;

/// Everything that changed between two calls of [`crate::Persons::take_changes`], in the order in which it
/// first changed. Rows are final: what was changed twice stands here once.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Changes {
    /// Persons created, updated, or deleted by a merge.
    pub persons: Vec<PersonRow>,
    /// Distinct ids that got a person or another one. Those with a version above zero are overrides.
    pub distinct_ids: Vec<DistinctIdRow>,
    /// Distinct ids that were used without a person for the first time.
    pub personless: Vec<PersonlessRow>,
    /// Merges in the order in which they happened; what hangs on the first person (cohorts, flag overrides)
    /// moves to the second.
    pub merges: Vec<MergedRow>,
}

impl Changes {
    /// Whether nothing changed.
    pub fn is_empty(&self) -> bool {
        self.persons.is_empty() && self.distinct_ids.is_empty() && self.personless.is_empty()
    }
}

/// A person as the catalog and the store hold it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonRow {
    /// The project.
    pub project_id: u32,
    /// The person's id.
    pub id: [u8; 16],
    /// Microseconds since 1970, UTC.
    pub created_at_us: i64,
    /// A JSON object.
    pub properties: Arc<str>,
    /// Whether a merge or an identify has named the person.
    pub is_identified: bool,
    /// Grows with every change. A deleted person's is 100 above its last.
    pub version: i64,
    /// The person was merged into another: the catalog deletes the row, the store keeps it as a tombstone.
    pub is_deleted: bool,
}

/// Whose a distinct id is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DistinctIdRow {
    /// The project.
    pub project_id: u32,
    /// The distinct id.
    pub distinct_id: Arc<str>,
    /// Its person.
    pub person_id: [u8; 16],
    /// Above zero if events may be stored under another person id.
    pub version: i64,
    /// Always false here: a merge moves distinct ids. Deleting a person by hand sets it.
    pub is_deleted: bool,
}

/// A distinct id that was used without a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonlessRow {
    /// The project.
    pub project_id: u32,
    /// The distinct id.
    pub distinct_id: Arc<str>,
}

/// One person became part of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MergedRow {
    /// The project.
    pub project_id: u32,
    /// The person that no longer exists.
    pub from_person_id: [u8; 16],
    /// The person that has its distinct ids now.
    pub into_person_id: [u8; 16],
}
