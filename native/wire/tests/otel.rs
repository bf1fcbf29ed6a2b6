//! OTLP turned into AI events: row 90 of the capture contract's conformance table, and §1.4.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on may stop")]

mod ask;
mod exports;

use ask::{NOW_US, Reply, at, post};
use exports::{export, send};
use record::{Flags, Kind, Source};
use serde_json::{Value, json};
use wire::{Lane, Route};

const TRACE: &str = "0102030405060708090a0b0c0d0e0f10";
const SPAN: &str = "0102030405060708";
const START: &str = "1758106800000000123"; // 2025-09-17T11:00:00.000000123Z

fn attribute(key: &str, value: Value) -> Value {
    let value = match value {
        Value::String(text) => json!({"stringValue": text}),
        Value::Bool(flag) => json!({"boolValue": flag}),
        Value::Number(number) if number.is_i64() => json!({"intValue": number.to_string()}),
        Value::Number(number) => json!({"doubleValue": number}),
        other => other,
    };
    json!({"key": key, "value": value})
}

fn attributes(pairs: &[(&str, Value)]) -> Value {
    pairs.iter().map(|(key, value)| attribute(key, value.clone())).collect()
}

fn export_of(resource: &[(&str, Value)], spans: &Value) -> Value {
    json!({"resourceSpans": [{"resource": {"attributes": attributes(resource)}, "scopeSpans": [
        {"scope": {"name": "lib", "version": "1.2"}, "spans": spans}]}]})
}

fn span(pairs: &[(&str, Value)]) -> Value {
    json!({"traceId": TRACE, "spanId": SPAN, "parentSpanId": SPAN, "name": "call", "startTimeUnixNano": START,
        "endTimeUnixNano": "1758106801000000000", "attributes": attributes(pairs)})
}

fn of(resource: &[(&str, Value)], pairs: &[(&str, Value)]) -> Reply {
    send(Route::OtelTraces, &export_of(resource, &json!([span(pairs)])))
}

fn properties(reply: &Reply) -> Value {
    serde_json::from_str(&reply.one().properties).unwrap()
}

#[test]
fn a_span_becomes_an_event_with_all_its_facts() {
    let resource = [
        ("service.name", json!("shop")),
        ("host.name", json!("h")),
        ("process.pid", json!(1)),
        ("os.type", json!("linux")),
        ("telemetry.sdk.name", json!("otel")),
        ("shared", json!("resource")),
        ("user.id", json!("process")),
    ];
    let pairs = [
        ("gen_ai.operation.name", json!("chat")),
        ("gen_ai.usage.input_tokens", json!(12)),
        ("shared", json!("span")),
        ("temperature", json!(0.5)),
        ("raw", json!({"bytesValue": "AP8="})),
        ("user.id", json!("u")),
        ("absent", json!({})),
    ];
    let reply = of(&resource, &pairs);
    assert_eq!(
        properties(&reply),
        json!({
        "service.name": "shop", "shared": "span", "user.id": "u", "gen_ai.operation.name": "chat",
        "gen_ai.usage.input_tokens": 12, "temperature": 0.5, "raw": "00ff", "$geoip_disable": true,
        "$ai_trace_id": TRACE, "$ai_span_id": SPAN, "$ai_parent_id": SPAN, "$ai_ingestion_source": "otel",
        "$lib": "posthog-otel", "$lib_version": "1.2", "$otel_span_name": "call",
        "$otel_start_time_unix_nano": START, "$otel_end_time_unix_nano": "1758106801000000000"})
    );
    let kept = reply.one();
    assert_eq!(
        (kept.kind, kept.source, kept.flags, reply.lane),
        (Kind::Event, Source::Otlp, Flags(Flags::AI), Lane::Events)
    );
    assert_eq!((kept.event.as_str(), kept.distinct_id.as_str()), ("$ai_generation", "u"));
    assert_eq!((kept.timestamp_us, kept.uuid.get_version_num()), (at("2025-09-17T11:00:00Z"), 7));
    assert_eq!((reply.text.as_str(), reply.content_type), ("{}", Some("application/json")));
}

