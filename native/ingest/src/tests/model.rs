//! Any properties at all, against a slow model on `serde_json`.

use columns::shredded::SHREDDED;
use proptest::prelude::*;
use serde_json::{Map, json};

use super::*;

fn key() -> impl Strategy<Value = String> {
    let known = SHREDDED.iter().map(|shredded| shredded.property.to_string());
    let special = [
        "$set",
        "$set_once",
        "$unset",
        "$elements",
        "$surveys_activated",
        "$is_server",
        "$os_name",
        "$sent_at",
    ];
    let all: Vec<String> = known.chain(special.map(str::to_string)).collect();
    prop_oneof![3 => prop::sample::select(all), 2 => "[a-z$_é\"\\\\]{0,12}"]
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        "[ -~é\n\t]{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(2, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            prop::collection::vec(("[a-z$]{1,5}", inner), 0..3)
                .prop_map(|members| Value::Object(members.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

/// What is stored of `sent`, by the contract and without haste.
fn model(sent: &[(String, Value)], address: &str) -> Map<String, Value> {
    let mut stored: Map<String, Value> = sent.iter().cloned().collect();
    let truthy = |value: &Value| match value {
        Value::Null => false,
        Value::Bool(yes) => *yes,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        _ => true,
    };
    if !stored.get("$ip").is_some_and(truthy) {
        stored.insert("$ip".into(), json!(address));
    }
    for name in ["$set", "$set_once"] {
        if stored.get(name).is_some_and(|value| !value.is_object()) {
            stored.remove(name);
        }
    }
    let server = stored.get("$is_server") == Some(&json!(true));
    if let (None, Some(Value::String(name)), false) = (stored.get("$os"), stored.get("$os_name"), server) {
        stored.insert("$os".into(), json!(name));
    }
    stored.remove("$surveys_activated");
    stored.remove("$elements");
    stored
}

fn shred(value: Option<&Value>) -> Option<String> {
    match value {
        None | Some(Value::Null) => None,
        Some(Value::String(text)) => Some(text.clone()).filter(|text| !text.is_empty()),
        Some(other) => Some(other.to_string()),
    }
}

proptest! {
    #[test]
    fn stored_properties_and_columns_agree_with_the_model(sent in prop::collection::vec((key(), value()), 0..90)) {
        let members: Vec<_> = sent.iter().map(|(key, value)| format!("{} : {value}", json!(key))).collect();
        let text = format!(" {{{}}} ", members.join(" , "));
        let row = one(&Draft { client_address: "192.168.0.7", ..draft("e", &text) });
        let expected = model(&sent, "192.168.0.7");
        // The raw text must not hold a key twice, which a map would hide.
        let stored = json::Value::parse(&row["properties"]).unwrap();
        prop_assert_eq!(stored.members().count(), expected.len());
        prop_assert_eq!(properties(&row), Value::Object(expected.clone()));
        for shredded in SHREDDED {
            prop_assert_eq!(row.get(shredded.column).cloned(), shred(expected.get(shredded.property)), "{}", shredded.property);
        }
    }
}
