//! The v1 protocol: rows 70 to 85 of the capture contract's conformance table, and its section 1.2.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on may stop")]

mod ask;

use ask::{Ask, NOW_US, REQUEST_ID, Reply, at, gzip, post_v1};
use record::{Flags, Kind, Source};
use serde_json::{Value, json};
use wire::Route;

fn uuid(index: usize) -> String {
    format!("01890c2e-0000-7000-8000-{index:012x}")
}

/// A good event with members of its own laid over it; null takes one away.
#[expect(clippy::needless_pass_by_value, reason = "callers write the value in place")]
fn event(index: usize, members: Value) -> Value {
    let mut event = json!({
        "event": "e", "uuid": uuid(index), "distinct_id": "d", "timestamp": "2025-09-17T11:00:00Z",
    });
    for (key, value) in members.as_object().unwrap() {
        event[key] = value.clone();
    }
    event.as_object_mut().unwrap().retain(|_, value| !value.is_null());
    event
}

fn batch(events: &[Value]) -> Ask<'static> {
    post_v1(json!({"created_at": "2025-09-17T12:00:00Z", "batch": events}).to_string())
}

fn one(members: Value) -> Reply {
    batch(&[event(0, members)]).send()
}

/// Result and details of each event.
fn results(reply: &Reply) -> Vec<(String, String)> {
    assert_eq!(reply.status, 200, "{}", reply.text);
    let body: Value = serde_json::from_str(&reply.text).unwrap();
    let word = |value: &Value| value.as_str().unwrap_or("").to_owned();
    let results = body["results"].as_object().unwrap();
    results.values().map(|result| (word(&result["result"]), word(&result["details"]))).collect()
}

#[track_caller]
fn fails(reply: &Reply, status: u16, tag: &str, reason: &str) {
    let body: Value = serde_json::from_str(&reply.text).unwrap();
    assert_eq!((reply.status, &body["error"]), (status, &json!(tag)));
    assert_eq!(body["error_uri"], "https://posthog.com/docs/api");
    assert!(!body["error_description"].as_str().unwrap().is_empty());
    assert_eq!((reply.kept.len(), reply.dropped.as_slice()), (0, &[(reason, 1)][..]));
}

#[test]
fn row_70_a_good_batch_is_kept_and_each_event_answered() {
    let reply = batch(&[event(0, json!({})), event(1, json!({})), event(2, json!({}))]).send();
    let expected: Value =
        json!({"results": {uuid(0): {"result": "ok"}, uuid(1): {"result": "ok"}, uuid(2): {"result": "ok"}}});
    assert_eq!(reply.text, expected.to_string());
    assert_eq!((reply.kept.len(), reply.content_type), (3, Some("application/json")));
    let headers: Vec<_> = reply.headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(headers, [("date", "Wed, 17 Sep 2025 12:00:00 GMT"), ("posthog-request-id", REQUEST_ID)]);
    let kept = &reply.kept[1];
    assert_eq!((kept.kind, kept.source, kept.flags, kept.project_id), (Kind::Event, Source::V1, Flags(0), 1));
    assert_eq!((kept.uuid.to_string(), kept.timestamp_us), (uuid(1), at("2025-09-17T11:00:00Z")));
    assert_eq!(kept.sent_at_us, Some(NOW_US));
}

