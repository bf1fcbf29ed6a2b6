//! `/s`: rows 64 to 69 of the capture contract's conformance table, and its section 7.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on may stop")]

mod ask;

use ask::{Ask, NOW_US, Reply, at, base64, gzip, percent, post};
use record::{Kind, Source};
use serde_json::{Value, json};
use wire::{Lane, Route};

fn item(session: &str, members: &str) -> String {
    format!(
        r#"{{"event":"$snapshot","properties":{{"token":"phc_a","distinct_id":"d","$session_id":"{session}",{members}}}}}"#
    )
}

fn replay(body: impl Into<Vec<u8>>) -> Ask<'static> {
    post(Route::Replay, body)
}

fn properties(reply: &Reply, index: usize) -> Value {
    serde_json::from_str(&reply.kept[index].properties).unwrap()
}

const DATA: &str = r#""$window_id":"w","$snapshot_data":[{"type":4,"data":{"a":"\u001f\u008b"}}, 5]"#;

#[test]
fn items_of_a_session_become_one_message() {
    let body = format!(
        "[{},{}]",
        item("s-1", DATA),
        item("s-1", r#""$window_id":"w","$snapshot_data":{"type":3},"$lib":"x""#)
    );
    for reply in [
        replay(body.clone()).send(),
        replay(gzip(body.as_bytes())).content_type("text/plain").send(),
        replay(format!("data={}", percent(&base64(&body))))
            .content_type("application/x-www-form-urlencoded")
            .send(),
    ] {
        reply.is_ok(1);
        assert_eq!(reply.lane, Lane::Replay);
        let kept = reply.one();
        assert_eq!(
            (kept.kind, kept.source, kept.event.as_str()),
            (Kind::Replay, Source::V0, "$snapshot_items")
        );
        assert_eq!((kept.distinct_id.as_str(), kept.project_id, kept.timestamp_us), ("d", 1, NOW_US));
        assert_eq!(
            properties(&reply, 0),
            json!({
                "distinct_id": "d", "$session_id": "s-1", "$window_id": "w", "$snapshot_source": "web", "$lib": "web",
                "$snapshot_items": [{"type": 4, "data": {"a": "\u{1f}\u{8b}"}}, 5, {"type": 3}],
            })
        );
    }
}

#[test]
fn each_item_goes_by_its_own_session_and_the_first_speaks_for_the_silent() {
    let body = format!(
        r#"[{},{},{{"event":"x","properties":{{"$snapshot_data":[3]}}}},{}]"#,
        item(
            "s1",
            r#""$window_id":"w1","$snapshot_source":"mobile","$snapshot_data":[1],"$lib":"posthog-ios""#
        ),
        item("s2", r#""$snapshot_source":"other","$snapshot_data":[2]"#).replace("\"d\"", "\"other\""),
        item("s1", r#""$window_id":"w2","$snapshot_data":[]"#),
    );
    let reply = replay(body).send();
    reply.is_ok(3);
    let seen: Vec<_> = (0..3)
        .map(|index| {
            let mut all = properties(&reply, index);
            let keys =
                ["$session_id", "$window_id", "distinct_id", "$snapshot_source", "$lib", "$snapshot_items"];
            json!(keys.map(|key| all[key].take()))
        })
        .collect();
    assert_eq!(
        seen,
        [
            json!(["s1", "w1", "d", "mobile", "posthog-ios", [1, 3]]),
            json!(["s2", "s2", "other", "web", "posthog-ios", [2]]),
            json!(["s1", "w2", "d", "mobile", "posthog-ios", []]),
        ]
    );
}

#[test]
fn row_64_over_quota_says_so() {
    let body = format!("[{}]", item("s", DATA)).replace("phc_a", "phc_over_16");
    let reply = replay(body.clone()).query("beacon=1").send();
    assert_eq!(
        (reply.status, reply.text.as_str()),
        (200, r#"{"status":"Ok","quota_limited":["recordings"]}"#)
    );
    assert_eq!((reply.dropped, reply.kept.len()), (vec![("quota_recordings", 1)], 0));
    // Quotas of events are none of a recording's business.
    replay(body.replace("phc_over_16", "phc_over_1")).send().is_ok(1);
    assert_eq!(replay(body.replace("phc_over_16", "phc_a")).query("beacon=1").send().status, 204);
}

#[test]
fn rows_65_and_66_sessions_are_checked() {
    let without = item("s", DATA).replace("$session_id", "$other");
    let text = "replay event submitted without session id";
    replay(without.clone()).send().is_refused(400, text, "invalid_session_id");
    replay(format!("[{},{without}]", item("s", DATA))).send().is_ok(1);
    for bad in ["a_b", "", "é", &"x".repeat(71)] {
        let text = "replay event has invalid session id";
        replay(item(bad, DATA)).send().is_refused(400, text, "invalid_session_id");
        replay(format!("[{},{}]", item("s", DATA), item(bad, DATA))).send().is_refused(
            400,
            text,
            "invalid_session_id",
        );
    }
    replay(item(&"x".repeat(70), DATA)).send().is_ok(1);
}

#[test]
fn rows_67_to_69_snapshot_data_is_a_list_or_one_item() {
    let reply = replay(item("s", r#""$snapshot_data":{"type":2}"#)).send();
    assert_eq!(properties(reply.is_ok(1), 0)["$snapshot_items"], json!([{"type": 2}]));
    assert_eq!(properties(&reply, 0)["$window_id"], "s");
    for bad in [r#""$snapshot_data":"x""#, r#""$snapshot_data":null"#, r#""x":1"#] {
        let text = "replay event submitted without snapshot data";
        replay(item("s", bad)).send().is_refused(400, text, "invalid_snapshot_data");
        replay(format!("[{},{}]", item("s", DATA), item("s", bad))).send().is_refused(
            400,
            text,
            "invalid_snapshot_data",
        );
    }
}

#[test]
fn tokens_ids_and_libraries_come_from_the_first_item() {
    replay("[]").send().is_refused(400, "request holds no event", "rejected_empty");
    let anonymous = item("s", DATA).replace("\"token\"", "\"x\"");
    let text = "event submitted without an api_key";
    replay(format!("[{anonymous},{}]", item("s", DATA))).send().is_refused(401, text, "rejected_token");
    replay(format!("[{},{anonymous}]", item("s", DATA))).send().is_ok(1);
    let nobody = item("s", DATA).replace("\"distinct_id\"", "\"x\"");
    replay(nobody).send().is_refused(400, "event submitted without a distinct_id", "invalid_distinct_id");
    let agent = |agent: &'static str| {
        let reply = replay(item("s", DATA)).headers(|headers| headers.user_agent = Some(agent)).send();
        properties(&reply, 0)["$lib"].as_str().unwrap().to_owned()
    };
    assert_eq!(agent("posthog-ios/3.1"), "posthog-ios");
    assert_eq!(agent("Mozilla/5.0 posthog"), "web");
    let sent = item("s", DATA).replacen(
        '{',
        r#"{"timestamp":"2025-09-17T11:00:00Z","sent_at":"2025-09-17T12:00:10Z","#,
        1,
    );
    assert_eq!(replay(sent).query("_=1758110300000").send().one().timestamp_us, at("2025-09-17T10:59:50Z"));
}
