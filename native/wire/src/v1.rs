//! `/i/v1/analytics/events` and `/i/v1/ai/events`: the v1 protocol.
//!
//! The envelope is judged first and as a whole, then each event by itself: the answer names every event's fate.

mod batch;
mod envelope;
mod failure;
mod options;
mod properties;
mod results;
mod verdict;

use std::borrow::Cow;

use record::{Encoder, Source};

use crate::inflate::{self, InflateError};
use crate::warning::Warnings;
use crate::{Answer, DropReason, Lane, Limits, Project, Projects, Quotas, Request, Route, timestamp};
use batch::Batch;
use envelope::Envelope;
use failure::Failure;
use results::Results;
use verdict::{Judge, Verdict};

pub(crate) fn accept(request: &Request<'_>, projects: &Projects, limits: &Limits) -> Answer {
    let mut answer = judge(request, projects, limits).unwrap_or_else(Answer::from);
    answer.headers.push(("date", timestamp::http_date(request.received_at_us)));
    if let Some(id) = request.headers.request_id.filter(|id| is_echoed(id)) {
        answer.headers.push(("posthog-request-id", id.to_owned()));
    }
    answer
}

/// Ids that could break a header, or bloat the answer, are not sent back.
fn is_echoed(id: &str) -> bool {
    id.len() <= 200 && id.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ')
}

fn judge(request: &Request<'_>, projects: &Projects, limits: &Limits) -> Result<Answer, Failure> {
    let envelope = Envelope::read(&request.headers)?;
    let project = projects.get(envelope.token).ok_or_else(Failure::unknown_token)?;
    let bytes = payload(request, &envelope, limits)?;
    let text = simdutf8::basic::from_utf8(&bytes)
        .map_err(|_| Failure::new("request_parsing_error", "the body is not UTF-8"))?;
    let batch = Batch::read(text, limits.events_per_request)?;
    if !batch.lone_surrogates {
        return store(request, &envelope, &batch, text.len(), project, limits);
    }
    let text = json::replace_lone_surrogates(text);
    let batch = Batch::read(&text, limits.events_per_request)?;
    store(request, &envelope, &batch, text.len(), project, limits)
}

/// The body, inflated as its header says.
fn payload<'a>(
    request: &Request<'a>,
    envelope: &Envelope<'_>,
    limits: &Limits,
) -> Result<Cow<'a, [u8]>, Failure> {
    let body = request.body;
    if body.len() > limits.body_bytes(request.route) {
        return Err(Failure::new("payload_too_large", "the request body is too large"));
    }
    if body.is_empty() {
        return Err(Failure::new("empty_body", "the request has no body"));
    }
    let limit = limits.v1_payload_bytes;
    let inflated = match envelope.encoding {
        envelope::Encoding::Identity if body.len() > limit => Err(InflateError::TooBig),
        envelope::Encoding::Identity => return Ok(Cow::Borrowed(body)),
        envelope::Encoding::Gzip => inflate::gunzip(body, limit),
        envelope::Encoding::Deflate => inflate::zlib(body, limit),
        envelope::Encoding::Brotli => inflate::brotli(body, limit),
        envelope::Encoding::Zstd => inflate::zstd(body, limit),
    };
    inflated.map(Cow::Owned).map_err(|error| match error {
        InflateError::TooBig => Failure::new("payload_too_large", "the decompressed body is too large"),
        InflateError::Malformed => Failure::new("request_decoding_error", "the body does not decompress"),
    })
}

fn store(
    request: &Request<'_>,
    envelope: &Envelope<'_>,
    batch: &Batch<'_>,
    payload_bytes: usize,
    project: Project,
    limits: &Limits,
) -> Result<Answer, Failure> {
    let uuids = batch.check()?;
    if project.exceeded.any(Quotas::ALL) {
        return Err(Failure::over_quota(vec![(DropReason::QuotaAll, uuids.len() as u32)]));
    }
    let judge = Judge { request, envelope, project, event_bytes_max: limits.event_bytes(request.route) };
    let mut records = Encoder::with_capacity(payload_bytes + 100 * uuids.len());
    let mut results = Results::with_capacity(uuids.len());
    let mut warnings = Warnings::default();
    let mut answer = Answer::ok();
    let mut limited = 0;
    let mut scratch = String::new();
    for (event, uuid) in batch.events.iter().zip(&uuids) {
        let verdict = judge.judge(event, batch.is_historical, uuid, &mut records, &mut scratch);
        results.push(uuid, verdict);
        let Verdict::Drop(reason) = verdict else {
            continue;
        };
        answer.count(reason, 1);
        if verdict.is_over_quota() {
            limited += 1;
        } else if reason != DropReason::PerformanceEvent {
            warnings.raise(reason, &event.name.decode(), &event.distinct_id.decode(), &uuid.to_string());
        }
    }
    if limited == uuids.len() {
        return Err(Failure::over_quota(answer.dropped));
    }
    warnings.write(&mut records, project.id, Source::V1, request.received_at_us);
    let dropped = answer.dropped;
    Ok(Answer { dropped, ..Answer::json(results.finish()) }.with_records(Lane::Events, records))
}

/// Whether the request came by the AI lane.
fn is_ai(request: &Request<'_>) -> bool {
    request.route == Route::V1Ai
}
