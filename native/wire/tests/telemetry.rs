//! Plain OTLP: rows 91 and 92 of the capture contract's conformance table, and §1.5.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on may stop")]

mod ask;
mod exports;

use ask::{Ask, NOW_US, Reply, post};
use exports::{NOW_NS, export, send};
use record::{Flags, Kind, Source};
use serde_json::{Value, json};
use wire::{Lane, Route};

const TRACE: &str = "0102030405060708090a0b0c0d0e0f10";
const SPAN: &str = "0102030405060708";
const NO_TRACE: &str = "00000000000000000000000000000000";
const NO_SPAN: &str = "0000000000000000";

fn resource() -> Value {
    json!({"attributes": [
        {"key": "service.name", "value": {"stringValue": "shop"}},
        {"key": "replicas", "value": {"intValue": "3"}}]})
}

fn logs(record: &Value) -> Value {
    json!({"resourceLogs": [{"resource": resource(), "scopeLogs": [
        {"scope": {"name": "lib", "version": "1.2"}, "logRecords": [record]}]}]})
}

fn spans(record: &Value) -> Value {
    json!({"resourceSpans": [{"resource": resource(), "scopeSpans": [{"spans": [record]}]}]})
}

fn metrics(metric: &Value) -> Value {
    json!({"resourceMetrics": [{"resource": resource(), "scopeMetrics": [{"scope": {"name": "lib"}, "metrics": [metric]}]}]})
}

fn properties(reply: &Reply) -> Value {
    serde_json::from_str(&reply.one().properties).unwrap()
}

fn nanoseconds(offset_seconds: i64) -> String {
    (NOW_NS as i64 + offset_seconds * 1_000_000_000 + 123).to_string()
}

#[test]
fn a_log_record_is_kept_whole() {
    let reply = send(
        Route::Logs,
        &logs(&json!({
        "timeUnixNano": nanoseconds(-60), "observedTimeUnixNano": "5", "severityNumber": 18, "severityText": "Oops",
        "body": {"stringValue": "hello"}, "traceId": TRACE, "spanId": SPAN, "flags": 1, "eventName": "e",
        "attributes": [{"key": "a", "value": {"boolValue": true}}, {"key": "a", "value": {"kvlistValue": {"values": [
            {"key": "x", "value": {"stringValue": "y"}}]}}}]})),
    );
    assert_eq!(
        properties(&reply),
        json!({
        "time_unix_nano": nanoseconds(-60), "service_name": "shop",
        "resource_attributes": {"service.name": "shop", "replicas": "3"}, "instrumentation_scope": "lib@1.2",
        "trace_id": TRACE, "span_id": SPAN, "trace_flags": 1, "severity_text": "error", "severity_number": 18,
        "event_name": "e", "body": "hello", "attributes": {"a": "{\"x\":\"y\"}"}})
    );
    let kept = reply.one();
    assert_eq!(
        (kept.kind, kept.source, kept.flags, reply.lane),
        (Kind::Log, Source::Otlp, Flags(0), Lane::Telemetry)
    );
    assert_eq!((kept.project_id, kept.event.as_str(), kept.distinct_id.as_str()), (1, "", ""));
    assert_eq!((kept.timestamp_us, kept.uuid.get_version_num()), (NOW_US - 60_000_000, 7));
}

#[test]
fn ids_of_impossible_length_are_zeroes_and_missing_facts_are_empty() {
    let record = json!({"traceId": "0102", "spanId": "01"});
    let kept =
        properties(&send(Route::Logs, &json!({"resourceLogs": [{"scopeLogs": [{"logRecords": [record]}]}]})));
    for (key, expected) in [
        ("trace_id", json!(NO_TRACE)),
        ("span_id", json!(NO_SPAN)),
        ("service_name", json!("")),
        ("instrumentation_scope", json!("")),
        ("resource_attributes", json!({})),
        ("body", json!("")),
        ("severity_text", json!("info")),
        ("severity_number", json!(9)),
    ] {
        assert_eq!(kept[key], expected, "{key}");
    }
}

