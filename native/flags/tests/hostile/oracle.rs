//! Definitions and a request out of bytes, and what must be true of their answers. The fuzz target uses it too.

use flags::{Envelope, FlagSet, Known, Options, Request, Route, Sender};
use serde_json::{Map, Value, json};

const KEYS: [&str; 8] =
    ["a", "b", "plan", "$browser", "$initial_browser", "distinct_id", "$group_key", "é\"\\"];
const TEXTS: [&str; 14] =
    ["", "a", "TRUE", "1", "1.0", "v1.2.3", "2024-06-01", "-3d", "[", "^a+$", "é\u{0}", "org-9", "x", "~1.2"];
const OPERATORS: [&str; 36] = [
    "exact",
    "is_not",
    "is_set",
    "is_not_set",
    "icontains",
    "not_icontains",
    "icontains_multi",
    "not_icontains_multi",
    "starts_with",
    "not_starts_with",
    "ends_with",
    "not_ends_with",
    "regex",
    "not_regex",
    "gt",
    "gte",
    "lt",
    "lte",
    "between",
    "not_between",
    "semver_eq",
    "semver_neq",
    "semver_gt",
    "semver_lt",
    "semver_tilde",
    "semver_caret",
    "semver_wildcard",
    "is_date_exact",
    "is_date_before",
    "is_date_after",
    "in",
    "not_in",
    "flag_evaluates_to",
    "min",
    "max",
    "unheard_of",
];
const KINDS: [&str; 8] =
    ["person", "group", "cohort", "flag", "static-cohort", "behavioral", "person_metadata", "hogql"];
const NOW_US: i64 = 1_767_225_600_000_000;

/// Checks the promises for whatever the bytes choose.
pub fn check(choices: &[u8]) {
    let mut choices = Choices(choices);
    let definitions = document(&mut choices).to_string();
    let body = body(&mut choices).to_string();
    let stored = Stored::choose(&mut choices);
    let _ = flags::check(definitions.as_bytes());
    let Ok(set) = FlagSet::compile(definitions.as_bytes()) else { return };
    let read = |version| {
        let options = Options { version: Some(version), config: None, ..Options::default() };
        Request::read(Route::Decide, &options, &Sender::default(), &body)
    };
    let (Ok(details), Ok(values)) = (read(4), read(3)) else { return };
    let told = ask(&set, &details, &stored.known());
    agrees(&told, &ask(&set, &values, &stored.known()));
    assert_eq!(told, ask(&set, &details, &stored.known()), "the same question has the same answer");
    let away = ask(&set, &details, &Known { is_away: true, ..stored.known() });
    for (key, flag) in away["flags"].as_object().unwrap() {
        assert!(
            flag.get("failed").is_some() || *flag == told["flags"][key],
            "{flag} is {}",
            told["flags"][key]
        );
    }
    if set.asked(&details).is_empty() {
        assert_eq!(away["flags"], told["flags"], "nothing was needed of the catalog");
    }
    let counted: u64 = set.take_counts().iter().map(|(_, _, count)| count).sum();
    assert_eq!(counted, 4 * told["flags"].as_object().unwrap().len() as u64);
}

fn ask(set: &FlagSet, request: &Request, known: &Known<'_>) -> Value {
    let envelope = Envelope { config: Some("{}"), request_id: "r", now_us: NOW_US };
    let answer = set.answer(request, known, &envelope);
    serde_json::from_str(&answer).unwrap_or_else(|error| panic!("{error}: {answer}"))
}

/// Both shapes say the same.
fn agrees(details: &Value, values: &Value) {
    let flags = details["flags"].as_object().unwrap();
    let plain = values["featureFlags"].as_object().unwrap();
    assert_eq!(flags.keys().collect::<Vec<_>>(), plain.keys().collect::<Vec<_>>());
    let mut has_failed = false;
    for (key, flag) in flags {
        let value = if flag["variant"].is_null() { &flag["enabled"] } else { &flag["variant"] };
        assert_eq!(plain[key], *value);
        let payload = &flag["metadata"]["payload"];
        assert_eq!(values["featureFlagPayloads"].get(key).unwrap_or(&Value::Null), payload);
        if flag.get("failed").is_some() {
            has_failed = true;
            assert_eq!((&flag["enabled"], payload), (&json!(false), &Value::Null));
        }
    }
    let has_errors = details["errorsWhileComputingFlags"] == true;
    assert!(has_errors || !has_failed);
    assert_eq!(details["errorsWhileComputingFlags"], values["errorsWhileComputingFlags"]);
}