#[test]
fn events_are_named_by_their_operation() {
    for (key, operation, expected) in [
        ("gen_ai.operation.name", "chat", "$ai_generation"),
        ("gen_ai.operation.name", "text_completion", "$ai_generation"),
        ("gen_ai.operation.name", "generate_content", "$ai_generation"),
        ("gen_ai.operation.name", "embeddings", "$ai_embedding"),
        ("gen_ai.operation.name", "execute_tool", "$ai_span"),
        ("gen_ai.operation.name", "invoke_agent", "$ai_span"),
        ("gen_ai.request.model", "m", "$ai_span"),
        ("llm.request.type", "chat", "$ai_generation"),
        ("llm.request.type", "completion", "$ai_generation"),
        ("llm.request.type", "embedding", "$ai_embedding"),
        ("llm.request.type", "rerank", "$ai_span"),
        ("ai.operationId", "ai.generateText.doGenerate", "$ai_generation"),
        ("ai.operationId", "ai.streamText.doStream", "$ai_generation"),
        ("ai.operationId", "ai.embedMany.doEmbed", "$ai_embedding"),
        ("ai.operationId", "ai.toolCall", "$ai_span"),
        ("traceloop.workflow.name", "w", "$ai_span"),
        ("pydantic_ai.agent_name", "a", "$ai_span"),
        ("eve.session.id", "s", "$ai_span"),
    ] {
        assert_eq!(of(&[], &[(key, json!(operation))]).one().event, expected, "{key} {operation}");
    }
    let vercel = [("gen_ai.operation.name", json!("chat")), ("ai.operationId", json!("ai.toolCall"))];
    assert_eq!(of(&[], &vercel).one().event, "$ai_span");
    let native = [("gen_ai.operation.name", json!("chat")), ("ai.usage.details", json!(5))];
    assert_eq!(of(&[], &native).one().event, "$ai_generation");
}

#[test]
fn a_root_without_a_sort_of_its_own_is_the_trace() {
    let root = |operation: &str, parent: &str| {
        let mut span = span(&[("gen_ai.operation.name", json!(operation))]);
        span["parentSpanId"] = parent.into();
        send(Route::OtelTraces, &export_of(&[], &json!([span])))
    };
    for parent in ["", "0000000000000000"] {
        let reply = root("invoke_agent", parent);
        assert_eq!(reply.one().event, "$ai_trace");
        assert!(properties(&reply).get("$ai_parent_id").is_none());
        assert_eq!(root("chat", parent).one().event, "$ai_generation");
    }
}

#[test]
fn row_90_other_spans_are_passed_over() {
    let http = [("http.request.method", json!("POST"))];
    let reply = of(&[("gen_ai.system", json!("resource attributes do not make a span AI"))], &http);
    assert_eq!((reply.status, reply.text.as_str(), reply.kept.len()), (200, "{}", 0));
    assert_eq!(reply.dropped, [("not_an_ai_event", 1)]);
    let mixed =
        send(Route::OtelTraces, &export_of(&[], &json!([span(&http), span(&[("gen_ai.x", json!(1))])])));
    assert_eq!((mixed.kept.len(), mixed.dropped), (1, vec![("not_an_ai_event", 1)]));
    let none = send(Route::OtelTraces, &json!({"resourceSpans": []}));
    assert_eq!((none.status, none.text.as_str(), none.dropped), (200, "{}", vec![]));
    let named = send(Route::OtelTraces, &export_of(&[], &json!([{"name": "ai.generateText"}])));
    assert_eq!(named.one().event, "$ai_trace");
}

#[test]
fn distinct_ids_come_from_the_span_then_the_resource_then_the_request() {
    let ai = ("gen_ai.x", json!(1));
    let keys = [
        "ai.telemetry.metadata.posthog_distinct_id",
        "ai.settings.context.posthog_distinct_id",
        "posthog.distinct_id",
        "user.id",
    ];
    for first in 0..keys.len() {
        let mut pairs: Vec<_> = keys[first..].iter().rev().map(|key| (*key, json!(key))).collect();
        pairs.push(ai.clone());
        assert_eq!(of(&[("posthog.distinct_id", json!("r"))], &pairs).one().distinct_id, keys[first]);
    }
    let unusable = [ai.clone(), ("posthog.distinct_id", json!("")), ("user.id", json!(5))];
    assert_eq!(
        of(&[("user.id", json!("r")), ("posthog.distinct_id", json!("p"))], &unusable).one().distinct_id,
        "p"
    );
    assert_eq!(
        of(&[("user.id", json!("a\u{0}".repeat(150)))], &unusable).one().distinct_id,
        "a\u{fffd}".repeat(100)
    );
    let strangers = send(Route::OtelTraces, &export_of(&[], &json!([span(&unusable), span(&unusable)])));
    let ids: Vec<_> = strangers.kept.iter().map(|kept| kept.distinct_id.clone()).collect();
    assert_eq!(ids[0], ids[1]);
    assert_eq!(uuid::Uuid::parse_str(&ids[0]).unwrap().get_version_num(), 7);
    assert_ne!(ids[0], of(&[], &unusable).one().distinct_id);
}

