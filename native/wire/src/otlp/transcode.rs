//! OTLP/JSON to protobuf, in one pass over the text.
//!
//! JSON is rewritten as the protobuf that means the same and then read by the one protobuf reader, so the two
//! forms cannot drift apart. The pass is lenient where exporters are known to differ:
//! - 64-bit numbers stand as strings, as numbers, as doubles without fraction, or as `{low, high}` pairs;
//! - ids are hexadecimal, or base64 as generic protobuf libraries write them; an unreadable id is no id;
//! - enumerations stand as numbers or by name;
//! - `{}` and `null` as a value are no value, unknown members are skipped, names may be `snake_case`.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use json::{Cursor, Value};

use super::schema::{Field, Kind, Message};

/// Bytes of the length that precedes a nested message. Written after the message is complete; four bytes hold
/// 2^28, far beyond any body that we take.
const LENGTH_BYTES: usize = 4;

/// Why a text is not the message it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Mismatch {
    /// Not JSON.
    Json(json::Error),
    /// A field that holds something else than it should.
    Field(&'static str),
}

impl std::fmt::Display for Mismatch {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Json(error) => write!(formatter, "{error}"),
            Self::Field(name) => write!(formatter, "field {name} holds a value of another type"),
        }
    }
}

impl From<json::Error> for Mismatch {
    fn from(error: json::Error) -> Self {
        Self::Json(error)
    }
}

/// Appends to `out` the protobuf of `text`, which must be one JSON object.
pub(crate) fn append(out: &mut Vec<u8>, text: &str, message: &'static Message) -> Result<(), Mismatch> {
    let mut cursor = Cursor::new(text);
    append_members(out, &mut cursor, message)?;
    Ok(cursor.finish()?)
}

fn append_members(
    out: &mut Vec<u8>,
    cursor: &mut Cursor<'_>,
    message: &'static Message,
) -> Result<(), Mismatch> {
    cursor.enter_object()?;
    while let Some(key) = cursor.next_key()? {
        let field = message.fields.iter().find(|field| is_named(field.name, &key.decode()));
        match field {
            Some(field) if cursor.peek()? != json::Kind::Null => append_field(out, cursor, field)?,
            _ => cursor.skip()?,
        }
    }
    Ok(())
}

/// Whether `key` is the lowerCamelCase `name`, or its `snake_case` twin.
fn is_named(name: &str, key: &str) -> bool {
    if name == key {
        return true;
    }
    let mut raise = false;
    let mut letters = name.chars();
    for letter in key.chars() {
        if letter == '_' {
            raise = true;
            continue;
        }
        let letter = if std::mem::take(&mut raise) { letter.to_ascii_uppercase() } else { letter };
        if letters.next() != Some(letter) {
            return false;
        }
    }
    letters.next().is_none() && key.contains('_')
}

fn append_field(out: &mut Vec<u8>, cursor: &mut Cursor<'_>, field: &'static Field) -> Result<(), Mismatch> {
    if !field.repeated {
        return append_one(out, cursor, field);
    }
    if cursor.peek()? != json::Kind::Array {
        return Err(Mismatch::Field(field.name));
    }
    cursor.enter_array()?;
    while cursor.next_item()? {
        append_one(out, cursor, field)?;
    }
    Ok(())
}

fn append_one(out: &mut Vec<u8>, cursor: &mut Cursor<'_>, field: &'static Field) -> Result<(), Mismatch> {
    let Kind::Message(message) = field.kind else {
        let value = cursor.value()?;
        return append_scalar(out, value, field).ok_or(Mismatch::Field(field.name));
    };
    append_tag(out, field.number, 2);
    let at = out.len();
    out.extend_from_slice(&[0; LENGTH_BYTES]);
    match cursor.peek()? {
        json::Kind::Object => append_members(out, cursor, message)?,
        json::Kind::Null => cursor.skip()?,
        _ => return Err(Mismatch::Field(field.name)),
    }
    let length = out.len() - at - LENGTH_BYTES;
    for (index, byte) in out[at..at + LENGTH_BYTES].iter_mut().enumerate() {
        let more = if index + 1 < LENGTH_BYTES { 0x80 } else { 0 };
        *byte = (length >> (7 * index)) as u8 & 0x7f | more;
    }
    Ok(())
}

