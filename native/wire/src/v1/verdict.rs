//! The fate of one v1 event.

use std::borrow::Cow;

use record::{Draft, Encoder, Flags, Kind, Source};
use uuid::Uuid;

use super::batch::Event;
use super::envelope::Envelope;
use super::options::Options;
use super::properties::{Content, Held, Written, write};
use crate::timestamp::{self, Clues};
use crate::{DropReason, Project, Request, distinct_id, quota};

const EVENT_NAME_BYTES_MAX: usize = 200;
const DISTINCT_ID_BYTES_MAX: usize = 200;

/// What happened to an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Stored.
    Keep,
    /// Stored, but it will not touch persons.
    KeepPersonless,
    /// Not stored.
    Drop(DropReason),
}

impl Verdict {
    /// Whether a quota dropped it.
    pub fn is_over_quota(self) -> bool {
        use DropReason::{QuotaAll, QuotaEvents, QuotaExceptions, QuotaLlmEvents, QuotaSurveys};
        let Self::Drop(reason) = self else {
            return false;
        };
        matches!(reason, QuotaAll | QuotaEvents | QuotaExceptions | QuotaLlmEvents | QuotaSurveys)
    }
}

/// What all events of a request share.
#[derive(Debug, Clone, Copy)]
pub struct Judge<'a> {
    /// The request.
    pub request: &'a Request<'a>,
    /// Its headers.
    pub envelope: &'a Envelope<'a>,
    /// Its project.
    pub project: Project,
    /// How large an event may be.
    pub event_bytes_max: usize,
}

/// An event that passed every check.
struct Checked<'a> {
    name: Cow<'a, str>,
    distinct_id: Cow<'a, str>,
    timestamp_us: i64,
    options: Options<'a>,
}

impl Judge<'_> {
    /// Checks an event and appends its record if it may be kept. `scratch` is only there to be used again.
    pub fn judge(
        &self,
        event: &Event<'_>,
        is_historical: bool,
        uuid: &Uuid,
        records: &mut Encoder,
        scratch: &mut String,
    ) -> Verdict {
        let checked = match self.check(event) {
            Ok(checked) => checked,
            Err(reason) => return Verdict::Drop(reason),
        };
        let personless = distinct_id::is_illegal(&checked.distinct_id);
        self.write(event, &checked, is_historical, personless, uuid, records, scratch);
        if personless { Verdict::KeepPersonless } else { Verdict::Keep }
    }

    /// The checks in the protocol's order.
    fn check<'a>(&self, event: &Event<'a>) -> Result<Checked<'a>, DropReason> {
        let name = event.name.decode();
        if name == "$performance_event" {
            return Err(DropReason::PerformanceEvent);
        }
        if name.is_empty() {
            return Err(DropReason::MissingEventName);
        }
        if name.len() > EVENT_NAME_BYTES_MAX {
            return Err(DropReason::EventNameTooLong);
        }
        let distinct_id = trim(event.distinct_id.decode());
        if distinct_id.is_empty() {
            return Err(DropReason::MissingDistinctId);
        }
        if distinct_id.len() > DISTINCT_ID_BYTES_MAX {
            return Err(DropReason::DistinctIdTooLarge);
        }
        let timestamp_us = timestamp::parse_rfc3339(&event.timestamp.decode());
        let timestamp_us = timestamp_us.ok_or(DropReason::InvalidEventTimestamp)?;
        if event.properties.is_some_and(|properties| !properties.is_object) {
            return Err(DropReason::MalformedEventProperties);
        }
        let options = Options::read(event.options).ok_or(DropReason::InvalidOptions)?;
        if event.bytes > self.event_bytes_max {
            let ai = super::is_ai(self.request);
            return Err(if ai { DropReason::AiEventTooBig } else { DropReason::EventTooBig });
        }
        let has_product_tour = options.product_tour_id.is_some()
            || event.properties.is_some_and(|properties| properties.has_product_tour);
        if let Some(reason) = quota::over(self.project.exceeded, &name, has_product_tour) {
            return Err(reason);
        }
        let distinct_id = distinct_id::without_nul(distinct_id);
        Ok(Checked { name, distinct_id, timestamp_us, options })
    }

    #[expect(clippy::too_many_arguments, reason = "one call, right above")]
    fn write(
        &self,
        event: &Event<'_>,
        checked: &Checked<'_>,
        is_historical: bool,
        personless: bool,
        uuid: &Uuid,
        records: &mut Encoder,
        scratch: &mut String,
    ) {
        let options = &checked.options;
        let trusted = options.disable_skew_correction == Some(true);
        let sent_at_us = (!trusted).then_some(self.envelope.sent_at_us);
        let clues = Clues {
            timestamp_us: Some(checked.timestamp_us),
            sent_at_us,
            offset_ms: None,
            future_allowed: trusted,
        };
        self.write_properties(event, options, scratch);
        let ai = super::is_ai(self.request);
        let historical = is_historical && !crate::capture::NEVER_HISTORICAL.contains(&&*checked.name);
        records.push(&Draft {
            kind: Kind::Event,
            source: Source::V1,
            flags: Flags(
                u8::from(historical) * Flags::HISTORICAL
                    + u8::from(personless) * Flags::FORCED_PERSONLESS
                    + u8::from(ai) * Flags::AI,
            ),
            project_id: self.project.id,
            received_at_us: self.request.received_at_us,
            timestamp_us: clues.settle(self.request.received_at_us),
            sent_at_us,
            uuid: *uuid.as_bytes(),
            event: &checked.name,
            distinct_id: &checked.distinct_id,
            client_address: self.request.client_address,
            properties: scratch,
            set: "",
            set_once: "",
            detail: "",
        });
    }

    fn write_properties(&self, event: &Event<'_>, options: &Options<'_>, out: &mut String) {
        let session_id = event.session_id.map(|text| text.decode());
        let window_id = event.window_id.map(|text| text.decode());
        let additions = [
            (Written::SessionId, text(session_id.as_deref())),
            (Written::WindowId, text(window_id.as_deref())),
            (Written::CookielessMode, options.cookieless_mode.map(Content::Bool)),
            (Written::IgnoreSentAt, options.disable_skew_correction.map(Content::Bool)),
            (Written::ProductTourId, text(options.product_tour_id.as_deref())),
            (Written::ProcessPersonProfile, options.process_person_profile.map(Content::Bool)),
            (Written::Library, text(self.envelope.library.map(|(name, _)| name))),
            (Written::LibraryVersion, text(self.envelope.library.map(|(_, version)| version))),
        ];
        match &event.properties {
            Some(properties) => write(out, properties.raw, &properties.held, &additions),
            None => write(out, "{}", &Held::default(), &additions),
        }
    }
}

/// A text worth writing.
fn text(text: Option<&str>) -> Option<Content<'_>> {
    text.filter(|text| !text.is_empty()).map(Content::Text)
}

fn trim(text: Cow<'_, str>) -> Cow<'_, str> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
        Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
    }
}
