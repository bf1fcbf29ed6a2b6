//! Event names that persons treat apart, and the keys too restless to rewrite a person for.

/// What an event's name means for persons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EventKind {
    /// `$identify` and `$create_alias`.
    Identify,
    /// `$merge_dangerously`.
    MergeDangerously,
    /// `$set`.
    Set,
    /// `$groupidentify`: its `$set` speaks of a group.
    GroupIdentify,
    /// `$exception` and `$$heatmap`, which travel apart from the other events and would arrive out of order.
    NoUpdates,
    /// `$feature_flag_called`.
    FeatureFlagCalled,
    /// All others.
    Other,
}

impl EventKind {
    pub(crate) fn of(event: &str) -> Self {
        // Most names start with a letter or are `$pageview` and `$autocapture`: one match on the text is enough.
        match event {
            "$identify" | "$create_alias" => Self::Identify,
            "$merge_dangerously" => Self::MergeDangerously,
            "$set" => Self::Set,
            "$groupidentify" => Self::GroupIdentify,
            "$exception" | "$$heatmap" => Self::NoUpdates,
            "$feature_flag_called" => Self::FeatureFlagCalled,
            _ => Self::Other,
        }
    }

    /// Whether it makes no sense without a person.
    pub(crate) fn needs_person(self) -> bool {
        matches!(self, Self::Identify | Self::MergeDangerously | Self::GroupIdentify)
    }

    /// Whether it is about the person, so that every change is written.
    pub(crate) fn writes_all(self) -> bool {
        matches!(self, Self::Identify | Self::MergeDangerously | Self::Set)
    }
}

/// Whether a key changes so often, and matters so little, that it alone does not rewrite a person.
pub(crate) fn is_noisy(key: &str) -> bool {
    matches!(
        key,
        "$current_url"
            | "$pathname"
            | "$referring_domain"
            | "$referrer"
            | "$screen_height"
            | "$screen_width"
            | "$viewport_height"
            | "$viewport_width"
            | "$browser"
            | "$browser_version"
            | "$device_type"
            | "$raw_user_agent"
            | "$os"
            | "$os_name"
            | "$os_version"
    ) || key.strip_prefix("$geoip_").is_some_and(|place| !matches!(place, "country_name" | "city_name"))
}
