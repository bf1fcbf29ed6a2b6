//! `/i/v0/ai/otel` and `/i/v0/ai/otel/v1/logs`: OTLP traces and logs turned into `$ai_*` events.
//!
//! A span is an AI span if its name or one of its attribute keys starts with a prefix that a supported
//! instrumentation uses (see `span`); every other span is passed over, as people export HTTP spans along. Of
//! log records, `gen_ai.evaluation.result` becomes `$ai_evaluation`.
//!
//! Choices where the public sources leave room:
//! - The event's name follows `ai.operationId` (Vercel AI SDK), else `llm.request.type` (`OpenLLMetry`), else
//!   `gen_ai.operation.name`. `chat`, `text_completion`, `completion` and `generate_content` make a generation,
//!   `embeddings` an embedding, everything else (`execute_tool`, `invoke_agent`, …) a span. A span of that last
//!   sort without a parent is the root of its trace and becomes `$ai_trace`.
//! - Spans that name no user share one generated id per request.
//! - Attributes are stored under their own names. Mapping them to `$ai_*` properties (`gen_ai.usage.*` and the
//!   like) is the work of ingest, where a better mapping can be deployed without losing what was sent.
//! - An empty body is an export of nothing, as it is in protobuf, and no error.
//! - Errors are plain text as on every v0 path, but for the quota, whose answer is JSON.

mod evaluation;
mod failure;
mod identity;
mod properties;
mod span;

use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use prost::Message;
use record::{Draft, Encoder, Flags, Kind, Source};

use crate::otlp::{self, schema};
use crate::refusal::Refusal;
use crate::uuid7::Uuid7;
use crate::{Answer, DropReason, Lane, Limits, Project, Projects, Quotas, Request, answer, bearer};

/// Spans or log records in one request, AI or not.
const RECORDS_MAX: usize = 1000;
/// AI events out of one request.
const EVENTS_MAX: usize = 100;
/// An event made of a span or a log record.
#[derive(Debug)]
struct AiEvent {
    name: &'static str,
    /// `None` where neither the record nor its resource names a user.
    distinct_id: Option<String>,
    properties: String,
    /// 0 where unknown.
    time_unix_nano: u64,
}

/// Takes an export of traces.
pub(crate) fn traces(request: &Request<'_>, projects: &Projects, limits: &Limits) -> Answer {
    accept(request, projects, limits, |body| {
        let export: ExportTraceServiceRequest = decode(body, &schema::TRACES)?;
        let groups = &export.resource_spans;
        let spans = || groups.iter().flat_map(|group| &group.scope_spans).flat_map(|scope| &scope.spans);
        within("spans", spans().count(), RECORDS_MAX)?;
        within("AI spans", spans().filter(|span| span::is_ai(span)).count(), EVENTS_MAX)?;
        Ok((spans().count(), span::events(&export, limits.otlp_expanded_bytes)?))
    })
}

/// Takes an export of logs.
pub(crate) fn logs(request: &Request<'_>, projects: &Projects, limits: &Limits) -> Answer {
    accept(request, projects, limits, |body| {
        let export: ExportLogsServiceRequest = decode(body, &schema::LOGS)?;
        let groups = &export.resource_logs;
        let records =
            || groups.iter().flat_map(|group| &group.scope_logs).flat_map(|scope| &scope.log_records);
        within("log records", records().count(), RECORDS_MAX)?;
        let evaluations = records().filter(|record| evaluation::is_evaluation(record)).count();
        within("evaluation records", evaluations, EVENTS_MAX)?;
        Ok((records().count(), evaluation::events(&export, limits.otlp_expanded_bytes)?))
    })
}

fn decode<M: Message + Default>(body: &[u8], message: &'static schema::Message) -> Result<M, Refusal> {
    otlp::decode(body, message).map_err(Refusal::parsing)
}

fn within(what: &str, count: usize, limit: usize) -> Result<(), Refusal> {
    if count <= limit {
        return Ok(());
    }
    Err(otlp::invalid(format_args!("too many {what}: {count} exceeds limit of {limit}")))
}

/// The events made so far and the bytes that they may still take.
#[derive(Debug)]
struct Events {
    list: Vec<AiEvent>,
    bytes_left: usize,
    bytes_max: usize,
}

impl Events {
    fn new(bytes_max: usize) -> Self {
        Self { list: Vec::new(), bytes_left: bytes_max, bytes_max }
    }

    fn push(&mut self, event: AiEvent) -> Result<(), Refusal> {
        let left = self.bytes_left.checked_sub(event.properties.len());
        self.bytes_left = left.ok_or_else(|| Refusal::too_big("all events together", self.bytes_max))?;
        self.list.push(event);
        Ok(())
    }
}

fn accept(
    request: &Request<'_>,
    projects: &Projects,
    limits: &Limits,
    read: impl FnOnce(&[u8]) -> Result<(usize, Vec<AiEvent>), Refusal>,
) -> Answer {
    judge(request, projects, limits, read).unwrap_or_else(Answer::from)
}

/// The order of judgement: token, size, decoding, counts, quota, sizes of the events.
fn judge(
    request: &Request<'_>,
    projects: &Projects,
    limits: &Limits,
    read: impl FnOnce(&[u8]) -> Result<(usize, Vec<AiEvent>), Refusal>,
) -> Result<Answer, Refusal> {
    let project = bearer::project(request, projects)?;
    let body = otlp::inflated(request, limits.otel_body_bytes)?;
    let (total, events) = read(&body)?;
    let ignored = (total - events.len()) as u32;
    if !events.is_empty() && project.exceeded.any(Quotas::LLM_EVENTS) {
        // 400, not 429: exporters retry a 429, and this data would be refused again.
        let refusal = Answer::new(400, Some(answer::JSON), &br#"{"error":"quota exceeded"}"#[..]);
        return Ok(refusal.with_dropped(DropReason::QuotaLlmEvents, events.len() as u32));
    }
    let records = encode(request, project, limits, &events)?;
    let accepted = Answer::json(&b"{}"[..]).with_records(Lane::Events, records);
    Ok(accepted.with_dropped(DropReason::NotAnAiEvent, ignored))
}

fn encode(
    request: &Request<'_>,
    project: Project,
    limits: &Limits,
    events: &[AiEvent],
) -> Result<Encoder, Refusal> {
    let event_bytes_max = limits.event_bytes(request.route);
    let sizes = || events.iter().map(|event| event.properties.len());
    if sizes().any(|size| size > event_bytes_max) {
        return Err(Refusal {
            reason: DropReason::AiEventTooBig,
            ..Refusal::too_big("an event", event_bytes_max)
        });
    }
    let mut uuids = Uuid7::default();
    let stranger = uuid::Uuid::from_bytes(uuids.at(request.received_at_us)).to_string();
    let mut encoder = Encoder::with_capacity(sizes().sum::<usize>() + 256 * events.len());
    for event in events {
        let timestamp_us = match event.time_unix_nano {
            0 => request.received_at_us,
            nanoseconds => (nanoseconds / 1000) as i64,
        };
        encoder.push(&Draft {
            kind: Kind::Event,
            source: Source::Otlp,
            flags: Flags(Flags::AI),
            project_id: project.id,
            received_at_us: request.received_at_us,
            timestamp_us,
            sent_at_us: None,
            uuid: uuids.at(timestamp_us),
            event: event.name,
            distinct_id: event.distinct_id.as_deref().unwrap_or(&stranger),
            client_address: request.client_address,
            properties: &event.properties,
            set: "",
            set_once: "",
            detail: "",
        });
    }
    Ok(encoder)
}