#[test]
fn rows_71_to_76_headers_are_judged_in_their_order() {
    let good = || batch(&[event(0, json!({}))]);
    let with = |change: fn(&mut wire::Headers<'static>)| good().headers(change).send();
    fails(
        &with(|headers| *headers = wire::Headers::default()),
        401,
        "missing_authorization",
        "rejected_token",
    );
    let only_token = |headers: &mut wire::Headers<'static>| {
        *headers = wire::Headers { authorization: Some("Basic x"), ..wire::Headers::default() };
    };
    fails(&with(only_token), 400, "missing_required_headers", "rejected_headers");
    for change in [
        (|headers| headers.authorization = Some("Basic x")) as fn(&mut wire::Headers<'static>),
        |headers| headers.attempt = Some("0"),
        |headers| headers.attempt = Some("-1"),
        |headers| headers.request_id = Some("5"),
        |headers| headers.request_timestamp = Some("2025-09-17"),
    ] {
        fails(&with(change), 400, "invalid_header_value", "rejected_headers");
    }
    fails(
        &with(|headers| headers.authorization = Some("Bearer phx_a")),
        401,
        "invalid_api_token",
        "rejected_token",
    );
    fails(
        &with(|headers| headers.authorization = Some("Bearer phc_u")),
        401,
        "invalid_api_token",
        "unknown_token",
    );
    fails(
        &with(|headers| headers.content_type = Some("text/plain")),
        415,
        "unsupported_content_type",
        "rejected_unsupported",
    );
    fails(
        &with(|headers| headers.content_encoding = Some("lz4")),
        415,
        "unsupported_encoding",
        "rejected_unsupported",
    );
    let broken = with(|headers| headers.authorization = None);
    assert_eq!(broken.headers.len(), 2);
}

#[test]
fn bodies_are_inflated_as_named_and_limited() {
    use std::io::Write;
    let plain = batch(&[event(0, json!({}))]).body;
    let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    zlib.write_all(&plain).unwrap();
    let mut brotlied = Vec::new();
    brotli::CompressorWriter::new(&mut brotlied, 4096, 4, 20).write_all(&plain).unwrap();
    let zstd = zstd::encode_all(&plain[..], 1).unwrap();
    for (name, body) in
        [("GZip", gzip(&plain)), ("deflate", zlib.finish().unwrap()), ("br", brotlied), ("zstd", zstd)]
    {
        assert_eq!(post_v1(body.clone()).encoding(name).send().kept.len(), 1, "{name}");
        fails(
            &post_v1(plain.clone()).encoding(name).send(),
            400,
            "request_decoding_error",
            "rejected_decoding",
        );
        let over = plain.len() - 1;
        let reply = post_v1(body).encoding(name).limits(|limits| limits.v1_payload_bytes = over).send();
        fails(&reply, 413, "payload_too_large", "rejected_too_big");
    }
    fails(&post_v1("").send(), 400, "empty_body", "rejected_empty");
    let over = post_v1(plain.clone()).limits(|limits| limits.v1_body_bytes = plain.len() - 1).send();
    fails(&over, 413, "payload_too_large", "rejected_too_big");
    let many = batch(&[event(0, json!({})), event(1, json!({}))])
        .limits(|limits| limits.events_per_request = 1)
        .send();
    fails(&many, 413, "payload_too_large", "rejected_too_big");
}

#[test]
fn rows_77_to_79_a_batch_fails_as_a_whole() {
    fails(&batch(&[]).send(), 400, "empty_batch", "rejected_empty");
    let pair = |first: &str, second: &str| {
        batch(&[event(0, json!({"uuid": first})), event(1, json!({"uuid": second}))]).send()
    };
    fails(&pair(&uuid(1), &uuid(1).to_uppercase()), 400, "duplicate_event_uuid", "invalid_event_uuid");
    fails(&pair(&uuid(1), "  "), 400, "missing_event_uuid", "invalid_event_uuid");
    fails(&pair(&uuid(1), "x"), 400, "invalid_event_uuid", "invalid_event_uuid");
    let parsing = |reply: &Reply| fails(reply, 400, "request_parsing_error", "rejected_parsing");
    for key in ["event", "uuid", "distinct_id", "timestamp"] {
        parsing(&one(json!({key: null})));
        parsing(&one(json!({key: 5})));
    }
    parsing(&one(json!({"session_id": 5})));
    for body in ["{", "[]", "5", r#"{"batch":[]}"#, r#"{"created_at":"x"}"#, r#"{"created_at":5,"batch":[]}"#]
    {
        parsing(&post_v1(body).send());
    }
    parsing(&post_v1(r#"{"created_at":"2025-09-17T12:00:00Z","batch":[],"batch":[]}"#).send());
    parsing(
        &post_v1(r#"{"created_at":"2025-09-17T12:00:00Z","batch":[],"historical_migration":"x"}"#).send(),
    );
    let late = json!({"created_at": "soon", "batch": [event(0, json!({}))]}).to_string();
    fails(&post_v1(late).send(), 400, "invalid_batch", "invalid_batch");
}

#[test]
fn rows_80_to_84_events_are_judged_one_by_one() {
    let long = "x".repeat(201);
    let cases = [
        (json!({"distinct_id": "  "}), "missing_distinct_id"),
        (json!({"timestamp": "yesterday"}), "invalid_event_timestamp"),
        (json!({"timestamp": "2025-09-17"}), "invalid_event_timestamp"),
        (json!({"properties": [1]}), "malformed_event_properties"),
        (json!({"options": {"cookieless_mode": "yes"}}), "invalid_options"),
        (json!({"options": 5}), "invalid_options"),
        (json!({"options": {"product_tour_id": 1.5}}), "invalid_options"),
        (json!({"event": ""}), "missing_event_name"),
        (json!({"event": long, "distinct_id": ""}), "event_name_too_long"),
        (json!({"distinct_id": "€".repeat(67)}), "distinct_id_too_large"),
        (json!({"event": "$performance_event", "distinct_id": ""}), "performance_event"),
    ];
    for (members, details) in cases {
        let reply = batch(&[event(0, members), event(1, json!({}))]).send();
        let expected = [("drop".to_owned(), details.to_owned()), ("ok".to_owned(), String::new())];
        assert_eq!(results(&reply), expected);
        assert_eq!(reply.dropped, [(details, 1)]);
        let warnings: Vec<_> = reply.kept.iter().filter(|kept| kept.kind == Kind::Warning).collect();
        if details == "performance_event" {
            assert!(warnings.is_empty());
        } else {
            assert_eq!((warnings.len(), warnings[0].event.as_str()), (1, details));
            assert!(warnings[0].detail.contains(&uuid(0)));
        }
    }
    for id in ["undefined", "NULL", "[Object object]", "00000000-0000-0000-0000-000000000000"] {
        let reply = one(json!({"distinct_id": id}));
        assert_eq!(results(&reply), [("ok".to_owned(), "person_processing_disabled".to_owned())]);
        assert!(reply.one().flags.has(Flags::FORCED_PERSONLESS));
    }
    let big = batch(&[event(0, json!({}))]).limits(|limits| limits.event_bytes = 10).send();
    assert_eq!(results(&big), [("drop".to_owned(), "event_too_big".to_owned())]);
}

#[test]
fn row_85_quotas_answer_402_or_drop() {
    let send = |mask: u8, events: &[Value]| {
        let tokens = ["Bearer phc_over_1", "Bearer phc_over_2", "Bearer phc_over_32"];
        let token = tokens[usize::from(mask > 1) + usize::from(mask > 2)];
        batch(events).headers(|headers| headers.authorization = Some(token)).send()
    };
    let exception = event(1, json!({"event": "$exception"}));
    fails(&send(32, std::slice::from_ref(&exception)), 402, "billing_limit_exceeded", "quota_all");
    fails(&send(1, &[event(0, json!({}))]), 402, "billing_limit_exceeded", "quota_events");
    let reply = send(2, &[event(0, json!({})), exception]);
    let drop = ("drop".to_owned(), "billing_limit_exceeded".to_owned());
    assert_eq!(results(&reply), [("ok".to_owned(), String::new()), drop]);
    assert_eq!((reply.kept.len(), reply.dropped), (1, vec![("quota_exceptions", 1)]));
}

#[test]
fn the_server_writes_its_properties_over_the_clients() {
    let members = json!({
        "session_id": "s", "window_id": "w",
        "options": {
            "cookieless_mode": "1", "disable_skew_correction": 0, "process_person_profile": " FALSE ",
            "product_tour_id": 7, "unknown": [],
        },
        "properties": {"$session_id": "mine", "a": 1, "$lib": "mine", "$window_id": 5, "$process_person_profile": true},
    });
    let stored = one(members).one().properties.clone();
    assert_eq!(
        stored,
        "{\"a\":1,\"$session_id\":\"s\",\"$window_id\":\"w\",\"$cookieless_mode\":true,\"$ignore_sent_at\":false,\
         \"$product_tour_id\":\"7\",\"$process_person_profile\":false,\"$lib\":\"posthog-python\",\
         \"$lib_version\":\"7.0.0\"}"
    );
    let kept = |headers: fn(&mut wire::Headers<'static>), properties: &str| {
        let body =
            json!({"created_at": "2025-09-17T12:00:00Z", "batch": [event(0, json!({"properties": 5}))]});
        let body = body.to_string().replace(":5}", &format!(":{properties}}}"));
        post_v1(body).headers(headers).send().one().properties.clone()
    };
    let raw = r#"{ "$lib" : "mine", "\u0024session_id":"mine", "b": 1.50 }"#;
    for useless in [
        (|headers| headers.sdk_info = Some("posthog-python")) as fn(&mut wire::Headers<'static>),
        |headers| headers.sdk_info = Some("/1"),
        |headers| headers.sdk_info = Some("x/"),
    ] {
        assert_eq!(kept(useless, raw), raw.replace(" }", "}"));
        assert_eq!(kept(useless, "null"), "{}");
    }
    let slashes = kept(|headers| headers.sdk_info = Some("a/b/1"), "{ }");
    assert_eq!(slashes, r#"{"$lib":"a/b","$lib_version":"1"}"#);
}

#[test]
fn clocks_are_corrected_unless_the_client_objects() {
    let send = |options: Value, timestamp: &str| {
        let events = [event(0, json!({"options": options, "timestamp": timestamp}))];
        let ahead =
            batch(&events).headers(|headers| headers.request_timestamp = Some("2025-09-17T12:00:10Z")).send();
        (ahead.one().timestamp_us, ahead.one().sent_at_us)
    };
    let trusting = json!({"disable_skew_correction": true});
    assert_eq!(send(json!({}), "2025-09-17T11:00:00Z").0, at("2025-09-17T10:59:50Z"));
    assert_eq!(send(trusting.clone(), "2025-09-17T11:00:00Z"), (at("2025-09-17T11:00:00Z"), None));
    assert_eq!(send(json!(null), "2025-12-01T00:00:00Z").0, NOW_US);
    assert_eq!(send(trusting, "2025-12-01T00:00:00Z").0, at("2025-12-01T00:00:00Z"));
}

#[test]
fn texts_are_trimmed_and_lanes_and_migrations_marked() {
    let trimmed = one(json!({"uuid": format!(" {} ", uuid(7).to_uppercase()), "distinct_id": " d\u{0}d "}));
    assert_eq!((trimmed.one().uuid.to_string(), trimmed.one().distinct_id.as_str()), (uuid(7), "d\u{FFFD}d"));
    assert!(trimmed.text.contains(&uuid(7)));
    let events = [event(0, json!({})), event(1, json!({"event": "$exception"}))];
    let body =
        json!({"created_at": "2025-09-17T12:00:00Z", "historical_migration": true, "batch": events, "x": 1});
    let mut ask = post_v1(body.to_string());
    ask.route = Route::V1Ai;
    let flags: Vec<_> = ask.send().kept.iter().map(|kept| kept.flags.0).collect();
    assert_eq!(flags, [Flags::AI | Flags::HISTORICAL, Flags::AI]);
    let lone = one(json!({})).one().properties.len();
    let body = json!({"created_at": "2025-09-17T12:00:00Z", "batch": [event(0, json!({"properties": {"a": "SPLIT"}}))]});
    let lone_body = body.to_string().replace("SPLIT", "\\ud800");
    let kept = post_v1(lone_body).send();
    assert!(kept.one().properties.contains("\"a\":\"\\ufffd\"") && kept.one().properties.len() > lone);
}
