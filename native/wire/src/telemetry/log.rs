//! Log records. Besides the shared members: `body`, `severity_text`, `severity_number`, `trace_flags`,
//! `event_name`.

use opentelemetry_proto::tonic::logs::v1::LogRecord;

use super::{Members, Rows};
use crate::otlp::value;
use crate::refusal::Refusal;

/// Words for each severity, its own name first, and the first of the four numbers that mean it.
const SEVERITIES: [(&[&str], i32); 6] = [
    (&["trace"], 1),
    (&["debug", "dbug"], 5),
    (&["info", "information", "informational"], 9),
    (&["warn", "warning"], 13),
    (&["error", "err", "eror"], 17),
    (&["fatal", "critical", "crit", "alert", "emerg"], 21),
];
/// Where structured bodies keep their severity.
const SEVERITY_KEYS: [&str; 4] = ["level", "severity", "log.level", "config.log_level"];

pub(super) fn write(record: &LogRecord, shared: &str, rows: &mut Rows<'_>) -> Result<(), Refusal> {
    let moment = rows.settle(record.time_unix_nano)?;
    let body = value::flat(record.body.as_ref());
    let (severity_text, severity_number) = severity(record, &body);
    let mut members = Members::new(&moment, shared);
    members.id::<16>("trace_id", &record.trace_id);
    members.id::<8>("span_id", &record.span_id);
    members.integer("trace_flags", record.flags);
    members.text("severity_text", severity_text);
    members.integer("severity_number", severity_number);
    members.text("event_name", &record.event_name);
    members.text("body", &body);
    members.attributes("attributes", &record.attributes, moment.attribute());
    rows.push(&moment, &members.finish())
}

/// The number decides; without one a structured body does, then the text, and what says nothing is `info`.
fn severity(record: &LogRecord, body: &str) -> (&'static str, i32) {
    if record.severity_number > 0 {
        let named = SEVERITIES.iter().rev().find(|(_, first)| *first <= record.severity_number);
        let named = named.filter(|_| record.severity_number <= 24);
        return (named.map_or("unknown", |(words, _)| words[0]), record.severity_number);
    }
    severity_in_body(body).or_else(|| severity_named(&record.severity_text)).unwrap_or(("info", 9))
}

fn severity_named(text: &str) -> Option<(&'static str, i32)> {
    let text = text.trim();
    let is_named = |words: &[&str]| words.iter().any(|word| word.eq_ignore_ascii_case(text));
    SEVERITIES.iter().find(|(words, _)| is_named(words)).map(|(words, first)| (words[0], *first))
}

fn severity_in_body(body: &str) -> Option<(&'static str, i32)> {
    if !body.trim_start().starts_with('{') {
        return None;
    }
    let body = json::Value::parse(body).ok()?;
    SEVERITY_KEYS.iter().find_map(|key| severity_named(&body.get(key)?.string()?))
}