/// Decisions, until the bytes are used up; then the first of everything.
struct Choices<'a>(&'a [u8]);

impl Choices<'_> {
    fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        *first
    }

    fn below(&mut self, count: usize) -> usize {
        usize::from(self.byte()) % count
    }

    /// Once in so many times.
    fn rarely(&mut self, times: usize) -> bool {
        self.below(times) == times - 1
    }

    fn one<'t>(&mut self, of: &[&'t str]) -> &'t str {
        of[self.below(of.len())]
    }

    fn list(&mut self, most: usize, mut make: impl FnMut(&mut Self) -> Value) -> Value {
        let count = self.below(most + 1);
        Value::Array((0..count).map(|_| make(self)).collect())
    }

    /// Any value.
    fn value(&mut self) -> Value {
        match self.below(14) {
            0..5 => json!(self.one(&TEXTS)),
            5 => json!(true),
            6 => json!(false),
            7 => Value::Null,
            8 => json!(i64::from(self.byte()) - 100),
            9 => json!(f64::from(self.byte()) / 7.0),
            10 => json!(u64::MAX),
            11 | 12 => self.list(3, Self::value),
            _ => json!({ "a": self.value() }),
        }
    }

    /// What was meant, or now and then anything.
    fn mostly(&mut self, meant: Value) -> Value {
        if self.rarely(24) { self.value() } else { meant }
    }
}

fn percentage(choices: &mut Choices<'_>) -> Value {
    let meant = [json!(100), Value::Null, json!(0), json!(50), json!(33.3), json!(-1), json!(1e308)];
    let at = choices.below(meant.len());
    choices.mostly(meant[at].clone())
}

fn filter(choices: &mut Choices<'_>) -> Value {
    let kinds = if choices.rarely(12) { KINDS.len() } else { 4 };
    let kind = choices.one(&KINDS[..kinds]);
    let id = choices.below(7);
    let (key, operator, value) = match kind {
        "cohort" => (json!("id"), json!(["in", "not_in"][choices.below(2)]), json!(id)),
        "flag" => {
            let value = [json!(true), json!(false), json!("test")][choices.below(3)].clone();
            (json!(id.to_string()), json!("flag_evaluates_to"), value)
        }
        _ => (json!(choices.one(&KEYS)), json!(choices.one(&OPERATORS[..33])), choices.value()),
    };
    let mut filter = json!({"type": kind, "key": key, "operator": choices.mostly(operator), "value": value});
    if choices.rarely(4) {
        filter["group_type_index"] = json!(choices.below(3));
    }
    if choices.rarely(4) {
        filter["negation"] = json!(true);
    }
    choices.mostly(filter)
}

fn condition(choices: &mut Choices<'_>) -> Value {
    let filters = choices.list(3, filter);
    let mut condition =
        json!({"properties": choices.mostly(filters), "rollout_percentage": percentage(choices)});
    match choices.below(6) {
        0 => condition["variant"] = json!("test"),
        1 => condition["aggregation_group_type_index"] = Value::Null,
        2 => condition["aggregation_group_type_index"] = json!(choices.below(4)),
        _ => {}
    }
    choices.mostly(condition)
}

fn flag(choices: &mut Choices<'_>, id: usize) -> Value {
    let mut filters = json!({"groups": choices.list(3, condition)});
    if choices.rarely(3) {
        let variants = json!([
            {"key": "control", "rollout_percentage": percentage(choices)},
            {"key": "test", "rollout_percentage": 50},
        ]);
        filters["multivariate"] = json!({"variants": choices.mostly(variants)});
    }
    filters["payloads"] = json!({"true": choices.value(), "test": "\"\\\"\"", "holdout-1": 1});
    match choices.below(8) {
        0 => filters["feature_enrollment"] = json!(true),
        1 => filters["super_groups"] = json!([condition(choices)]),
        2 => filters["holdout"] = json!({"id": 1, "exclusion_percentage": percentage(choices)}),
        3 => filters["early_exit"] = json!(true),
        4 => filters["aggregation_group_type_index"] = json!(choices.below(3)),
        _ => {}
    }
    let columns = choices.byte();
    json!({
        "id": id,
        "key": if choices.rarely(9) { format!("é\"\\.{id}") } else { format!("key-{id}") },
        "active": columns & 15 != 15,
        "version": 1,
        "filters": choices.mostly(filters),
        "ensure_experience_continuity": columns & 16 != 0,
        "bucketing_identifier": if columns & 0x60 == 0x60 { json!("device_id") } else { Value::Null },
        "evaluation_contexts": if columns & 0xC0 == 0xC0 { json!(["web"]) } else { json!([]) },
        "has_encrypted_payloads": columns == 42,
    })
}

