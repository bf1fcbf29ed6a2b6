//! A slow and obvious second opinion on requests whose payload is plain JSON, and a generator of such requests.
//!
//! The model reads with `serde_json`, one shape after the other, as the contract tells it. It has no opinion on
//! texts that `serde_json` refuses and the wire takes: unpaired surrogates, numbers past a double, deep nesting.
#![allow(dead_code, reason = "each test binary uses its own part")]

mod fields;
pub mod generate;
mod replay;
mod v0;
mod v1;

use record::{Kind, Record, Records};
use serde_json::value::RawValue;
use wire::{Answer, Headers, Limits, Project, Projects, Quotas, Request, Route, accept};

pub const NOW_US: i64 = 1_758_110_400_000_000;
pub const TOKENS: [(&str, u8); 4] =
    [("phc_a", 0), ("phc_b", 0), ("phc_over", 1), ("phc_scoped", 2 | 4 | 8 | 16)];

/// What the model expects.
#[derive(Debug, PartialEq)]
pub enum Expected {
    /// This status, and a body that holds this text.
    Refused(u16, &'static str),
    /// A success that keeps these events.
    Kept(Vec<Event>),
    /// A success that keeps these recordings: session, window and items of each.
    Recorded(Vec<(String, String, serde_json::Value)>),
    /// A v1 success: result and details of each event, and the kept events.
    Judged(Vec<(&'static str, &'static str)>, Vec<Event>),
}

/// What the model says about a record. Absent times are none of its business.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    pub name: String,
    pub distinct_id: String,
    pub properties: String,
    pub set: String,
    pub set_once: String,
    pub uuid: Option<uuid::Uuid>,
    pub timestamp_us: Option<i64>,
    pub flags: u8,
}

pub fn projects() -> Projects {
    let row = |(index, (token, mask)): (usize, &(&str, u8))| {
        ((*token).to_owned(), Project { id: index as u32, exceeded: Quotas(*mask) })
    };
    Projects::new(TOKENS.iter().enumerate().map(row))
}

fn exceeded(token: &str) -> Option<u8> {
    TOKENS.iter().find(|(known, _)| *known == token).map(|(_, mask)| *mask)
}

/// Sends `body` and compares with the model where the model has an opinion.
pub fn check(route: Route, body: &[u8], projects: &Projects) {
    let request = Request {
        route,
        is_get: false,
        query: "",
        headers: Headers {
            content_type: Some("application/json"),
            user_agent: Some("agent"),
            authorization: Some("Bearer phc_a"),
            sdk_info: Some("no-version"),
            attempt: Some("2"),
            request_id: Some("01890c2e-0000-7000-8000-00000000abcd"),
            request_timestamp: Some("2025-09-17T12:00:00Z"),
            ..Headers::default()
        },
        body,
        client_address: "",
        received_at_us: NOW_US,
    };
    let answer = accept(&request, projects, &Limits::default());
    check_promises(&answer);
    let Ok(text) = std::str::from_utf8(body) else {
        return;
    };
    if let Some(expected) = expect(route, text) {
        compare(&answer, &expected, text);
    }
}

/// What holds for any answer: records can be read, and what is not kept is counted.
fn check_promises(answer: &Answer) {
    assert!([200, 204, 400, 401, 402, 404, 413, 415, 429].contains(&answer.status));
    let records: Vec<_> =
        Records::new(answer.records.bytes()).map(|bytes| Record::read(bytes).unwrap()).collect();
    assert_eq!(records.len(), answer.records.count());
    for record in records.iter().filter(|record| record.kind != Kind::Warning) {
        assert!(serde_json::from_str::<&RawValue>(record.properties).is_ok());
        assert!(record.kind != Kind::Event || !record.event.is_empty() && !record.distinct_id.contains('\0'));
    }
    assert!(answer.status < 400 || !answer.dropped.is_empty(), "{}", answer.status);
    assert!(answer.status < 400 || records.is_empty());
}

