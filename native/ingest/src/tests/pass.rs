//! What holds of a pass as a whole.

use super::*;

#[test]
fn a_damaged_record_is_set_aside_and_the_rest_is_stored() {
    let mut encoder = Encoder::default();
    encoder.push(&draft("a", "{}"));
    encoder.push(&draft("b", "{\"x\":"));
    encoder.push(&Draft { kind: Kind::Log, ..draft("c", "{}") });
    encoder.push(&draft("d", "{}"));
    let mut batch: Vec<&[u8]> = Records::new(encoder.bytes()).collect();
    batch.push(b"nonsense");
    let block = process_bytes(&mut ingest(), &batch);
    let names: Vec<_> = rows(&block, "events").iter().map(|row| row["event"].clone()).collect();
    assert_eq!(names, ["a", "d"]);
    let mut poisoned: Vec<_> = block.poison.iter().map(|poison| poison.record).collect();
    poisoned.sort_unstable();
    assert_eq!((poisoned, block.records), (vec![1, 2, 4], 5));
}

#[test]
fn no_flipped_bit_stops_a_pass() {
    let mut encoder = Encoder::default();
    encoder.push(&draft("$identify", r#"{"$anon_distinct_id":"x","$set":{"a":[1]},"$groups":{"a":"b"}}"#));
    let good = encoder.bytes()[4..].to_vec();
    let other = {
        let mut encoder = Encoder::default();
        encoder.push(&draft("other", "{}"));
        encoder.bytes()[4..].to_vec()
    };
    for at in 0..good.len() {
        let mut bad = good.clone();
        bad[at] ^= 0x41;
        let block = process_bytes(&mut ingest(), &[&bad, &other]);
        assert!(rows(&block, "events").iter().any(|row| row["event"] == "other"), "byte {at}");
    }
}

#[test]
fn events_of_unknown_projects_are_counted_and_dropped() {
    let block = process(&mut ingest(), &[Draft { project_id: 9, ..draft("e", "{}") }]);
    assert_eq!((block.drops[0].project_id, block.drops[0].reason.name()), (9, "unknown_project"));
    assert!(block.tables.is_empty());
}

#[test]
fn the_same_records_and_state_give_the_same_bytes() {
    let sent = r#"{"$set":{"a":1,"b":2},"$groups":{"x":"1","y":"2"},"$current_url":"u"}"#;
    let drafts =
        [draft("a", sent), Draft { distinct_id: "e", ..draft("b", sent) }, draft("$groupidentify", sent)];
    let first = process(&mut ingest(), &drafts);
    let second = process(&mut ingest(), &drafts);
    for (one, other) in first.tables.iter().zip(&second.tables) {
        assert_eq!((one.name, one.bytes()), (other.name, other.bytes()));
    }
    assert_eq!(first.tables.len(), second.tables.len());
    assert_eq!(first.changes.persons, second.changes.persons);
}

#[test]
fn records_are_taken_in_the_order_of_receipt() {
    let late = Draft { received_at_us: NOW_US + 2, ..draft("late", "{}") };
    let block = process(&mut ingest(), &[late, draft("early", "{}")]);
    let names: Vec<_> = rows(&block, "events").iter().map(|row| row["event"].clone()).collect();
    assert_eq!((names, block.newest_received_at_us), (vec!["early".into(), "late".into()], NOW_US + 2));
}

#[test]
fn definitions_are_announced_once() {
    let mut ingest = ingest();
    let sent = draft("e", r#"{"plan":"pro","n":1,"$feature/a":true,"o":{}}"#);
    let first = process(&mut ingest, std::slice::from_ref(&sent)).changes;
    assert_eq!(first.event_definitions.len(), 1);
    let mut types: Vec<_> =
        first.property_definitions.iter().map(|found| (found.name.as_str(), found.property_type)).collect();
    types.sort_unstable();
    let expected =
        [("$feature/a", Some("String")), ("n", Some("Numeric")), ("o", None), ("plan", Some("String"))];
    assert_eq!(types, expected);
    assert_eq!(first.event_properties.len(), 3);
    let again = process(&mut ingest, std::slice::from_ref(&sent)).changes;
    assert!(again.event_definitions.is_empty() && again.property_definitions.is_empty());
    let next_hour = Draft { received_at_us: NOW_US + 3_600_000_000, ..sent };
    let later = process(&mut ingest, &[next_hour]).changes;
    assert_eq!((later.event_definitions.len(), later.property_definitions.len()), (1, 0));
}

#[test]
fn usage_is_counted_by_scope() {
    let drafts =
        [draft("a", "{}"), draft("$exception", "{}"), draft("$ai_trace", "{}"), draft("survey sent", "{}")];
    let block = process(&mut ingest(), &drafts);
    let scopes: Vec<_> = block.changes.usage.iter().map(|usage| (usage.scope, usage.count)).collect();
    // Exceptions count when their row is made.
    assert_eq!(scopes, [("events", 1), ("llm_events", 1), ("surveys", 1)]);
}

#[test]
fn a_warning_from_capture_is_passed_on() {
    let warning = Draft { kind: Kind::Warning, detail: "{\"a\":1}", ..draft("message_size_too_large", "") };
    let block = process(&mut ingest(), &[warning]);
    let row = &rows(&block, "ingestion_warnings")[0];
    assert_eq!((row["type"].as_str(), row["details"].as_str()), ("message_size_too_large", "{\"a\":1}"));
}
