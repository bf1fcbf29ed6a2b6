//! `/i/v0/ai`: rows 87 to 89 of the capture contract's conformance table, and its prose.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on may stop")]

mod ask;

use ask::{Ask, NOW_US, Reply, at, base64, gzip, post};
use proptest::prelude::*;
use record::{Flags, Kind, Source};
use wire::{Headers, Lane, Limits, Route};

const UUID: &str = "0190b2f5-3a4b-7c5d-8e6f-0123456789ab";
const PROPERTIES: &str = r#"{"$ai_model":"m","a": 1}"#;

fn event_named(name: &str) -> String {
    format!(r#"{{"uuid":"{UUID}","event":"{name}","distinct_id":"d","timestamp":"2025-09-17T11:00:00Z"}}"#)
}

fn part(name: &str, headers: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    let head = format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"\r\n{headers}\r\n");
    [head.as_bytes(), body.as_ref(), b"\r\n"].concat()
}

fn json_part(name: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    part(name, "Content-Type: application/json\r\n", body)
}

fn ask(parts: &[Vec<u8>]) -> Ask<'static> {
    let headers = Headers {
        authorization: Some("Bearer phc_a"),
        content_type: Some("multipart/form-data; boundary=edge"),
        ..Headers::default()
    };
    Ask { headers, ..post(Route::AiMultipart, [&parts.concat()[..], b"--edge--\r\n"].concat()) }
}

fn send(parts: &[Vec<u8>]) -> Reply {
    ask(parts).send()
}

/// A good event with these further parts.
fn with(parts: &[Vec<u8>]) -> Reply {
    let good = [json_part("event", event_named("$ai_generation")), json_part("event.properties", PROPERTIES)];
    send(&[&good[..], parts].concat())
}

