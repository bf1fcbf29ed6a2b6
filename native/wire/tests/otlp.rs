//! Reading OTLP: both forms of an export are kept alike, and no bytes do harm.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on may stop")]

mod ask;
mod exports;

use ask::{Ask, Reply, gzip};
use exports::{comparable, export, send};
use proptest::prelude::*;
use prost::Message;
use serde_json::json;
use wire::Route;

const ALL: [Route; 5] = [Route::OtelTraces, Route::OtelLogs, Route::Logs, Route::Traces, Route::Metrics];

/// What a route keeps of the protobuf and of the JSON of an export.
fn both(route: Route, export_of: &(impl Message + serde::Serialize)) -> (String, String) {
    let json = serde_json::to_string(export_of).unwrap();
    let sent = |body: Vec<u8>| comparable(&export(route, body).send());
    (sent(export_of.encode_to_vec()), sent(json.into_bytes()))
}

proptest! {
    #[test]
    fn logs_are_kept_alike_in_both_forms(logs in exports::logs()) {
        for route in [Route::Logs, Route::OtelLogs] {
            let (protobuf, json) = both(route, &logs);
            prop_assert_eq!(protobuf, json);
        }
    }

    #[test]
    fn spans_are_kept_alike_in_both_forms(traces in exports::traces()) {
        for route in [Route::Traces, Route::OtelTraces] {
            let (protobuf, json) = both(route, &traces);
            prop_assert_eq!(protobuf, json);
        }
    }

    #[test]
    fn metrics_are_kept_alike_in_both_forms(metrics in exports::metrics()) {
        let (protobuf, json) = both(Route::Metrics, &metrics);
        prop_assert_eq!(protobuf, json);
    }

    #[test]
    fn what_is_kept_is_always_a_json_object(logs in exports::logs(), traces in exports::traces(), metrics in exports::metrics()) {
        for (route, body) in [
            (Route::Logs, logs.encode_to_vec()),
            (Route::Traces, traces.encode_to_vec()),
            (Route::OtelTraces, traces.encode_to_vec()),
            (Route::Metrics, metrics.encode_to_vec()),
        ] {
            for kept in export(route, body).send().kept {
                let properties: serde_json::Value = serde_json::from_str(&kept.properties).unwrap();
                prop_assert!(properties.is_object());
            }
        }
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), start in "\\{?\"?[a-zA-Z]{0,3}") {
        for route in ALL {
            let reply = export(route, [start.as_bytes(), &bytes].concat()).send();
            prop_assert!(matches!(reply.status, 200 | 400));
        }
    }

    #[test]
    fn no_damage_to_an_export_makes_it_panic(traces in exports::traces(), at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        for mut body in [traces.encode_to_vec(), serde_json::to_vec(&traces).unwrap()] {
            if !body.is_empty() {
                let at = at.index(body.len());
                body[at] = byte;
            }
            for route in ALL {
                let reply = export(route, body.clone()).send();
                prop_assert!(matches!(reply.status, 200 | 400 | 413));
            }
        }
    }
}

fn log(record: &serde_json::Value) -> serde_json::Value {
    json!({"resourceLogs": [{"scopeLogs": [{"logRecords": [record]}]}]})
}

fn kept(body: impl Into<Vec<u8>>) -> serde_json::Value {
    serde_json::from_str(&export(Route::Logs, body).send().one().properties).unwrap()
}