#[test]
fn times_are_settled_within_a_day_of_receipt() {
    let day = 24 * 3600;
    for (sent, timestamp_us, original) in [
        ("0".to_owned(), NOW_US, None),
        (nanoseconds(-day + 1), NOW_US - (day - 1) * 1_000_000, None),
        (nanoseconds(day - 1), NOW_US + (day - 1) * 1_000_000, None),
        (nanoseconds(-day - 1), NOW_US, Some("2025-09-16T11:59:59.000000123Z")),
        (nanoseconds(day + 1), NOW_US, Some("2025-09-18T12:00:01.000000123Z")),
        ("1".to_owned(), NOW_US, Some("1970-01-01T00:00:00.000000001Z")),
    ] {
        for reply in [
            send(Route::Logs, &logs(&json!({"timeUnixNano": sent}))),
            send(Route::Traces, &spans(&json!({"startTimeUnixNano": sent}))),
            send(
                Route::Metrics,
                &metrics(&json!({"gauge": {"dataPoints": [{"timeUnixNano": sent, "asInt": "1"}]}})),
            ),
        ] {
            let kept = reply.one();
            assert_eq!(kept.timestamp_us, timestamp_us, "{sent}");
            assert_eq!(kept.flags.has(Flags::TIMESTAMP_REPLACED), original.is_some());
            assert_eq!(properties(&reply)["attributes"]["$originalTimestamp"].as_str(), original);
        }
    }
    for reply in [
        send(Route::Logs, &logs(&json!({"timeUnixNano": u64::MAX.to_string()}))),
        send(Route::Traces, &spans(&json!({"endTimeUnixNano": u64::MAX.to_string()}))),
    ] {
        assert_eq!((reply.status, reply.dropped), (400, vec![("invalid_otlp", 1)]));
    }
}

