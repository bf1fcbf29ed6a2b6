//! What ingest must know of a project.

/// How a project treats events of visitors who refused cookies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CookielessMode {
    /// They are dropped.
    #[default]
    Disabled,
    /// A visitor is one distinct id and one session a day.
    Stateless,
    /// Visitors may be identified, and their sessions end when they rest.
    Stateful,
}

/// The settings of one project.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ProjectSettings {
    /// The project.
    pub id: u32,
    /// `$ip` is removed once the place is known.
    pub anonymize_ips: bool,
    /// Heatmap rows are kept.
    pub heatmaps_opt_in: bool,
    /// Events of visitors who refused cookies.
    pub cookieless_mode: CookielessMode,
    /// The project's IANA time zone; empty for UTC.
    pub timezone: String,
    /// Personless events never upgrade.
    pub person_processing_opt_out: bool,
    /// Events older than this when received are dropped.
    pub drop_events_older_than_s: Option<i64>,
}
