//! The payload of a v0 request: from the query or the body, through form, base64 and compression, to bytes
//! that should be JSON.

use std::borrow::Cow;

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use crate::inflate::{self, GZIP_MAGIC, InflateError};
use crate::query::{Compression, Form, Parameters};
use crate::refusal::Refusal;
use crate::{DropReason, Limits, Request, lz64};

/// How far into a payload its kind is guessed from.
const GUESS_BYTES: usize = 128;

const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// Decodes the payload; the caller checks that it is UTF-8.
pub fn decode<'a>(
    request: &Request<'a>,
    parameters: &mut Parameters<'a>,
    limits: &Limits,
) -> Result<Cow<'a, [u8]>, Refusal> {
    let raw = choose(request, parameters, limits)?;
    let header = request.headers.content_encoding.and_then(Compression::named);
    let payload = if is_form(&raw) { raw } else { without_base64(raw, parameters.compression.or(header)) };
    let (payload, form_compression) = if is_form(&payload) { open_form(payload)? } else { (payload, None) };
    let compression = parameters.compression.or(form_compression).or(header);
    let inflated = inflate(payload, compression, limits.v0_payload_bytes)?;
    if !is_base64(&inflated) {
        return Ok(inflated);
    }
    // Legacy beacons send `data=<base64>`; some of those hold gzip in turn.
    match BASE64.decode(&*inflated) {
        Ok(decoded) => inflate(Cow::Owned(decoded), None, limits.v0_payload_bytes),
        Err(_) => Ok(inflated),
    }
}

/// The bytes as UTF-8.
pub fn text(payload: &[u8]) -> Result<&str, Refusal> {
    simdutf8::basic::from_utf8(payload).map_err(|_| Refusal::decoding("invalid UTF8 in request payload"))
}

/// `data` of the query if it is there, else the body.
fn choose<'a>(
    request: &Request<'a>,
    parameters: &mut Parameters<'a>,
    limits: &Limits,
) -> Result<Cow<'a, [u8]>, Refusal> {
    let body_bytes = limits.body_bytes(request.route);
    if request.body.len() > body_bytes {
        return Err(Refusal::too_big("request body", body_bytes));
    }
    if let Some(data) = parameters.data.take().filter(|data| !data.is_empty()) {
        return Ok(restore_plus(data));
    }
    if request.body.is_empty() {
        return Err(no_payload());
    }
    let claims_form = request.headers.content_type == Some("application/x-www-form-urlencoded");
    if claims_form && !is_form(request.body) {
        return Err(Refusal::decoding("expected form data in POST request payload"));
    }
    Ok(Cow::Borrowed(request.body))
}

fn no_payload() -> Refusal {
    Refusal::new(400, DropReason::RejectedEmpty, "request missing data payload")
}

/// Whether a payload starts like a form. JSON can hold such text too, so what starts like JSON is not one.
fn is_form(payload: &[u8]) -> bool {
    let head = &payload[..payload.len().min(GUESS_BYTES)];
    let json = matches!(head.trim_ascii_start().first(), Some(b'{' | b'['));
    let field = |field: &[u8]| {
        [&b"data="[..], b"_=", b"ip=", b"compression="].iter().any(|name| field.starts_with(name))
    };
    !json && head.split(|byte| *byte == b'&').any(field)
}

/// Whether a payload can be padded base64, going by its start and its length.
fn is_base64(payload: &[u8]) -> bool {
    let head = &payload[..payload.len().min(GUESS_BYTES)];
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
    !payload.is_empty() && payload.len().is_multiple_of(4) && head.iter().all(plain)
}

/// Undoes base64 around the whole payload. lz-string's own text is base64 to look at, so it is left alone.
fn without_base64(payload: Cow<'_, [u8]>, compression: Option<Compression>) -> Cow<'_, [u8]> {
    if compression == Some(Compression::Lz64) || !is_base64(&payload) {
        return payload;
    }
    BASE64.decode(&*payload).map_or(payload, Cow::Owned)
}

/// The `data` field of a form, and the compression that it names.
fn open_form(payload: Cow<'_, [u8]>) -> Result<(Cow<'_, [u8]>, Option<Compression>), Refusal> {
    let (data, compression) = match payload {
        Cow::Borrowed(payload) => {
            let form = Form::read(payload);
            (form.data, form.compression)
        }
        Cow::Owned(payload) => {
            let form = Form::read(&payload);
            (form.data.map(|data| Cow::Owned(data.into_owned())), form.compression)
        }
    };
    let data = data.filter(|data| !data.is_empty()).ok_or_else(no_payload)?;
    Ok((restore_plus(data), compression))
}

/// Undoes what form decoding does to the `+` of base64.
fn restore_plus(data: Cow<'_, [u8]>) -> Cow<'_, [u8]> {
    let head = &data[..data.len().min(GUESS_BYTES)];
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=' | b' ');
    if !data.contains(&b' ') || !head.iter().all(plain) {
        return data;
    }
    let mut data = data.into_owned();
    data.iter_mut().filter(|byte| **byte == b' ').for_each(|byte| *byte = b'+');
    Cow::Owned(data)
}

fn inflate(
    payload: Cow<'_, [u8]>,
    compression: Option<Compression>,
    limit: usize,
) -> Result<Cow<'_, [u8]>, Refusal> {
    let has_magic = payload.starts_with(&GZIP_MAGIC);
    let inflated = match compression {
        _ if has_magic => inflate::gunzip(&payload, limit),
        Some(Compression::Gzip) => gunzip_base64(&payload, limit),
        Some(Compression::Lz64) => lz64::decompress(payload.trim_ascii(), limit),
        _ if payload.len() > limit => Err(InflateError::TooBig),
        _ => return Ok(payload),
    };
    inflated.map(Cow::Owned).map_err(|error| match (error, compression) {
        (InflateError::TooBig, _) => Refusal::too_big("decompressed payload", limit),
        (InflateError::Malformed, Some(Compression::Lz64)) if !has_magic => {
            Refusal::decoding("invalid LZ64 data")
        }
        (InflateError::Malformed, _) => Refusal::decoding("invalid GZIP data"),
    })
}

/// Gzip that was named but does not start like it: a form may carry it as base64.
fn gunzip_base64(payload: &[u8], limit: usize) -> Result<Vec<u8>, InflateError> {
    let decoded = if is_base64(payload) { BASE64.decode(payload).ok() } else { None };
    inflate::gunzip(decoded.as_deref().unwrap_or(payload), limit)
}
