//! A part that is a property: its bytes as JSON text.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::parts::Part;
use super::{framing, invalid};
use crate::inflate::{self, InflateError};
use crate::refusal::Refusal;

/// What a part may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Json,
    Text,
    Bytes,
}

/// The JSON text of a part's content; its inflated bytes keep to `limit`.
pub(super) fn to_json(part: &Part<'_>, limit: usize) -> Result<String, Refusal> {
    let name = &part.name;
    let content_type = part.content_type.ok_or_else(|| {
        invalid(format_args!("Missing required Content-Type header for blob part '{name}'"))
    })?;
    let form = form(content_type).ok_or_else(|| {
        invalid(format_args!(
            "Unsupported content type for blob part '{name}': '{content_type}'. Supported types: application/octet-stream, application/json, text/plain"
        ))
    })?;
    if part.body.is_empty() {
        return Err(invalid(format_args!("Blob part '{name}' cannot be empty (0 bytes)")));
    }
    let bytes = inflated(part, limit)?;
    let text = match form {
        Form::Bytes => None,
        Form::Json | Form::Text => std::str::from_utf8(&bytes).ok(),
    };
    Ok(match (form, text) {
        (Form::Json, Some(text)) => raw_json(text).unwrap_or_else(|| quoted(text)),
        (_, Some(text)) => quoted(text),
        (_, None) => format!("\"data:application/octet-stream;base64,{}\"", STANDARD.encode(&bytes)),
    })
}

fn form(content_type: &str) -> Option<Form> {
    let (media_type, _) = content_type.split_once(';').unwrap_or((content_type, ""));
    match media_type.trim().to_ascii_lowercase().as_str() {
        "application/json" => Some(Form::Json),
        "text/plain" => Some(Form::Text),
        "application/octet-stream" => Some(Form::Bytes),
        _ => None,
    }
}

fn inflated<'a>(part: &Part<'a>, limit: usize) -> Result<Cow<'a, [u8]>, Refusal> {
    if !part.content_encoding.is_some_and(|encoding| encoding.eq_ignore_ascii_case("gzip")) {
        return Ok(Cow::Borrowed(part.body));
    }
    inflate::gunzip(part.body, limit).map(Cow::Owned).map_err(|error| match error {
        InflateError::TooBig => Refusal::too_big("an inflated blob part", limit),
        InflateError::Malformed => framing(format_args!("invalid GZIP data in blob part '{}'", part.name)),
    })
}

fn raw_json(text: &str) -> Option<String> {
    let value = json::Value::parse(text).ok()?;
    Some(if value.lone_surrogates { json::replace_lone_surrogates(value.raw) } else { value.raw.to_owned() })
}

fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    json::push_string(&mut out, text);
    out
}
