//! Definitions as they are stored, read leniently: what cannot be understood is a flaw of one flag or cohort.
//!
//! Nothing is compiled here; `set` and `check` both start from these.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::value::RawValue;
use serde_json::{Map, Value};

/// Flags of one project.
pub const FLAGS_MAX: usize = 20_000;
/// Cohorts of one project.
pub const COHORTS_MAX: usize = 20_000;
/// Conditions of one flag.
pub const CONDITIONS_MAX: usize = 500;
/// Filters of one condition.
pub const FILTERS_MAX: usize = 500;
/// Variants of one flag.
pub const VARIANTS_MAX: usize = 500;

const GROUP_TYPE: &str = "aggregation_group_type_index";

/// What is wrong with the definition of one flag or cohort, for people.
pub type Flaw = String;

/// A document with the flags of one project.
pub struct Document<'a> {
    pub project_id: i64,
    pub timezone: &'a str,
    pub matching_version: u8,
    pub group_types: Vec<(&'a str, i64)>,
    pub flags: Vec<FlagDefinition<'a>>,
    pub cohorts: Vec<CohortDefinition<'a>>,
}

/// One flag.
#[expect(clippy::struct_excessive_bools, reason = "as it is stored")]
pub struct FlagDefinition<'a> {
    pub id: i64,
    pub key: &'a str,
    pub is_active: bool,
    pub version: i64,
    pub keeps_experience: bool,
    pub runtime: Option<&'a str>,
    pub is_bucketed_by_device: bool,
    pub contexts: Vec<&'a str>,
    pub has_experiment: bool,
    pub has_encrypted_payloads: bool,
    pub filters: Result<Filters<'a>, Flaw>,
}

/// What decides who gets a flag.
#[derive(Default)]
pub struct Filters<'a> {
    pub conditions: Vec<ConditionDefinition<'a>>,
    pub variants: Vec<(&'a str, f64)>,
    pub payloads: Vec<(&'a str, &'a Value)>,
    pub group_type: Option<i64>,
    pub early_exit: bool,
    pub has_enrollment: bool,
    pub holdout: Option<(i64, f64)>,
    pub super_condition: Option<ConditionDefinition<'a>>,
}

/// One condition.
pub struct ConditionDefinition<'a> {
    pub filters: Vec<FilterDefinition<'a>>,
    pub rollout_percentage: Option<f64>,
    pub variant: Option<&'a str>,
    pub goes_by: GoesBy,
}

/// Whose bucket a condition goes by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GoesBy {
    /// Whatever the flag says.
    Flag,
    /// The person's, by an explicit null.
    Person,
    /// A group's of this type.
    Group(i64),
}

/// One filter.
pub enum FilterDefinition<'a> {
    Person(PropertyDefinition<'a>),
    Group(PropertyDefinition<'a>, Option<i64>),
    Cohort { id: i64, operator: Option<&'a str> },
    Flag { id: Option<i64>, operator: Option<&'a str>, value: Option<&'a Value> },
}

/// A filter on a property.
pub struct PropertyDefinition<'a> {
    pub key: Cow<'a, str>,
    pub operator: Option<&'a str>,
    pub value: Option<&'a Value>,
}

/// One cohort.
pub struct CohortDefinition<'a> {
    pub id: i64,
    pub is_static: bool,
    pub version: Option<i64>,
    pub filters: Option<&'a Value>,
}

impl<'a> Document<'a> {
    /// Reads a document; the error says why it is none.
    pub fn read(document: &'a Value) -> Result<Self, Flaw> {
        let document = document.as_object().ok_or("the document is not an object")?;
        let project_id = field(document, "project_id").and_then(Value::as_i64);
        let flags = list(document, "flags")?;
        let cohorts = list(document, "cohorts")?;
        if flags.len() > FLAGS_MAX || cohorts.len() > COHORTS_MAX {
            return Err(format!("a project has at most {FLAGS_MAX} flags and {COHORTS_MAX} cohorts"));
        }
        let group_types = match field(document, "group_types") {
            None => Vec::new(),
            Some(Value::Object(types)) => {
                types.iter().filter_map(|(name, index)| Some((name.as_str(), index.as_i64()?))).collect()
            }
            Some(_) => return Err("group_types is not an object".to_owned()),
        };
        Ok(Self {
            project_id: project_id.ok_or("the document names no project")?,
            timezone: field(document, "timezone").and_then(Value::as_str).unwrap_or("UTC"),
            matching_version: field(document, "property_matching_version")
                .and_then(Value::as_u64)
                .and_then(|version| u8::try_from(version).ok())
                .unwrap_or(1),
            group_types,
            flags: flags.iter().filter_map(FlagDefinition::read).collect(),
            cohorts: cohorts.iter().filter_map(CohortDefinition::read).collect(),
        })
    }
}

