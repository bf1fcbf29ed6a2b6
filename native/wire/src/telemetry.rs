//! `/i/v1/logs`, `/i/v1/traces`, `/i/v1/metrics` and their `/v1/…` twins: OTLP, stored as it is.
//!
//! Each log record, span and data point becomes one record of the telemetry lane: its time is the record's
//! timestamp, everything else is a JSON object in `properties`. All three kinds have these members:
//!
//! ```text
//! time_unix_nano         string; what the timestamp says, to the nanosecond
//! trace_id, span_id      hexadecimal, all zeroes where absent or of impossible length
//! service_name           the resource's service.name
//! instrumentation_scope  name@version
//! resource_attributes    object of strings
//! attributes             object of strings
//! ```
//!
//! Attribute values are flattened to text: strings as they are, bytes in base64, everything else as JSON. Times
//! that are missing become the time of receipt, and so do times more than a day away from it; the latter are
//! kept in the attribute `$originalTimestamp`. The observed time is always that of the record's receipt.
//!
//! A well-formed token of no project is refused (401), as on every other endpoint, although the upstream
//! service answers 200 and drops the data later: an exporter that is told so can be repaired. All refusals are `{"error": …}`. One
//! bad record refuses the whole export.

mod log;
mod metric;
mod span;

use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceRequest;
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::InstrumentationScope;
use opentelemetry_proto::tonic::resource::v1::Resource;
use prost::Message;
use record::{Draft, Encoder, Flags, Kind, Source};

use crate::otlp::{self, schema, value};
use crate::refusal::Refusal;
use crate::uuid7::Uuid7;
use crate::{Answer, DropReason, Lane, Limits, Project, Projects, Quotas, Request, answer, bearer};

/// Times may lie this far from the time of receipt.
const DISTANCE_MAX_US: i64 = 24 * 3600 * 1_000_000;
/// How long an exporter that is over its quota should wait.
const RETRY_AFTER_SECONDS: u32 = 900;

/// Takes an export of logs.
pub(crate) fn logs(request: &Request<'_>, projects: &Projects, limits: &Limits) -> Answer {
    accept(request, projects, limits, Kind::Log, |body, rows| {
        let export: ExportLogsServiceRequest = decode(body, &schema::LOGS)?;
        for group in &export.resource_logs {
            let resource = resource_members(group.resource.as_ref());
            for scope in &group.scope_logs {
                let shared = resource.clone() + &scope_member(scope.scope.as_ref());
                scope.log_records.iter().try_for_each(|record| log::write(record, &shared, rows))?;
            }
        }
        Ok(())
    })
}

/// Takes an export of spans.
pub(crate) fn traces(request: &Request<'_>, projects: &Projects, limits: &Limits) -> Answer {
    accept(request, projects, limits, Kind::Span, |body, rows| {
        let export: ExportTraceServiceRequest = decode(body, &schema::TRACES)?;
        for group in &export.resource_spans {
            let resource = resource_members(group.resource.as_ref());
            for scope in &group.scope_spans {
                let shared = resource.clone() + &scope_member(scope.scope.as_ref());
                scope.spans.iter().try_for_each(|record| span::write(record, &shared, rows))?;
            }
        }
        Ok(())
    })
}

/// Takes an export of metrics.
pub(crate) fn metrics(request: &Request<'_>, projects: &Projects, limits: &Limits) -> Answer {
    accept(request, projects, limits, Kind::Metric, |body, rows| {
        let export: ExportMetricsServiceRequest = decode(body, &schema::METRICS)?;
        for group in &export.resource_metrics {
            let resource = resource_members(group.resource.as_ref());
            for scope in &group.scope_metrics {
                let shared = resource.clone() + &scope_member(scope.scope.as_ref());
                scope.metrics.iter().try_for_each(|record| metric::write(record, &shared, rows))?;
            }
        }
        Ok(())
    })
}

