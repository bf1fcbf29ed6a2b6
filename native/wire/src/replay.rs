//! `/s`: session recordings. One record for each session and window in the request.
//!
//! posthog-js sends the items of one session at a time. Other clients mix sessions, so each item goes by its
//! own session; what an item does not say, the first item says for it.

use std::borrow::Cow;
use std::collections::HashMap;

use json::Kind as JsonKind;
use record::{Draft, Encoder, Flags, Kind, Source};

use crate::capture::{check_cookieless, find_distinct_id, no_distinct_id, no_token, resolve, settle};
use crate::event::RawEvent;
use crate::facts::ReplayFacts;
use crate::query::Parameters;
use crate::refusal::Refusal;
use crate::shape::{self, Payload, Taken};
use crate::uuid7::Uuid7;
use crate::{Answer, DropReason, Lane, Limits, Project, Projects, Quotas, Request, payload, timestamp};

type Item<'a> = RawEvent<'a, ReplayFacts<'a>>;

const SESSION_ID_CHARACTERS_MAX: usize = 70;

pub(crate) fn accept(request: &Request<'_>, projects: &Projects, limits: &Limits) -> Answer {
    judge(request, projects, limits).unwrap_or_else(Answer::from)
}

fn judge(request: &Request<'_>, projects: &Projects, limits: &Limits) -> Result<Answer, Refusal> {
    let mut parameters = Parameters::read(request.query)?;
    let bytes = payload::decode(request, &mut parameters, limits)?;
    let text = payload::text(&bytes)?;
    let taken = Taken { batch: false, names: false, events_max: limits.events_per_request };
    let items = shape::read(text, taken)?;
    if !items.lone_surrogates {
        return store(request, &parameters, &items, projects);
    }
    let text = json::replace_lone_surrogates(text);
    store(request, &parameters, &shape::read(&text, taken)?, projects)
}

fn store(
    request: &Request<'_>,
    parameters: &Parameters<'_>,
    payload: &Payload<'_, ReplayFacts<'_>>,
    projects: &Projects,
) -> Result<Answer, Refusal> {
    let Some(first) = payload.events.first() else {
        return Err(Refusal::new(400, DropReason::RejectedEmpty, "request holds no event"));
    };
    let token = first.token.or(first.facts.common.token).ok_or_else(no_token)?;
    let project = resolve(&token.decode(), projects)?;
    if project.exceeded.any(Quotas::RECORDINGS) {
        let body = &b"{\"status\":\"Ok\",\"quota_limited\":[\"recordings\"]}"[..];
        return Ok(Answer::json(body).with_dropped(DropReason::QuotaRecordings, payload.events.len() as u32));
    }
    let groups = group(&payload.events)?;
    let first = Defaults::read(first, request)?;
    let mut records = Encoder::default();
    let mut uuids = Uuid7::default();
    for group in groups {
        push(&mut records, &mut uuids, &group, &first, request, parameters, project)?;
    }
    let answer = if parameters.is_beacon { Answer::no_content() } else { Answer::ok() };
    Ok(answer.with_records(Lane::Replay, records))
}

/// What the first item says for those that say nothing.
struct Defaults<'a> {
    distinct_id: Cow<'a, str>,
    source: &'static str,
    library: Cow<'a, str>,
}

impl<'a> Defaults<'a> {
    fn read(first: &Item<'a>, request: &Request<'a>) -> Result<Self, Refusal> {
        Ok(Self {
            distinct_id: distinct_id(first).ok_or_else(no_distinct_id)?,
            source: if first.facts.is_mobile == Some(true) { "mobile" } else { "web" },
            library: first.facts.library.map_or_else(|| agent_library(request), |text| text.decode()),
        })
    }
}

/// The library that a `User-Agent` names, if it is an SDK's.
fn agent_library<'a>(request: &Request<'a>) -> Cow<'a, str> {
    let agent = request.headers.user_agent.unwrap_or("");
    let name = agent.split('/').next().unwrap_or("");
    Cow::Borrowed(if name.contains("posthog") { name } else { "web" })
}

fn distinct_id<'a>(item: &Item<'a>) -> Option<Cow<'a, str>> {
    find_distinct_id(item.distinct_id, item.facts.common.distinct_id)
}

/// The items of one session and window.
struct Group<'a, 'p> {
    session_id: Cow<'a, str>,
    window_id: Cow<'a, str>,
    items: Vec<&'p Item<'a>>,
}

