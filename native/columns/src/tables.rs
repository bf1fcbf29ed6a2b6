//! The tables that ingest fills, column by column. `events` has more: see [`crate::Events`].

use crate::column::{Bool, Int8, Int16, Int64, Microseconds, Seconds, Text, UInt8, UInt64, Uuid};

table! {
    /// The columns of `events` that every row fills.
    EventFacts, EventFactRows, "events" {
        /// The event's own id.
        uuid "uuid" Uuid,
        /// Its name.
        event "event" Text,
        /// The JSON object to store.
        properties "properties" Text,
        /// When it happened, in microseconds since 1970.
        timestamp_us "timestamp" Microseconds,
        /// The project.
        team_id "team_id" Int64,
        /// Who did it.
        distinct_id "distinct_id" Text,
        /// The clicked element and its parents.
        elements_chain "elements_chain" Text,
        /// When the server received it, in microseconds since 1970.
        created_at_us "created_at" Microseconds,
        /// The person at that time.
        person_id "person_id" Uuid,
        /// When the person was created, in microseconds since 1970.
        person_created_at_us "person_created_at" Microseconds,
        /// The person's properties at that time.
        person_properties "person_properties" Text,
        /// `full` 0, `propertyless` 1, `force_upgrade` 2.
        person_mode "person_mode" Int8,
        /// Whether the batch was marked historical.
        historical_migration "historical_migration" Bool,
        /// When the server received it, in seconds since 1970; the later of two equal events wins.
        received_s "_timestamp" Seconds,
        /// The place of the record in its block.
        offset "_offset" UInt64,
        /// When it was ingested, in microseconds since 1970.
        inserted_at_us "inserted_at" Microseconds,
    }
}

table! {
    /// A version of a person.
    PersonRow, PersonRows, "person" {
        /// The person's id.
        id "id" Uuid,
        /// When the person was created, in microseconds since 1970.
        created_at_us "created_at" Microseconds,
        /// The project.
        team_id "team_id" Int64,
        /// A JSON object.
        properties "properties" Text,
        /// Whether the person was identified.
        is_identified "is_identified" Int8,
        /// Whether this version is a tombstone.
        is_deleted "is_deleted" Int8,
        /// The highest version counts.
        version "version" UInt64,
        /// In seconds since 1970.
        received_s "_timestamp" Seconds,
        /// The place of the row in its block.
        offset "_offset" UInt64,
    }
}

table! {
    /// Whose a distinct id is.
    DistinctIdRow, DistinctIdRows, "person_distinct_id2" {
        /// The project.
        team_id "team_id" Int64,
        /// The id.
        distinct_id "distinct_id" Text,
        /// The person that has it.
        person_id "person_id" Uuid,
        /// Whether this version is a tombstone.
        is_deleted "is_deleted" Int8,
        /// The highest version counts.
        version "version" Int64,
        /// In seconds since 1970.
        received_s "_timestamp" Seconds,
        /// The place of the row in its block.
        offset "_offset" UInt64,
        /// Always 0: the journal is one queue.
        partition "_partition" UInt64,
    }
}

table! {
    /// A distinct id whose older events carry another person.
    OverrideRow, OverrideRows, "person_distinct_id_overrides" {
        /// The project.
        team_id "team_id" Int64,
        /// The id.
        distinct_id "distinct_id" Text,
        /// The person that has it.
        person_id "person_id" Uuid,
        /// Whether this version is a tombstone.
        is_deleted "is_deleted" Int8,
        /// The highest version counts.
        version "version" Int64,
        /// In seconds since 1970.
        received_s "_timestamp" Seconds,
        /// The place of the row in its block.
        offset "_offset" UInt64,
        /// Always 0: the journal is one queue.
        partition "_partition" UInt64,
    }
}

table! {
    /// A version of a group.
    GroupRow, GroupRows, "groups" {
        /// 0 to 4.
        group_type_index "group_type_index" UInt8,
        /// The group's key within its type.
        group_key "group_key" Text,
        /// When it was first seen, in microseconds since 1970.
        created_at_us "created_at" Microseconds,
        /// The project.
        team_id "team_id" Int64,
        /// A JSON object.
        group_properties "group_properties" Text,
        /// In seconds since 1970; the latest version counts.
        received_s "_timestamp" Seconds,
        /// The place of the row in its block.
        offset "_offset" UInt64,
    }
}

table! {
    /// A point on a page where something was clicked, moved or scrolled.
    HeatmapRow, HeatmapRows, "heatmaps" {
        /// The session.
        session_id "session_id" Text,
        /// The project.
        team_id "team_id" Int64,
        /// Who did it.
        distinct_id "distinct_id" Text,
        /// When, in microseconds since 1970.
        timestamp_us "timestamp" Microseconds,
        /// In units of `scale_factor` pixels.
        x "x" Int16,
        /// In units of `scale_factor` pixels.
        y "y" Int16,
        /// Pixels to a unit.
        scale_factor "scale_factor" Int16,
        /// In units of `scale_factor` pixels.
        viewport_width "viewport_width" Int16,
        /// In units of `scale_factor` pixels.
        viewport_height "viewport_height" Int16,
        /// Whether the target stands still while the page scrolls.
        pointer_target_fixed "pointer_target_fixed" Bool,
        /// The page.
        current_url "current_url" Text,
        /// `click`, `rageclick`, `mousemove`, `scrolldepth` and the like.
        kind "type" Text,
        /// In seconds since 1970.
        received_s "_timestamp" Seconds,
        /// The place of the row in its block.
        offset "_offset" UInt64,
        /// Always 0: the journal is one queue.
        partition "_partition" UInt64,
    }
}

table! {
    /// Something about an event that its sender should know.
    WarningRow, WarningRows, "ingestion_warnings" {
        /// The project.
        team_id "team_id" Int64,
        /// Who noticed it.
        source "source" Text,
        /// Which warning.
        kind "type" Text,
        /// A JSON object.
        details "details" Text,
        /// `size`, `merge`, `event` or `replay`.
        category "category" Text,
        /// `info`, `warning` or `error`.
        severity "severity" Text,
        /// When, in microseconds since 1970.
        timestamp_us "timestamp" Microseconds,
        /// In seconds since 1970.
        received_s "_timestamp" Seconds,
        /// The place of the row in its block.
        offset "_offset" UInt64,
        /// Always 0: the journal is one queue.
        partition "_partition" UInt64,
    }
}
