//! JSON as interpreters write it: comments, trailing commas, single quotes, `NaN`.

use std::fmt;

use serde::de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Number, Value};

/// Lenient text may be this large: its values are built in memory, which strict text is spared.
const LENIENT_BYTES_MAX: usize = 1 << 20;

/// Whether `text` is JSON: `Some(None)` as it stands, `Some(Some(…))` once it is rewritten, `None` if it is not.
///
/// `NaN` and infinities become `null`.
#[expect(clippy::option_option, reason = "three answers, of which the common one costs nothing")]
pub fn json(text: &str) -> Option<Option<String>> {
    if json::Value::parse(text).is_ok() {
        return Some(None);
    }
    if text.len() > LENIENT_BYTES_MAX {
        return None;
    }
    let Root(value) = json5::from_str(text).ok()?;
    Some(Some(value.to_string()))
}

struct Root(Value);

impl<'de> Deserialize<'de> for Root {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Bounded { depth: json::DEPTH_MAX }.deserialize(deserializer).map(Self)
    }
}

/// Builds a value of at most so many levels, however deep the text nests: parsers of JSON5 recurse.
#[derive(Clone, Copy)]
struct Bounded {
    depth: u32,
}

impl Bounded {
    fn below<E: Error>(self) -> Result<Self, E> {
        let depth = self.depth.checked_sub(1).ok_or_else(|| E::custom("nested too deeply"))?;
        Ok(Self { depth })
    }
}

impl<'de> DeserializeSeed<'de> for Bounded {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Bounded {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let below = self.below()?;
        let mut array = Vec::new();
        while let Some(item) = items.next_element_seed(below)? {
            array.push(item);
        }
        Ok(Value::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let below = self.below()?;
        let mut object = Map::new();
        while let Some(key) = members.next_key::<String>()? {
            object.insert(key, members.next_value_seed(below)?);
        }
        Ok(Value::Object(object))
    }
}