#[test]
fn an_event_is_kept_and_its_parts_are_listed() {
    let reply = with(&[part(
        "event.properties.$ai_input",
        "content-type: text/plain\r\nContent-Encoding: x\r\n",
        "hi",
    )]);
    let kept = reply.one();
    assert_eq!((kept.kind, kept.source, kept.flags), (Kind::Event, Source::Ai, Flags(Flags::AI)));
    assert_eq!((kept.project_id, kept.event.as_str(), kept.distinct_id.as_str()), (1, "$ai_generation", "d"));
    assert_eq!((kept.timestamp_us, kept.uuid.to_string().as_str()), (at("2025-09-17T11:00:00Z"), UUID));
    assert_eq!(kept.properties, r#"{"$ai_model":"m","a":1,"$ai_input":"hi"}"#);
    assert_eq!(reply.lane, Lane::Events);
    let event_length = event_named("$ai_generation").len();
    let expected = format!(
        r#"{{"accepted_parts":[{{"name":"event","length":{event_length},"content-type":"application/json","content-encoding":null}},{{"name":"event.properties","length":24,"content-type":"application/json","content-encoding":null}},{{"name":"event.properties.$ai_input","length":2,"content-type":"text/plain","content-encoding":"x"}}]}}"#
    );
    assert_eq!((reply.text, reply.content_type), (expected, Some("application/json")));
}

#[test]
fn embedded_properties_are_kept_to_the_letter() {
    let event = format!(
        r#"{{"uuid":"{UUID}","event":"$ai_span","distinct_id":"d","properties":{{"$ai_model":"m", "n" : 1.0}},"$set":{{"a":1}}}}"#
    );
    let reply = send(&[part("event", "", event)]);
    let kept = reply.one();
    assert_eq!(
        (kept.properties.as_str(), kept.set.as_str()),
        (r#"{"$ai_model":"m", "n" : 1.0}"#, r#"{"a":1}"#)
    );
    assert_eq!(kept.timestamp_us, NOW_US);
}

#[test]
fn blobs_are_stored_in_the_property_that_they_name() {
    let data = |bytes: &[u8]| format!("\"data:application/octet-stream;base64,{}\"", base64(bytes));
    for (headers, body, expected) in [
        ("Content-Type: application/json\r\n", &b" [1, {\"a\":2}]\n"[..], "[1, {\"a\":2}]".to_owned()),
        ("Content-Type: application/json\r\n", b"{\"a\":\"\\ud800\"}", "{\"a\":\"\\ufffd\"}".to_owned()),
        ("Content-Type: application/json\r\n", b"not json", "\"not json\"".to_owned()),
        ("Content-Type: application/json\r\n", b"\xff", data(b"\xff")),
        ("Content-Type: Text/Plain; charset=utf-8\r\n", b"a\n\"b\"", "\"a\\n\\\"b\\\"\"".to_owned()),
        ("Content-Type: text/plain\r\n", b"\xff\xfe", data(b"\xff\xfe")),
        ("Content-Type: application/octet-stream\r\n", b"text", data(b"text")),
        ("Content-Type: text/plain\r\nContent-Encoding: gzip\r\n", &gzip(b"packed"), "\"packed\"".to_owned()),
    ] {
        let reply = with(&[part("event.properties.a", headers, body)]);
        assert_eq!(reply.one().properties, format!(r#"{{"$ai_model":"m","a":{expected}}}"#), "{headers}");
    }
}

#[test]
fn row_87_other_names_are_refused_with_the_list_of_allowed_ones() {
    let refuse =
        |name: &str, text: &str| {
            send(&[json_part("event", event_named(name)), json_part("event.properties", PROPERTIES)])
                .is_refused(400, text, "invalid_multipart");
        };
    refuse(
        "custom",
        "failed to parse request: Event name must be one of: $ai_generation, $ai_trace, $ai_span, $ai_embedding, $ai_metric, $ai_feedback, got 'custom'",
    );
    refuse("$ai_evaluation", "failed to parse request: Event name must be one of: ");
    refuse("", "failed to parse request: Event name cannot be empty");
    for name in ["$ai_generation", "$ai_trace", "$ai_span", "$ai_embedding", "$ai_metric", "$ai_feedback"] {
        send(&[json_part("event", event_named(name)), json_part("event.properties", PROPERTIES)]).one();
    }
}

#[test]
fn row_88_parts_that_break_a_rule_are_refused() {
    let event = || json_part("event", event_named("$ai_trace"));
    let properties = || json_part("event.properties", PROPERTIES);
    let blob = |name: &str| json_part(&format!("event.properties.{name}"), "1");
    let embedding = event_named("$ai_trace").replace("\"d\"", "\"d\",\"properties\":{}");
    for (parts, text) in [
        (vec![properties(), event()], "First part must be 'event', got 'event.properties'"),
        (vec![], "Missing required 'event' part"),
        (vec![event(), event()], "Duplicate 'event' part found"),
        (vec![event(), properties(), properties()], "Duplicate 'event.properties' part"),
        (vec![event(), properties(), blob("a"), blob("a")], "Duplicate blob property: event.properties.a"),
        (vec![event(), properties(), blob("a.b")], "Blob property 'event.properties.a.b' contains nested"),
        (vec![event(), properties(), blob("")], "Unknown multipart field: 'event.properties.'"),
        (vec![event(), properties(), json_part("other", "1")], "Unknown multipart field: 'other'"),
        (vec![event(), properties(), part("event.properties.a", "", "x")], "Missing required Content-Type"),
        (
            vec![event(), properties(), part("event.properties.a", "Content-Type: image/png\r\n", "x")],
            "Unsupported content type for blob part 'event.properties.a': 'image/png'",
        ),
        (
            vec![event(), properties(), json_part("event.properties.a", "")],
            "Blob part 'event.properties.a' cannot be empty",
        ),
        (vec![json_part("event", b"\xff")], "Event part must be valid UTF-8"),
        (vec![json_part("event", "{")], "Event part must be valid JSON"),
        (vec![json_part("event", "[1]")], "Event must be a JSON object"),
        (vec![event(), json_part("event.properties", "{")], "Properties part must be valid JSON"),
        (vec![event(), json_part("event.properties", "[]")], "Event missing 'properties' field"),
        (vec![json_part("event", embedding), properties()], "Event cannot have both embedded properties"),
        (vec![event()], "Event properties must contain '$ai_model'"),
        (vec![event(), json_part("event.properties", r#"{"$ai_model":5}"#)], "$ai_model must be a string"),
        (vec![event(), json_part("event.properties", r#"{"$ai_model":""}"#)], "$ai_model cannot be empty"),
        (vec![json_part("event", r#"{"event":"$ai_span"}"#)], "Event missing 'distinct_id' field"),
        (
            vec![json_part("event", r#"{"event":"$ai_span","distinct_id":" "}"#)],
            "distinct_id cannot be empty",
        ),
        (vec![json_part("event", r#"{"distinct_id":"d"}"#)], "Event missing 'event' field"),
        (vec![json_part("event", event_named("$ai_span").replace(UUID, ""))], "Event UUID is required"),
        (vec![json_part("event", event_named("$ai_span").replace(UUID, "x"))], "Invalid UUID format"),
    ] {
        let reply = send(&parts);
        reply.is_refused(400, "failed to parse request: ", "invalid_multipart");
        assert!(reply.text.contains(text), "{} lacks {text}", reply.text);
    }
}

#[test]
fn row_89_each_size_has_its_limit_and_reaches_it() {
    let event = |size: usize| {
        let event = event_named("$ai_trace");
        let padding = size - event.len();
        json_part("event", event.replacen('{', &format!("{{{}", " ".repeat(padding)), 1))
    };
    let properties = |size: usize| {
        json_part("event.properties", format!("{}{PROPERTIES}", " ".repeat(size - PROPERTIES.len())))
    };
    let (kib, mib) = (1024, 1024 * 1024);
    assert_eq!(send(&[event(32 * kib), properties(928 * kib)]).status, 200);
    send(&[event(33 * kib), properties(kib)]).is_refused(
        413,
        "maximum event size exceeded: Event part size",
        "rejected_too_big",
    );
    send(&[event(32 * kib), properties(928 * kib + 1)]).is_refused(
        413,
        "maximum event size exceeded: Combined",
        "rejected_too_big",
    );
    let defaults = Limits::default();
    let sizes =
        [defaults.multipart_parts_bytes, defaults.multipart_body_bytes, defaults.multipart_event_bytes];
    assert_eq!(sizes, [25 * mib, 25 * mib * 110 / 100, 31 * mib]);
    // A hundredth of the real sizes of the whole, for tests that take no time.
    let scaled = |blob: Vec<u8>| {
        let [parts, body, event_size] = sizes.map(|size| size / 100);
        let limited = ask(&[event(kib), properties(kib), blob]).limits(|limits| {
            (limits.multipart_parts_bytes, limits.multipart_body_bytes) = (parts, body);
            limits.multipart_event_bytes = event_size;
        });
        limited.send()
    };
    let room = sizes[0] / 100 - 2 * kib;
    let text = |size: usize| part("event.properties.a", "Content-Type: text/plain\r\n", "x".repeat(size));
    let too_big = "maximum event size exceeded: ";
    assert_eq!(scaled(text(room)).status, 200);
    scaled(text(room + 1)).is_refused(413, &format!("{too_big}Sum of all parts"), "rejected_too_big");
    scaled(text(sizes[1] / 100)).is_refused(413, &format!("{too_big}request body"), "rejected_too_big");
    let bytes = part("event.properties.a", "Content-Type: application/octet-stream\r\n", vec![0; room]);
    scaled(bytes).is_refused(413, &format!("{too_big}the event with its parts"), "ai_event_too_big");
    let headers = "Content-Type: text/plain\r\nContent-Encoding: gzip\r\n";
    let bomb = part("event.properties.a", headers, gzip(&vec![b'x'; sizes[2] / 100 + 1]));
    scaled(bomb).is_refused(413, &format!("{too_big}an inflated blob part"), "rejected_too_big");
}

#[test]
fn tokens_compression_and_framing_are_judged_before_parts() {
    let good =
        || ask(&[json_part("event", event_named("$ai_trace")), json_part("event.properties", PROPERTIES)]);
    let with_token =
        |token: Option<&'static str>| good().headers(|headers| headers.authorization = token).send();
    with_token(None).is_refused(401, "event submitted without an api_key", "rejected_token");
    with_token(Some("Basic x")).is_refused(401, "event submitted without an api_key", "rejected_token");
    with_token(Some("Bearer phx_a")).is_refused(
        401,
        "API key is not valid: personal_api_key",
        "rejected_token",
    );
    with_token(Some("Bearer phc_unknown")).is_refused(401, "", "unknown_token");
    let plain = good().body;
    Ask { body: gzip(&plain), ..good().encoding("gzip") }.send().one();
    good().encoding("gzip").send().is_refused(
        400,
        "failed to decode request: invalid GZIP data",
        "rejected_decoding",
    );
    Ask { body: Vec::new(), ..good() }.send().is_refused(
        400,
        "request missing data payload",
        "rejected_empty",
    );
    good().content_type("application/json").send().is_refused(
        400,
        "failed to decode request: Content-Type must be",
        "invalid_multipart",
    );
    good().content_type("multipart/form-data; boundary=other").send().is_refused(
        400,
        "failed to decode request: Multipart parsing failed",
        "invalid_multipart",
    );
    let over = with_token(Some("Bearer phc_over_8"));
    assert_eq!((over.status, over.kept.len(), over.dropped), (200, 0, vec![("quota_llm_events", 1)]));
    with_token(Some("Bearer phc_over_32")).one();
}

#[test]
fn timestamps_that_are_no_moments_are_replaced() {
    for (timestamp, flags) in [("\"yesterday\"", Flags::AI + Flags::TIMESTAMP_REPLACED), ("null", Flags::AI)]
    {
        let event = event_named("$ai_trace").replace("\"2025-09-17T11:00:00Z\"", timestamp);
        let reply = send(&[json_part("event", event), json_part("event.properties", PROPERTIES)]);
        assert_eq!((reply.one().timestamp_us, reply.one().flags), (NOW_US, Flags(flags)));
    }
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(pieces in prop::collection::vec(prop_oneof![
        Just(b"--edge\r\n".to_vec()), Just(b"--edge--".to_vec()), Just(b"\r\n".to_vec()), Just(b"--edge".to_vec()),
        Just(b"Content-Disposition: form-data; name=\"event\"\r\n".to_vec()),
        Just(b"Content-Disposition: form-data; name=\"event.properties.\\\"x\r\n\r\n".to_vec()),
        Just(event_named("$ai_trace").into_bytes()), prop::collection::vec(any::<u8>(), 0..8),
    ], 0..24)) {
        let reply = Ask { body: pieces.concat(), ..ask(&[]) }.send();
        prop_assert!(matches!(reply.status, 200 | 400 | 413));
    }

    #[test]
    fn any_bytes_come_through_in_a_blob(bytes in prop::collection::vec(prop_oneof![
        Just(b'\r'), Just(b'\n'), Just(b'-'), any::<u8>()], 1..64)) {
        let reply = with(&[part("event.properties.b", "Content-Type: application/octet-stream\r\n", &bytes)]);
        let expected = format!("\"data:application/octet-stream;base64,{}\"}}", base64(&bytes));
        prop_assert!(reply.one().properties.ends_with(&expected));
    }
}
