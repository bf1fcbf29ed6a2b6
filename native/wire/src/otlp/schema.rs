//! The messages of OTLP as tables: JSON name, field number and kind of every field that we read.
//!
//! Only what a record can hold is listed; every other field is skipped by both readers. The numbers are those
//! of opentelemetry-proto 1.x, and a test holds the tables to the generated types.

use opentelemetry_proto::tonic::logs::v1::SeverityNumber;
use opentelemetry_proto::tonic::metrics::v1::AggregationTemporality;
use opentelemetry_proto::tonic::trace::v1::{span::SpanKind, status::StatusCode};

/// One message.
#[derive(Debug)]
pub(crate) struct Message {
    /// Its fields, in no order that matters.
    pub(crate) fields: &'static [Field],
}

/// One field of a message.
#[derive(Debug)]
pub(crate) struct Field {
    /// The name in OTLP/JSON, in lowerCamelCase.
    pub(crate) name: &'static str,
    /// The number in protobuf.
    pub(crate) number: u32,
    /// How it is written.
    pub(crate) kind: Kind,
    /// Whether it may stand many times.
    pub(crate) repeated: bool,
}

/// How a field is written in protobuf.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind {
    /// UTF-8.
    Text,
    /// Raw bytes; base64 in JSON.
    Bytes,
    /// The bytes of a trace or span id; hexadecimal in JSON.
    Id,
    /// `bool`
    Bool,
    /// `int64`
    Int64,
    /// `uint32` and `uint64`, as far as they are varints
    Unsigned,
    /// `sint32`
    Zigzag,
    /// `fixed32`
    Fixed32,
    /// `fixed64`
    Fixed64,
    /// `sfixed64`
    SignedFixed64,
    /// `double`
    Double,
    /// An enumeration; a number in JSON, but its names are understood too.
    Enumeration(fn(&str) -> Option<i32>),
    /// Another message.
    Message(&'static Message),
}

const fn one(name: &'static str, number: u32, kind: Kind) -> Field {
    Field { name, number, kind, repeated: false }
}

const fn many(name: &'static str, number: u32, kind: Kind) -> Field {
    Field { name, number, kind, repeated: true }
}

use Kind::{
    Bool, Bytes, Double, Enumeration, Fixed32, Fixed64, Id, Int64, Message as Nested, SignedFixed64, Text,
    Unsigned, Zigzag,
};

static ANY_VALUE: Message = Message {
    fields: &[
        one("stringValue", 1, Text),
        one("boolValue", 2, Bool),
        one("intValue", 3, Int64),
        one("doubleValue", 4, Double),
        one("arrayValue", 5, Nested(&ARRAY_VALUE)),
        one("kvlistValue", 6, Nested(&KEY_VALUE_LIST)),
        one("bytesValue", 7, Bytes),
    ],
};

static ARRAY_VALUE: Message = Message { fields: &[many("values", 1, Nested(&ANY_VALUE))] };

static KEY_VALUE_LIST: Message = Message { fields: &[many("values", 1, Nested(&KEY_VALUE))] };

static KEY_VALUE: Message = Message { fields: &[one("key", 1, Text), one("value", 2, Nested(&ANY_VALUE))] };

static RESOURCE: Message = Message { fields: &[many("attributes", 1, Nested(&KEY_VALUE))] };

static SCOPE: Message = Message { fields: &[one("name", 1, Text), one("version", 2, Text)] };

/// `ExportLogsServiceRequest`
pub(crate) static LOGS: Message = Message { fields: &[many("resourceLogs", 1, Nested(&RESOURCE_LOGS))] };

static RESOURCE_LOGS: Message =
    Message { fields: &[one("resource", 1, Nested(&RESOURCE)), many("scopeLogs", 2, Nested(&SCOPE_LOGS))] };

static SCOPE_LOGS: Message =
    Message { fields: &[one("scope", 1, Nested(&SCOPE)), many("logRecords", 2, Nested(&LOG_RECORD))] };