/// Sorts items by session and window, in the order in which those appear, and checks each.
fn group<'a, 'p>(items: &'p [Item<'a>]) -> Result<Vec<Group<'a, 'p>>, Refusal> {
    let first_session = items.first().map(|first| session_id(first)).transpose()?.flatten();
    let first_session = first_session.ok_or_else(|| {
        Refusal::new(400, DropReason::InvalidSessionId, "replay event submitted without session id")
    })?;
    let mut groups: Vec<Group<'a, 'p>> = Vec::new();
    let mut places: HashMap<(Cow<'a, str>, Cow<'a, str>), usize> = HashMap::new();
    let first_window = items.first().and_then(|first| first.facts.window_id);
    for item in items {
        check_data(item)?;
        check_cookieless(item.facts.common.cookieless)?;
        let session_id = session_id(item)?.unwrap_or_else(|| first_session.clone());
        let default_window = first_window.filter(|_| session_id == first_session);
        let window_id = item.facts.window_id.or(default_window);
        let window_id = window_id.map_or_else(|| session_id.clone(), |window_id| window_id.decode());
        let place = *places.entry((session_id.clone(), window_id.clone())).or_insert(groups.len());
        if place == groups.len() {
            groups.push(Group { session_id, window_id, items: Vec::new() });
        }
        groups[place].items.push(item);
    }
    Ok(groups)
}

/// An item's own session, if it names one.
fn session_id<'a>(item: &Item<'a>) -> Result<Option<Cow<'a, str>>, Refusal> {
    let Some(value) = item.facts.session_id else {
        return Ok(None);
    };
    let plain = |id: &str| id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let valid = |id: &Cow<'a, str>| !id.is_empty() && id.len() <= SESSION_ID_CHARACTERS_MAX && plain(id);
    value
        .string()
        .filter(valid)
        .map(Some)
        .ok_or_else(|| Refusal::new(400, DropReason::InvalidSessionId, "replay event has invalid session id"))
}

fn check_data(item: &Item<'_>) -> Result<(), Refusal> {
    match item.facts.data.map(|data| data.kind) {
        Some(JsonKind::Array | JsonKind::Object) => Ok(()),
        _ => Err(Refusal::new(
            400,
            DropReason::InvalidSnapshotData,
            "replay event submitted without snapshot data",
        )),
    }
}

/// Appends the record of a group. Its first item gives what a record has once.
fn push(
    records: &mut Encoder,
    uuids: &mut Uuid7,
    group: &Group<'_, '_>,
    first: &Defaults<'_>,
    request: &Request<'_>,
    parameters: &Parameters<'_>,
    project: Project,
) -> Result<(), Refusal> {
    let Some(lead) = group.items.first() else {
        return Ok(());
    };
    let distinct_id = match lead.distinct_id.or(lead.facts.common.distinct_id) {
        Some(_) => distinct_id(lead).ok_or_else(no_distinct_id)?,
        None => Cow::Borrowed(&*first.distinct_id),
    };
    let own_sent_at = lead.sent_at.and_then(|value| value.string());
    let sent_at_us = own_sent_at
        .and_then(|text| timestamp::parse_zoned(&text))
        .or(parameters.sent_at_us)
        .filter(|_| !lead.facts.common.ignores_sent_at);
    let (timestamp_us, replaced) = settle(lead, sent_at_us, request.received_at_us);
    records.push(&Draft {
        kind: Kind::Replay,
        source: Source::V0,
        flags: Flags(u8::from(replaced) * Flags::TIMESTAMP_REPLACED),
        project_id: project.id,
        received_at_us: request.received_at_us,
        timestamp_us,
        sent_at_us,
        uuid: lead.uuid.map_or_else(|| uuids.at(timestamp_us), uuid::Uuid::into_bytes),
        event: "$snapshot_items",
        distinct_id: &distinct_id,
        client_address: request.client_address,
        properties: &properties(group, lead, first, &distinct_id),
        set: "",
        set_once: "",
        detail: "",
    });
    Ok(())
}

fn properties(group: &Group<'_, '_>, lead: &Item<'_>, first: &Defaults<'_>, distinct_id: &str) -> String {
    let source = match lead.facts.is_mobile {
        Some(true) => "mobile",
        Some(false) => "web",
        None => first.source,
    };
    let library = lead.facts.library.map_or(Cow::Borrowed(&*first.library), |text| text.decode());
    let data_bytes: usize =
        group.items.iter().filter_map(|item| item.facts.data).map(|data| data.raw.len()).sum();
    let mut out = String::with_capacity(data_bytes + 512);
    out.push('{');
    for (key, text) in [
        ("distinct_id", distinct_id),
        ("$session_id", &group.session_id),
        ("$window_id", &group.window_id),
        ("$snapshot_source", source),
        ("$lib", &library),
    ] {
        json::push_key(&mut out, key);
        json::push_string(&mut out, text);
    }
    json::push_key(&mut out, "$snapshot_items");
    out.push('[');
    for data in group.items.iter().filter_map(|item| item.facts.data) {
        let items = match data.kind {
            JsonKind::Array => data.raw[1..data.raw.len() - 1].trim_ascii(),
            _ => data.raw,
        };
        if !items.is_empty() {
            if !out.ends_with('[') {
                out.push(',');
            }
            out.push_str(items);
        }
    }
    out.push_str("]}");
    out
}