impl<'a> FlagDefinition<'a> {
    /// Reads a flag. None without a key: there is no name to answer under.
    fn read(flag: &'a Value) -> Option<Self> {
        let flag = flag.as_object()?;
        let text = |name| field(flag, name).and_then(Value::as_str);
        let is = |name| field(flag, name).and_then(Value::as_bool).unwrap_or(false);
        let contexts = field(flag, "evaluation_contexts").and_then(Value::as_array);
        let filters = match field(flag, "filters") {
            None => Ok(Filters::default()),
            Some(Value::Object(filters)) => Filters::read(filters),
            Some(_) => Err("filters is not an object".to_owned()),
        };
        Some(Self {
            id: field(flag, "id").and_then(Value::as_i64).unwrap_or(0),
            key: text("key")?,
            is_active: is("active"),
            version: field(flag, "version").and_then(Value::as_i64).unwrap_or(0),
            keeps_experience: is("ensure_experience_continuity"),
            runtime: text("evaluation_runtime"),
            is_bucketed_by_device: text("bucketing_identifier") == Some("device_id"),
            contexts: contexts.into_iter().flatten().filter_map(Value::as_str).collect(),
            has_experiment: is("has_experiment"),
            has_encrypted_payloads: is("has_encrypted_payloads"),
            filters,
        })
    }
}

impl<'a> Filters<'a> {
    fn read(filters: &'a Map<String, Value>) -> Result<Self, Flaw> {
        let groups = list(filters, "groups")?;
        if groups.len() > CONDITIONS_MAX {
            return Err(format!("a flag has at most {CONDITIONS_MAX} conditions"));
        }
        let holdout = object(filters, "holdout")?.map(|holdout| {
            let id = integer(holdout, "id")?.ok_or("the holdout has no id")?;
            let excluded = number(holdout, "exclusion_percentage")?.ok_or("the holdout has no percentage")?;
            Ok::<_, Flaw>((id, excluded))
        });
        let payloads = object(filters, "payloads")?.into_iter().flatten();
        Ok(Self {
            conditions: groups.iter().map(ConditionDefinition::read).collect::<Result<_, _>>()?,
            variants: variants(filters)?,
            payloads: payloads
                .filter(|(_, payload)| !payload.is_null())
                .map(|(variant, payload)| (variant.as_str(), payload))
                .collect(),
            group_type: integer(filters, GROUP_TYPE)?,
            early_exit: boolean(filters, "early_exit")?,
            has_enrollment: boolean(filters, "feature_enrollment")?,
            holdout: holdout.transpose()?,
            super_condition: list(filters, "super_groups")?
                .first()
                .map(ConditionDefinition::read)
                .transpose()?,
        })
    }
}

fn variants(filters: &Map<String, Value>) -> Result<Vec<(&str, f64)>, Flaw> {
    let Some(multivariate) = object(filters, "multivariate")? else { return Ok(Vec::new()) };
    let variants = list(multivariate, "variants")?;
    if variants.len() > VARIANTS_MAX {
        return Err(format!("a flag has at most {VARIANTS_MAX} variants"));
    }
    variants.iter().map(one_variant).collect()
}

fn one_variant(variant: &Value) -> Result<(&str, f64), Flaw> {
    let variant = variant.as_object().ok_or("a variant is not an object")?;
    let key = field(variant, "key").and_then(Value::as_str).ok_or("a variant has no key")?;
    let percentage = number(variant, "rollout_percentage")?.ok_or("a variant has no percentage")?;
    Ok((key, percentage))
}

impl<'a> ConditionDefinition<'a> {
    fn read(condition: &'a Value) -> Result<Self, Flaw> {
        let condition = condition.as_object().ok_or("a condition is not an object")?;
        let filters = list(condition, "properties")?;
        if filters.len() > FILTERS_MAX {
            return Err(format!("a condition has at most {FILTERS_MAX} filters"));
        }
        let goes_by = match integer(condition, GROUP_TYPE)? {
            Some(index) => GoesBy::Group(index),
            None if condition.contains_key(GROUP_TYPE) => GoesBy::Person,
            None => GoesBy::Flag,
        };
        Ok(Self {
            filters: filters.iter().map(FilterDefinition::read).collect::<Result<_, _>>()?,
            rollout_percentage: number(condition, "rollout_percentage")?,
            variant: text(condition, "variant")?,
            goes_by,
        })
    }
}

impl<'a> FilterDefinition<'a> {
    /// Filters on cohorts are looked at behind all others.
    pub fn is_on_cohort(&self) -> bool {
        matches!(self, Self::Cohort { .. })
    }

    fn read(filter: &'a Value) -> Result<Self, Flaw> {
        let filter = filter.as_object().ok_or("a filter is not an object")?;
        let operator = text(filter, "operator")?;
        match text(filter, "type")?.unwrap_or("person") {
            "person" | "person_metadata" => Ok(Self::Person(PropertyDefinition::read(filter)?)),
            "group" => {
                Ok(Self::Group(PropertyDefinition::read(filter)?, integer(filter, "group_type_index")?))
            }
            "cohort" | "static-cohort" | "dynamic-cohort" | "precalculated-cohort" => {
                let id = id(field(filter, "value")).ok_or("a filter names no cohort")?;
                Ok(Self::Cohort { id, operator })
            }
            "flag" => {
                Ok(Self::Flag { id: id(field(filter, "key")), operator, value: field(filter, "value") })
            }
            other => Err(format!("there are no filters of the type “{}”", shown(other))),
        }
    }
}

