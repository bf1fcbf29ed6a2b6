//! Random OTLP exports, and one export in both of its forms.
#![allow(dead_code, reason = "each test binary uses its own part")]

use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceRequest;
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::{
    AnyValue, ArrayValue, InstrumentationScope, KeyValue, KeyValueList, any_value,
};
use opentelemetry_proto::tonic::logs::v1::{LogRecord, ResourceLogs, ScopeLogs};
use opentelemetry_proto::tonic::metrics::v1::{
    Exemplar, ExponentialHistogram, ExponentialHistogramDataPoint, Gauge, Histogram, HistogramDataPoint,
    Metric, NumberDataPoint, ResourceMetrics, ScopeMetrics, Sum, Summary, SummaryDataPoint, exemplar,
    exponential_histogram_data_point::Buckets, metric::Data, number_data_point,
    summary_data_point::ValueAtQuantile,
};
use opentelemetry_proto::tonic::resource::v1::Resource;
use opentelemetry_proto::tonic::trace::v1::{ResourceSpans, ScopeSpans, Span, Status, span};
use proptest::collection::vec;
use proptest::prelude::*;
use prost::Message;

use super::ask::{Ask, Kept, NOW_US, Reply, post};
use wire::Route;

pub const NOW_NS: u64 = NOW_US as u64 * 1000;

/// A request with a good token.
pub fn export(route: Route, body: impl Into<Vec<u8>>) -> Ask<'static> {
    post(route, body).headers(|headers| headers.authorization = Some("Bearer phc_a"))
}

/// Sends an export as JSON and, read by another reader of OTLP/JSON, as protobuf; both must be kept alike.
pub fn send(route: Route, json: &serde_json::Value) -> Reply {
    let protobuf = match route {
        Route::Logs | Route::OtelLogs => protobuf::<ExportLogsServiceRequest>(json),
        Route::Metrics => protobuf::<ExportMetricsServiceRequest>(json),
        _ => protobuf::<ExportTraceServiceRequest>(json),
    };
    let (of_json, of_protobuf) = (export(route, json.to_string()).send(), export(route, protobuf).send());
    assert_eq!(comparable(&of_json), comparable(&of_protobuf));
    of_json
}

fn protobuf<M: Message + serde::de::DeserializeOwned>(json: &serde_json::Value) -> Vec<u8> {
    serde_json::from_value::<M>(json.clone()).unwrap().encode_to_vec()
}

/// A reply without what is random: uuids, and distinct ids made up for strangers.
pub fn comparable(reply: &Reply) -> String {
    let kept = |kept: &Kept| {
        let is_stranger = uuid::Uuid::parse_str(&kept.distinct_id).is_ok();
        let distinct_id = if is_stranger { "" } else { &kept.distinct_id };
        format!("{:?} {} {} {distinct_id} {}\n", kept.kind, kept.timestamp_us, kept.event, kept.properties)
    };
    let rows: String = reply.kept.iter().map(kept).collect();
    format!("{} {} {:?}\n{rows}", reply.status, reply.text, reply.dropped)
}

fn word() -> impl Strategy<Value = String> {
    prop_oneof![Just(String::new()), "[a-z.]{1,8}", "\\PC{0,6}", Just("gen_ai.operation.name".to_owned())]
}

fn double() -> impl Strategy<Value = f64> {
    prop_oneof![-1e9..1e9, any::<i32>().prop_map(f64::from), prop::num::f64::NORMAL]
}

fn time() -> impl Strategy<Value = u64> {
    prop_oneof![Just(0), NOW_NS - 1_000_000_000..NOW_NS + 1_000_000_000, 0..i64::MAX as u64]
}

fn id(length: usize) -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![Just(Vec::new()), vec(any::<u8>(), length), vec(any::<u8>(), 0..20)]
}

