//! What one pass yields: tables for the store, changes for the catalog, and what was left out and why.

use columns::Table;

/// A record that could not be ingested, whatever is done; the rest of its batch was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Poison {
    /// Its index in the batch.
    pub record: usize,
    /// Why.
    pub reason: String,
}

/// Why an event was dropped on purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DropReason {
    /// No project has this id any more.
    UnknownProject,
    /// Older than the project wants.
    TooOld,
    /// The same event stands earlier in the block.
    Duplicate,
    /// Cookieless, and something it needs is missing or out of range, or the project does not want it.
    Cookieless,
    /// Persons refused it.
    PersonProfile,
}

impl DropReason {
    /// As counters name it.
    pub fn name(self) -> &'static str {
        match self {
            Self::UnknownProject => "unknown_project",
            Self::TooOld => "event_dropped_too_old",
            Self::Duplicate => "duplicate",
            Self::Cookieless => "cookieless",
            Self::PersonProfile => "invalid_event_when_process_person_profile_is_false",
        }
    }
}

/// How many events of a project were dropped for a reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drop {
    /// The project.
    pub project_id: u32,
    /// Why.
    pub reason: DropReason,
    /// How many.
    pub count: u64,
}

/// How many rows of a quota's scope a project stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Usage {
    /// The project.
    pub project_id: u32,
    /// `events`, `exceptions`, `surveys` or `llm_events`.
    pub scope: &'static str,
    /// How many.
    pub count: u64,
}

/// A group type got its index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupTypeRow {
    /// The project.
    pub project_id: u32,
    /// The type's name.
    pub name: String,
    /// 0 to 4.
    pub index: u8,
}

/// A group as the catalog holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupRow {
    /// The project.
    pub project_id: u32,
    /// 0 to 4.
    pub group_type_index: u8,
    /// Its key within the type.
    pub key: String,
    /// Microseconds since 1970, UTC.
    pub created_at_us: i64,
    /// A JSON object.
    pub properties: String,
}

/// An event's name was seen, for the first time or in another hour.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventDefinition {
    /// The project.
    pub project_id: u32,
    /// The name.
    pub event: String,
    /// Start of the hour, in microseconds since 1970.
    pub last_seen_at_us: i64,
}

/// A property was seen for the first time, or its type became known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PropertyDefinition {
    /// The project.
    pub project_id: u32,
    /// The name.
    pub name: String,
    /// 1 of events, 2 of persons, 3 of groups.
    pub kind: u8,
    /// For groups, their type's index.
    pub group_type_index: Option<u8>,
    /// `String`, `Numeric`, `Boolean` or `DateTime`.
    pub property_type: Option<&'static str>,
}

/// A property was seen on an event for the first time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventProperty {
    /// The project.
    pub project_id: u32,
    /// The event's name.
    pub event: String,
    /// The property's name.
    pub property: String,
}

/// Rows for the catalog. Definitions may repeat what the catalog has; the rest is news.
#[derive(Debug, Clone, Default)]
pub struct Changes {
    /// Persons and their distinct ids.
    pub persons: persons::Changes,
    /// Group types.
    pub group_types: Vec<GroupTypeRow>,
    /// Groups.
    pub groups: Vec<GroupRow>,
    /// Events by name.
    pub event_definitions: Vec<EventDefinition>,
    /// Properties by name.
    pub property_definitions: Vec<PropertyDefinition>,
    /// Which event has which property.
    pub event_properties: Vec<EventProperty>,
    /// What is remembered of cookieless visitors.
    pub sessions: Vec<(crate::SessionKey, crate::Session)>,
    /// What counts against quotas.
    pub usage: Vec<Usage>,
}

/// What one pass over a batch yields.
#[derive(Debug, Clone, Default)]
pub struct Block {
    /// One Arrow IPC stream a table, tables without rows left out.
    pub tables: Vec<Table>,
    /// Rows for the catalog.
    pub changes: Changes,
    /// Exceptions, whose rows are made by a second pass: records for its lane, in pieces.
    pub exceptions: Vec<Vec<u8>>,
    /// Records that could not be ingested.
    pub poison: Vec<Poison>,
    /// Events dropped on purpose.
    pub drops: Vec<Drop>,
    /// The latest time of receipt among the records; 0 without any.
    pub newest_received_at_us: i64,
    /// Records in the batch.
    pub records: usize,
}