#[test]
fn what_exporters_spell_differently_means_the_same() {
    let trace = "0102030405060708090a0b0c0d0e0f10";
    let time = exports::NOW_NS;
    let canonical = send(
        Route::Logs,
        &log(&json!({"timeUnixNano": time.to_string(), "severityNumber": 17, "traceId": trace,
            "body": {"intValue": "5"}, "flags": 1,
            "attributes": [{"key": "d", "value": {"doubleValue": 1.0}}, {"key": "b", "value": {"bytesValue": "AP8="}}]})),
    );
    for record in [
        json!({"timeUnixNano": time, "severityNumber": "SEVERITY_NUMBER_ERROR", "traceId": trace.to_uppercase(),
            "body": {"intValue": 5}, "flags": "1", "unknown": {"a": [1]},
            "attributes": [{"key": "d", "value": {"doubleValue": "1"}}, {"key": "b", "value": {"bytesValue": "AP8"}}]}),
        json!({"time_unix_nano": {"low": (time & 0xFFFF_FFFF) as i64, "high": (time >> 32) as i64, "unsigned": true},
            "severity_number": "17", "trace_id": "AQIDBAUGBwgJCgsMDQ4PEA==", "body": {"int_value": 5.0}, "flags": 1,
            "spanId": "not hexadecimal", "observedTimeUnixNano": null,
            "attributes": [{"key": "d", "value": {"doubleValue": 1}}, {"key": "b", "value": {"bytesValue": "AP8="}}]}),
    ] {
        assert_eq!(comparable(&export(Route::Logs, log(&record).to_string()).send()), comparable(&canonical));
    }
}

#[test]
fn no_value_is_null_or_nothing() {
    for body in [json!({}), json!(null), json!({"stringValue": null})] {
        let kept = kept(
            log(&json!({"body": body, "attributes": [
            {"key": "none", "value": body}, {"key": "list", "value": {"arrayValue": {"values": [body]}}}]}))
            .to_string(),
        );
        assert_eq!(
            (&kept["body"], &kept["attributes"]),
            (&json!(""), &json!({"none": "", "list": "[null]"}))
        );
    }
}

#[test]
fn json_lines_are_merged_and_one_bad_line_refuses_all() {
    let line = log(&json!({"body": {"stringValue": "a"}})).to_string();
    let bom = format!("\u{feff}{line}");
    for (body, records) in [
        (format!("{line}\n\n  {line}\r\n"), 2),
        (line.clone(), 1),
        (bom, 1),
        ("{}".to_owned(), 0),
        (String::new(), 0),
    ] {
        let reply = export(Route::Logs, body).send();
        assert_eq!((reply.status, reply.text.as_str(), reply.kept.len()), (200, "{}", records));
    }
    for body in
        [format!("{line}\n{{"), format!("{line} {line}"), "[]".to_owned(), "5".to_owned(), "null".to_owned()]
    {
        assert_eq!(export(Route::Logs, body).send().status, 400);
    }
}

#[test]
fn a_value_of_another_type_refuses_the_export() {
    for record in [
        json!({"timeUnixNano": "soon"}),
        json!({"timeUnixNano": -1}),
        json!({"timeUnixNano": 1.5}),
        json!({"body": "text"}),
        json!({"body": {"stringValue": 5}}),
        json!({"body": {"boolValue": "maybe"}}),
        json!({"attributes": {"key": "a"}}),
        json!({"attributes": ["a"]}),
        json!({"severityNumber": "LOUD"}),
        json!({"body": {"bytesValue": "*"}}),
    ] {
        let reply = export(Route::Logs, log(&record).to_string()).send();
        assert_eq!((reply.status, reply.dropped), (400, vec![("rejected_parsing", 1)]), "{record}");
    }
}