fn value() -> impl Strategy<Value = AnyValue> {
    use any_value::Value;
    let leaf = prop_oneof![
        word().prop_map(Value::StringValue),
        any::<bool>().prop_map(Value::BoolValue),
        any::<i64>().prop_map(Value::IntValue),
        double().prop_map(Value::DoubleValue),
        vec(any::<u8>(), 0..6).prop_map(Value::BytesValue),
    ];
    let value = leaf.prop_recursive(3, 12, 4, |inner| {
        let inner = inner.prop_map(|value| AnyValue { value: Some(value) });
        let pair = (word(), inner.clone()).prop_map(|(key, value)| KeyValue {
            key,
            value: Some(value),
            ..KeyValue::default()
        });
        prop_oneof![
            vec(inner, 0..4).prop_map(|values| Value::ArrayValue(ArrayValue { values })),
            vec(pair, 0..4).prop_map(|values| Value::KvlistValue(KeyValueList { values })),
        ]
    });
    value.prop_map(|value| AnyValue { value: Some(value) })
}

fn attributes() -> impl Strategy<Value = Vec<KeyValue>> {
    let key = prop_oneof![word(), Just("service.name".to_owned()), Just("user.id".to_owned())];
    vec(
        (key, value()).prop_map(|(key, value)| KeyValue { key, value: Some(value), ..KeyValue::default() }),
        0..5,
    )
}

fn resource() -> impl Strategy<Value = Option<Resource>> {
    prop::option::of(attributes().prop_map(|attributes| Resource { attributes, ..Resource::default() }))
}

fn scope() -> impl Strategy<Value = Option<InstrumentationScope>> {
    let scope = (word(), word());
    prop::option::of(scope.prop_map(|(name, version)| InstrumentationScope {
        name,
        version,
        ..Default::default()
    }))
}

pub fn logs() -> impl Strategy<Value = ExportLogsServiceRequest> {
    let record = (
        time(),
        0..30_i32,
        word(),
        prop::option::of(value()),
        attributes(),
        (id(16), id(8), word(), any::<u32>()),
    );
    let record =
        record.prop_map(|(time_unix_nano, severity_number, severity_text, body, attributes, rest)| {
            LogRecord {
                time_unix_nano,
                severity_number,
                severity_text,
                body,
                attributes,
                trace_id: rest.0,
                span_id: rest.1,
                event_name: rest.2,
                flags: rest.3,
                ..LogRecord::default()
            }
        });
    let group =
        (resource(), scope(), vec(record, 0..4)).prop_map(|(resource, scope, log_records)| ResourceLogs {
            resource,
            scope_logs: vec![ScopeLogs { scope, log_records, ..ScopeLogs::default() }],
            ..ResourceLogs::default()
        });
    vec(group, 0..3).prop_map(|resource_logs| ExportLogsServiceRequest { resource_logs })
}

pub fn traces() -> impl Strategy<Value = ExportTraceServiceRequest> {
    let event = (time(), word(), attributes()).prop_map(|(time_unix_nano, name, attributes)| span::Event {
        time_unix_nano,
        name,
        attributes,
        dropped_attributes_count: 1,
    });
    let link =
        (id(16), id(8), word(), attributes()).prop_map(|(trace_id, span_id, trace_state, attributes)| {
            span::Link { trace_id, span_id, trace_state, attributes, dropped_attributes_count: 2, flags: 3 }
        });
    let status = (word(), 0..3_i32).prop_map(|(message, code)| Status { message, code });
    let record = (
        (id(16), id(8), id(8)),
        (time(), time(), word(), word()),
        attributes(),
        (vec(event, 0..3), vec(link, 0..3), prop::option::of(status)),
        (0..6_i32, any::<u32>(), any::<u32>()),
    );
    let record =
        record.prop_map(|(ids, head, attributes, (events, links, status), (kind, flags, dropped))| Span {
            trace_id: ids.0,
            span_id: ids.1,
            parent_span_id: ids.2,
            start_time_unix_nano: head.0,
            end_time_unix_nano: head.1,
            name: head.2,
            trace_state: head.3,
            attributes,
            events,
            links,
            status,
            kind,
            flags,
            dropped_attributes_count: dropped,
            dropped_events_count: dropped,
            dropped_links_count: dropped,
        });
    let group = (resource(), scope(), vec(record, 0..4)).prop_map(|(resource, scope, spans)| ResourceSpans {
        resource,
        scope_spans: vec![ScopeSpans { scope, spans, ..ScopeSpans::default() }],
        ..ResourceSpans::default()
    });
    vec(group, 0..3).prop_map(|resource_spans| ExportTraceServiceRequest { resource_spans })
}