#[test]
fn what_the_sender_set_itself_stays() {
    for (pairs, key, expected) in [
        (vec![("$lib", json!("mine")), ("$lib_version", json!("9"))], "$lib_version", json!("9")),
        (vec![("$lib", json!("mine"))], "$lib", json!("mine")),
        (vec![("posthog.geoip_disable", json!(false))], "$geoip_disable", json!(false)),
        (
            vec![("$geoip_disable", json!(false)), ("posthog.geoip_disable", json!(true))],
            "$geoip_disable",
            json!(false),
        ),
    ] {
        let properties = properties(&of(&[], &[pairs, vec![("gen_ai.x", json!(1))]].concat()));
        assert_eq!(properties[key], expected);
        assert!(properties.get("posthog.geoip_disable").is_none());
    }
    let special = export(
        Route::OtelTraces,
        export_of(&[], &json!([span(&[("gen_ai.x", json!({"doubleValue": "NaN"}))])])).to_string(),
    );
    assert_eq!(properties(&special.send())["gen_ai.x"], json!(null));
    let timeless = send(Route::OtelTraces, &export_of(&[], &json!([{"name": "gen_ai."}])));
    assert_eq!(timeless.one().timestamp_us, NOW_US);
}

#[test]
fn failed_spans_say_so() {
    let failed = |code: i32, events: Value, pairs: &[(&str, Value)]| {
        let mut span = span(&[&[("gen_ai.x", json!(1))], pairs].concat());
        span["status"] = json!({"code": code, "message": "it broke"});
        span["events"] = events;
        let properties = properties(&send(Route::OtelTraces, &export_of(&[], &json!([span]))));
        ["$ai_is_error", "$ai_error", "$ai_http_status"]
            .map(|key| properties.get(key).cloned().unwrap_or_default())
    };
    let exception = json!([{"name": "exception", "attributes": attributes(&[
        ("exception.type", json!("E")), ("exception.message", json!("m")), ("http.response.status_code", json!(429))])}]);
    assert_eq!(failed(2, exception, &[]), [json!(true), json!("E: m"), json!(429)]);
    assert_eq!(
        failed(2, json!([]), &[("http.status_code", json!("503"))]),
        [json!(true), json!("it broke"), json!(503)]
    );
    assert_eq!(
        failed(2, json!([]), &[("$ai_error", json!("own"))]),
        [json!(true), json!("own"), Value::Null]
    );
    assert_eq!(failed(1, json!([]), &[]), [Value::Null, Value::Null, Value::Null]);
}

fn evaluation(pairs: &[(&str, Value)]) -> Reply {
    let record = json!({"eventName": "gen_ai.evaluation.result", "timeUnixNano": "0", "observedTimeUnixNano": START,
        "traceId": TRACE, "spanId": SPAN, "body": {"stringValue": "b"}, "attributes": attributes(pairs)});
    let other = json!({"eventName": "other", "body": {"stringValue": "x"}});
    send(Route::OtelLogs, &json!({"resourceLogs": [{"scopeLogs": [{"logRecords": [record, other]}]}]}))
}

