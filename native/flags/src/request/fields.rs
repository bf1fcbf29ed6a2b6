//! The fields of a body: names, aliases and kinds. Any may be null, which is absence; what is not known is passed over.

use json::{Cursor, Kind, Value};

/// The fields as they were sent.
#[derive(Debug, Default)]
pub struct Fields {
    pub token: Option<String>,
    pub distinct_id: Option<String>,
    pub anonymous_distinct_id: Option<String>,
    pub device_id: Option<String>,
    pub person_properties: Option<String>,
    pub groups: Vec<(String, String)>,
    pub group_properties: Vec<(String, String)>,
    pub flag_keys: Option<Vec<String>>,
    pub contexts: Vec<String>,
    pub runtime: Option<String>,
    pub geoip_disable: Option<bool>,
    pub disable_flags: Option<bool>,
}

/// Names of each field, the first that is sent counting.
const NAMES: [&[&str]; 12] = [
    &["token", "api_key", "$token"],
    &["distinct_id", "$distinct_id"],
    &["$anon_distinct_id", "anon_distinct_id"],
    &["$device_id", "device_id"],
    &["person_properties", "$properties"],
    &["groups", "$groups"],
    &["group_properties", "$group_properties"],
    &["flag_keys", "flag_keys_to_evaluate"],
    &["evaluation_contexts", "evaluation_environments"],
    &["evaluation_runtime"],
    &["geoip_disable"],
    &["disable_flags"],
];

/// Reads a body. The error says what is wrong with it.
pub fn read(body: &str) -> Result<Fields, String> {
    let found = found(body)?;
    let [
        token,
        distinct_id,
        anonymous,
        device,
        person,
        groups,
        group,
        keys,
        contexts,
        runtime,
        geoip,
        disable,
    ] = found;
    let person_properties = object("person_properties", person)?;
    let device_id = text("$device_id", device)?.filter(|id| !id.is_empty()).or_else(|| {
        person_properties.and_then(|properties| properties.get("$device_id")?.string().map(Into::into))
    });
    Ok(Fields {
        token: text("token", token)?,
        distinct_id: identifier("distinct_id", distinct_id)?,
        anonymous_distinct_id: identifier("$anon_distinct_id", anonymous)?,
        device_id,
        person_properties: person_properties.map(|properties| properties.raw.to_owned()),
        groups: group_keys(object("groups", groups)?),
        group_properties: properties_by_type(object("group_properties", group)?),
        flag_keys: texts("flag_keys", keys)?,
        contexts: texts("evaluation_contexts", contexts)?.unwrap_or_default(),
        runtime: text("evaluation_runtime", runtime)?,
        geoip_disable: boolean("geoip_disable", geoip)?,
        disable_flags: boolean("disable_flags", disable)?,
    })
}

/// The values of the fields, by their place in `NAMES`.
fn found(body: &str) -> Result<[Option<Value<'_>>; NAMES.len()], String> {
    let mut found = [None; NAMES.len()];
    let mut ranks = [usize::MAX; NAMES.len()];
    let mut cursor = Cursor::new(body);
    cursor.enter_object().map_err(|_| "the body is not an object".to_owned())?;
    while let Some(name) = cursor.next_key().map_err(|error| error.to_string())? {
        let value = cursor.value().map_err(|error| error.to_string())?;
        if value.is_null() {
            continue;
        }
        let name = name.decode();
        for (field, names) in NAMES.iter().enumerate() {
            if let Some(rank) = names.iter().position(|known| *known == name)
                && rank <= ranks[field]
            {
                ranks[field] = rank;
                found[field] = Some(value);
            }
        }
    }
    cursor.finish().map_err(|error| error.to_string())?;
    Ok(found)
}

fn wrong(name: &str, expected: &str) -> String {
    format!("`{name}` is not {expected}")
}

fn text(name: &str, value: Option<Value<'_>>) -> Result<Option<String>, String> {
    value.map(|value| value.string().map(Into::into).ok_or_else(|| wrong(name, "a string"))).transpose()
}

/// A string, or a number as it was written.
fn identifier(name: &str, value: Option<Value<'_>>) -> Result<Option<String>, String> {
    match value {
        Some(value) if value.kind == Kind::Number => Ok(Some(value.raw.to_owned())),
        value => text(name, value).map_err(|_| wrong(name, "a string or a number")),
    }
}

fn boolean(name: &str, value: Option<Value<'_>>) -> Result<Option<bool>, String> {
    value.map(|value| value.bool().ok_or_else(|| wrong(name, "true or false"))).transpose()
}

/// An object. An empty array is what languages with one kind of container send for an empty object.
fn object<'a>(name: &str, value: Option<Value<'a>>) -> Result<Option<Value<'a>>, String> {
    match value {
        Some(value) if value.kind == Kind::Array && value.items().next().is_none() => Ok(None),
        Some(value) if value.kind != Kind::Object => Err(wrong(name, "an object")),
        value => Ok(value),
    }
}

fn texts(name: &str, value: Option<Value<'_>>) -> Result<Option<Vec<String>>, String> {
    let Some(value) = value else { return Ok(None) };
    if value.kind != Kind::Array {
        return Err(wrong(name, "a list of strings"));
    }
    let items = value.items().map(|item| item.string().map(Into::into));
    items.collect::<Option<Vec<String>>>().map(Some).ok_or_else(|| wrong(name, "a list of strings"))
}

/// Groups with a key that can be one: a string that is not empty, or a number.
fn group_keys(groups: Option<Value<'_>>) -> Vec<(String, String)> {
    let Some(groups) = groups else { return Vec::new() };
    let key = |value: Value<'_>| match value.kind {
        Kind::Number => Some(value.raw.to_owned()),
        _ => value.string().filter(|key| !key.is_empty()).map(Into::into),
    };
    groups.members().filter_map(|(name, value)| Some((name.decode().into_owned(), key(value)?))).collect()
}

fn properties_by_type(types: Option<Value<'_>>) -> Vec<(String, String)> {
    let Some(types) = types else { return Vec::new() };
    let objects = types.members().filter(|(_, value)| value.kind == Kind::Object);
    objects.map(|(name, value)| (name.decode().into_owned(), value.raw.to_owned())).collect()
}