fn exemplars() -> impl Strategy<Value = Vec<Exemplar>> {
    let exemplar = (id(16), id(8), double()).prop_map(|(trace_id, span_id, number)| Exemplar {
        trace_id,
        span_id,
        value: Some(exemplar::Value::AsDouble(number)),
        ..Exemplar::default()
    });
    vec(exemplar, 0..3)
}

fn number() -> impl Strategy<Value = NumberDataPoint> {
    let value = prop_oneof![
        double().prop_map(number_data_point::Value::AsDouble),
        any::<i64>().prop_map(number_data_point::Value::AsInt),
    ];
    (attributes(), time(), exemplars(), value).prop_map(|(attributes, time_unix_nano, exemplars, value)| {
        NumberDataPoint {
            attributes,
            time_unix_nano,
            start_time_unix_nano: 7,
            exemplars,
            flags: 1,
            value: Some(value),
        }
    })
}

fn data() -> impl Strategy<Value = Data> {
    let histogram = (attributes(), time(), prop::option::of(double()), vec(any::<u64>(), 0..4), exemplars());
    let histogram = histogram.prop_map(|(attributes, time_unix_nano, sum, bucket_counts, exemplars)| {
        HistogramDataPoint {
            attributes,
            time_unix_nano,
            count: 9,
            sum,
            min: sum,
            explicit_bounds: bucket_counts.iter().map(|count| *count as f64).collect(),
            bucket_counts,
            exemplars,
            ..HistogramDataPoint::default()
        }
    });
    let buckets = || {
        prop::option::of(
            (any::<i32>(), vec(any::<u64>(), 0..4))
                .prop_map(|(offset, bucket_counts)| Buckets { offset, bucket_counts }),
        )
    };
    let exponential = (attributes(), time(), any::<i32>(), any::<u64>(), buckets(), buckets());
    let exponential =
        exponential.prop_map(|(attributes, time_unix_nano, scale, zero_count, positive, negative)| {
            ExponentialHistogramDataPoint {
                attributes,
                time_unix_nano,
                scale,
                zero_count,
                positive,
                negative,
                max: Some(1.5),
                ..ExponentialHistogramDataPoint::default()
            }
        });
    let summary = (attributes(), time(), double(), vec((double(), double()), 0..3));
    let summary = summary.prop_map(|(attributes, time_unix_nano, sum, pairs)| SummaryDataPoint {
        attributes,
        time_unix_nano,
        count: u64::MAX,
        sum,
        quantile_values: pairs
            .into_iter()
            .map(|(quantile, value)| ValueAtQuantile { quantile, value })
            .collect(),
        ..SummaryDataPoint::default()
    });
    prop_oneof![
        vec(number(), 0..3).prop_map(|data_points| Data::Gauge(Gauge { data_points })),
        (vec(number(), 0..3), 0..4_i32, any::<bool>()).prop_map(
            |(data_points, aggregation_temporality, is_monotonic)| {
                Data::Sum(Sum { data_points, aggregation_temporality, is_monotonic })
            }
        ),
        (vec(histogram, 0..3), 0..3_i32).prop_map(|(data_points, aggregation_temporality)| {
            Data::Histogram(Histogram { data_points, aggregation_temporality })
        }),
        (vec(exponential, 0..3), 0..3_i32).prop_map(|(data_points, aggregation_temporality)| {
            Data::ExponentialHistogram(ExponentialHistogram { data_points, aggregation_temporality })
        }),
        vec(summary, 0..3).prop_map(|data_points| Data::Summary(Summary { data_points })),
    ]
}

pub fn metrics() -> impl Strategy<Value = ExportMetricsServiceRequest> {
    let metric =
        (word(), word(), word(), prop::option::of(data())).prop_map(|(name, unit, description, data)| {
            Metric { name, unit, description, data, ..Metric::default() }
        });
    let group =
        (resource(), scope(), vec(metric, 0..3)).prop_map(|(resource, scope, metrics)| ResourceMetrics {
            resource,
            scope_metrics: vec![ScopeMetrics { scope, metrics, ..ScopeMetrics::default() }],
            ..ResourceMetrics::default()
        });
    vec(group, 0..3).prop_map(|resource_metrics| ExportMetricsServiceRequest { resource_metrics })
}
