//! What is read of events and written back (contract rows 1 to 12, 22, 23).

mod ask;

use ask::{exceptions, reason, stack, written};
use serde_json::{Value, json};
use stacks::{Event, Outcome, write_error};
use uuid::Uuid;

#[test]
fn events_of_the_wrong_shape_say_why() {
    assert!(reason(&json!({})).contains("$exception_list"));
    assert!(reason(&json!({"$exception_list": []})).contains("empty"));
    assert!(reason(&json!({"$exception_list": [{"value": "v"}]})).contains("type"));
    assert!(reason(&json!({"$exception_list": "E"})).contains("expected a sequence"));
    assert!(reason(&json!({"$exception_list": stack(&json!([{"platform": "cobol"}]))})).contains("cobol"));
    assert!(reason(&json!({"$exception_list": stack(&json!([{"function": "f"}]))})).contains("platform"));
    for platform in
        ["web:javascript", "node:javascript", "hermes", "python", "ruby", "go", "java", "dart", "custom"]
    {
        let why = reason(&json!({"$exception_list": stack(&json!([{"platform": platform}]))}));
        assert!(why.contains("missing field") && why.contains(platform), "{why}");
    }
    for platform in ["php", "apple", "native", "rust"] {
        exceptions(&stack(&json!([{"platform": platform}])));
    }
}

