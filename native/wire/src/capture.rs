//! `/e` and its aliases, `/engage`, `/i/v0/ai/batch`: the v0 protocol. All events are stored, or none.

use std::borrow::Cow;

use json::Text;
use record::{Draft, Encoder, Flags, Kind, Source};

use crate::event::RawEvent;
use crate::facts::{Cookieless, EventFacts};
use crate::query::Parameters;
use crate::refusal::Refusal;
use crate::shape::{self, Payload, Taken};
use crate::timestamp::{self, Clues};
use crate::uuid7::Uuid7;
use crate::warning::Warnings;
use crate::{Answer, DropReason, Lane, Limits, Project, Projects, Request, Route, distinct_id};
use crate::{payload, quota, token};

type Event<'a> = RawEvent<'a, EventFacts<'a>>;

/// Events of these names keep their own way even in a historical batch.
pub(crate) const NEVER_HISTORICAL: [&str; 3] = ["$exception", "$$heatmap", "$$client_ingestion_warning"];
const PERFORMANCE_EVENT: &str = "$performance_event";

pub(crate) fn accept(request: &Request<'_>, projects: &Projects, limits: &Limits) -> Answer {
    judge(request, projects, limits).unwrap_or_else(Answer::from)
}

fn judge(request: &Request<'_>, projects: &Projects, limits: &Limits) -> Result<Answer, Refusal> {
    let mut parameters = Parameters::read(request.query)?;
    let bytes = payload::decode(request, &mut parameters, limits)?;
    let text = payload::text(&bytes)?;
    let events = shape::read(text, Taken::all(limits))?;
    if !events.lone_surrogates {
        return store(request, &parameters, &events, text.len(), projects, limits);
    }
    let text = json::replace_lone_surrogates(text);
    let events = shape::read(&text, Taken::all(limits))?;
    store(request, &parameters, &events, text.len(), projects, limits)
}

fn store(
    request: &Request<'_>,
    parameters: &Parameters<'_>,
    payload: &Payload<'_, EventFacts<'_>>,
    payload_bytes: usize,
    projects: &Projects,
    limits: &Limits,
) -> Result<Answer, Refusal> {
    if payload.is_unnamed && request.route != Route::Engage {
        return Err(unnamed(payload));
    }
    if payload.events.is_empty() {
        return Err(Refusal::new(400, DropReason::RejectedEmpty, "request holds no event"));
    }
    if payload.events.iter().all(is_performance_event) {
        return Ok(Answer::ok().with_dropped(DropReason::PerformanceEvent, payload.events.len() as u32));
    }
    let project = resolve(&request_token(payload)?, projects)?;
    let batch_sent_at = payload.batch.and_then(|batch| batch.sent_at);
    let sent_at_us =
        batch_sent_at.and_then(|text| timestamp::parse_zoned(&text.decode())).or(parameters.sent_at_us);
    let mut keeper = Keeper {
        request,
        project,
        sent_at_us,
        is_historical: payload.batch.is_some_and(|batch| batch.is_historical),
        event_bytes_max: limits.event_bytes(request.route),
        records: Encoder::with_capacity(payload_bytes + 100 * payload.events.len()),
        uuids: Uuid7::default(),
        warnings: Warnings::default(),
        answer: Answer::ok(),
    };
    for event in &payload.events {
        keeper.keep(event)?;
    }
    Ok(keeper.finish(parameters.is_beacon))
}

/// An object that is no event: its `event` is missing, or is something else than text.
fn unnamed(payload: &Payload<'_, EventFacts<'_>>) -> Refusal {
    if payload.events.iter().any(|event| event.event_mistyped) {
        return Refusal::parsing("an event has no text in `event`");
    }
    let text = "failed to hydrate events from request: non-engage request missing event name attribute";
    Refusal::new(400, DropReason::RejectedParsing, text)
}

fn is_performance_event(event: &Event<'_>) -> bool {
    event.event.is_some_and(|name| name.is(PERFORMANCE_EVENT))
}

/// The one token of a request: the batch's own, or the one that all events agree on.
fn request_token<'a>(payload: &Payload<'a, EventFacts<'a>>) -> Result<Cow<'a, str>, Refusal> {
    if let Some(batch) = &payload.batch {
        return Ok(batch.token.decode());
    }
    let mut found: Option<Text<'a>> = None;
    for event in payload.events.iter().filter(|event| !is_performance_event(event)) {
        match (event.token.or(event.facts.token), found) {
            (None, _) => {}
            (Some(token), None) => found = Some(token),
            (Some(token), Some(first)) if token == first || token.decode() == first.decode() => {}
            _ => {
                let text = "batch submitted with inconsistent api_key values";
                return Err(Refusal::new(401, DropReason::RejectedToken, text));
            }
        }
    }
    found.map(|token| token.decode()).ok_or_else(no_token)
}

/// The refusal of a request without a token.
pub(crate) fn no_token() -> Refusal {
    Refusal::new(401, DropReason::RejectedToken, "event submitted without an api_key")
}

/// The project of a token, checked for its shape first.
pub(crate) fn resolve(token: &str, projects: &Projects) -> Result<Project, Refusal> {
    let token = token::check(token).map_err(|shape| {
        let text = format!("API key is not valid: {}", shape.name());
        Refusal::new(401, DropReason::RejectedToken, text)
    })?;
    projects.get(token).ok_or_else(Refusal::unknown_token)
}