fn append_scalar(out: &mut Vec<u8>, value: Value<'_>, field: &'static Field) -> Option<()> {
    let number = field.number;
    match field.kind {
        Kind::Text => append_bytes(out, number, value.string()?.as_bytes()),
        Kind::Bytes => append_bytes(out, number, &base64_bytes(&value.string()?)?),
        Kind::Id => append_bytes(out, number, &id_bytes(&value.string()?)),
        Kind::Bool => append_varint_field(out, number, u64::from(boolean(value)?)),
        Kind::Int64 => append_varint_field(out, number, i64::try_from(integer(value)?).ok()? as u64),
        Kind::Unsigned => append_varint_field(out, number, u64::try_from(integer(value)?).ok()?),
        Kind::Zigzag => {
            let signed = i32::try_from(integer(value)?).ok()?;
            append_varint_field(out, number, u64::from(((signed << 1) ^ (signed >> 31)) as u32));
        }
        Kind::Enumeration(named) => {
            let choice = value.string().and_then(|name| named(&name));
            let choice = choice.or_else(|| i32::try_from(integer(value)?).ok())?;
            append_varint_field(out, number, i64::from(choice) as u64);
        }
        Kind::Fixed32 => {
            let bits = u32::try_from(integer(value)?).ok()?;
            append_tag(out, number, 5);
            out.extend_from_slice(&bits.to_le_bytes());
        }
        Kind::Fixed64 => append_eight(out, number, u64::try_from(integer(value)?).ok()?),
        Kind::SignedFixed64 => append_eight(out, number, i64::try_from(integer(value)?).ok()? as u64),
        Kind::Double => append_eight(out, number, double(value)?.to_bits()),
        Kind::Message(_) => return None,
    }
    Some(())
}

fn append_tag(out: &mut Vec<u8>, number: u32, wire_type: u32) {
    append_varint(out, u64::from(number << 3 | wire_type));
}

fn append_varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

fn append_varint_field(out: &mut Vec<u8>, number: u32, value: u64) {
    append_tag(out, number, 0);
    append_varint(out, value);
}

fn append_eight(out: &mut Vec<u8>, number: u32, bits: u64) {
    append_tag(out, number, 1);
    out.extend_from_slice(&bits.to_le_bytes());
}

fn append_bytes(out: &mut Vec<u8>, number: u32, bytes: &[u8]) {
    append_tag(out, number, 2);
    append_varint(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

fn boolean(value: Value<'_>) -> Option<bool> {
    value.bool().or_else(|| value.string()?.parse().ok())
}

/// A whole number between `i64::MIN` and `u64::MAX`, however it is spelled.
fn integer(value: Value<'_>) -> Option<i128> {
    match value.kind {
        json::Kind::Number => whole(value.raw),
        json::Kind::String => whole(value.string()?.trim()),
        // What JavaScript's `Long` becomes when somebody serialises it as a plain object.
        json::Kind::Object => {
            let half = |name| value.get(name)?.integer().map(|half| half as u32);
            Some(i128::from(u64::from(half("high")?) << 32 | u64::from(half("low")?)))
        }
        _ => None,
    }
}

fn whole(text: &str) -> Option<i128> {
    if let Ok(number) = text.parse::<i128>() {
        return Some(number);
    }
    let number = text.parse::<f64>().ok()?;
    (number.fract() == 0.0 && number.abs() < 2f64.powi(64)).then_some(number as i128)
}

fn double(value: Value<'_>) -> Option<f64> {
    match value.kind {
        json::Kind::Number => value.number(),
        json::Kind::String => value.string()?.trim().parse().ok(),
        _ => None,
    }
}

/// An id written in hexadecimal, or in base64 if that gives a length that ids have; empty if neither.
fn id_bytes(text: &str) -> Vec<u8> {
    if let Some(bytes) = hex_bytes(text) {
        return bytes;
    }
    base64_bytes(text).filter(|bytes| matches!(bytes.len(), 8 | 16)).unwrap_or_default()
}

fn hex_bytes(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> =
        text.chars().map(|digit| digit.to_digit(16).map(|value| value as u8)).collect();
    let digits = digits.filter(|digits| digits.len() % 2 == 0)?;
    Some(digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect())
}

fn base64_bytes(text: &str) -> Option<Vec<u8>> {
    [&STANDARD, &STANDARD_NO_PAD, &URL_SAFE, &URL_SAFE_NO_PAD]
        .into_iter()
        .find_map(|engine| engine.decode(text).ok())
}
