//! `/i/v0/ai`: one AI event as `multipart/form-data`, its large properties as parts of their own.
//!
//! There is no object storage yet to put such parts into and leave a reference to it in the property. They are
//! stored in the property itself, so that nothing is lost and nothing points elsewhere:
//! - `application/json` as the JSON that it is;
//! - `text/plain` as a string;
//! - `application/octet-stream` as a `data:application/octet-stream;base64,…` string, and so is a part whose
//!   bytes are not what its type says.
//!
//! A part with `Content-Encoding: gzip` is inflated first. Base64 takes a third more room, which is why raw bytes
//! beyond about 23 MiB are refused although all parts together may have 25 MiB: the event must fit a journal
//! record.

mod blob;
mod event;
mod parts;

use record::{Draft, Encoder, Flags, Kind, Source};

use crate::inflate::{self, GZIP_MAGIC, InflateError};
use crate::refusal::Refusal;
use crate::{Answer, DropReason, Lane, Limits, Project, Projects, Request, bearer, quota};

use event::Event;
use parts::Part;

/// Takes one AI event.
pub(crate) fn accept(request: &Request<'_>, projects: &Projects, limits: &Limits) -> Answer {
    judge(request, projects, limits).unwrap_or_else(Answer::from)
}

/// The order of judgement: size, token, compression, framing, the sizes of parts, the event, the quota.
fn judge(request: &Request<'_>, projects: &Projects, limits: &Limits) -> Result<Answer, Refusal> {
    if request.body.is_empty() {
        return Err(Refusal::new(400, DropReason::RejectedEmpty, "request missing data payload"));
    }
    if request.body.len() > limits.multipart_body_bytes {
        return Err(Refusal::too_big("request body", limits.multipart_body_bytes));
    }
    let project = bearer::project(request, projects)?;
    let inflated = inflate(request, limits.multipart_body_bytes)?;
    let body = inflated.as_deref().unwrap_or(request.body);
    let boundary = parts::boundary(request.headers.content_type.unwrap_or_default())?;
    let parts = parts::split(body, &boundary)?;
    let event = Event::assemble(&parts, limits)?;
    let answer = Answer::json(accepted(&parts).into_bytes());
    if let Some(reason) = quota::over(project.exceeded, &event.name, false) {
        return Ok(answer.with_dropped(reason, 1));
    }
    Ok(answer.with_records(Lane::Events, encode(request, project, &event)))
}

fn inflate(request: &Request<'_>, limit: usize) -> Result<Option<Vec<u8>>, Refusal> {
    let encoding = request.headers.content_encoding.unwrap_or_default().trim();
    if !encoding.eq_ignore_ascii_case("gzip") && !request.body.starts_with(&GZIP_MAGIC) {
        return Ok(None);
    }
    inflate::gunzip(request.body, limit).map(Some).map_err(|error| match error {
        InflateError::TooBig => Refusal::too_big("inflated request body", limit),
        InflateError::Malformed => Refusal::decoding("invalid GZIP data"),
    })
}

fn encode(request: &Request<'_>, project: Project, event: &Event<'_>) -> Encoder {
    let (timestamp_us, replaced) = event.settle(request.received_at_us);
    let mut records = Encoder::with_capacity(event.properties.len() + 512);
    records.push(&Draft {
        kind: Kind::Event,
        source: Source::Ai,
        flags: Flags(Flags::AI + u8::from(replaced) * Flags::TIMESTAMP_REPLACED),
        project_id: project.id,
        received_at_us: request.received_at_us,
        timestamp_us,
        sent_at_us: None,
        uuid: event.uuid.into_bytes(),
        event: &event.name,
        distinct_id: &event.distinct_id,
        client_address: request.client_address,
        properties: &event.properties,
        set: &event.set,
        set_once: &event.set_once,
        detail: "",
    });
    records
}

/// The answer: what was taken, part by part.
fn accepted(parts: &[Part<'_>]) -> String {
    let mut out = String::from("{\"accepted_parts\":[");
    for (index, part) in parts.iter().enumerate() {
        out.push_str(if index > 0 { ",{" } else { "{" });
        json::push_key(&mut out, "name");
        json::push_string(&mut out, &part.name);
        json::push_key(&mut out, "length");
        out.push_str(&part.body.len().to_string());
        for (key, text) in [("content-type", part.content_type), ("content-encoding", part.content_encoding)]
        {
            json::push_key(&mut out, key);
            match text {
                Some(text) => json::push_string(&mut out, text),
                None => out.push_str("null"),
            }
        }
        out.push('}');
    }
    out.push_str("]}");
    out
}

/// A request that breaks a rule of its framing.
fn framing(why: impl std::fmt::Display) -> Refusal {
    Refusal { reason: DropReason::InvalidMultipart, ..Refusal::decoding(&why.to_string()) }
}

/// An event that breaks a rule of the endpoint.
fn invalid(why: impl std::fmt::Display) -> Refusal {
    Refusal { reason: DropReason::InvalidMultipart, ..Refusal::parsing(why) }
}