static LOG_RECORD: Message = Message {
    fields: &[
        one("timeUnixNano", 1, Fixed64),
        one("severityNumber", 2, Enumeration(severity_number)),
        one("severityText", 3, Text),
        one("body", 5, Nested(&ANY_VALUE)),
        many("attributes", 6, Nested(&KEY_VALUE)),
        one("droppedAttributesCount", 7, Unsigned),
        one("flags", 8, Fixed32),
        one("traceId", 9, Id),
        one("spanId", 10, Id),
        one("observedTimeUnixNano", 11, Fixed64),
        one("eventName", 12, Text),
    ],
};

/// `ExportTraceServiceRequest`
pub(crate) static TRACES: Message = Message { fields: &[many("resourceSpans", 1, Nested(&RESOURCE_SPANS))] };

static RESOURCE_SPANS: Message =
    Message { fields: &[one("resource", 1, Nested(&RESOURCE)), many("scopeSpans", 2, Nested(&SCOPE_SPANS))] };

static SCOPE_SPANS: Message =
    Message { fields: &[one("scope", 1, Nested(&SCOPE)), many("spans", 2, Nested(&SPAN))] };

static SPAN: Message = Message {
    fields: &[
        one("traceId", 1, Id),
        one("spanId", 2, Id),
        one("traceState", 3, Text),
        one("parentSpanId", 4, Id),
        one("name", 5, Text),
        one("kind", 6, Enumeration(span_kind)),
        one("startTimeUnixNano", 7, Fixed64),
        one("endTimeUnixNano", 8, Fixed64),
        many("attributes", 9, Nested(&KEY_VALUE)),
        one("droppedAttributesCount", 10, Unsigned),
        many("events", 11, Nested(&SPAN_EVENT)),
        one("droppedEventsCount", 12, Unsigned),
        many("links", 13, Nested(&SPAN_LINK)),
        one("droppedLinksCount", 14, Unsigned),
        one("status", 15, Nested(&STATUS)),
        one("flags", 16, Fixed32),
    ],
};

static SPAN_EVENT: Message = Message {
    fields: &[
        one("timeUnixNano", 1, Fixed64),
        one("name", 2, Text),
        many("attributes", 3, Nested(&KEY_VALUE)),
        one("droppedAttributesCount", 4, Unsigned),
    ],
};

static SPAN_LINK: Message = Message {
    fields: &[
        one("traceId", 1, Id),
        one("spanId", 2, Id),
        one("traceState", 3, Text),
        many("attributes", 4, Nested(&KEY_VALUE)),
        one("droppedAttributesCount", 5, Unsigned),
        one("flags", 6, Fixed32),
    ],
};

static STATUS: Message =
    Message { fields: &[one("message", 2, Text), one("code", 3, Enumeration(status_code))] };

/// `ExportMetricsServiceRequest`
pub(crate) static METRICS: Message =
    Message { fields: &[many("resourceMetrics", 1, Nested(&RESOURCE_METRICS))] };

static RESOURCE_METRICS: Message = Message {
    fields: &[one("resource", 1, Nested(&RESOURCE)), many("scopeMetrics", 2, Nested(&SCOPE_METRICS))],
};

static SCOPE_METRICS: Message =
    Message { fields: &[one("scope", 1, Nested(&SCOPE)), many("metrics", 2, Nested(&METRIC))] };

static METRIC: Message = Message {
    fields: &[
        one("name", 1, Text),
        one("description", 2, Text),
        one("unit", 3, Text),
        one("gauge", 5, Nested(&GAUGE)),
        one("sum", 7, Nested(&SUM)),
        one("histogram", 9, Nested(&HISTOGRAM)),
        one("exponentialHistogram", 10, Nested(&EXPONENTIAL_HISTOGRAM)),
        one("summary", 11, Nested(&SUMMARY)),
    ],
};

static GAUGE: Message = Message { fields: &[many("dataPoints", 1, Nested(&NUMBER_POINT))] };

static SUM: Message = Message {
    fields: &[
        many("dataPoints", 1, Nested(&NUMBER_POINT)),
        one("aggregationTemporality", 2, Enumeration(temporality)),
        one("isMonotonic", 3, Bool),
    ],
};

