//! What kind of trouble an ingestion warning tells of.

/// Category and severity of a type of warning.
pub fn category_and_severity(kind: &str) -> (&'static str, &'static str) {
    match kind {
        "message_size_too_large"
        | "person_properties_size_violation"
        | "person_upsert_message_size_too_large"
        | "group_upsert_message_size_too_large"
        | "group_key_too_long" => ("size", "error"),
        "cannot_merge_already_identified" | "cannot_merge_with_illegal_distinct_id" => ("merge", "warning"),
        "merge_race_condition" | "merge_move_limit_exceeded" => ("merge", "error"),
        "client_ingestion_warning" | "event_dropped_too_old" => ("event", "info"),
        "replay_lib_version_too_old"
        | "message_contained_no_valid_rrweb_events"
        | "message_timestamp_diff_too_large" => ("replay", "warning"),
        "schema_validation_failed"
        | "skipping_event_invalid_distinct_id"
        | "invalid_event_when_process_person_profile_is_false" => ("event", "error"),
        _ if kind.starts_with("cookieless_") => ("event", "error"),
        _ => ("event", "warning"),
    }
}