fn accept(
    request: &Request<'_>,
    projects: &Projects,
    limits: &Limits,
    kind: Kind,
    write: impl FnOnce(&[u8], &mut Rows<'_>) -> Result<(), Refusal>,
) -> Answer {
    judge(request, projects, limits, kind, write).unwrap_or_else(|refusal| in_json(&refusal))
}

/// The order of judgement: token, quota, size, decoding, each record.
fn judge(
    request: &Request<'_>,
    projects: &Projects,
    limits: &Limits,
    kind: Kind,
    write: impl FnOnce(&[u8], &mut Rows<'_>) -> Result<(), Refusal>,
) -> Result<Answer, Refusal> {
    let project = bearer::project_or_query(request, projects)?;
    if project.exceeded.any(Quotas::ALL) {
        return Err(Refusal::new(429, DropReason::QuotaAll, "quota exceeded"));
    }
    let body = otlp::inflated(request, limits.telemetry_body_bytes)?;
    let mut rows = Rows {
        request,
        project,
        kind,
        row_bytes_max: limits.event_bytes(request.route),
        bytes_max: limits.otlp_expanded_bytes,
        uuids: Uuid7::default(),
        records: Encoder::with_capacity(2 * body.len()),
    };
    write(&body, &mut rows)?;
    Ok(Answer::json(&b"{}"[..]).with_records(Lane::Telemetry, rows.records))
}

fn in_json(refusal: &Refusal) -> Answer {
    let mut body = String::from("{");
    json::push_key(&mut body, "error");
    json::push_string(&mut body, &refusal.text);
    body.push('}');
    let mut answer = Answer::new(refusal.status, Some(answer::JSON), body.into_bytes());
    if refusal.status == 429 {
        answer.headers.push(("retry-after", RETRY_AFTER_SECONDS.to_string()));
    }
    answer.with_dropped(refusal.reason, 1)
}

fn decode<M: Message + Default>(body: &[u8], message: &'static schema::Message) -> Result<M, Refusal> {
    otlp::decode(body, message).map_err(|why| {
        Refusal::new(400, DropReason::RejectedParsing, format!("Failed to decode OTLP export: {why}"))
    })
}

/// The records of one request, as far as they are written.
struct Rows<'a> {
    request: &'a Request<'a>,
    project: Project,
    kind: Kind,
    row_bytes_max: usize,
    bytes_max: usize,
    uuids: Uuid7,
    records: Encoder,
}

impl Rows<'_> {
    fn push(&mut self, moment: &Moment, properties: &str) -> Result<(), Refusal> {
        if properties.len() > self.row_bytes_max {
            return Err(Refusal::too_big("a record", self.row_bytes_max));
        }
        if self.records.bytes().len() + properties.len() > self.bytes_max {
            return Err(Refusal::too_big("all records together", self.bytes_max));
        }
        let timestamp_us = (moment.nanoseconds / 1000) as i64;
        self.records.push(&Draft {
            kind: self.kind,
            source: Source::Otlp,
            flags: Flags(if moment.original.is_some() { Flags::TIMESTAMP_REPLACED } else { 0 }),
            project_id: self.project.id,
            received_at_us: self.request.received_at_us,
            timestamp_us,
            sent_at_us: None,
            uuid: self.uuids.at(timestamp_us),
            event: "",
            distinct_id: "",
            client_address: self.request.client_address,
            properties,
            set: "",
            set_once: "",
            detail: "",
        });
        Ok(())
    }

    /// The moment that a record is stored at.
    fn settle(&self, nanoseconds: u64) -> Result<Moment, Refusal> {
        let received_at_us = self.request.received_at_us;
        let received = received_at_us.max(0) as u64 * 1000;
        if nanoseconds == 0 {
            return Ok(Moment { nanoseconds: received, original: None });
        }
        let signed = i64::try_from(nanoseconds)
            .map_err(|_| otlp::invalid(format_args!("{nanoseconds} ns is no time that can be stored")))?;
        if (signed / 1000).abs_diff(received_at_us) <= DISTANCE_MAX_US as u64 {
            return Ok(Moment { nanoseconds, original: None });
        }
        let original = jiff::Timestamp::from_nanosecond(i128::from(signed))
            .map_or_else(|_| nanoseconds.to_string(), |moment| moment.to_string());
        Ok(Moment { nanoseconds: received, original: Some(original) })
    }
}

/// When a record happened.
struct Moment {
    nanoseconds: u64,
    /// What the exporter said, if that could not be true.
    original: Option<String>,
}

impl Moment {
    /// The attribute that keeps what was replaced.
    fn attribute(&self) -> Option<(&str, &str)> {
        self.original.as_deref().map(|original| ("$originalTimestamp", original))
    }
}

/// The members that all records of a resource share, each after a comma.
fn resource_members(resource: Option<&Resource>) -> String {
    let attributes = resource.map_or(&[][..], |resource| &resource.attributes);
    let service_name = value::latest(attributes).get("service.name").copied().flatten();
    let mut out = String::from(",\"service_name\":");
    json::push_string(&mut out, &value::flat(service_name));
    out.push_str(",\"resource_attributes\":");
    value::push_flat_attributes(&mut out, attributes, None);
    out
}

/// The member that all records of a scope share, after a comma.
fn scope_member(scope: Option<&InstrumentationScope>) -> String {
    let mut out = String::from(",\"instrumentation_scope\":");
    json::push_string(
        &mut out,
        &scope.map_or_else(String::new, |scope| format!("{}@{}", scope.name, scope.version)),
    );
    out
}

/// An object under construction, its members in the order of the calls.
struct Members {
    out: String,
}

impl Members {
    fn new(moment: &Moment, shared: &str) -> Self {
        let mut members = Self { out: String::with_capacity(512 + shared.len()) };
        members.out.push('{');
        members.text("time_unix_nano", &moment.nanoseconds.to_string());
        members.out.push_str(shared);
        members
    }

    fn text(&mut self, key: &str, text: &str) {
        json::push_key(&mut self.out, key);
        json::push_string(&mut self.out, text);
    }

    /// An id of exactly `N` bytes; anything else is zeroes.
    fn id<const N: usize>(&mut self, key: &str, bytes: &[u8]) {
        let id = <[u8; N]>::try_from(bytes).unwrap_or([0; N]);
        self.text(key, &value::hexadecimal(&id));
    }

    fn integer(&mut self, key: &str, number: impl std::fmt::Display) {
        json::push_key(&mut self.out, key);
        value::push_display(&mut self.out, number);
    }

    fn number(&mut self, key: &str, number: f64) {
        json::push_key(&mut self.out, key);
        value::push_number(&mut self.out, number);
    }

    fn list<T>(
        &mut self,
        key: &str,
        items: impl IntoIterator<Item = T>,
        mut push: impl FnMut(&mut String, T),
    ) {
        json::push_key(&mut self.out, key);
        self.out.push('[');
        for (index, item) in items.into_iter().enumerate() {
            if index > 0 {
                self.out.push(',');
            }
            push(&mut self.out, item);
        }
        self.out.push(']');
    }

    fn attributes(
        &mut self,
        key: &str,
        attributes: &[opentelemetry_proto::tonic::common::v1::KeyValue],
        extra: Option<(&str, &str)>,
    ) {
        json::push_key(&mut self.out, key);
        value::push_flat_attributes(&mut self.out, attributes, extra);
    }

    fn finish(mut self) -> String {
        self.out.push('}');
        self.out
    }
}
