//! Objects as lists of members, so that repeated keys show.

use std::fmt::{Formatter, Result as Formatted};

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

/// The members of an object in their order, values as they stand.
#[derive(Debug)]
pub struct Fields(Vec<(String, Box<RawValue>)>);

/// A field that is not there as it must be.
#[derive(Debug, PartialEq)]
pub struct Misfit;

impl Fields {
    pub fn read(text: &str) -> Result<Self, Misfit> {
        serde_json::from_str(text).map_err(|_| Misfit)
    }

    /// The value under any of these spellings; two of them do not fit.
    pub fn one_of(&self, spellings: &[&str]) -> Result<Option<&str>, Misfit> {
        let mut found = self.0.iter().filter(|(key, _)| spellings.contains(&key.as_str()));
        let first = found.next().map(|(_, value)| value.get());
        if found.next().is_some() { Err(Misfit) } else { Ok(first) }
    }

    /// The last value under this key.
    pub fn last(&self, key: &str) -> Option<Value> {
        let value = self.0.iter().rev().find(|(other, _)| other == key)?.1.get();
        Some(serde_json::from_str(value).unwrap())
    }

    /// A string or null under any of these spellings.
    pub fn optional_text(&self, spellings: &[&str]) -> Result<Option<String>, Misfit> {
        match self.one_of(spellings)? {
            Some(value) => serde_json::from_str(value).map_err(|_| Misfit),
            None => Ok(None),
        }
    }

    /// A string.
    pub fn text(&self, spellings: &[&str]) -> Result<String, Misfit> {
        self.optional_text(spellings)?.ok_or(Misfit)
    }

    /// A boolean or null.
    pub fn optional_bool(&self, key: &str) -> Result<bool, Misfit> {
        match self.one_of(&[key])? {
            Some(value) => {
                serde_json::from_str::<Option<bool>>(value).map_err(|_| Misfit).map(|it| it == Some(true))
            }
            None => Ok(false),
        }
    }

    /// An object or null, as it stands; empty if there is none.
    pub fn optional_object(&self, key: &str) -> Result<String, Misfit> {
        match self.one_of(&[key])? {
            None | Some("null") => Ok(String::new()),
            Some(value) if value.starts_with('{') => Ok(value.to_owned()),
            Some(_) => Err(Misfit),
        }
    }

    /// The items of an array.
    pub fn array(&self, key: &str) -> Result<Vec<Box<RawValue>>, Misfit> {
        serde_json::from_str(self.one_of(&[key])?.ok_or(Misfit)?).map_err(|_| Misfit)
    }

    /// Members but for those under these keys, as a JSON text without spaces between.
    pub fn without(&self, keys: &[&str]) -> Vec<(String, String)> {
        let kept = self.0.iter().filter(|(key, _)| !keys.contains(&key.as_str()));
        kept.map(|(key, value)| (key.clone(), value.get().to_owned())).collect()
    }
}

impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;
        impl<'de> Visitor<'de> for Members {
            type Value = Fields;

            fn expecting(&self, formatter: &mut Formatter<'_>) -> Formatted {
                formatter.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Fields(members))
            }
        }
        deserializer.deserialize_map(Members)
    }
}
