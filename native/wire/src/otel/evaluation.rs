//! Log records named `gen_ai.evaluation.result` to `$ai_evaluation` events.

use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceRequest;
use opentelemetry_proto::tonic::common::v1::{InstrumentationScope, KeyValue, any_value::Value};
use opentelemetry_proto::tonic::logs::v1::LogRecord;
use opentelemetry_proto::tonic::resource::v1::Resource;
use prost::Message;
use uuid::Uuid;

use super::properties::Properties;
use super::{AiEvent, Events, identity};
use crate::otlp::value;
use crate::refusal::Refusal;

const EVENT_NAME: &str = "gen_ai.evaluation.result";
const NAME: &str = "gen_ai.evaluation.name";
const LABEL: &str = "gen_ai.evaluation.score.label";
const SCORE: &str = "gen_ai.evaluation.score.value";
const EXPLANATION: &str = "gen_ai.evaluation.explanation";

/// Whether a record is the result of an evaluation. Before OTLP had event names they stood in an attribute.
pub(super) fn is_evaluation(record: &LogRecord) -> bool {
    record.event_name == EVENT_NAME
        || record.event_name.is_empty() && value::text(&record.attributes, "event.name") == Some(EVENT_NAME)
}

/// The events of an export, in its order. Results without a name or without a score are passed over.
pub(super) fn events(export: &ExportLogsServiceRequest, bytes_max: usize) -> Result<Vec<AiEvent>, Refusal> {
    let mut events = Events::new(bytes_max);
    for group in &export.resource_logs {
        let shared = Properties::of_resource(group.resource.as_ref());
        for scope in &group.scope_logs {
            for record in scope.log_records.iter().filter(|record| is_evaluation(record)) {
                let shared = shared.clone();
                let event = event(record, group.resource.as_ref(), scope.scope.as_ref(), shared);
                event.map_or(Ok(()), |event| events.push(event))?;
            }
        }
    }
    Ok(events.list)
}

fn event<'a>(
    record: &'a LogRecord,
    resource: Option<&Resource>,
    scope: Option<&'a InstrumentationScope>,
    mut properties: Properties<'a>,
) -> Option<AiEvent> {
    let attributes = &record.attributes;
    let name = trimmed(attributes, NAME)?;
    let label = trimmed(attributes, LABEL);
    let number = number_of(attributes, SCORE);
    if label.is_none() && number.is_none() {
        return None;
    }
    properties.overlay(attributes);
    properties.stamp(scope);
    for moved in [LABEL, SCORE, EXPLANATION, "$ai_trace_id"] {
        properties.remove(moved);
    }
    properties.set_text("$ai_evaluation_id", &derived_uuid(format!("otel:{name}").as_bytes()));
    properties.set_text("$ai_evaluation_run_id", &derived_uuid(&record.encode_to_vec()));
    properties.set_text("$ai_evaluation_name", name);
    properties.set_text("$ai_evaluation_runtime", "otel");
    properties.set_text("$ai_evaluation_type", "imported");
    match (label, number) {
        (Some(label), _) => {
            properties.set_text("$ai_evaluation_result", label);
            properties.set_text("$ai_evaluation_result_type", "label");
            // The label is the result, yet the score behind it is worth keeping under its own name.
            if let Some(number) = number {
                properties.set_number(SCORE, number);
            }
        }
        (None, Some(number)) => {
            properties.set_number("$ai_evaluation_result", number);
            properties.set_text("$ai_evaluation_result_type", "number");
        }
        (None, None) => {}
    }
    if let Some(explanation) = value::text(attributes, EXPLANATION) {
        properties.set_text("$ai_evaluation_reasoning", explanation);
    }
    if record.trace_id.len() == 16 {
        properties.set_text("$ai_trace_id", &value::hexadecimal(&record.trace_id));
    }
    if record.span_id.len() == 8 {
        properties.set_text("$ai_target_span_id", &value::hexadecimal(&record.span_id));
    }
    properties.set_value("$otel_log_body", record.body.as_ref());
    let times = [record.time_unix_nano, record.observed_time_unix_nano];
    Some(AiEvent {
        name: "$ai_evaluation",
        distinct_id: identity::named(attributes, resource),
        properties: properties.into_json(),
        time_unix_nano: times.into_iter().find(|time| *time != 0).unwrap_or(0),
    })
}

fn trimmed<'a>(attributes: &'a [KeyValue], key: &str) -> Option<&'a str> {
    value::text(attributes, key).map(str::trim).filter(|text| !text.is_empty())
}

fn number_of(attributes: &[KeyValue], key: &str) -> Option<f64> {
    let attribute = attributes.iter().find(|attribute| attribute.key == key)?;
    match value::inner(attribute.value.as_ref())? {
        Value::DoubleValue(number) => Some(*number).filter(|number| number.is_finite()),
        Value::IntValue(number) => Some(*number as f64),
        _ => None,
    }
}

/// A uuid that the same bytes always get, so that a result sent twice is one result.
fn derived_uuid(bytes: &[u8]) -> String {
    Uuid::new_v5(&Uuid::NAMESPACE_URL, bytes).to_string()
}