#[test]
fn severities_are_settled_by_number_body_and_text() {
    let severity = |record: Value| {
        let kept = properties(&send(Route::Logs, &logs(&record)));
        (kept["severity_text"].as_str().unwrap().to_owned(), kept["severity_number"].as_i64().unwrap())
    };
    for (number, text) in [
        (1, "trace"),
        (4, "trace"),
        (5, "debug"),
        (9, "info"),
        (12, "info"),
        (13, "warn"),
        (17, "error"),
        (21, "fatal"),
        (24, "fatal"),
        (25, "unknown"),
    ] {
        assert_eq!(
            severity(json!({"severityNumber": number, "severityText": "DEBUG"})),
            (text.to_owned(), number)
        );
    }
    for (text, expected) in [
        ("WARNING", ("warn", 13)),
        ("Critical", ("fatal", 21)),
        ("err", ("error", 17)),
        ("loud", ("info", 9)),
        ("", ("info", 9)),
    ] {
        assert_eq!(severity(json!({"severityText": text})), (expected.0.to_owned(), expected.1), "{text}");
    }
    let body = json!({"stringValue": r#"{"level":5,"severity":"Error"}"#});
    assert_eq!(severity(json!({"severityText": "info", "body": body})), ("error".to_owned(), 17));
    assert_eq!(severity(json!({"severityNumber": 5, "body": body})), ("debug".to_owned(), 5));
}

#[test]
fn values_are_flattened_to_text() {
    for (value, text) in [
        (json!({"stringValue": "a\"b"}), "a\"b"),
        (json!({"boolValue": false}), "false"),
        (json!({"intValue": "-9223372036854775808"}), "-9223372036854775808"),
        (json!({"doubleValue": 0.5}), "0.5"),
        (json!({"doubleValue": 1e300}), "1e300"),
        (json!({"bytesValue": "AP8="}), "AP8="),
        (
            json!({"arrayValue": {"values": [{"stringValue": "a"}, {"intValue": "1"}, {"bytesValue": "AP8="}]}}),
            r#"["a",1,"AP8="]"#,
        ),
    ] {
        let kept = properties(&send(
            Route::Logs,
            &logs(&json!({"body": value, "attributes": [{"key": "a", "value": value}]})),
        ));
        assert_eq!((&kept["body"], &kept["attributes"]["a"]), (&json!(text), &json!(text)));
    }
}

#[test]
fn a_span_is_kept_whole() {
    let (start, end) = (nanoseconds(-60), nanoseconds(-58));
    let reply = send(
        Route::Traces,
        &spans(&json!({
        "traceId": TRACE, "spanId": SPAN, "parentSpanId": "", "traceState": "a=b", "name": "GET /", "kind": 2, "flags": 257,
        "startTimeUnixNano": start, "endTimeUnixNano": end, "status": {"message": "no", "code": 2},
        "attributes": [{"key": "http.method", "value": {"stringValue": "GET"}}],
        "events": [{"timeUnixNano": "5", "name": "exception", "attributes": [{"key": "n", "value": {"intValue": "1"}}]}],
        "links": [{"traceId": TRACE, "spanId": SPAN, "traceState": "", "attributes": [], "droppedAttributesCount": 1, "flags": 0}],
        "droppedAttributesCount": 1, "droppedEventsCount": 2, "droppedLinksCount": 3})),
    );
    assert_eq!(
        properties(&reply),
        json!({
        "time_unix_nano": start, "service_name": "shop",
        "resource_attributes": {"service.name": "shop", "replicas": "3"}, "instrumentation_scope": "",
        "trace_id": TRACE, "span_id": SPAN, "parent_span_id": NO_SPAN, "trace_state": "a=b", "name": "GET /",
        "kind": 2, "flags": 257, "end_time_unix_nano": end, "duration_nano": 2_000_000_000, "status_code": 2,
        "status_message": "no",
        "events": [{"time_unix_nano": "5", "name": "exception", "attributes": {"n": "1"}, "dropped_attributes_count": 0}],
        "links": [{"trace_id": TRACE, "span_id": SPAN, "trace_state": "", "attributes": {}, "dropped_attributes_count": 1, "flags": 0}],
        "dropped_attributes_count": 1, "dropped_events_count": 2, "dropped_links_count": 3,
        "attributes": {"http.method": "GET"}})
    );
    assert_eq!((reply.one().kind, reply.lane), (Kind::Span, Lane::Telemetry));
}

#[test]
fn a_span_whose_start_was_replaced_keeps_its_duration() {
    let ends = |start: String, end: String| {
        let kept = properties(&send(
            Route::Traces,
            &spans(&json!({"startTimeUnixNano": start, "endTimeUnixNano": end})),
        ));
        (kept["duration_nano"].as_u64().unwrap(), kept["end_time_unix_nano"].as_str().unwrap().to_owned())
    };
    assert_eq!(ends("1000".into(), "3000".into()), (2000, (NOW_NS + 2000).to_string()));
    assert_eq!(ends(nanoseconds(-5), "0".into()), (0, nanoseconds(-5)));
    assert_eq!(ends(nanoseconds(-5), nanoseconds(-6)), (0, nanoseconds(-5)));
    assert_eq!(ends("0".into(), "0".into()), (0, NOW_NS.to_string()));
}

#[test]
fn numbers_are_kept_a_point_each() {
    let exemplar = json!({"traceId": TRACE, "spanId": SPAN, "asDouble": 1.0, "timeUnixNano": "1", "filteredAttributes": []});
    let reply = send(
        Route::Metrics,
        &metrics(&json!({"name": "m", "unit": "s", "description": "d", "sum": {
        "aggregationTemporality": 2, "isMonotonic": true, "dataPoints": [
            {"timeUnixNano": nanoseconds(0), "startTimeUnixNano": "5", "asInt": "9007199254740993", "flags": 1,
             "attributes": [{"key": "k", "value": {"stringValue": "v"}}], "exemplars": [exemplar]},
            {"asDouble": 1.5}]}})),
    );
    assert_eq!(reply.kept.len(), 2);
    assert_eq!(
        serde_json::from_str::<Value>(&reply.kept[0].properties).unwrap(),
        json!({
        "time_unix_nano": nanoseconds(0), "service_name": "shop",
        "resource_attributes": {"service.name": "shop", "replicas": "3"}, "instrumentation_scope": "lib@",
        "trace_id": TRACE, "span_id": SPAN, "metric_name": "m", "metric_type": "sum", "unit": "s", "description": "d",
        "start_time_unix_nano": "5", "flags": 1, "value": 9_007_199_254_740_993_i64, "count": 1,
        "aggregation_temporality": "cumulative", "is_monotonic": true, "attributes": {"k": "v"}})
    );
    assert_eq!((reply.kept[0].kind, reply.lane), (Kind::Metric, Lane::Telemetry));
    let gauge =
        properties(&send(Route::Metrics, &metrics(&json!({"name": "g", "gauge": {"dataPoints": [{}]}}))));
    assert_eq!(
        (&gauge["metric_type"], &gauge["value"], &gauge["trace_id"]),
        (&json!("gauge"), &json!(null), &json!(NO_TRACE))
    );
    assert_eq!(send(Route::Metrics, &metrics(&json!({"name": "nothing"}))).kept.len(), 0);
}

#[test]
fn distributions_are_kept_with_their_buckets() {
    let kept = |metric: &Value| properties(&send(Route::Metrics, &metrics(metric)));
    let histogram = kept(&json!({"histogram": {"aggregationTemporality": 1, "dataPoints": [
        {"count": "6", "sum": 9.5, "min": 1.0, "max": 4.0, "bucketCounts": ["1", "5"], "explicitBounds": [2.0]}]}}));
    for (key, expected) in [
        ("metric_type", json!("histogram")),
        ("value", json!(9.5)),
        ("count", json!(6)),
        ("min", json!(1.0)),
        ("max", json!(4.0)),
        ("histogram_bounds", json!([2.0])),
        ("histogram_counts", json!([1, 5])),
        ("aggregation_temporality", json!("delta")),
    ] {
        assert_eq!(histogram[key], expected, "{key}");
    }
    let summary = kept(
        &json!({"summary": {"dataPoints": [{"count": "2", "sum": 3.0, "attributes": [], "startTimeUnixNano": "0",
        "timeUnixNano": "0", "flags": 0, "quantileValues": [{"quantile": 0.5, "value": 1.5}]}]}}),
    );
    assert_eq!(
        (&summary["quantiles"], &summary["value"], &summary["count"]),
        (&json!([{"quantile": 0.5, "value": 1.5}]), &json!(3.0), &json!(2))
    );
}

#[test]
fn exponential_histograms_are_spelled_out() {
    let buckets = |positive: Value, negative: Value, scale: i32| {
        let point = json!({"scale": scale, "zeroCount": "7", "count": "1", "positive": positive, "negative": negative});
        let metric =
            metrics(&json!({"exponentialHistogram": {"aggregationTemporality": 2, "dataPoints": [point]}}));
        let kept = properties(&export(Route::Metrics, metric.to_string()).send());
        (kept["histogram_bounds"].clone(), kept["histogram_counts"].clone())
    };
    let side = |offset: i32, counts: &[u64]| json!({"offset": offset, "bucketCounts": counts});
    assert_eq!(
        buckets(side(0, &[1, 2]), side(1, &[3, 4]), 0),
        (json!([-8.0, -4.0, -2.0, 1.0, 2.0, 4.0]), json!([0, 4, 3, 7, 1, 2, 0]))
    );
    assert_eq!(buckets(side(-1, &[5]), json!(null), -1), (json!([-0.25, 0.25, 1.0]), json!([0, 7, 5, 0])));
    assert_eq!(
        buckets(json!(null), side(-2, &[5]), 1),
        (json!([-(-0.5_f64).exp2(), -0.5, 0.5]), json!([0, 5, 7, 0]))
    );
    let (bounds, _) = buckets(side(0, &[1, 1]), json!(null), i32::MIN);
    assert_eq!(bounds, json!([-1.0, 1.0, f64::MAX, f64::MAX]));
}

#[test]
fn row_91_tokens_come_by_header_or_query() {
    let body = || logs(&json!({"body": {"stringValue": "a"}})).to_string();
    let plain = |query| Ask { query, ..post(Route::Logs, body()) }.content_type("text/plain");
    let refused = |reply: Reply, reason: &str| {
        assert_eq!((reply.status, reply.content_type, reply.kept.len()), (401, Some("application/json"), 0));
        assert!(serde_json::from_str::<Value>(&reply.text).unwrap()["error"].is_string());
        assert_eq!(reply.dropped, [(reason, 1)]);
    };
    refused(plain("").send(), "rejected_token");
    refused(plain("token=").send(), "rejected_token");
    refused(plain("token=phx_a").send(), "rejected_token");
    refused(plain("token=%00a").send(), "rejected_token");
    refused(plain("token=phc_unknown").send(), "unknown_token");
    let reply = plain("token=phc_a").send();
    assert_eq!((reply.status, reply.text.as_str(), reply.kept.len()), (200, "{}", 1));
    let by_header = plain("token=phc_b").headers(|headers| headers.authorization = Some("Bearer phc_a"));
    assert_eq!(by_header.send().one().project_id, 1);
    let empty_header = plain("token=phc_b").headers(|headers| headers.authorization = Some("Bearer "));
    assert_eq!(empty_header.send().one().project_id, 2);
}

#[test]
fn row_92_garbage_is_refused_in_json() {
    for route in [Route::Logs, Route::Traces, Route::Metrics] {
        let reply = export(route, "garbage").send();
        assert_eq!((reply.status, reply.content_type), (400, Some("application/json")));
        let body: Value = serde_json::from_str(&reply.text).unwrap();
        assert!(body["error"].as_str().unwrap().starts_with("Failed to decode"), "{body}");
    }
}

#[test]
fn a_project_over_its_quota_is_told_when_to_return() {
    let ask = post(Route::Logs, "{}").query("token=phc_over_32");
    let reply = ask.send();
    assert_eq!((reply.status, reply.headers), (429, vec![("retry-after", "900".to_owned())]));
    assert_eq!(reply.dropped, [("quota_all", 1)]);
    assert_eq!(post(Route::Logs, "{}").query("token=phc_over_8").send().status, 200);
}
