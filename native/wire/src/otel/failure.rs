//! What a failed span says of its failure. Spans carry it outside their attributes, where it would be lost.

use opentelemetry_proto::tonic::common::v1::{KeyValue, any_value::Value};
use opentelemetry_proto::tonic::trace::v1::{Span, status::StatusCode};

use super::properties::Properties;
use crate::otlp::value;

/// Where the status of a provider's answer stands, the current name first.
const HTTP_STATUS_KEYS: [&str; 2] = ["http.response.status_code", "http.status_code"];

/// Marks the event of a span whose status is an error. What the sender set itself stays.
pub(super) fn describe(properties: &mut Properties<'_>, span: &Span) {
    let Some(status) = span.status.as_ref().filter(|status| status.code == StatusCode::Error as i32) else {
        return;
    };
    properties.set_flag("$ai_is_error", true);
    let exception = span.events.iter().rev().find(|event| event.name == "exception");
    let attributes = exception.map_or(&[][..], |event| &event.attributes);
    let told = (value::text(attributes, "exception.type"), value::text(attributes, "exception.message"));
    let error = match told {
        (Some(kind), Some(message)) => format!("{kind}: {message}"),
        (Some(text), None) | (None, Some(text)) => text.to_owned(),
        (None, None) => status.message.clone(),
    };
    if !error.is_empty() && !properties.has("$ai_error") {
        properties.set_text("$ai_error", &error);
    }
    let http_status = http_status(attributes).or_else(|| http_status(&span.attributes));
    if let Some(http_status) = http_status.filter(|_| !properties.has("$ai_http_status")) {
        properties.set_integer("$ai_http_status", http_status);
    }
}

fn http_status(attributes: &[KeyValue]) -> Option<i64> {
    let attribute =
        HTTP_STATUS_KEYS.iter().find_map(|key| attributes.iter().find(|attribute| attribute.key == *key))?;
    let status = match value::inner(attribute.value.as_ref())? {
        Value::IntValue(number) => *number,
        Value::StringValue(text) => text.parse().ok()?,
        _ => return None,
    };
    (100..600).contains(&status).then_some(status)
}
