//! `/report`: §1.6 of the capture contract.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on may stop")]

mod ask;

use ask::{Ask, NOW_US, Reply, post};
use proptest::prelude::*;
use record::{Kind, Source};
use serde_json::{Value, json};
use wire::Route;

const LEGACY: &str = "application/csp-report";
const REPORTS: &str = "application/reports+json";

fn ask(content_type: &'static str, body: &Value) -> Ask<'static> {
    let ask = post(Route::Report, body.to_string()).content_type(content_type);
    ask.query("token=phc_a&distinct_id=d&session_id=s&v=2")
        .headers(|headers| headers.user_agent = Some("Agent"))
}

fn properties(reply: &Reply) -> Value {
    assert_eq!((reply.status, reply.text.as_str(), reply.kept.len()), (204, "", 1));
    serde_json::from_str(&reply.kept[0].properties).unwrap()
}

fn legacy() -> Value {
    json!({"csp-report": {
        "document-uri": "https://a.test/p", "referrer": "", "violated-directive": "script-src-elem",
        "effective-directive": "script-src", "original-policy": "default-src 'none'", "disposition": "report",
        "blocked-uri": "inline", "line-number": 3, "column-number": 7, "source-file": "https://a.test/x.js",
        "status-code": 200, "script-sample": "<b>\"'&"}})
}

fn violation() -> Value {
    json!({"type": "csp-violation", "age": 2, "url": "https://a.test/u", "user_agent": "Reporter", "body": {
        "documentURL": "https://a.test/p", "referrer": "https://r.test", "effectiveDirective": "script-src",
        "originalPolicy": "default-src 'none'", "disposition": "enforce", "blockedURL": "https://evil.test",
        "lineNumber": 3, "columnNumber": 7, "sourceFile": "https://a.test/x.js", "statusCode": 200,
        "sample": "<script>"}})
}

#[test]
fn a_legacy_violation_becomes_an_event() {
    let reply = ask(LEGACY, &legacy()).send();
    let mut raw = legacy();
    raw["csp-report"]["script-sample"] = "&lt;b&gt;&quot;&#x27;&amp;".into();
    assert_eq!(
        properties(&reply),
        json!({
        "$session_id": "s", "$current_url": "https://a.test/p", "$process_person_profile": false,
        "$raw_user_agent": "Agent", "$csp_version": "2", "$csp_report_type": "csp-violation",
        "$csp_document_url": "https://a.test/p", "$csp_violated_directive": "script-src-elem",
        "$csp_effective_directive": "script-src", "$csp_original_policy": "default-src 'none'",
        "$csp_disposition": "report", "$csp_blocked_url": "inline", "$csp_line_number": 3,
        "$csp_column_number": 7, "$csp_source_file": "https://a.test/x.js", "$csp_status_code": 200,
        "$csp_script_sample": "&lt;b&gt;&quot;&#x27;&amp;", "$csp_raw_report": raw})
    );
    let kept = &reply.kept[0];
    assert_eq!((kept.kind, kept.source, kept.event.as_str()), (Kind::Event, Source::Csp, "$csp_violation"));
    assert_eq!((kept.project_id, kept.distinct_id.as_str(), kept.timestamp_us), (1, "d", NOW_US));
}

#[test]
fn a_reporting_api_violation_becomes_an_event_alone_or_in_a_list() {
    for body in [violation(), json!([violation()])] {
        let properties = properties(&ask(REPORTS, &body).send());
        for (key, value) in [
            ("$csp_violated_directive", "script-src"),
            ("$csp_effective_directive", "script-src"),
            ("$csp_user_agent", "Reporter"),
            ("$csp_script_sample", "&lt;script&gt;"),
            ("$csp_blocked_url", "https://evil.test"),
            ("$raw_user_agent", "Agent"),
        ] {
            assert_eq!(properties[key], value, "{key}");
        }
        assert_eq!(properties["$csp_raw_report"]["body"]["sample"], "&lt;script&gt;");
    }
    assert_eq!(ask(LEGACY, &violation()).send().kept.len(), 1);
    let mut nameless = violation();
    nameless["body"].as_object_mut().unwrap().remove("documentURL");
    assert_eq!(properties(&ask(REPORTS, &nameless).send())["$current_url"], "https://a.test/u");
}

#[test]
fn a_crash_becomes_an_event_at_its_time_without_secrets() {
    let url = "https://user:pass@a.test/reset/MTIzNDU2Nzg5MDEyMzQ1Ng/go?code=1#top";
    let crash = json!({"type": "crash", "age": 60_000, "url": url, "user_agent": "Crasher",
        "body": {"reason": "oom", "crashId": "c", "is_top_level": true, "visibility_state": "visible"}});
    let reply = ask(REPORTS, &json!([crash])).send();
    let clean = "https://a.test/reset/<redacted>/go";
    let mut raw = crash.clone();
    raw["url"] = clean.into();
    assert_eq!(
        properties(&reply),
        json!({
        "$session_id": "s", "$current_url": clean, "$process_person_profile": false, "$raw_user_agent": "Crasher",
        "$browser_crash_reason": "oom", "$browser_crash_id": "c", "$browser_crash_is_top_level": true,
        "$browser_crash_visibility_state": "visible", "$browser_crash_age_ms": 60_000,
        "$browser_crash_document_url": clean, "$browser_crash_user_agent": "Crasher",
        "$browser_crash_raw_report": raw})
    );
    assert_eq!(reply.kept[0].event, "$browser_crash_report");
    assert_eq!(reply.kept[0].timestamp_us, NOW_US - 60_000_000);
    for age in [json!(-1), json!(8 * 24 * 3600 * 1000_u64), json!("old"), json!(null)] {
        let reply = ask(REPORTS, &json!({"type": "crash", "age": age, "body": 5})).send();
        assert_eq!(reply.kept[0].timestamp_us, NOW_US, "{age}");
        assert_eq!(properties(&reply)["$browser_crash_reason"], "unknown");
    }
}

#[test]
fn ids_are_made_up_where_the_query_has_none() {
    let reply = ask(REPORTS, &json!([violation(), violation()])).query("token=phc_a").send();
    assert_eq!(reply.kept[0].distinct_id, reply.kept[1].distinct_id);
    assert_eq!(uuid::Uuid::parse_str(&reply.kept[0].distinct_id).unwrap().get_version_num(), 7);
    let properties: Value = serde_json::from_str(&reply.kept[0].properties).unwrap();
    assert_eq!(
        uuid::Uuid::parse_str(properties["$session_id"].as_str().unwrap()).unwrap().get_version_num(),
        7
    );
    assert_eq!(properties["$csp_version"], "unknown");
}

#[test]
fn other_types_are_passed_over_and_nothing_is_left_to_keep() {
    for body in [json!([]), json!({"type": "deprecation"}), json!([{"type": "deprecation"}, 5, null])] {
        let reply = ask(REPORTS, &body).send();
        assert_eq!((reply.status, reply.kept.len()), (204, 0), "{body}");
    }
    let mixed = ask(REPORTS, &json!([{"type": "intervention"}, violation()])).send();
    assert_eq!((mixed.kept.len(), mixed.dropped), (1, vec![("ignored_report", 1)]));
}

#[track_caller]
fn is_refused(reply: &Reply, status: u16, code: &str, reason: &str) {
    let body: Value = serde_json::from_str(&reply.text).unwrap();
    assert_eq!((reply.status, body["code"].as_str()), (status, Some(code)), "{}", reply.text);
    assert_eq!((reply.kept.len(), &reply.dropped[..]), (0, &[(reason, 1)][..]));
}

#[test]
fn bad_tokens_shapes_and_sizes_are_refused() {
    let with_query = |query| ask(REPORTS, &violation()).query(query).send();
    is_refused(&with_query(""), 401, "invalid_api_key", "rejected_token");
    is_refused(&with_query("token=phx_a"), 401, "invalid_api_key", "rejected_token");
    is_refused(&with_query("token=phc_unknown"), 401, "invalid_api_key", "unknown_token");
    for (content_type, body) in [
        (LEGACY, "{"),
        (LEGACY, "[]"),
        (LEGACY, r#"{"type":"deprecation"}"#),
        (LEGACY, r#"{"csp-report":5}"#),
        (REPORTS, "5"),
        (REPORTS, "{}"),
        (REPORTS, ""),
    ] {
        let reply = Ask { body: body.into(), ..ask(content_type, &Value::Null) }.send();
        is_refused(&reply, 400, "invalid_csp_payload", "invalid_report");
    }
    let many = Value::Array(vec![violation(); 501]);
    is_refused(&ask(REPORTS, &many).send(), 413, "csp_report_too_large", "rejected_too_big");
    let large = ask(REPORTS, &violation()).limits(|limits| limits.report_body_bytes = 100).send();
    is_refused(&large, 413, "csp_report_too_large", "rejected_too_big");
}

#[test]
fn sampling_keeps_about_its_share_of_violations_and_every_crash() {
    let body = Value::Array([vec![violation(); 400], vec![json!({"type": "crash"}); 100]].concat());
    let kept = |query| ask(REPORTS, &body).query(query).send().kept.len();
    assert_eq!(kept("token=phc_a&sample_rate=0"), 100);
    assert_eq!(kept("token=phc_a&sample_rate=1"), 500);
    for unreadable in ["token=phc_a&sample_rate=x", "token=phc_a&sample_rate=nan", "token=phc_a&sample_rate="]
    {
        assert_eq!(kept(unreadable), 500);
    }
    // 200 of 400 expected; 20 standard deviations would be 200, so six are plenty and never flaky.
    assert!((140..=260).contains(&(kept("token=phc_a&sample_rate=0.5") - 100)));
    let none = ask(REPORTS, &violation()).query("token=phc_a&sample_rate=0").send();
    assert_eq!((none.status, none.dropped), (204, vec![("sampled_out", 1)]));
}

#[test]
fn reports_over_quota_are_dropped_without_a_word() {
    let reply = ask(REPORTS, &violation()).query("token=phc_over_1").send();
    assert_eq!((reply.status, reply.kept.len(), reply.dropped), (204, 0, vec![("quota_events", 1)]));
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(body in prop_oneof![
        prop::collection::vec(any::<u8>(), 0..64),
        r#"\[?\{"type":"(crash|csp-violation)","(url|body|age)":("[^"\\]{0,12}"|\{"sample":.\}|-?1e[0-9]{1,3}|null)\}\]?"#
            .prop_map(String::into_bytes),
    ], is_legacy in any::<bool>()) {
        let reply = Ask { body, ..ask(if is_legacy { LEGACY } else { REPORTS }, &Value::Null) }.send();
        prop_assert!(matches!(reply.status, 204 | 400));
    }
}
