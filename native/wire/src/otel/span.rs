//! Spans to AI events.

use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::{InstrumentationScope, KeyValue};
use opentelemetry_proto::tonic::resource::v1::Resource;
use opentelemetry_proto::tonic::trace::v1::Span;

use super::properties::Properties;
use super::{AiEvent, Events, failure, identity};
use crate::otlp::value;
use crate::refusal::Refusal;

/// What the names of AI spans, or the keys of their attributes, start with: the `GenAI` conventions of
/// OpenTelemetry, `OpenLLMetry`, Vercel AI SDK, Eve and Pydantic AI.
const PREFIXES: [&str; 6] = ["gen_ai.", "llm.", "traceloop.", "ai.", "eve.", "pydantic_ai."];

/// Whether a span is about AI.
pub(super) fn is_ai(span: &Span) -> bool {
    let is_ai = |name: &str| PREFIXES.iter().any(|prefix| name.starts_with(prefix));
    is_ai(&span.name) || span.attributes.iter().any(|attribute| is_ai(&attribute.key))
}

/// The events of an export, in its order.
pub(super) fn events(export: &ExportTraceServiceRequest, bytes_max: usize) -> Result<Vec<AiEvent>, Refusal> {
    let mut events = Events::new(bytes_max);
    for group in &export.resource_spans {
        let shared = Properties::of_resource(group.resource.as_ref());
        for scope in &group.scope_spans {
            for span in scope.spans.iter().filter(|span| is_ai(span)) {
                events.push(event(span, group.resource.as_ref(), scope.scope.as_ref(), shared.clone()))?;
            }
        }
    }
    Ok(events.list)
}

fn event<'a>(
    span: &'a Span,
    resource: Option<&Resource>,
    scope: Option<&'a InstrumentationScope>,
    mut properties: Properties<'a>,
) -> AiEvent {
    properties.overlay(&span.attributes);
    properties.stamp(scope);
    properties.set_text("$ai_trace_id", &value::hexadecimal(&span.trace_id));
    properties.set_text("$ai_span_id", &value::hexadecimal(&span.span_id));
    if !is_root(span) {
        properties.set_text("$ai_parent_id", &value::hexadecimal(&span.parent_span_id));
    }
    if !span.name.is_empty() {
        properties.set_text("$otel_span_name", &span.name);
    }
    properties.set_text("$otel_start_time_unix_nano", &span.start_time_unix_nano.to_string());
    properties.set_text("$otel_end_time_unix_nano", &span.end_time_unix_nano.to_string());
    failure::describe(&mut properties, span);
    AiEvent {
        name: name(span),
        distinct_id: identity::named(&span.attributes, resource),
        properties: properties.into_json(),
        time_unix_nano: span.start_time_unix_nano,
    }
}

/// Whether the span has no parent; some exporters write that as zeroes.
fn is_root(span: &Span) -> bool {
    span.parent_span_id.iter().all(|byte| *byte == 0)
}

fn name(span: &Span) -> &'static str {
    match operation(&span.attributes) {
        "$ai_span" if is_root(span) => "$ai_trace",
        name => name,
    }
}

fn operation(attributes: &[KeyValue]) -> &'static str {
    if let Some(operation) = value::text(attributes, "ai.operationId") {
        return match operation {
            "ai.embed.doEmbed" | "ai.embedMany.doEmbed" => "$ai_embedding",
            other if other.ends_with(".doGenerate") || other.ends_with(".doStream") => "$ai_generation",
            _ => "$ai_span",
        };
    }
    let operation = value::text(attributes, "llm.request.type")
        .or_else(|| value::text(attributes, "gen_ai.operation.name"))
        .unwrap_or_default();
    match operation {
        "chat" | "completion" | "text_completion" | "generate_content" => "$ai_generation",
        "embedding" | "embeddings" => "$ai_embedding",
        _ => "$ai_span",
    }
}