static HISTOGRAM: Message = Message {
    fields: &[
        many("dataPoints", 1, Nested(&HISTOGRAM_POINT)),
        one("aggregationTemporality", 2, Enumeration(temporality)),
    ],
};

static EXPONENTIAL_HISTOGRAM: Message = Message {
    fields: &[
        many("dataPoints", 1, Nested(&EXPONENTIAL_POINT)),
        one("aggregationTemporality", 2, Enumeration(temporality)),
    ],
};

static SUMMARY: Message = Message { fields: &[many("dataPoints", 1, Nested(&SUMMARY_POINT))] };

static NUMBER_POINT: Message = Message {
    fields: &[
        one("startTimeUnixNano", 2, Fixed64),
        one("timeUnixNano", 3, Fixed64),
        one("asDouble", 4, Double),
        many("exemplars", 5, Nested(&EXEMPLAR)),
        one("asInt", 6, SignedFixed64),
        many("attributes", 7, Nested(&KEY_VALUE)),
        one("flags", 8, Unsigned),
    ],
};

static HISTOGRAM_POINT: Message = Message {
    fields: &[
        one("startTimeUnixNano", 2, Fixed64),
        one("timeUnixNano", 3, Fixed64),
        one("count", 4, Fixed64),
        one("sum", 5, Double),
        many("bucketCounts", 6, Fixed64),
        many("explicitBounds", 7, Double),
        many("exemplars", 8, Nested(&EXEMPLAR)),
        many("attributes", 9, Nested(&KEY_VALUE)),
        one("flags", 10, Unsigned),
        one("min", 11, Double),
        one("max", 12, Double),
    ],
};

static EXPONENTIAL_POINT: Message = Message {
    fields: &[
        many("attributes", 1, Nested(&KEY_VALUE)),
        one("startTimeUnixNano", 2, Fixed64),
        one("timeUnixNano", 3, Fixed64),
        one("count", 4, Fixed64),
        one("sum", 5, Double),
        one("scale", 6, Zigzag),
        one("zeroCount", 7, Fixed64),
        one("positive", 8, Nested(&BUCKETS)),
        one("negative", 9, Nested(&BUCKETS)),
        one("flags", 10, Unsigned),
        many("exemplars", 11, Nested(&EXEMPLAR)),
        one("min", 12, Double),
        one("max", 13, Double),
        one("zeroThreshold", 14, Double),
    ],
};

static BUCKETS: Message = Message { fields: &[one("offset", 1, Zigzag), many("bucketCounts", 2, Unsigned)] };

static SUMMARY_POINT: Message = Message {
    fields: &[
        one("startTimeUnixNano", 2, Fixed64),
        one("timeUnixNano", 3, Fixed64),
        one("count", 4, Fixed64),
        one("sum", 5, Double),
        many("quantileValues", 6, Nested(&QUANTILE)),
        many("attributes", 7, Nested(&KEY_VALUE)),
        one("flags", 8, Unsigned),
    ],
};

static QUANTILE: Message = Message { fields: &[one("quantile", 1, Double), one("value", 2, Double)] };

static EXEMPLAR: Message = Message {
    fields: &[
        one("timeUnixNano", 2, Fixed64),
        one("asDouble", 3, Double),
        one("spanId", 4, Id),
        one("traceId", 5, Id),
        one("asInt", 6, SignedFixed64),
        many("filteredAttributes", 7, Nested(&KEY_VALUE)),
    ],
};

fn severity_number(name: &str) -> Option<i32> {
    SeverityNumber::from_str_name(name).map(|value| value as i32)
}

fn span_kind(name: &str) -> Option<i32> {
    SpanKind::from_str_name(name).map(|value| value as i32)
}

fn status_code(name: &str) -> Option<i32> {
    StatusCode::from_str_name(name).map(|value| value as i32)
}

fn temporality(name: &str) -> Option<i32> {
    AggregationTemporality::from_str_name(name).map(|value| value as i32)
}
