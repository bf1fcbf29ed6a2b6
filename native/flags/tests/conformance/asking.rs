//! Definitions in few words, and a client for them.

use flags::{Envelope, FlagSet, Known, Options, Refusal, Request, Route, Sender};
use serde_json::{Map, Value, json};

/// Thursday, 1 January 2026.
pub const NOW_US: i64 = 1_767_225_600_000_000;

/// A flag with these filters.
pub fn flag(id: i64, key: &str, filters: Value) -> Value {
    json!({"id": id, "key": key, "active": true, "version": 1, "filters": filters})
}

/// The same flag with other columns.
pub fn with(mut flag: Value, columns: &Value) -> Value {
    merge(flag.as_object_mut().unwrap(), columns);
    flag
}

fn merge(object: &mut Map<String, Value>, columns: &Value) {
    for (name, value) in columns.as_object().unwrap() {
        object.insert(name.clone(), value.clone());
    }
}

/// Everybody.
pub fn everybody() -> Value {
    json!({"groups": [{"properties": [], "rollout_percentage": 100}]})
}

/// One condition: a share of those whom filters match.
pub fn condition(filters: Value, rollout: impl Into<Value>) -> Value {
    json!({"properties": filters, "rollout_percentage": rollout.into()})
}

/// A filter on a property of the person.
pub fn person(key: &str, value: impl Into<Value>) -> Value {
    json!({"key": key, "type": "person", "operator": "exact", "value": value.into()})
}

/// A filter on a property of a group.
pub fn group(key: &str, value: &str, index: i64) -> Value {
    json!({"key": key, "type": "group", "operator": "exact", "value": value, "group_type_index": index})
}

/// A filter on another flag.
pub fn on_flag(id: i64, value: impl Into<Value>) -> Value {
    json!({"key": id.to_string(), "type": "flag", "operator": "flag_evaluates_to", "value": value.into()})
}

/// A project with such flags, and a request.
pub struct Asking {
    definitions: Value,
    body: Value,
    pub person: Option<Value>,
    pub memberships: Vec<(i64, i64)>,
    pub hash_keys: Vec<(String, String)>,
    pub group_properties: Vec<(i64, String)>,
    pub is_away: bool,
    pub is_continuity_broken: bool,
    pub place: Option<&'static str>,
    pub options: Options,
    pub route: Route,
    pub sender: Sender<'static>,
}

impl Asking {
    /// By user-17.
    pub fn of(flags: Value) -> Self {
        let group_types = json!({"organization": 0, "project": 1});
        Self {
            definitions: json!({"project_id": 1, "timezone": "UTC", "group_types": group_types, "flags": flags}),
            body: json!({"token": "phc_x", "distinct_id": "user-17"}),
            person: None,
            memberships: Vec::new(),
            hash_keys: Vec::new(),
            group_properties: Vec::new(),
            is_away: false,
            is_continuity_broken: false,
            place: None,
            options: Options { version: Some(2), ..Options::default() },
            route: Route::Flags,
            sender: Sender::default(),
        }
    }

    /// Of one flag.
    pub fn one(flag: Value) -> Self {
        Self::of(json!([flag]))
    }

    /// With other fields of the body.
    pub fn by(mut self, fields: &Value) -> Self {
        merge(self.body.as_object_mut().unwrap(), fields);
        self
    }

    /// With person properties.
    pub fn having(self, properties: &Value) -> Self {
        self.by(&json!({"person_properties": properties}))
    }

    /// With cohorts.
    pub fn cohorts(mut self, cohorts: Value) -> Self {
        self.definitions["cohorts"] = cohorts;
        self
    }

    pub fn set(&self) -> FlagSet {
        FlagSet::compile(self.definitions.to_string().as_bytes()).unwrap()
    }

    pub fn request(&self) -> Result<Request, Refusal> {
        Request::read(self.route, &self.options, &self.sender, &self.body.to_string())
    }

    /// The whole answer.
    pub fn answer(&self) -> Value {
        let person = self.person.as_ref().map(Value::to_string);
        let known = Known {
            person_properties: person.as_deref(),
            memberships: &self.memberships,
            hash_keys: &self.hash_keys,
            group_properties: &self.group_properties,
            is_away: self.is_away,
            is_continuity_broken: self.is_continuity_broken,
            place: self.place,
        };
        let envelope = Envelope { config: None, request_id: "one", now_us: NOW_US };
        serde_json::from_str(&self.set().answer(&self.request().unwrap(), &known, &envelope)).unwrap()
    }

    /// One flag of the answer; null if it is absent.
    pub fn flag(&self, key: &str) -> Value {
        self.answer()["flags"][key].clone()
    }

    /// Value, reason and index of one flag: `true condition_match@0`.
    pub fn says(&self, key: &str) -> String {
        let flag = self.flag(key);
        if flag.is_null() {
            return "absent".to_owned();
        }
        let value = flag["variant"].as_str().map_or_else(|| flag["enabled"].to_string(), str::to_owned);
        let reason = &flag["reason"];
        let index = reason["condition_index"].as_i64().map_or("null".to_owned(), |index| index.to_string());
        format!("{value} {}@{index}", reason["code"].as_str().unwrap())
    }
}
