//! Instants of dates: texts, numbers and spans back from now, in a project's time zone.

use jiff::tz::TimeZone;

/// A project's time zone.
#[derive(Debug, Clone)]
pub struct Zone(TimeZone);

impl Zone {
    /// The zone of a name of the time zone database, such as `Europe/Berlin`.
    pub fn named(name: &str) -> Option<Self> {
        TimeZone::get(name).ok().map(Self)
    }

    /// Coordinated universal time.
    pub fn utc() -> Self {
        Self(TimeZone::UTC)
    }

    pub(crate) fn tz(&self) -> &TimeZone {
        &self.0
    }
}