/// The id of an event or replay item: its own, else that of its properties.
pub(crate) fn find_distinct_id<'a>(
    own: Option<json::Value<'a>>,
    properties: Option<json::Value<'a>>,
) -> Option<Cow<'a, str>> {
    distinct_id::from_value(&own.or(properties)?)
}

/// The refusal of an event without a usable distinct id.
pub(crate) fn no_distinct_id() -> Refusal {
    Refusal::new(400, DropReason::InvalidDistinctId, "event submitted without a distinct_id")
}

/// Refuses a `$cookieless_mode` that is no boolean.
pub(crate) fn check_cookieless(cookieless: Cookieless) -> Result<(), Refusal> {
    if cookieless == Cookieless::Invalid {
        let text = "event submitted with invalid cookieless mode";
        return Err(Refusal::new(400, DropReason::InvalidCookielessMode, text));
    }
    Ok(())
}

/// The moment of an event or replay item, and whether it had to be made up because its text is no moment.
pub(crate) fn settle<P>(
    event: &RawEvent<'_, P>,
    sent_at_us: Option<i64>,
    received_at_us: i64,
) -> (i64, bool) {
    let text = event.timestamp.map(|text| text.decode());
    let timestamp_us = text.as_deref().and_then(timestamp::parse);
    let clues = Clues { timestamp_us, sent_at_us, offset_ms: event.offset_ms, future_allowed: false };
    let replaced = text.is_some() && timestamp_us.is_none() && event.offset_ms.is_none();
    (clues.settle(received_at_us), replaced)
}

/// Turns events into records.
struct Keeper<'a> {
    request: &'a Request<'a>,
    project: Project,
    sent_at_us: Option<i64>,
    is_historical: bool,
    event_bytes_max: usize,
    records: Encoder,
    uuids: Uuid7,
    warnings: Warnings,
    answer: Answer,
}

impl Keeper<'_> {
    fn keep(&mut self, event: &Event<'_>) -> Result<(), Refusal> {
        // Only `/engage` gets here with an event that has no name.
        let name = event.event.map_or(Cow::Borrowed("$identify"), |name| name.decode());
        if let Some(reason) = self.drops(event, &name) {
            self.answer.count(reason, 1);
            return Ok(());
        }
        if name.is_empty() {
            let text = "event submitted with an empty event name";
            return Err(Refusal::new(400, DropReason::InvalidEventName, text));
        }
        let distinct_id =
            find_distinct_id(event.distinct_id, event.facts.distinct_id).ok_or_else(no_distinct_id)?;
        check_cookieless(event.facts.cookieless)?;
        if event.bytes > self.event_bytes_max {
            return Err(Refusal::too_big("an event", self.event_bytes_max));
        }
        let sent_at_us = self.sent_at_us.filter(|_| !event.facts.ignores_sent_at);
        let (timestamp_us, replaced) = settle(event, sent_at_us, self.request.received_at_us);
        let uuid = event.uuid.map_or_else(|| self.uuids.at(timestamp_us), uuid::Uuid::into_bytes);
        self.records.push(&Draft {
            kind: Kind::Event,
            source: if self.is_ai() { Source::Ai } else { Source::V0 },
            flags: self.flags(&name, replaced),
            project_id: self.project.id,
            received_at_us: self.request.received_at_us,
            timestamp_us,
            sent_at_us,
            uuid,
            event: &name,
            distinct_id: &distinct_id,
            client_address: self.request.client_address,
            properties: event.properties,
            set: event.set,
            set_once: event.set_once,
            detail: "",
        });
        Ok(())
    }

    /// Why an event is left out without a word to the client.
    fn drops(&mut self, event: &Event<'_>, name: &str) -> Option<DropReason> {
        if name == PERFORMANCE_EVENT {
            return Some(DropReason::PerformanceEvent);
        }
        if self.is_ai() && !name.starts_with("$ai_") {
            let distinct_id = find_distinct_id(event.distinct_id, event.facts.distinct_id);
            let uuid = event.uuid.map(|uuid| uuid.to_string());
            let reason = DropReason::MisroutedEvent;
            self.warnings.raise(
                reason,
                name,
                distinct_id.as_deref().unwrap_or(""),
                uuid.as_deref().unwrap_or(""),
            );
            return Some(reason);
        }
        quota::over(self.project.exceeded, name, event.facts.has_product_tour)
    }

    fn is_ai(&self) -> bool {
        self.request.route == Route::AiBatch
    }

    fn flags(&self, name: &str, replaced: bool) -> Flags {
        let historical = self.is_historical && !NEVER_HISTORICAL.contains(&name);
        Flags(
            u8::from(historical) * Flags::HISTORICAL
                + u8::from(replaced) * Flags::TIMESTAMP_REPLACED
                + u8::from(self.is_ai()) * Flags::AI,
        )
    }

    fn finish(mut self, is_beacon: bool) -> Answer {
        // A request of which a quota left nothing is answered as such, whatever the client asked for.
        let answer = if is_beacon && !self.records.is_empty() { Answer::no_content() } else { Answer::ok() };
        let received_at_us = self.request.received_at_us;
        self.warnings.write(&mut self.records, self.project.id, Source::Ai, received_at_us);
        Answer { dropped: self.answer.dropped, ..answer }.with_records(Lane::Events, self.records)
    }
}
