//! Spans. Besides the shared members: `parent_span_id`, `trace_state`, `name`, `kind`, `flags`,
//! `end_time_unix_nano` (a string), `duration_nano`, `status_code`, `status_message`, `events`, `links` and the
//! three counts of what the exporter dropped.
//!
//! A span whose start was replaced keeps its duration: its end moves along. A span without an end, or with one
//! before its start, ends as it starts.

use opentelemetry_proto::tonic::trace::v1::{Span, span};

use super::{Members, Rows};
use crate::otlp::{self, value};
use crate::refusal::Refusal;

pub(super) fn write(record: &Span, shared: &str, rows: &mut Rows<'_>) -> Result<(), Refusal> {
    let moment = rows.settle(record.start_time_unix_nano)?;
    if i64::try_from(record.end_time_unix_nano).is_err() {
        let why = format_args!("{} ns is no time that can be stored", record.end_time_unix_nano);
        return Err(otlp::invalid(why));
    }
    let start = match record.start_time_unix_nano {
        0 => moment.nanoseconds,
        start => start,
    };
    let duration = record.end_time_unix_nano.saturating_sub(start);
    let status = record.status.clone().unwrap_or_default();
    let mut members = Members::new(&moment, shared);
    members.id::<16>("trace_id", &record.trace_id);
    members.id::<8>("span_id", &record.span_id);
    members.id::<8>("parent_span_id", &record.parent_span_id);
    members.text("trace_state", &record.trace_state);
    members.text("name", &record.name);
    members.integer("kind", record.kind);
    members.integer("flags", record.flags);
    members.text("end_time_unix_nano", &moment.nanoseconds.saturating_add(duration).to_string());
    members.integer("duration_nano", duration);
    members.integer("status_code", status.code);
    members.text("status_message", &status.message);
    members.list("events", &record.events, push_event);
    members.list("links", &record.links, push_link);
    members.integer("dropped_attributes_count", record.dropped_attributes_count);
    members.integer("dropped_events_count", record.dropped_events_count);
    members.integer("dropped_links_count", record.dropped_links_count);
    members.attributes("attributes", &record.attributes, moment.attribute());
    rows.push(&moment, &members.finish())
}

fn push_event(out: &mut String, event: &span::Event) {
    let mut members = Members { out: String::from("{") };
    members.text("time_unix_nano", &event.time_unix_nano.to_string());
    members.text("name", &event.name);
    members.attributes("attributes", &event.attributes, None);
    members.integer("dropped_attributes_count", event.dropped_attributes_count);
    value::push_display(out, members.finish());
}

fn push_link(out: &mut String, link: &span::Link) {
    let mut members = Members { out: String::from("{") };
    members.id::<16>("trace_id", &link.trace_id);
    members.id::<8>("span_id", &link.span_id);
    members.text("trace_state", &link.trace_state);
    members.attributes("attributes", &link.attributes, None);
    members.integer("dropped_attributes_count", link.dropped_attributes_count);
    members.integer("flags", link.flags);
    value::push_display(out, members.finish());
}
