//! What an event tells the state, and what the state answers.

use std::borrow::Cow;

/// A property key and its value as JSON text.
pub type Property<'a> = (Cow<'a, str>, &'a str);

/// What an event asks for with `$process_person_profile`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ProfileMode {
    /// The property is absent, or neither `true` nor `false`.
    #[default]
    Default,
    /// Exactly `true`.
    Full,
    /// Exactly `false`.
    Personless,
    /// Capture forbade person processing (an illegal id on the v1 protocol): the event is kept under the id
    /// derived from its distinct id, whatever the state knows about that distinct id.
    Forced,
}

/// One event, as far as persons are concerned. All texts are borrowed.
#[derive(Debug, Clone, Copy)]
pub struct Occurrence<'a> {
    /// The project that the event belongs to.
    pub project_id: u32,
    /// The event's own distinct id.
    pub distinct_id: &'a str,
    /// The event's name.
    pub event: &'a str,
    /// The event's uuid, for `$creator_event_uuid` and warnings.
    pub uuid: [u8; 16],
    /// When it happened, in microseconds since 1970, UTC.
    pub timestamp_us: i64,
    /// What it asks for.
    pub mode: ProfileMode,
    /// The project never wants [`PersonMode::ForceUpgrade`].
    pub opt_out: bool,
    /// `properties.$groups` is an object with at least one member.
    pub has_groups: bool,
    /// `$set` after normalising, lifted keys included. Of a repeated key the last value counts.
    pub set: &'a [Property<'a>],
    /// `$set_once` after normalising, lifted keys included. Of a repeated key the first value counts.
    pub set_once: &'a [Property<'a>],
    /// The keys of `$unset`.
    pub unset: &'a [Cow<'a, str>],
    /// The distinct id to merge into this one: `$anon_distinct_id` of an `$identify` that has one, the truthy
    /// `alias` of a `$create_alias` or `$merge_dangerously`. Values that are no strings come as their text.
    pub merge: Option<&'a str>,
}

/// The column `person_mode` of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum PersonMode {
    /// The event belongs to a person and carries the person's properties.
    Full = 0,
    /// The event has no person: `$set`, `$set_once`, `$unset` and groups are to be removed from it.
    Propertyless = 1,
    /// As propertyless, but a person has the distinct id; the event has that person's id.
    ForceUpgrade = 2,
}

/// What became of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome<'a> {
    /// The event is not to be stored; the warning says why.
    Dropped(&'a Warning),
    /// The event is to be stored.
    Kept(Kept<'a>),
}

/// The person columns of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept<'a> {
    /// The person, or the id that a person with this distinct id would get.
    pub person_id: [u8; 16],
    /// When the person was created, in microseconds since 1970, UTC; [`crate::NO_PERSON_CREATED_AT_US`] without.
    pub person_created_at_us: i64,
    /// How much of a person the event has.
    pub mode: PersonMode,
    /// A JSON object: the person's properties overlaid by this event's `$set`, or `{}` without a person.
    pub person_properties: &'a str,
    /// What the project should be told.
    pub warnings: &'a [Warning],
}

/// An ingestion warning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// The type that PostHog gives it.
    pub name: &'static str,
    /// A JSON object.
    pub details: String,
}
