//! Requests, who takes part, and shapes of answers: rows 20, 76 to 82 and 86; broken definitions; counts.

use flags::Shape::{Details, EnabledKeys, Values};
use flags::{FlagSet, Options, Route, check};
use serde_json::{Value, json};

use crate::asking::{Asking, condition, everybody, flag, on_flag, with};

fn refused(fields: &Value) -> (u16, String) {
    let refusal = Asking::of(json!([])).by(fields).request().unwrap_err();
    (refusal.status, refusal.body)
}

#[test]
fn requests_that_name_nobody_or_nothing_are_refused() {
    let (status, body) = refused(&json!({"distinct_id": null}));
    assert_eq!(status, 400);
    assert!(body.contains("distinct_id"));
    for token in [json!(null), json!("")] {
        let (status, body) = refused(&json!({ "token": token }));
        let body: Value = serde_json::from_str(&body).unwrap();
        assert_eq!((status, &body["type"]), (401, &json!("authentication_error")));
        assert_eq!((&body["code"], &body["attr"]), (&json!("not_authenticated"), &Value::Null));
    }
    for wrong in [
        json!({"distinct_id": {}}),
        json!({"person_properties": "x"}),
        json!({"groups": ["x"]}),
        json!({"flag_keys": "k"}),
        json!({"geoip_disable": "yes"}),
    ] {
        let (status, body) = refused(&wrong);
        assert_eq!(status, 400, "{wrong}");
        assert!(body.starts_with("Failed to decode request"), "{body}");
    }
}

#[test]
fn fields_have_aliases_and_may_be_null() {
    let body = json!({
        "token": null, "api_key": "phc_x", "distinct_id": 123.45, "anon_distinct_id": "before", "$properties": {},
        "groups": null, "group_properties": [], "flag_keys_to_evaluate": ["a"], "evaluation_environments": ["web"],
        "geoip_disable": null, "device_id": "d", "sent_at": "now", "timezone": "UTC",
    });
    let request = Asking::of(json!([])).by(&body).request().unwrap();
    assert_eq!((request.token.as_str(), request.distinct_id.as_str()), ("phc_x", "123.45"));
    assert_eq!(request.anonymous_distinct_id.as_deref(), Some("before"));
    assert_eq!(request.device_id.as_deref(), Some("d"));
    assert_eq!(request.flag_keys, Some(vec!["a".to_owned()]));
    assert!(request.contexts.contains("web"));
    assert!(request.wants_place && !request.is_disabled);
}

#[test]
fn server_flags_are_for_servers() {
    let says = |agent, is_browser, fields: Value| {
        let mut asking =
            Asking::one(with(flag(1, "k", everybody()), &json!({"evaluation_runtime": "server"})));
        asking = asking.by(&fields);
        asking.sender.user_agent = agent;
        asking.sender.is_browser = is_browser;
        asking.says("k")
    };
    let nothing = || json!({});
    assert_eq!(says(Some("posthog-python/7.0"), false, nothing()), "true condition_match@0");
    assert_eq!(says(Some("curl/8"), false, nothing()), "true condition_match@0");
    for agent in [Some("Mozilla/5.0 (X11)"), Some("okhttp/4"), Some("posthog-ios/3"), None] {
        assert_eq!(says(agent, false, nothing()), "absent", "{agent:?}");
    }
    assert_eq!(says(None, true, nothing()), "absent");
    assert_eq!(says(None, true, json!({"evaluation_runtime": "SERVER"})), "true condition_match@0");
    assert_eq!(says(None, true, json!({"evaluation_runtime": "all"})), "true condition_match@0");
}

#[test]
fn contexts_and_survey_flags_filter() {
    let flags = json!([
        with(flag(1, "aimed", everybody()), &json!({"evaluation_contexts": ["main-app"]})),
        flag(2, "plain", everybody()),
        flag(3, "survey-targeting-1", everybody()),
        with(flag(4, "secret", everybody()), &json!({"has_encrypted_payloads": true})),
    ]);
    let keys = |asking: Asking| {
        asking.answer()["flags"].as_object().unwrap().keys().cloned().collect::<Vec<_>>().join(" ")
    };
    let docs = json!({"evaluation_contexts": ["docs"]});
    assert_eq!(keys(Asking::of(flags.clone()).by(&docs)), "plain survey-targeting-1");
    let both = json!({"evaluation_contexts": ["docs", "main-app"]});
    assert_eq!(keys(Asking::of(flags.clone()).by(&both)), "aimed plain survey-targeting-1");
    assert_eq!(keys(Asking::of(flags.clone())), "aimed plain survey-targeting-1");
    let mut surveys = Asking::of(flags);
    surveys.options.only_survey_flags = true;
    assert_eq!(keys(surveys), "survey-targeting-1");
}