/// What the model says, if it has an opinion.
pub fn expect(route: Route, text: &str) -> Option<Expected> {
    let is_v1 = matches!(route, Route::V1Events | Route::V1Ai);
    let looks_like_json = text.trim_start_matches([' ', '\t', '\n', '\r']).starts_with(['{', '[']);
    let levels = text.bytes().filter(|byte| matches!(byte, b'{' | b'[')).count();
    if !is_modelled(route) || !looks_like_json || levels > 120 {
        return None;
    }
    if serde_json::from_str::<&RawValue>(text).is_err() {
        let why = if is_v1 { "request_parsing_error" } else { "failed to parse request: " };
        return Some(Expected::Refused(400, why));
    }
    // From here on it is JSON; without a value of it there is something the model cannot read.
    serde_json::from_str::<serde_json::Value>(text).ok()?;
    Some(match route {
        Route::Capture | Route::Engage | Route::AiBatch => v0::expect(route, text),
        Route::Replay => replay::expect(text),
        Route::V1Events | Route::V1Ai => v1::expect(route, text),
        _ => return None,
    })
}

/// The endpoints that take JSON events. The others are held to the promises alone.
fn is_modelled(route: Route) -> bool {
    (route as u8) <= Route::V1Ai as u8
}

fn compare(answer: &Answer, expected: &Expected, text: &str) {
    let body = String::from_utf8(answer.body.to_vec()).unwrap();
    let records = Records::new(answer.records.bytes()).map(|bytes| Record::read(bytes).unwrap());
    let records: Vec<_> = records.filter(|record| record.kind != Kind::Warning).collect();
    match expected {
        Expected::Refused(status, why) => {
            assert!(
                answer.status == *status && body.contains(why),
                "{} {body} for {expected:?}: {text}",
                answer.status
            );
        }
        Expected::Kept(events) => {
            assert_eq!(answer.status, 200, "{body}: {text}");
            compare_events(&records, events, str::to_owned, text);
        }
        Expected::Judged(results, events) => {
            assert_eq!(answer.status, 200, "{body}: {text}");
            let word = |value: &serde_json::Value| value.as_str().unwrap_or("").to_owned();
            let body: serde_json::Value = serde_json::from_str(&body).unwrap();
            let given = body["results"].as_object().unwrap().values();
            let given: Vec<_> = given.map(|one| (word(&one["result"]), word(&one["details"]))).collect();
            let given: Vec<_> =
                given.iter().map(|(result, details)| (result.as_str(), details.as_str())).collect();
            assert_eq!(given, *results, "{text}");
            // Rewritten properties may spell a key otherwise.
            let members = |text: &str| format!("{:?}", fields::Fields::read(text).unwrap().without(&[]));
            compare_events(&records, events, members, text);
        }
        Expected::Recorded(groups) => {
            assert_eq!(answer.status, 200, "{body}: {text}");
            let read = |record: &Record<'_>| {
                let mut all: serde_json::Value = serde_json::from_str(record.properties).unwrap();
                let word = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
                let (session, window) = (word(&all["$session_id"]), word(&all["$window_id"]));
                (session, window, all["$snapshot_items"].take())
            };
            assert_eq!(records.iter().map(read).collect::<Vec<_>>(), *groups, "{text}");
        }
    }
}

fn compare_events(records: &[Record<'_>], events: &[Event], seen: impl Fn(&str) -> String, text: &str) {
    assert_eq!(records.len(), events.len(), "{text}");
    for (record, event) in records.iter().zip(events) {
        let kept = Event {
            name: record.event.to_owned(),
            distinct_id: record.distinct_id.to_owned(),
            properties: record.properties.to_owned(),
            set: record.set.to_owned(),
            set_once: record.set_once.to_owned(),
            uuid: event.uuid.map(|_| uuid::Uuid::from_bytes(record.uuid)),
            timestamp_us: event.timestamp_us.map(|_| record.timestamp_us),
            flags: record.flags.0 & !record::Flags::TIMESTAMP_REPLACED,
        };
        assert_eq!(seen(&kept.properties), seen(&event.properties), "{text}");
        assert_eq!(kept, Event { properties: kept.properties.clone(), ..event.clone() }, "{text}");
    }
}