fn tree(choices: &mut Choices<'_>, depth: usize) -> Value {
    if depth == 0 || choices.rarely(2) {
        return filter(choices);
    }
    let values = choices.list(3, |choices| tree(choices, depth - 1));
    json!({"type": choices.one(&["AND", "OR", "property"]), "values": values})
}

fn cohort(choices: &mut Choices<'_>, id: usize) -> Value {
    let values = choices.list(3, |choices| tree(choices, 2));
    let filters = json!({"properties": {"type": choices.one(&["AND", "OR"]), "values": values}});
    let is_static = choices.rarely(4);
    let version = if choices.rarely(2) { Value::Null } else { json!(2) };
    json!({"id": id, "is_static": is_static, "filters": choices.mostly(filters), "version": version})
}

fn document(choices: &mut Choices<'_>) -> Value {
    let flags: Vec<_> = (0..=choices.below(5)).map(|id| flag(choices, id)).collect();
    let cohorts: Vec<_> = (0..choices.below(5)).map(|id| cohort(choices, id)).collect();
    json!({
        "project_id": 1,
        "timezone": choices.one(&["UTC", "America/New_York", "Nowhere"]),
        "property_matching_version": 1 + choices.below(2),
        "group_types": {"organization": 0, "project": 1},
        "flags": flags,
        "cohorts": cohorts,
    })
}

fn properties(choices: &mut Choices<'_>) -> Value {
    let count = choices.below(4);
    let mut object = Map::new();
    for _ in 0..count {
        object.insert(choices.one(&KEYS).to_owned(), choices.value());
    }
    if choices.rarely(4) {
        object.insert("$feature_enrollment/key-0".to_owned(), choices.value());
    }
    Value::Object(object)
}

fn body(choices: &mut Choices<'_>) -> Value {
    let mut body = json!({"token": "t", "distinct_id": choices.one(&["user-17", "", "user-61", "é"])});
    let fields = choices.byte();
    if fields & 1 != 0 {
        body["person_properties"] = properties(choices);
    }
    if fields & 2 != 0 {
        body["groups"] = json!({"organization": choices.value(), "project": "org-9", "other": 1});
    }
    if fields & 4 != 0 {
        body["group_properties"] = json!({"organization": properties(choices), "project": choices.value()});
    }
    if fields & 8 != 0 {
        body["$anon_distinct_id"] = json!("user-61");
    }
    if fields & 16 != 0 {
        body["$device_id"] = json!("device");
    }
    if fields & 0x60 == 0x60 {
        body["flag_keys"] = json!(["key-0", "key-3", "nothing"]);
    }
    if fields & 0xA0 == 0xA0 {
        body["evaluation_contexts"] = json!(["web", "docs"]);
    }
    body
}

struct Stored {
    person: Option<String>,
    memberships: Vec<(i64, i64)>,
    hash_keys: Vec<(String, String)>,
    groups: Vec<(i64, String)>,
    place: Option<&'static str>,
}

impl Stored {
    fn choose(choices: &mut Choices<'_>) -> Self {
        Self {
            person: if choices.rarely(3) { None } else { Some(properties(choices).to_string()) },
            memberships: vec![(choices.below(5) as i64, 2 * choices.below(2) as i64)],
            hash_keys: vec![(format!("key-{}", choices.below(5)), "user-31".to_owned())],
            groups: vec![(0, properties(choices).to_string()), (1, "[".to_owned())],
            place: [None, Some(r#""$geoip_country_code":"US","a":1"#)][choices.below(2)],
        }
    }

    fn known(&self) -> Known<'_> {
        Known {
            person_properties: self.person.as_deref(),
            memberships: &self.memberships,
            hash_keys: &self.hash_keys,
            group_properties: &self.groups,
            place: self.place,
            ..Known::default()
        }
    }
}