#[test]
fn evaluation_results_become_events() {
    let named = ("gen_ai.evaluation.name", json!(" good "));
    let label = ("gen_ai.evaluation.score.label", json!("pass"));
    let score = ("gen_ai.evaluation.score.value", json!(0.9));
    let reply = evaluation(&[
        named.clone(),
        label,
        score.clone(),
        ("gen_ai.evaluation.explanation", json!("why")),
        ("$ai_trace_id", json!("forged")),
        ("user.id", json!("u")),
    ]);
    let properties_of = properties(&reply);
    for (key, expected) in [
        ("$ai_evaluation_name", json!("good")),
        ("$ai_evaluation_result", json!("pass")),
        ("$ai_evaluation_result_type", json!("label")),
        ("$ai_evaluation_reasoning", json!("why")),
        ("$ai_evaluation_runtime", json!("otel")),
        ("$ai_evaluation_type", json!("imported")),
        ("$ai_trace_id", json!(TRACE)),
        ("$ai_target_span_id", json!(SPAN)),
        ("$ai_ingestion_source", json!("otel")),
        ("$otel_log_body", json!("b")),
    ] {
        assert_eq!(properties_of[key], expected, "{key}");
    }
    let kept = reply.one();
    assert_eq!(
        (kept.event.as_str(), kept.distinct_id.as_str(), kept.timestamp_us),
        ("$ai_evaluation", "u", at("2025-09-17T11:00:00Z"))
    );
    assert_eq!(reply.dropped, [("not_an_ai_event", 1)]);
    let number = properties(&evaluation(&[named.clone(), score]));
    assert_eq!(
        (&number["$ai_evaluation_result"], &number["$ai_evaluation_result_type"]),
        (&json!(0.9), &json!("number"))
    );
    assert_eq!(number["$ai_evaluation_id"], properties_of["$ai_evaluation_id"]);
    assert_ne!(number["$ai_evaluation_run_id"], properties_of["$ai_evaluation_run_id"]);
    for useless in [vec![named], vec![("gen_ai.evaluation.score.value", json!(1))]] {
        let reply = evaluation(&useless);
        assert_eq!((reply.status, reply.kept.len(), reply.dropped), (200, 0, vec![("not_an_ai_event", 2)]));
    }
}

#[test]
fn too_many_spans_are_refused_as_a_whole() {
    let many = |count: usize, pairs: &[(&str, Value)]| {
        export(Route::OtelTraces, export_of(&[], &Value::Array(vec![span(pairs); count])).to_string()).send()
    };
    let (http, ai) = ([("http.x", json!(1))], [("gen_ai.x", json!(1))]);
    assert_eq!((many(1000, &http).status, many(100, &ai).kept.len()), (200, 100));
    many(1001, &http).is_refused(400, "failed to parse request: too many spans: 1001", "invalid_otlp");
    many(101, &ai).is_refused(400, "failed to parse request: too many AI spans: 101", "invalid_otlp");
    let record = json!({"eventName": "gen_ai.evaluation.result"});
    let logs = |record: &Value, count: usize| {
        let body = json!({"resourceLogs": [{"scopeLogs": [{"logRecords": vec![record.clone(); count]}]}]});
        export(Route::OtelLogs, body.to_string()).send()
    };
    logs(&json!({}), 1001).is_refused(
        400,
        "failed to parse request: too many log records: 1001",
        "invalid_otlp",
    );
    logs(&record, 101).is_refused(
        400,
        "failed to parse request: too many evaluation records: 101",
        "invalid_otlp",
    );
}

#[test]
fn refusals_are_plain_text_but_for_the_quota() {
    let body = || export_of(&[], &json!([span(&[("gen_ai.x", json!(1))])])).to_string();
    let with = |token: Option<&'static str>| {
        post(Route::OtelTraces, body()).headers(|headers| headers.authorization = token)
    };
    with(None).query("token=phc_a").send().is_refused(
        401,
        "event submitted without an api_key",
        "rejected_token",
    );
    with(Some("Bearer phx_a")).send().is_refused(
        401,
        "API key is not valid: personal_api_key",
        "rejected_token",
    );
    with(Some("Bearer phc_unknown")).send().is_refused(401, "", "unknown_token");
    export(Route::OtelTraces, "garbage").send().is_refused(
        400,
        "failed to parse request: ",
        "rejected_parsing",
    );
    let over = with(Some("Bearer phc_over_8")).send();
    assert_eq!((over.status, over.text.as_str(), over.kept.len()), (400, r#"{"error":"quota exceeded"}"#, 0));
    assert_eq!(over.dropped, [("quota_llm_events", 1)]);
    let large = with(Some("Bearer phc_a")).limits(|limits| limits.ai_event_bytes = 100).send();
    large.is_refused(413, "maximum event size exceeded: an event", "ai_event_too_big");
}
