//! Definitions and requests that nobody would write: all get an answer, and the answers agree with each other.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod oracle;

use std::time::{Duration, Instant};

use flags::{Envelope, FlagSet, Known, Options, Request, Route, Sender, check};
use proptest::prelude::*;
use serde_json::{Value, json};

proptest! {
    #[test]
    fn no_choice_of_definitions_and_requests_breaks_a_promise(choices in prop::collection::vec(any::<u8>(), 0..600)) {
        oracle::check(&choices);
    }

    #[test]
    fn no_text_is_a_document_that_panics(text in any::<Vec<u8>>()) {
        let _ = (FlagSet::compile(&text), check(&text));
        let _ = Request::read(Route::Flags, &Options::default(), &Sender::default(), &String::from_utf8_lossy(&text));
    }
}

fn answer(definitions: &Value, body: &Value) -> Value {
    let set = FlagSet::compile(definitions.to_string().as_bytes()).unwrap();
    let request =
        Request::read(Route::Flags, &Options::default(), &Sender::default(), &body.to_string()).unwrap();
    let envelope = Envelope { config: None, request_id: "", now_us: 0 };
    serde_json::from_str(&set.answer(&request, &Known::default(), &envelope)).unwrap()
}

fn on_a_small_stack(work: impl FnOnce() + Send + 'static) {
    std::thread::Builder::new().stack_size(512 << 10).spawn(work).unwrap().join().unwrap();
}

/// A flag that looks at cohort 1, which refers to cohort 2, and so on.
fn chain(length: i64) -> Value {
    let cohort = |id: i64| {
        let leaf = if id == length {
            json!({"key": "x", "operator": "is_not_set"})
        } else {
            json!({"key": "id", "type": "cohort", "value": id + 1})
        };
        json!({"id": id, "filters": {"properties": {"type": "AND", "values": [leaf]}}})
    };
    let filter = json!({"key": "id", "type": "cohort", "value": 1});
    json!({
        "project_id": 1,
        "flags": [{"id": 1, "key": "k", "active": true, "filters": {"groups": [{"properties": [filter]}]}}],
        "cohorts": (1..=length).map(cohort).collect::<Vec<_>>(),
    })
}

#[test]
fn long_chains_of_cohorts_are_refused_before_they_cost_the_stack() {
    on_a_small_stack(|| {
        let body = json!({"token": "t", "distinct_id": "a"});
        assert_eq!(answer(&chain(32), &body)["flags"]["k"]["enabled"], true);
        let reason = &answer(&chain(10_000), &body)["flags"]["k"]["reason"]["code"];
        assert_eq!(reason, "cohort_filters_parsing_error");
    });
}

#[test]
fn deep_groups_of_criteria_are_refused_before_they_cost_the_stack() {
    on_a_small_stack(|| {
        for (depth, code) in [(31, "condition_match"), (50, "cohort_filters_parsing_error")] {
            let mut tree = json!({"key": "x", "operator": "is_not_set"});
            for _ in 0..depth {
                tree = json!({"type": "AND", "values": [tree]});
            }
            let mut definitions = chain(1);
            definitions["cohorts"][0]["filters"]["properties"] = tree;
            let answer = answer(&definitions, &json!({"token": "t", "distinct_id": "a"}));
            assert_eq!(answer["flags"]["k"]["reason"]["code"], code, "{depth}");
        }
    });
}

#[test]
fn long_chains_of_flags_are_evaluated() {
    on_a_small_stack(|| {
        let flag = |id: i64| {
            let filter = json!({"key": (id + 1).to_string(), "type": "flag", "operator": "flag_evaluates_to", "value": true});
            let filters = if id == 5_000 { json!([]) } else { json!([filter]) };
            json!({"id": id, "key": format!("k{id}"), "active": true, "filters": {"groups": [{"properties": filters}]}})
        };
        let definitions = json!({"project_id": 1, "flags": (1..=5_000).map(flag).collect::<Vec<_>>()});
        let answer = answer(&definitions, &json!({"token": "t", "distinct_id": "a", "flag_keys": ["k1"]}));
        assert_eq!(answer["flags"].as_object().unwrap().len(), 5_000);
        assert_eq!(answer["flags"]["k1"]["enabled"], true);
    });
}

#[test]
fn patterns_that_never_end_are_cut_short() {
    let filter = json!({"key": "x", "operator": "regex", "value": "^(a+)+$"});
    let looking_back = json!({"key": "x", "operator": "regex", "value": r"^(a+)+\1b$"});
    let groups = json!([{"properties": [filter]}, {"properties": [looking_back]}]);
    let definitions = json!({
        "project_id": 1,
        "flags": [{"id": 1, "key": "k", "active": true, "filters": {"groups": groups}}],
    });
    let text = format!("{}!", "a".repeat(5_000));
    let body = json!({"token": "t", "distinct_id": "a", "person_properties": {"x": text}});
    let start = Instant::now();
    assert_eq!(answer(&definitions, &body)["flags"]["k"]["enabled"], false);
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
}
