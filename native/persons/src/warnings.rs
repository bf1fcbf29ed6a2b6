//! The ingestion warnings that persons raise, with the details that PostHog gives them.

use uuid::Uuid;

use crate::{Occurrence, Warning};

impl Warning {
    fn new(name: &'static str, occurrence: &Occurrence<'_>, details: &[(&str, &str)]) -> Self {
        let mut text = String::from("{");
        let event_uuid = hyphenated(occurrence.uuid);
        let common = [("distinctId", occurrence.distinct_id), ("eventUuid", &event_uuid)];
        for (key, value) in common.iter().chain(details) {
            json::push_key(&mut text, key);
            json::push_string(&mut text, value);
        }
        text.push('}');
        Self { name, details: text }
    }

    pub(crate) fn distinct_id_too_long(occurrence: &Occurrence<'_>) -> Self {
        Self::new("skipping_event_invalid_distinct_id", occurrence, &[("event", occurrence.event)])
    }

    pub(crate) fn needs_person(occurrence: &Occurrence<'_>) -> Self {
        let details = [("event", occurrence.event)];
        Self::new("invalid_event_when_process_person_profile_is_false", occurrence, &details)
    }

    pub(crate) fn illegal_distinct_id(occurrence: &Occurrence<'_>, illegal: &str, other: &str) -> Self {
        let details = [("illegalDistinctId", illegal), ("otherDistinctId", other)];
        Self::new("cannot_merge_with_illegal_distinct_id", occurrence, &details)
    }

    pub(crate) fn already_identified(
        occurrence: &Occurrence<'_>,
        other: &str,
        person_id: [u8; 16],
        other_person_id: [u8; 16],
    ) -> Self {
        let details = [
            ("sourcePersonDistinctId", other),
            ("targetPersonDistinctId", occurrence.distinct_id),
            ("personId", &hyphenated(person_id)),
            ("otherPersonId", &hyphenated(other_person_id)),
        ];
        Self::new("cannot_merge_already_identified", occurrence, &details)
    }

    pub(crate) fn too_many_to_move(occurrence: &Occurrence<'_>, other: &str) -> Self {
        let details = [("sourcePersonDistinctId", other), ("targetPersonDistinctId", occurrence.distinct_id)];
        Self::new("merge_move_limit_exceeded", occurrence, &details)
    }

    pub(crate) fn properties_too_large(occurrence: &Occurrence<'_>, person_id: [u8; 16]) -> Self {
        let details = [
            ("personId", &*hyphenated(person_id)),
            ("message", "Person properties exceeds size limit and was rejected"),
        ];
        Self::new("person_properties_size_violation", occurrence, &details)
    }
}

fn hyphenated(uuid: [u8; 16]) -> String {
    Uuid::from_bytes(uuid).hyphenated().to_string()
}
