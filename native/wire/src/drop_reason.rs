//! The names under which refused requests and dropped events are counted.

/// Declares the enum, its stable names and the list of all from one table.
macro_rules! reasons {
    ($($(#[$doc:meta])* $variant:ident => $name:literal,)*) => {
        /// Why a request was refused or an event dropped. Each has a stable name that metrics and people see.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum DropReason {
            $($(#[$doc])* $variant,)*
        }

        impl DropReason {
            /// Every reason.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The stable name.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }
        }
    };
}

reasons! {
    // Requests refused as a whole.
    /// A query string that does not parse.
    RejectedQuery => "rejected_query",
    /// Headers missing or malformed (v1).
    RejectedHeaders => "rejected_headers",
    /// A media type or encoding that is not taken.
    RejectedUnsupported => "rejected_unsupported",
    /// Larger than a limit.
    RejectedTooBig => "rejected_too_big",
    /// Compression, base64, form or UTF-8 that does not decode.
    RejectedDecoding => "rejected_decoding",
    /// Not JSON, or JSON of no known shape.
    RejectedParsing => "rejected_parsing",
    /// No payload, or no event in it.
    RejectedEmpty => "rejected_empty",
    /// No token, several tokens, or one of impossible shape.
    RejectedToken => "rejected_token",
    /// A well-formed token of no project.
    UnknownToken => "unknown_token",
    /// An event with an empty name (v0).
    InvalidEventName => "invalid_event_name",
    /// An event without a distinct id (v0).
    InvalidDistinctId => "invalid_distinct_id",
    /// A `$cookieless_mode` that is not a boolean (v0).
    InvalidCookielessMode => "invalid_cookieless_mode",
    /// A replay item without usable snapshot data.
    InvalidSnapshotData => "invalid_snapshot_data",
    /// A replay item without a session id, or with a bad one.
    InvalidSessionId => "invalid_session_id",
    /// An event uuid missing, malformed or repeated (v1).
    InvalidEventUuid => "invalid_event_uuid",
    /// A batch whose own fields are wrong (v1).
    InvalidBatch => "invalid_batch",
    /// A multipart AI event that breaks a rule of its endpoint.
    InvalidMultipart => "invalid_multipart",
    /// An OTLP request that breaks a rule of its endpoint.
    InvalidOtlp => "invalid_otlp",
    /// A browser report of no known shape.
    InvalidReport => "invalid_report",

    // Events dropped out of an accepted request.
    /// `$performance_event`, which nobody stores any more.
    PerformanceEvent => "performance_event",
    /// Another event than `$ai_*` on the AI batch endpoint.
    MisroutedEvent => "misrouted_event",
    /// Over the quota of ordinary events.
    QuotaEvents => "quota_events",
    /// Over the quota of exceptions.
    QuotaExceptions => "quota_exceptions",
    /// Over the quota of survey answers.
    QuotaSurveys => "quota_surveys",
    /// Over the quota of AI events.
    QuotaLlmEvents => "quota_llm_events",
    /// Over the quota of recordings.
    QuotaRecordings => "quota_recordings",
    /// Over the project's global quota.
    QuotaAll => "quota_all",
    /// v1: no event name.
    MissingEventName => "missing_event_name",
    /// v1: an event name over its limit.
    EventNameTooLong => "event_name_too_long",
    /// v1: no distinct id.
    MissingDistinctId => "missing_distinct_id",
    /// v1: a distinct id over its limit.
    DistinctIdTooLarge => "distinct_id_too_large",
    /// v1: a timestamp that is not RFC 3339.
    InvalidEventTimestamp => "invalid_event_timestamp",
    /// v1: properties that are not an object.
    MalformedEventProperties => "malformed_event_properties",
    /// v1: options of the wrong type.
    InvalidOptions => "invalid_options",
    /// v1: an event over its limit.
    EventTooBig => "event_too_big",
    /// v1: an AI event over its limit.
    AiEventTooBig => "ai_event_too_big",
    /// A span or log record that is no AI event, on an AI endpoint.
    NotAnAiEvent => "not_an_ai_event",
    /// A browser report that its sample rate left out.
    SampledOut => "sampled_out",
    /// A browser report of a type that is not stored.
    IgnoredReport => "ignored_report",
}
