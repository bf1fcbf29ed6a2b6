use std::io::Cursor;

use arrow_array::cast::AsArray;
use arrow_array::types::TimestampMicrosecondType;
use arrow_array::{Array, RecordBatch};
use arrow_ipc::reader::StreamReader;

use crate::shredded::SHREDDED;
use crate::tables::{EventFacts, WarningRow, WarningRows};
use crate::{EventRow, Events, GroupCell, Table};

fn facts(event: &str) -> EventFacts<'_> {
    EventFacts {
        uuid: [7; 16],
        event,
        properties: "{}",
        timestamp_us: 1_700_000_000_000_001,
        team_id: 1,
        distinct_id: "d",
        elements_chain: "",
        created_at_us: 5,
        person_id: [8; 16],
        person_created_at_us: 6,
        person_properties: "{}",
        person_mode: 0,
        historical_migration: true,
        received_s: 7,
        offset: 8,
        inserted_at_us: 9,
    }
}

fn batches(table: &Table) -> Vec<RecordBatch> {
    StreamReader::try_new(Cursor::new(table.bytes()), None).unwrap().map(Result::unwrap).collect()
}

fn texts(batch: &RecordBatch, name: &str) -> Vec<String> {
    let column = batch.column_by_name(name).unwrap().as_string::<i32>();
    (0..column.len()).map(|row| column.value(row).to_string()).collect()
}

#[test]
fn rows_come_back_in_order_and_missing_values_are_empty() {
    let mut events = Events::with_capacity(1, 0, 0);
    let host = SHREDDED.iter().position(|shredded| shredded.property == "$host").unwrap();
    events.push(&EventRow { facts: facts("a"), groups: &[] }, std::iter::empty()).unwrap();
    let group = GroupCell { index: 1, key: "acme", properties: "{\"x\":1}", created_at_us: 3 };
    let row = EventRow { facts: facts("b"), groups: &[group] };
    events.push(&row, [(host, "h.example"), (9_999, "ignored")].into_iter()).unwrap();
    events.push(&EventRow { facts: facts("c"), groups: &[] }, std::iter::empty()).unwrap();
    let table = events.finish().unwrap();
    assert_eq!((table.name, table.rows), ("events", 3));
    let batch = &batches(&table)[0];
    assert_eq!(texts(batch, "event"), ["a", "b", "c"]);
    assert_eq!(texts(batch, "mat_$host"), ["", "h.example", ""]);
    let host = batch.column_by_name("mat_$host").unwrap();
    assert_eq!([0, 1, 2].map(|row| host.is_null(row)), [true, false, true]);
    assert_eq!(texts(batch, "$group_1"), ["", "acme", ""]);
    assert_eq!(texts(batch, "group1_properties"), ["", "{\"x\":1}", ""]);
    let created = batch.column_by_name("group1_created_at").unwrap();
    assert_eq!(created.as_primitive::<TimestampMicrosecondType>().values(), &[0, 3, 0]);
    let names: Vec<_> = batch.schema().fields().iter().map(|field| field.name().clone()).collect();
    assert!(!names.contains(&"mat_$os".to_string()), "no row filled it");
}

#[test]
fn a_table_without_rows_is_a_readable_stream() {
    let table = Events::with_capacity(1, 0, 0).finish().unwrap();
    assert_eq!((table.rows, batches(&table).len()), (0, 0));
    assert_eq!(WarningRows::default().finish().unwrap().rows, 0);
}

#[test]
fn a_row_too_many_for_one_record_batch_opens_the_next() {
    let long = "x".repeat(crate::RECORD_BATCH_BYTES / 2);
    let mut events = Events::with_capacity(1, 0, 0);
    for _ in 0..3 {
        let row = EventRow { facts: EventFacts { properties: &long, ..facts("a") }, groups: &[] };
        events.push(&row, std::iter::empty()).unwrap();
    }
    let table = events.finish().unwrap();
    let rows: Vec<_> = batches(&table).iter().map(RecordBatch::num_rows).collect();
    assert_eq!((table.rows, rows), (3, vec![2, 1]));
    assert!(batches(&table).iter().all(|batch| batch.num_columns() == Events::fields().len()));
}

#[test]
fn every_column_has_a_name_of_its_own() {
    let mut names: Vec<_> = Events::fields().iter().map(|field| field.name().clone()).collect();
    names.sort();
    let all = names.len();
    names.dedup();
    assert_eq!(names.len(), all);
}

#[test]
fn a_warning_keeps_its_columns() {
    let mut warnings = WarningRows::default();
    warnings.push(&WarningRow {
        team_id: 3,
        source: "ingest",
        kind: "client_ingestion_warning",
        details: "{}",
        category: "event",
        severity: "info",
        timestamp_us: 1,
        received_s: 2,
        offset: 3,
        partition: 0,
    });
    let table = warnings.finish().unwrap();
    assert_eq!(texts(&batches(&table)[0], "type"), ["client_ingestion_warning"]);
}

#[test]
fn parts_of_a_table_hold_its_rows_and_together_all_of_them() {
    let mut events = Events::with_capacity(1, 0, 0);
    let long = "x".repeat(crate::RECORD_BATCH_BYTES / 2);
    for (at, properties) in ["{}", long.as_str(), long.as_str(), "{}", "{}"].into_iter().enumerate() {
        let name = format!("event {at}");
        let facts = EventFacts { properties, offset: at as u64 * 10, ..facts(&name) };
        events.push(&EventRow { facts, groups: &[] }, std::iter::empty()).unwrap();
    }
    let table = events.finish().unwrap();
    assert_eq!(batches(&table).len(), 2);
    for split in 0..=5 {
        let parts = [table.part(0..split).unwrap(), table.part(split..5).unwrap()];
        let rows: usize = parts.iter().map(|part| part.rows).sum();
        let names: Vec<_> = parts.iter().flat_map(batches).flat_map(|batch| texts(&batch, "event")).collect();
        assert_eq!((rows, names.join(",")), (5, "event 0,event 1,event 2,event 3,event 4".to_string()));
    }
    assert_eq!(table.offsets(1..4).unwrap(), [10, 20, 30]);
    let empty = table.part(0..0).unwrap();
    assert_eq!((empty.rows, empty.name), (0, "events"));
    let columns = StreamReader::try_new(Cursor::new(empty.bytes()), None).unwrap().schema();
    assert_eq!(columns.fields().len(), Events::fields().len());
}

#[test]
fn a_stream_read_in_pieces_is_the_stream() {
    let mut events = Events::with_capacity(1, 0, 0);
    events.push(&EventRow { facts: facts("a"), groups: &[] }, std::iter::empty()).unwrap();
    let table = events.finish().unwrap();
    for length in [1, 7, 64, 1_000, 100_000] {
        let mut read = Vec::new();
        loop {
            let mut piece = vec![0; length];
            let count = table.read(read.len(), &mut piece);
            read.extend_from_slice(&piece[..count]);
            if count < length {
                break;
            }
        }
        assert_eq!(read, table.bytes(), "in pieces of {length}");
    }
}