impl<'a> PropertyDefinition<'a> {
    /// Reads a filter on a property, of a flag or of a cohort.
    pub fn read(filter: &'a Map<String, Value>) -> Result<Self, Flaw> {
        let key = match field(filter, "key") {
            Some(Value::String(key)) => key.into(),
            Some(Value::Number(key)) => key.to_string().into(),
            _ => return Err("a filter names no property".to_owned()),
        };
        Ok(Self { key, operator: text(filter, "operator")?, value: field(filter, "value") })
    }
}

impl<'a> CohortDefinition<'a> {
    fn read(cohort: &'a Value) -> Option<Self> {
        let cohort = cohort.as_object()?;
        Some(Self {
            id: field(cohort, "id")?.as_i64()?,
            is_static: field(cohort, "is_static").and_then(Value::as_bool).unwrap_or(false),
            version: field(cohort, "version").and_then(Value::as_i64),
            filters: field(cohort, "filters"),
        })
    }
}

/// Parses a document. Within flags and cohorts, a column that cannot be parsed (too deep, a number beyond doubles) is
/// a flaw of theirs: it becomes a text, which no such column is.
pub fn parse(document: &[u8]) -> Result<Value, Flaw> {
    let document: BTreeMap<String, Box<RawValue>> = read(document)?;
    let mut parsed = Map::new();
    for (name, value) in document {
        let value = match name.as_str() {
            "flags" | "cohorts" => {
                let entries: Vec<Box<RawValue>> = read(value.get().as_bytes())?;
                Value::Array(entries.iter().map(|entry| columns(entry)).collect())
            }
            _ => read(value.get().as_bytes())?,
        };
        parsed.insert(name, value);
    }
    Ok(Value::Object(parsed))
}

fn read<'a, T: serde::Deserialize<'a>>(json: &'a [u8]) -> Result<T, Flaw> {
    serde_json::from_slice(json).map_err(|error| error.to_string())
}

fn columns(entry: &RawValue) -> Value {
    let Ok(entry) = read::<BTreeMap<String, Box<RawValue>>>(entry.get().as_bytes()) else {
        return Value::Null;
    };
    let parsed =
        |value: &RawValue| -> Value { read(value.get().as_bytes()).unwrap_or_else(|_| "unreadable".into()) };
    entry.into_iter().map(|(name, value)| (name, parsed(&value))).collect()
}

/// An id, which some clients store as text.
pub fn id(value: Option<&Value>) -> Option<i64> {
    match value? {
        Value::String(id) => id.trim().parse().ok(),
        value => value.as_i64(),
    }
}

/// A piece of a text that is not ours, short enough for a sentence.
pub fn shown(text: &str) -> &str {
    text.char_indices().nth(60).map_or(text, |(at, _)| &text[..at])
}

/// A member that is there and not null.
pub fn field<'a>(object: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    object.get(name).filter(|value| !value.is_null())
}

fn wrong(name: &str, expected: &str) -> Flaw {
    format!("{name} is not {expected}")
}

fn list<'a>(object: &'a Map<String, Value>, name: &str) -> Result<&'a [Value], Flaw> {
    let list = field(object, name).map(|value| value.as_array().ok_or_else(|| wrong(name, "a list")));
    Ok(list.transpose()?.map_or(&[], Vec::as_slice))
}

fn object<'a>(object: &'a Map<String, Value>, name: &str) -> Result<Option<&'a Map<String, Value>>, Flaw> {
    field(object, name).map(|value| value.as_object().ok_or_else(|| wrong(name, "an object"))).transpose()
}

fn text<'a>(object: &'a Map<String, Value>, name: &str) -> Result<Option<&'a str>, Flaw> {
    field(object, name).map(|value| value.as_str().ok_or_else(|| wrong(name, "a text"))).transpose()
}

fn integer(object: &Map<String, Value>, name: &str) -> Result<Option<i64>, Flaw> {
    field(object, name).map(|value| value.as_i64().ok_or_else(|| wrong(name, "an integer"))).transpose()
}

fn number(object: &Map<String, Value>, name: &str) -> Result<Option<f64>, Flaw> {
    field(object, name).map(|value| value.as_f64().ok_or_else(|| wrong(name, "a number"))).transpose()
}

fn boolean(object: &Map<String, Value>, name: &str) -> Result<bool, Flaw> {
    let value = field(object, name).map(|value| value.as_bool().ok_or_else(|| wrong(name, "true or false")));
    Ok(value.transpose()?.unwrap_or(false))
}