fn three() -> Asking {
    let variant = json!({"variants": [{"key": "test", "rollout_percentage": 100}]});
    let groups = everybody()["groups"].clone();
    Asking::of(json!([
        flag(1, "a", everybody()),
        flag(2, "b", json!({"groups": groups, "multivariate": variant, "payloads": {"test": "{\"x\":1}"}})),
        flag(3, "c", json!({"groups": [], "payloads": {"true": "1"}})),
    ]))
}

#[test]
fn old_shapes_leave_out_what_they_always_left_out() {
    let shape = |route, version| {
        let mut asking = three();
        (asking.route, asking.options) = (route, Options { version, ..Options::default() });
        let mut answer = asking.answer();
        assert_eq!(answer["requestId"], "one");
        assert_eq!(answer["evaluatedAt"], 1_767_225_600_000_i64);
        answer.as_object_mut().unwrap().retain(|name, _| name != "requestId" && name != "evaluatedAt");
        answer
    };
    let values = json!({
        "errorsWhileComputingFlags": false,
        "featureFlags": {"a": true, "b": "test", "c": false},
        "featureFlagPayloads": {"b": "{\"x\":1}"},
    });
    assert_eq!(shape(Route::Flags, Some(1)), values);
    assert_eq!(shape(Route::Decide, Some(3)), values);
    assert_eq!(shape(Route::Decide, Some(2)), json!({"featureFlags": {"a": true, "b": "test"}}));
    for version in [None, Some(1), Some(0), Some(-7)] {
        assert_eq!(shape(Route::Decide, version), json!({"featureFlags": ["a", "b"]}));
    }
    for (route, version) in [(Route::Flags, Some(2)), (Route::Flags, Some(9)), (Route::Decide, Some(4))] {
        assert_eq!(shape(route, version)["flags"].as_object().unwrap().len(), 3);
    }
}

#[test]
fn the_details_of_a_flag_are_these_and_no_others() {
    let expected = json!({
        "key": "b", "enabled": true, "variant": "test",
        "reason": {"code": "condition_match", "condition_index": 0, "description": "Matched condition set 1"},
        "metadata": {"id": 2, "version": 1, "description": null, "payload": "{\"x\":1}", "has_experiment": false},
    });
    assert_eq!(three().flag("b"), expected);
}

#[test]
fn versions_and_configuration_are_asked_for_by_the_query() {
    let asks = |route, version, config| {
        let mut asking = three();
        (asking.route, asking.options) = (route, Options { version, config, ..Options::default() });
        let request = asking.request().unwrap();
        (request.shape, request.wants_config)
    };
    assert_eq!(asks(Route::Flags, None, None), (Details, true));
    assert_eq!(asks(Route::Flags, None, Some(true)), (Values, true));
    assert_eq!(asks(Route::Flags, Some(2), None), (Details, false));
    assert_eq!(asks(Route::Flags, Some(2), Some(true)), (Details, true));
    assert_eq!(asks(Route::Decide, None, None), (EnabledKeys, true));
    assert_eq!(asks(Route::Decide, Some(3), Some(false)), (Values, false));
}

#[test]
fn disabled_flags_are_an_empty_answer() {
    let answer = three().by(&json!({"disable_flags": true})).answer();
    assert_eq!((&answer["flags"], &answer["errorsWhileComputingFlags"]), (&json!({}), &json!(false)));
}