#[test]
fn deep_values_are_read_as_far_as_both_forms_reach() {
    let nested = |depth: usize| {
        // As text, because trees this deep are too much for the test's own JSON.
        let (open, close) = (r#"{"arrayValue":{"values":["#.repeat(depth), "]}}".repeat(depth));
        let record = format!(r#"{{"body":{open}{{"intValue":"1"}}{close}}}"#);
        let body = format!(r#"{{"resourceLogs":[{{"scopeLogs":[{{"logRecords":[{record}]}}]}}]}}"#);
        export(Route::Logs, body).send().status
    };
    let message = |depth: usize| {
        // Field 5 of AnyValue is an array, field 1 of an array is a value.
        (0..depth).fold(Vec::new(), |inner: Vec<u8>, level| {
            let mut length = Vec::new();
            prost::encode_length_delimiter(inner.len(), &mut length).unwrap();
            [&[if level % 2 == 0 { 0x2a } else { 0x0a }][..], &length, &inner].concat()
        })
    };
    let log = |body: Vec<u8>| {
        [0x2a, 0x12, 0x12, 0x0a].into_iter().fold(body, |inner, tag| {
            let mut length = Vec::new();
            prost::encode_length_delimiter(inner.len(), &mut length).unwrap();
            [&[tag][..], &length, &inner].concat()
        })
    };
    assert!(export(Route::Logs, log(message(41))).send().one().properties.contains("[[["));
    assert_eq!(export(Route::Logs, log(message(5001))).send().status, 400);
    assert_eq!((nested(20), nested(60), nested(5000)), (200, 400, 400));
}

#[test]
fn bodies_and_what_they_inflate_to_have_limits() {
    let body = log(&json!({"body": {"stringValue": "x".repeat(500_000)}})).to_string();
    let packed = gzip(body.as_bytes());
    let limited = |body: &[u8], limit: usize| {
        let ask = export(Route::Logs, body).limits(|limits| limits.telemetry_body_bytes = limit);
        ask.send().status
    };
    assert_eq!((limited(body.as_bytes(), body.len()), limited(body.as_bytes(), body.len() - 1)), (200, 413));
    assert_eq!((limited(&packed, body.len()), limited(&packed, body.len() - 1)), (200, 413));
    let otel = |limit: usize| {
        export(Route::OtelLogs, packed.clone()).limits(|limits| limits.otel_body_bytes = limit).send().status
    };
    assert_eq!((otel(body.len()), otel(body.len() - 1)), (200, 413));
}

#[test]
fn gzip_is_known_by_magic_header_or_query() {
    let packed = gzip(log(&json!({})).to_string().as_bytes());
    let plain = log(&json!({})).to_string();
    export(Route::Logs, packed.clone()).send().one();
    export(Route::Logs, packed.clone()).encoding("gzip").send().one();
    export(Route::Logs, packed).query("compression=gzip-js").send().one();
    for claim in [
        export(Route::Logs, plain.clone()).encoding("GZIP"),
        export(Route::Logs, plain.clone()).query("compression=gzip"),
    ] {
        assert_eq!(claim.send().status, 400);
    }
}

#[test]
fn a_small_body_cannot_fill_the_memory() {
    let empty_groups = [0x0a, 0x00].repeat(500_000);
    let crowded = |body: Vec<u8>| -> Reply { export(Route::Logs, body).send() };
    assert_eq!(crowded(empty_groups.clone()).status, 400);
    assert_eq!(crowded(empty_groups[..200_000].to_vec()).status, 200);
    let json = format!("{{\"resourceLogs\":[{}{{}}]}}", "{},".repeat(450_000));
    assert_eq!(crowded(json.into_bytes()).status, 400);
    // One large resource, said again in each of its many records.
    let records = vec![json!({}); 1000];
    let resource = json!({"attributes": [{"key": "k", "value": {"stringValue": "x".repeat(500_000)}}]});
    let body = json!({"resourceLogs": [{"resource": resource, "scopeLogs": [{"logRecords": records}]}]});
    assert_eq!(crowded(body.to_string().into_bytes()).status, 413);
    let large = log(&json!({"body": {"stringValue": "x".repeat(1_100_000)}}));
    assert_eq!(crowded(large.to_string().into_bytes()).status, 413);
    let spans = vec![json!({"name": "gen_ai.x"}); 100];
    let body = json!({"resourceSpans": [{"resource": resource, "scopeSpans": [{"spans": spans}]}]});
    let ask: Ask<'_> = export(Route::OtelTraces, body.to_string());
    assert_eq!(ask.limits(|limits| limits.otlp_expanded_bytes = 40_000_000).send().status, 413);
}