#[test]
fn an_invalid_event_is_kept_with_its_error() {
    let kept = write_error(r#"{"a":1,"$cymbal_errors":["x"],"b":{"c":"\u0041"}}"#, "a \"reason\"");
    assert_eq!(kept, r#"{"a":1,"b":{"c":"\u0041"},"$cymbal_errors":["x","a \"reason\""]}"#);
}

#[test]
fn an_invalid_event_belongs_to_no_issue_whatever_its_client_says() {
    let sent = r#"{"$exception_list":[],"$exception_issue_id":"i","$exception_fingerprint":"f","$exception_types":["t"],
        "$exception_release":{},"$exception_fingerprint_version":"v2"}"#;
    assert_eq!(write_error(sent, "why"), r#"{"$exception_list":[],"$cymbal_errors":["why"]}"#);
}

#[test]
fn frames_are_the_applications_unless_they_say_otherwise() {
    let event = exceptions(&stack(&json!([
        {"platform": "go", "filename": "a.go", "function": "a", "lineno": 1},
        {"platform": "go", "filename": "b.go", "function": "b", "lineno": 1, "in_app": false},
    ])));
    assert_eq!(event["$exception_sources"], json!(["a.go"]));
    assert_eq!(event["$exception_functions"], json!(["a"]));
}

#[test]
fn long_texts_are_cut_at_a_character() {
    let event = exceptions(&json!([{"type": "T".repeat(300), "value": "é".repeat(6000)}]));
    let value = event["$exception_list"][0]["value"].as_str().expect("the value is a text");
    assert!(
        value.len() <= 10_000
            && value.ends_with("...")
            && value.trim_end_matches('.').chars().all(|c| c == 'é')
    );
    assert_eq!(event["$exception_types"][0], json!(["T".repeat(252).as_str(), "..."].concat()));
}

#[test]
fn nul_becomes_the_character_for_what_is_none() {
    let event =
        exceptions(&json!([{"type": "E", "value": "a\0b", "mechanism": {"data": {"x\0": ["\\u0000\0"]}},
        "stacktrace": {"type": "raw", "frames": [{"platform": "web:javascript", "function": "f\0"}]}}]));
    let text = event["$exception_list"].to_string();
    assert!(
        !text.contains("\\u0000\"")
            && !event["$exception_list"][0]["value"].as_str().expect("text").contains('\0')
    );
    assert_eq!(event["$exception_values"][0], "a\u{fffd}b");
    assert_eq!(event["$exception_list"][0]["mechanism"], json!({"data": {"x\u{fffd}": ["\\u0000\u{fffd}"]}}));
    let frame = &event["$exception_list"][0]["stacktrace"]["frames"][0];
    assert_eq!(frame["mangled_name"], "f\u{fffd}");
    assert_eq!(frame["junk_drawer"]["raw_frame"]["function"], "f\u{fffd}");
}

#[test]
fn what_clients_may_not_say_is_ignored() {
    let event = written(
        &json!({"$exception_list": [{"type": "E", "id": "mine"}], "$exception_issue_id": "mine", "$exception_types": 7,
            "$exception_handled": true, "$exception_release": {}, "$exception_fingerprint_version": "v9", "other": 1}),
        &[],
    );
    assert_eq!(event["$exception_issue_id"], "the issue");
    assert_eq!(event["$exception_types"], json!(["E"]));
    assert_eq!(event["$exception_handled"], false);
    assert_eq!(event["$exception_fingerprint_version"], "v2");
    assert_eq!(event.get("$exception_release"), None);
    assert_eq!(event["other"], 1);
    let id: Uuid = event["$exception_list"][0]["id"].as_str().and_then(|id| id.parse().ok()).expect("a uuid");
    assert_eq!(id.get_version_num(), 7);
}

#[test]
fn what_is_known_late_is_added_late() {
    for properties in [
        json!({"$exception_list": [{"type": "E"}], "a": {"b": 1}}),
        json!({"$exception_list": [{"type": "E"}], "$exception_fingerprint": "mine"}),
    ] {
        let text = properties.to_string();
        let event = Event::read(&text).expect("the event is valid").resolve(&[], Uuid::nil(), 1);
        let prints = event.fingerprints();
        let known = Outcome { fingerprint: prints.first(), issue_id: Some("i"), release: Some("{\"id\":1}") };
        let early = event.write(&Outcome::default());
        let early_value: Value = serde_json::from_str(&early).expect("it is JSON");
        assert_eq!(early_value.get("$exception_fingerprint"), properties.get("$exception_fingerprint"));
        let (late, at_once) = (stacks::complete(&early, &known), event.write(&known));
        let value = |text: &str| serde_json::from_str::<Value>(text).expect("it is JSON");
        assert_eq!(value(&late), value(&at_once));
    }
}

#[test]
fn types_are_told_once_and_the_first_says_what_was_handled() {
    let event = exceptions(&json!([{"type": "E", "mechanism": {"handled": true, "own": 1}}, {"type": "E"}]));
    assert_eq!(event["$exception_types"], json!(["E"]));
    assert_eq!(event["$exception_handled"], true);
    assert_eq!(event["$exception_list"][0]["mechanism"], json!({"handled": true, "own": 1}));
    assert_eq!(
        exceptions(&json!([{"type": "E"}, {"type": "F", "mechanism": {"handled": true}}]))["$exception_handled"],
        false
    );
}

#[test]
fn older_sdks_orders_are_turned_round() {
    let functions = |lib: &str, version: &str| {
        let frames =
            ["a", "b"].map(|name| json!({"platform": "go", "filename": "x", "function": name, "lineno": 1}));
        let properties =
            json!({"$lib": lib, "$lib_version": version, "$exception_list": stack(&json!(frames))});
        written(&properties, &[])["$exception_functions"].clone()
    };
    let (kept, turned) = (json!(["a", "b"]), json!(["b", "a"]));
    for (lib, version, expected) in [
        ("posthog-go", "1.18.9", &turned),
        ("posthog-go", "1.19.0", &kept),
        ("posthog-go", "v1.2", &turned),
        ("posthog-go", "devel", &turned),
        ("posthog-elixir", "99.0.0", &turned),
        ("posthog-java", "1.0.0", &turned),
        ("posthog-android", "3.55.9", &turned),
        ("posthog-android", "3.56.0", &kept),
        ("posthog-php", "4.11", &kept),
        ("posthog-server", "2.8.1", &turned),
        ("posthog-rs", "0.19.0", &kept),
        ("posthog-flutter", "9.9.9", &turned),
        ("posthog-node", "1.0.0", &kept),
        ("web", "1.0.0", &kept),
    ] {
        assert_eq!(&functions(lib, version), expected, "{lib} {version}");
    }
    let types = |version: &str| {
        let list = json!([{"type": "A"}, {"type": "B"}]);
        written(&json!({"$lib": "posthog-python", "$lib_version": version, "$exception_list": list}), &[])["$exception_types"].clone()
    };
    assert_eq!(types("7.30.9"), turned_types(true));
    assert_eq!(types("7.31.0"), turned_types(false));
}

fn turned_types(is_turned: bool) -> Value {
    if is_turned { json!(["B", "A"]) } else { json!(["A", "B"]) }
}

#[test]
fn an_issue_of_before_an_sdk_agreed_is_found_by_the_old_order() {
    let prints = |version: &str, names: [&str; 2]| {
        let frames =
            names.map(|name| json!({"platform": "go", "filename": "x", "function": name, "lineno": 1}));
        let properties =
            json!({"$lib": "posthog-go", "$lib_version": version, "$exception_list": stack(&json!(frames))});
        let properties = properties.to_string();
        let event = Event::read(&properties).expect("the event is valid").resolve(&[], Uuid::nil(), 0);
        event
            .fingerprints()
            .into_iter()
            .map(|print| (print.version.unwrap_or(""), print.value))
            .collect::<Vec<_>>()
    };
    let (before, after) = (prints("1.0.0", ["crash", "main"]), prints("2.0.0", ["main", "crash"]));
    assert_eq!(before, after);
    assert_eq!(
        before.iter().map(|(version, _)| *version).collect::<Vec<_>>(),
        ["v2", "v1", "v2_legacy", "v1_legacy"]
    );
    assert_ne!(before[0].1, before[2].1);
}

#[test]
fn an_issue_is_named_by_the_client_or_by_its_first_exception() {
    let of = |properties: Value| {
        let properties = properties.to_string();
        let event = Event::read(&properties).expect("the event is valid").resolve(&[], Uuid::nil(), 0);
        (event.issue_name().into_owned(), event.issue_description(), event.issue_severity())
    };
    let list = json!([{"type": "E", "value": "é".repeat(300)}]);
    assert_eq!(of(json!({"$exception_list": list})), ("E".into(), "é".repeat(255), None));
    let named = json!({"$exception_list": list, "$issue_name": "Pay", "$issue_severity": "urgent", "$issue_description": "d"});
    assert_eq!(of(named.clone()), ("Pay".into(), "d".into(), None));
    assert_eq!(written(&named, &[]).get("$issue_severity"), None);
    assert_eq!(of(json!({"$exception_list": list, "$issue_severity": "high"})).2, Some("high"));
}