#[test]
fn the_configuration_is_merged_into_the_top_level() {
    let asking = Asking::of(json!([]));
    let envelope = |config| flags::Envelope { config, request_id: "\"", now_us: 0 };
    let answer =
        |config| asking.set().answer(&asking.request().unwrap(), &flags::Known::default(), &envelope(config));
    let start = r#"{"errorsWhileComputingFlags":false,"flags":{},"requestId":"\"","evaluatedAt":0"#;
    assert_eq!(answer(None), format!("{start}}}"));
    assert_eq!(answer(Some(" { } ")), format!("{start}}}"));
    assert_eq!(answer(Some(r#"{"a":[1]}"#)), format!(r#"{start},"a":[1]}}"#));
}

#[test]
fn one_broken_flag_costs_nobody_else() {
    let filters = [
        json!([]),
        json!({"groups": {}}),
        json!({"groups": [1]}),
        json!({"groups": [{"properties": [{"key": "x", "operator": "unheard_of", "value": 1}]}]}),
        json!({"groups": [{"properties": [{"key": "x", "type": "hogql"}]}]}),
        json!({"groups": [{"rollout_percentage": "50"}]}),
        json!({"multivariate": {"variants": [{"key": 1}]}}),
        json!({"holdout": {"id": 1}}),
    ];
    for broken in filters {
        let asking = Asking::of(json!([
            flag(1, "broken", broken.clone()),
            flag(2, "sound", everybody()),
            flag(3, "after", json!({"groups": [condition(json!([on_flag(1, false)]), 100)]})),
        ]));
        assert_eq!(asking.says("broken"), "false flag_data_parsing_error@null", "{broken}");
        assert_eq!(asking.says("sound"), "true condition_match@0");
        assert_eq!(asking.says("after"), "false no_condition_match@0");
        assert_eq!(asking.answer()["errorsWhileComputingFlags"], true);
    }
    let deep = format!("{}1{}", "[".repeat(500), "]".repeat(500));
    for column in [deep.as_str(), "1e999", r#""\ud800""#] {
        let flag = |id, filters| format!(r#"{{"id":{id},"key":"k{id}","active":true,"filters":{filters}}}"#);
        let document = format!(r#"{{"project_id":1,"flags":[{},{}]}}"#, flag(1, column), flag(2, "{}"));
        let codes: Vec<_> =
            check(document.as_bytes()).unwrap().iter().map(|(id, code, _)| (*id, *code)).collect();
        assert_eq!(codes, [(1, "unreadable")]);
    }
    for document in ["", "[]", "{}", r#"{"project_id": 1, "flags": 1}"#] {
        assert!(FlagSet::compile(document.as_bytes()).is_err(), "{document}");
    }
}

#[test]
fn evaluations_are_counted_once() {
    let asking = three();
    let set = asking.set();
    let envelope = flags::Envelope { config: None, request_id: "", now_us: 0 };
    for _ in 0..3 {
        set.answer(&asking.request().unwrap(), &flags::Known::default(), &envelope);
    }
    let expected = [(1, "true".to_owned(), 3), (2, "test".to_owned(), 3), (3, "false".to_owned(), 3)];
    assert_eq!(set.take_counts(), expected);
    assert_eq!(set.take_counts(), []);
}

#[test]
fn mistakes_are_found_for_those_who_write() {
    let filter = |filter: Value| json!({"groups": [condition(json!([filter]), 100)]});
    let cases = [
        (filter(json!({"key": "x", "operator": "regex", "value": "["})), "invalid_regex"),
        (filter(json!({"key": "x", "operator": "unheard_of", "value": "["})), "unknown_operator"),
        (filter(json!({"key": "id", "type": "cohort", "value": 404})), "missing_cohort"),
        (filter(on_flag(404, true)), "missing_flag"),
        (filter(on_flag(1, true)), "flag_cycle"),
        (filter(on_flag(2, 1)), "invalid_flag_filter"),
        (json!({"groups": [{"rollout_percentage": 101}]}), "invalid_percentage"),
        (json!({"groups": [{"variant": "x"}]}), "unknown_variant"),
        (json!({"groups": 1}), "unreadable"),
        (
            json!({"multivariate": {"variants": [
                {"key": "a", "rollout_percentage": 60}, {"key": "b", "rollout_percentage": 60}
            ]}}),
            "variants_over_100",
        ),
    ];
    for (filters, code) in cases {
        let flags = json!([flag(1, "k", filters.clone()), flag(2, "sound", everybody())]);
        let document = json!({"project_id": 1, "flags": flags}).to_string();
        let found = check(document.as_bytes()).unwrap();
        let codes: Vec<_> = found.iter().map(|(id, code, _)| (*id, *code)).collect();
        assert_eq!(codes, [(1, code)], "{filters}: {found:?}");
    }
}
