//! The v0 protocol, row by row of the capture contract's conformance table, and its prose.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on may stop")]

mod ask;

use ask::{Ask, NOW_US, Reply, at, base64, gzip, percent, post};
use record::{Flags, Source};
use wire::Route;

const EVENT: &str = r#"{"token":"phc_a","event":"e","distinct_id":"d","properties":{"a":1}}"#;

fn capture(body: impl Into<Vec<u8>>) -> Ask<'static> {
    post(Route::Capture, body)
}

/// One event with these further members.
fn event_with(members: &str) -> Reply {
    capture(format!(r#"{{"token":"phc_a","event":"e",{members}}}"#)).send()
}

#[test]
fn rows_1_to_5_events_arrays_and_batches_are_stored() {
    capture(EVENT).send().is_ok(1);
    let kept = capture(EVENT).send().one().clone();
    assert_eq!((kept.project_id, kept.event.as_str(), kept.distinct_id.as_str()), (1, "e", "d"));
    assert_eq!((kept.properties.as_str(), kept.set.as_str(), kept.timestamp_us), (r#"{"a":1}"#, "", NOW_US));
    assert_eq!((kept.source, kept.flags, kept.sent_at_us), (Source::V0, Flags(0), None));
    capture(format!("[{EVENT},{EVENT}]")).send().is_ok(2);
    let batch = r#"{"api_key":"phc_a","batch":[{"event":"e","distinct_id":"d"}]}"#;
    capture(gzip(batch.as_bytes())).content_type("text/plain").send().is_ok(1);
    capture(batch.replace("api_key", "token")).send().is_ok(1);
    assert_eq!(capture(batch).send().one().properties, "{}");
}

#[test]
fn rows_6_to_10_what_holds_no_event_is_refused() {
    let none = "request holds no event";
    capture(r#"{"token":"phc_a","batch":[]}"#).send().is_refused(400, none, "rejected_empty");
    capture("[]").send().is_refused(400, none, "rejected_empty");
    capture("").send().is_refused(400, "request missing data payload", "rejected_empty");
    for body in ["{", "nonsense!", "5", "\"text\"", "{} x", "[{\"event\":\"e\"},5]"] {
        capture(body).send().is_refused(400, "failed to parse request: ", "rejected_parsing");
    }
    let hydrate = "failed to hydrate events from request: non-engage request missing event name attribute";
    capture("{}").send().is_refused(400, hydrate, "rejected_parsing");
}

#[test]
fn rows_11_and_12_engage_names_nameless_events() {
    let body = r#"{"token":"phc_a","distinct_id":"d","$set":{"plan": "pro"},"$set_once":null}"#;
    let reply = post(Route::Engage, body).send();
    let kept = reply.one();
    assert_eq!(
        (kept.event.as_str(), kept.set.as_str(), kept.set_once.as_str()),
        ("$identify", r#"{"plan": "pro"}"#, "")
    );
    let hydrate = "failed to hydrate events from request: non-engage request missing event name attribute";
    capture(body).send().is_refused(400, hydrate, "rejected_parsing");
    post(Route::Engage, EVENT).send().is_ok(1);
}

#[test]
fn rows_13_to_15_one_invalid_event_refuses_all() {
    capture(EVENT.replace(r#""e""#, r#""""#)).send().is_refused(
        400,
        "event submitted with an empty event name",
        "invalid_event_name",
    );
    capture(EVENT.replace(r#""e""#, "5")).send().is_refused(
        400,
        "failed to parse request: ",
        "rejected_parsing",
    );
    let batch = r#"{"token":"phc_a","batch":[{"event":"e","distinct_id":"d"},{"event":"e"},{"event":"e","distinct_id":"d"}]}"#;
    capture(batch).send().is_refused(400, "event submitted without a distinct_id", "invalid_distinct_id");
}

#[test]
fn rows_16_to_24_distinct_ids_come_from_any_json() {
    let id = |members: &str| event_with(members).one().distinct_id.clone();
    assert_eq!(id(r#""distinct_id":null,"properties":{"distinct_id":"p"}"#), "p");
    assert_eq!(id(r#""$distinct_id":"23""#), "23");
    assert_eq!(id(r#""distinct_id":23.4"#), "23.4");
    assert_eq!(id(r#""distinct_id":{"string":"a","number":3}"#), r#"{"number":3,"string":"a"}"#);
    assert_eq!(id(&format!(r#""distinct_id":"{}""#, "x".repeat(222))), "x".repeat(200));
    assert_eq!(id(&format!(r#""distinct_id":"{}""#, "€".repeat(150))), "€".repeat(150));
    assert_eq!(id(r#""distinct_id":"  hello  ""#), "  hello  ");
    assert_eq!(id(r#""distinct_id":"a\u0000b""#), "a\u{FFFD}b");
    for blank in [
        r#""distinct_id":" \t""#,
        r#""distinct_id":"","properties":{"distinct_id":"p"}"#,
        r#""properties":{"$distinct_id":"p"}"#,
    ] {
        event_with(blank).is_refused(400, "event submitted without a distinct_id", "invalid_distinct_id");
    }
}

#[test]
fn rows_25_to_34_tokens_are_found_and_checked() {
    let with =
        |token: &str| capture(format!(r#"{{"api_key":"{token}","event":"e","distinct_id":"d"}}"#)).send();
    capture(r#"{"event":"e","distinct_id":"d"}"#).send().is_refused(
        401,
        "event submitted without an api_key",
        "rejected_token",
    );
    capture(r#"{"event":"e","distinct_id":"d","properties":{"token":"phc_b"}}"#).send().is_ok(1);
    let [a, b] = ["phc_a", "phc_b"].map(|token| EVENT.replace("phc_a", token));
    capture(format!("[{a},{b}]")).send().is_refused(
        401,
        "batch submitted with inconsistent api_key values",
        "rejected_token",
    );
    let silent = r#"{"event":"e","distinct_id":"d"}"#;
    capture(format!("[{silent},{a},{a}]")).send().is_ok(3);
    let batch = format!(r#"{{"api_key":"phc_a","batch":[{b}]}}"#);
    assert_eq!(capture(batch).send().one().project_id, 1);
    let crab = "\u{1F980}";
    for (token, shape) in [
        ("", "empty"),
        ("  ", "empty"),
        ("phx_abc", "personal_api_key"),
        (&"x".repeat(65), "too_long"),
        (crab, "not_ascii"),
        ("phc_\\u0000", "null_byte"),
    ] {
        with(token).is_refused(401, &format!("API key is not valid: {shape}"), "rejected_token");
    }
    assert_eq!(with("phc_a\\n").one().project_id, 1);
    let unknown = with("phc_unknown");
    unknown.is_refused(401, "", "unknown_token");
    assert!(unknown.text.contains("project API key"));
}

#[test]
fn rows_35_to_39_fields_of_the_wrong_type_fit_no_shape() {
    for members in [
        r#""distinct_id":"d","uuid":"not-a-uuid""#,
        r#""distinct_id":"d","uuid":5"#,
        r#""distinct_id":"d","properties":null"#,
        r#""distinct_id":"d","properties":[]"#,
        r#""distinct_id":"d","timestamp":1700000000"#,
        r#""distinct_id":"d","offset":1.5"#,
        r#""distinct_id":"d","offset":"5""#,
        r#""distinct_id":"d","$set":[]"#,
        r#""distinct_id":"d","$set_once":"x""#,
        r#""distinct_id":"d","$distinct_id":"d""#,
        r#""distinct_id":"d","api_key":"phc_a""#,
        r#""distinct_id":"d","event":"f""#,
    ] {
        event_with(members).is_refused(400, "failed to parse request: ", "rejected_parsing");
    }
    let nulls =
        r#""distinct_id":"d","uuid":null,"timestamp":null,"offset":null,"$set":null,"$set_once":null"#;
    event_with(nulls).is_ok(1);
    let unknown = r#""distinct_id":"d","ip":5,"$unset":1,"sent_at":3,"$groups":[],"ip":6"#;
    event_with(unknown).is_ok(1);
    let bad_date = event_with(r#""distinct_id":"d","timestamp":"not a date""#);
    assert_eq!(bad_date.one().timestamp_us, NOW_US);
    assert!(bad_date.one().flags.has(Flags::TIMESTAMP_REPLACED));
}

#[test]
fn row_36_a_missing_uuid_is_made_from_the_events_time() {
    let reply = event_with(r#""distinct_id":"d","uuid":"","timestamp":"2025-09-01T00:00:00.123Z""#);
    let uuid = reply.one().uuid;
    assert_eq!(uuid.get_version_num(), 7);
    assert_eq!(uuid.get_variant(), uuid::Variant::RFC4122);
    let (seconds, nanoseconds) = uuid.get_timestamp().unwrap().to_unix();
    assert_eq!(
        seconds as i64 * 1000 + i64::from(nanoseconds) / 1_000_000,
        at("2025-09-01T00:00:00.123Z") / 1000
    );
    let old = event_with(r#""distinct_id":"d","timestamp":"1950-01-01""#);
    assert_eq!(old.one().uuid.get_timestamp().unwrap().to_unix().0, 0);
    let given = event_with(r#""distinct_id":"d","uuid":"01890C2E00007000800000000000ABCD""#);
    assert_eq!(given.one().uuid.to_string(), "01890c2e-0000-7000-8000-00000000abcd");
    let many = capture(format!("[{}]", vec![EVENT; 1000].join(","))).send();
    let unique: std::collections::HashSet<_> = many.kept.iter().map(|kept| kept.uuid).collect();
    assert_eq!(unique.len(), 1000);
}

#[test]
fn rows_40_to_46_times_are_corrected() {
    let batch = |sent_at: &str, members: &str| {
        let event = format!(r#"{{"event":"e","distinct_id":"d",{members}}}"#);
        let reply = capture(format!(r#"{{"token":"phc_a","sent_at":"{sent_at}","batch":[{event}]}}"#)).send();
        (reply.one().timestamp_us, reply.one().sent_at_us)
    };
    let eleven = r#""timestamp":"2025-09-17T11:00:00Z""#;
    assert_eq!(batch("2025-09-17T12:00:10Z", eleven).0, at("2025-09-17T10:59:50Z"));
    assert_eq!(batch("2025-09-17T11:59:50Z", eleven).0, at("2025-09-17T11:00:10Z"));
    let trusting = format!(r#"{eleven},"properties":{{"$ignore_sent_at":true}}"#);
    assert_eq!(batch("2025-09-17T12:00:10Z", &trusting), (at("2025-09-17T11:00:00Z"), None));
    let not_quite = format!(r#"{eleven},"properties":{{"$ignore_sent_at":"true"}}"#);
    assert_eq!(batch("2025-09-17T12:00:10Z", &not_quite).0, at("2025-09-17T10:59:50Z"));
    assert_eq!(batch("2025-09-17T11:00:00Z", r#""ip":1"#), (NOW_US, Some(at("2025-09-17T11:00:00Z"))));
    assert_eq!(batch("nonsense", eleven), (at("2025-09-17T11:00:00Z"), None));
    assert_eq!(batch("2025-09-17T11:00:00", eleven).1, None);
    let time = |members: &str| event_with(&format!(r#""distinct_id":"d",{members}"#)).one().timestamp_us;
    assert_eq!(time(r#""timestamp":"2025-09-19T12:00:00Z""#), NOW_US);
    assert_eq!(time(r#""timestamp":"2025-09-17T14:05:04.805+03""#), at("2025-09-17T11:05:04.805Z"));
    assert_eq!(time(r#""offset":5000"#), NOW_US - 5_000_000);
    let query =
        capture(EVENT.replace("\"e\"", r#""e","timestamp":"2025-09-17T11:00:00Z""#)).query("_=1758110410000");
    assert_eq!(query.send().one().timestamp_us, at("2025-09-17T10:59:50Z"));
    let batch_wins =
        r#"{"token":"phc_a","sent_at":"2025-09-17T12:00:10Z","batch":[{"event":"e","distinct_id":"d"}]}"#;
    let reply = capture(batch_wins).query("sent_at=1758110300000").send();
    assert_eq!(reply.one().sent_at_us, Some(at("2025-09-17T12:00:10Z")));
}

#[test]
fn row_47_performance_events_vanish_before_anything_is_checked() {
    let performance = r#"{"event":"$performance_event"}"#;
    let reply = capture(format!("[{performance},{EVENT}]")).send();
    assert_eq!(reply.is_ok(1).dropped, [("performance_event", 1)]);
    let reply = capture(format!("[{performance}]")).query("beacon=1").send();
    assert_eq!(reply.is_ok(0).dropped, [("performance_event", 1)]);
}

#[test]
fn rows_48_and_49_beacons_get_204() {
    let reply = capture(EVENT).query("beacon=1").send();
    assert_eq!((reply.status, reply.text.as_str(), reply.content_type, reply.kept.len()), (204, "", None, 1));
    capture(EVENT).query("beacon=0&beacon_=1").send().is_ok(1);
    capture(EVENT).query("beacon=true").send().is_refused(
        400,
        "failed to deserialize query",
        "rejected_query",
    );
    capture("").query("_=1&sent_at=1").send().is_refused(
        400,
        "failed to deserialize query",
        "rejected_query",
    );
}

#[test]
fn rows_50_to_55_payloads_are_unwrapped() {
    capture(gzip(EVENT.as_bytes())).query("compression=gzip-js").send().is_ok(1);
    capture(gzip(EVENT.as_bytes())).encoding("gzip").send().is_ok(1);
    let form = "application/x-www-form-urlencoded";
    for route in [Route::Capture, Route::Engage, Route::AiBatch] {
        let event = EVENT.replace("\"e\"", "\"$ai_span\"");
        for compression in ["&compression=base64", ""] {
            let body = format!("data={}{compression}", percent(&base64(&event)));
            post(route, body).content_type(form).send().is_ok(1);
        }
        // A `+` that was not escaped arrives as a space.
        let plussed = format!(r#"{{"token":"phc_a","event":"$ai_span","distinct_id":"{}"}}"#, "~>~>~>~>");
        assert!(base64(&plussed).contains('+'));
        post(route, format!("data={}", base64(&plussed))).content_type(form).send().is_ok(1);
    }
    let lz64 = percent(&lz_str::compress_to_base64(EVENT));
    capture(format!("data={lz64}&compression=lz64")).content_type(form).send().is_ok(1);
    capture(format!("data={lz64}")).query("compression=lz-string").send().is_ok(1);
    capture(lz_str::compress_to_base64(EVENT)).query("compression=lz64").send().is_ok(1);
    capture(base64(EVENT)).send().is_ok(1);
    let gzipped = percent(&base64(gzip(EVENT.as_bytes())));
    capture(format!("data={gzipped}&compression=gzip-js")).content_type(form).send().is_ok(1);
    capture(format!("data={gzipped}")).content_type(form).send().is_ok(1);
    capture(format!("data={}", EVENT.replace('"', "%22"))).content_type(form).send().is_ok(1);
    capture(EVENT).content_type(form).send().is_refused(
        400,
        "failed to decode request: expected form data in POST request payload",
        "rejected_decoding",
    );
    let query = format!("data={}&ver=1", percent(&base64(EVENT)));
    capture("").query(&query).send().is_ok(1);
    capture("ignored").query(&query).send().is_ok(1);
    let zstd = zstd::encode_all(EVENT.as_bytes(), 1).unwrap();
    capture(zstd).encoding("zstd").send().is_refused(400, "failed to decode request: ", "rejected_decoding");
    // JSON that looks like a form in the middle is JSON.
    capture(EVENT.replace("\"a\":1", "\"a\":\"?x&data=1&ip=1\"")).send().is_ok(1);
}

#[test]
fn row_56_broken_compression_is_refused() {
    let packed = gzip(EVENT.as_bytes());
    let broken = capture(&packed[..packed.len() - 9]).send();
    broken.is_refused(400, "failed to decode request: invalid GZIP data", "rejected_decoding");
    let hinted = capture(EVENT).query("compression=gzip").send();
    hinted.is_refused(400, "failed to decode request: invalid GZIP data", "rejected_decoding");
    let lz64 = capture(EVENT).query("compression=lz64").send();
    lz64.is_refused(400, "failed to decode request: invalid LZ64 data", "rejected_decoding");
    let text = capture(b"{\"event\":\"\xFF\"}".to_vec()).send();
    text.is_refused(400, "failed to decode request: invalid UTF8 in request payload", "rejected_decoding");
}

#[test]
fn rows_57_and_58_sizes_are_limited() {
    capture(vec![b' '; (20 << 20) + 1]).send().is_refused(
        413,
        "maximum event size exceeded: ",
        "rejected_too_big",
    );
    let padded = format!("{EVENT}{}", " ".repeat(4 << 20));
    capture(padded).send().is_ok(1);
    let exact = EVENT.len();
    capture(EVENT).limits(|limits| limits.event_bytes = exact).send().is_ok(1);
    let over = capture(format!("[{EVENT},{EVENT}]")).limits(|limits| limits.event_bytes = exact - 1).send();
    over.is_refused(413, "maximum event size exceeded: ", "rejected_too_big");
    let packed = capture(gzip(EVENT.as_bytes())).limits(|limits| limits.v0_payload_bytes = exact - 1).send();
    packed.is_refused(413, "maximum event size exceeded: ", "rejected_too_big");
    let many = capture(format!("[{EVENT},{EVENT}]")).limits(|limits| limits.events_per_request = 1).send();
    many.is_refused(413, "maximum event size exceeded: ", "rejected_too_big");
    let ai = post(Route::AiBatch, EVENT.replace("\"e\"", "\"$ai_span\""));
    ai.limits(|limits| limits.event_bytes = 10).send().is_ok(1);
}

#[test]
fn rows_59_and_60_quotas_drop_events_and_say_ok() {
    let send = |mask: u8, events: &str| {
        capture(format!(r#"{{"api_key":"phc_over_{mask}","batch":[{events}]}}"#)).query("beacon=1").send()
    };
    let plain = r#"{"event":"e","distinct_id":"d"}"#;
    let exception = r#"{"event":"$exception","distinct_id":"d"}"#;
    let ai = r#"{"event":"$ai_trace","distinct_id":"d"}"#;
    let survey = r#"{"event":"survey sent","distinct_id":"d"}"#;
    let tour = r#"{"event":"survey sent","distinct_id":"d","properties":{"$product_tour_id":"t"}}"#;
    for (mask, event, reason) in [
        (1, plain, "quota_events"),
        (32, plain, "quota_all"),
        (2, exception, "quota_exceptions"),
        (8, ai, "quota_llm_events"),
        (4, survey, "quota_surveys"),
    ] {
        assert_eq!(send(mask, event).is_ok(0).dropped, [(reason, 1)]);
    }
    assert_eq!(send(4, tour).status, 204);
    assert_eq!(send(4, &format!("{survey},{tour}")).kept.len(), 1);
    // Scopes of their own outlive the quota of all others, and the other way round.
    for mask in [1, 32] {
        let reply = send(mask, &format!("{plain},{exception},{ai},{survey},{tour}"));
        let kept: Vec<_> = reply.kept.iter().map(|kept| kept.event.as_str()).collect();
        assert_eq!(kept, ["$exception", "$ai_trace", "survey sent"]);
    }
    // What a quota drops is not validated.
    send(1, r#"{"event":"","distinct_id":"d"}"#).is_ok(0);
}

#[test]
fn row_61_cookieless_mode_must_be_a_boolean() {
    for value in ["\"yes\"", "1", "null"] {
        let members = format!(r#""distinct_id":"d","properties":{{"$cookieless_mode":{value}}}"#);
        let text = "event submitted with invalid cookieless mode";
        event_with(&members).is_refused(400, text, "invalid_cookieless_mode");
    }
    event_with(r#""distinct_id":"d","properties":{"$cookieless_mode":true}"#).is_ok(1);
}

#[test]
fn properties_keep_their_exact_text_and_the_last_of_repeated_keys_counts() {
    let properties = r#"{ "token" : "x", "b":1.50, "\u0064istinct_id":"late", "b" : [ 1 , 2 ] }"#;
    let reply = event_with(&format!(r#""properties":{properties}"#));
    assert_eq!(reply.one().properties, properties);
    assert_eq!(reply.one().distinct_id, "late");
    let twice = event_with(r#""properties":{"distinct_id":"a","distinct_id":"b"}"#);
    assert_eq!(twice.one().distinct_id, "b");
}

#[test]
fn unpaired_surrogates_become_replacement_characters() {
    let reply = event_with(r#""distinct_id":"\ud83d","properties":{"a":"\udc00x","b":"\ud83d\ude00"}"#);
    assert_eq!(reply.one().distinct_id, "\u{FFFD}");
    assert_eq!(reply.one().properties, r#"{"a":"\ufffdx","b":"\ud83d\ude00"}"#);
}

#[test]
fn objects_that_are_no_batch_are_judged_as_events() {
    let hydrate = "failed to hydrate events from request";
    for body in [
        r#"{"batch":[{"event":"e","distinct_id":"d"}]}"#,
        r#"{"token":"phc_a","batch":[5]}"#,
        r#"{"token":"phc_a","batch":{}}"#,
        r#"{"token":"phc_a","historical_migration":"yes","batch":[{"event":"e","distinct_id":"d"}]}"#,
        r#"{"token":"phc_a","sent_at":5,"batch":[{"event":"e","distinct_id":"d"}]}"#,
    ] {
        capture(body).send().is_refused(400, hydrate, "rejected_parsing");
    }
    let both = r#"{"token":"phc_a","event":"e","distinct_id":"d","batch":[5]}"#;
    capture(both).send().is_ok(1);
    let batch_first = r#"{"token":"phc_a","event":5,"batch":[{"event":"inner","distinct_id":"d"}]}"#;
    assert_eq!(capture(batch_first).send().one().event, "inner");
}

#[test]
fn historical_batches_are_marked_but_for_events_with_routes_of_their_own() {
    let events = ["e", "$exception", "$$heatmap", "$$client_ingestion_warning"]
        .map(|name| format!(r#"{{"event":"{name}","distinct_id":"d"}}"#))
        .join(",");
    let reply =
        capture(format!(r#"{{"token":"phc_a","historical_migration":true,"batch":[{events}]}}"#)).send();
    let marked: Vec<_> = reply.is_ok(4).kept.iter().map(|kept| kept.flags.has(Flags::HISTORICAL)).collect();
    assert_eq!(marked, [true, false, false, false]);
}

#[test]
fn the_ai_batch_endpoint_keeps_ai_events_and_warns_of_others() {
    let events =
        r#"{"event":"$ai_generation","distinct_id":"d"},{"event":"e","distinct_id":"d"},{"event":"f"}"#;
    let reply = post(Route::AiBatch, format!(r#"{{"token":"phc_a","batch":[{events}]}}"#)).send();
    reply.is_ok(2);
    assert_eq!(reply.dropped, [("misrouted_event", 2)]);
    let ai = &reply.kept[0];
    assert!(ai.flags.has(Flags::AI) && ai.source == Source::Ai && ai.event == "$ai_generation");
    let warning = &reply.kept[1];
    assert_eq!((warning.kind, warning.event.as_str()), (record::Kind::Warning, "misrouted_event"));
    assert_eq!(warning.detail, r#"{"event":"e","distinctId":"d","eventUuid":"","count":2}"#);
}
