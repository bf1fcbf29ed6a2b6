//! Asking the wire something, as an SDK would, and reading what it kept.
#![allow(dead_code, reason = "each test binary uses its own part")]

use record::{Flags, Kind, Record, Records, Source};
use wire::{Answer, Headers, Lane, Limits, Project, Projects, Quotas, Request, Route, accept};

pub const NOW_US: i64 = 1_758_110_400_000_000; // 2025-09-17T12:00:00Z
pub const ADDRESS: &str = "203.0.113.7";
pub const REQUEST_ID: &str = "01890C2E-0000-7000-8000-00000000abcd";

/// Project 1 is `phc_a`, 2 is `phc_b`; `phc_over_<n>` has used up the quotas of mask n.
pub fn projects() -> Projects {
    let plain = [("phc_a", 1, 0), ("phc_b", 2, 0)];
    let over = [1_u8, 2, 4, 8, 16, 32, 63];
    let rows = plain.iter().map(|(token, id, mask)| ((*token).to_owned(), *id, *mask));
    let over = over.iter().map(|mask| (format!("phc_over_{mask}"), 100 + u32::from(*mask), *mask));
    Projects::new(rows.chain(over).map(|(token, id, mask)| (token, Project { id, exceeded: Quotas(mask) })))
}

pub fn at(text: &str) -> i64 {
    text.parse::<jiff::Timestamp>().unwrap().as_microsecond()
}

/// A request under construction.
pub struct Ask<'a> {
    pub route: Route,
    pub query: &'a str,
    pub headers: Headers<'a>,
    pub body: Vec<u8>,
    pub limits: Limits,
}

pub fn post(route: Route, body: impl Into<Vec<u8>>) -> Ask<'static> {
    Ask { route, query: "", headers: Headers::default(), body: body.into(), limits: Limits::default() }
}

/// A v1 request with good headers.
pub fn post_v1(body: impl Into<Vec<u8>>) -> Ask<'static> {
    let headers = Headers {
        content_type: Some("application/json; charset=utf-8"),
        user_agent: Some("posthog-python/7.0.0"),
        authorization: Some("bearer  phc_a "),
        sdk_info: Some("posthog-python/7.0.0"),
        attempt: Some("1"),
        request_id: Some(REQUEST_ID),
        request_timestamp: Some("2025-09-17T12:00:00Z"),
        content_encoding: None,
    };
    Ask { headers, ..post(Route::V1Events, body) }
}

impl<'a> Ask<'a> {
    pub fn query(self, query: &'a str) -> Self {
        Self { query, ..self }
    }

    pub fn content_type(mut self, value: &'a str) -> Self {
        self.headers.content_type = Some(value);
        self
    }

    pub fn encoding(mut self, value: &'a str) -> Self {
        self.headers.content_encoding = Some(value);
        self
    }

    pub fn headers(mut self, change: impl FnOnce(&mut Headers<'a>)) -> Self {
        change(&mut self.headers);
        self
    }

    pub fn limits(mut self, change: impl FnOnce(&mut Limits)) -> Self {
        change(&mut self.limits);
        self
    }

    pub fn send(self) -> Reply {
        let request = Request {
            route: self.route,
            is_get: false,
            query: self.query,
            headers: self.headers,
            body: &self.body,
            client_address: ADDRESS,
            received_at_us: NOW_US,
        };
        Reply::read(&accept(&request, &projects(), &self.limits))
    }
}

/// An answer and what was kept.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub text: String,
    pub content_type: Option<&'static str>,
    pub headers: Vec<(&'static str, String)>,
    pub lane: Lane,
    pub kept: Vec<Kept>,
    pub dropped: Vec<(&'static str, u32)>,
}

/// A record, owned.
#[derive(Debug, Clone)]
pub struct Kept {
    pub kind: Kind,
    pub source: Source,
    pub flags: Flags,
    pub project_id: u32,
    pub timestamp_us: i64,
    pub sent_at_us: Option<i64>,
    pub uuid: uuid::Uuid,
    pub event: String,
    pub distinct_id: String,
    pub properties: String,
    pub set: String,
    pub set_once: String,
    pub detail: String,
}

impl Reply {
    pub fn read(answer: &Answer) -> Self {
        let records = Records::new(answer.records.bytes());
        let kept: Vec<_> = records.map(|bytes| Kept::read(&Record::read(bytes).unwrap())).collect();
        assert_eq!(kept.len(), answer.records.count());
        Self {
            status: answer.status,
            text: String::from_utf8(answer.body.to_vec()).unwrap(),
            content_type: answer.content_type,
            headers: answer.headers.clone(),
            lane: answer.lane,
            kept,
            dropped: answer.dropped.iter().map(|(reason, count)| (reason.name(), *count)).collect(),
        }
    }

    /// Asserts the v0 success with this many events.
    #[track_caller]
    pub fn is_ok(&self, events: usize) -> &Self {
        assert_eq!((self.status, self.text.as_str()), (200, "{\"status\":\"Ok\"}"));
        assert_eq!(self.content_type, Some("application/json"));
        assert_eq!(self.kept.len(), events);
        self
    }

    /// Asserts a refusal in plain text that starts like this, counted under one reason.
    #[track_caller]
    pub fn is_refused(&self, status: u16, text: &str, reason: &str) {
        assert_eq!(self.status, status, "{}", self.text);
        assert!(self.text.starts_with(text), "{}", self.text);
        assert_eq!(self.content_type, Some("text/plain; charset=utf-8"));
        assert!(self.kept.is_empty());
        assert_eq!(self.dropped, [(reason, 1)]);
    }

    /// The only record.
    #[track_caller]
    pub fn one(&self) -> &Kept {
        assert_eq!((self.status, self.kept.len()), (200, 1), "{}", self.text);
        &self.kept[0]
    }
}

impl Kept {
    fn read(record: &Record<'_>) -> Self {
        assert_eq!(record.received_at_us, NOW_US);
        if record.kind != Kind::Warning {
            assert_eq!(record.client_address, ADDRESS);
        }
        Self {
            kind: record.kind,
            source: record.source,
            flags: record.flags,
            project_id: record.project_id,
            timestamp_us: record.timestamp_us,
            sent_at_us: record.sent_at_us,
            uuid: uuid::Uuid::from_bytes(record.uuid),
            event: record.event.to_owned(),
            distinct_id: record.distinct_id.to_owned(),
            properties: record.properties.to_owned(),
            set: record.set.to_owned(),
            set_once: record.set_once.to_owned(),
            detail: record.detail.to_owned(),
        }
    }
}

pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub fn base64(bytes: impl AsRef<[u8]>) -> String {
    use base64::Engine;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

/// What `encodeURIComponent` makes of base64.
pub fn percent(text: &str) -> String {
    text.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D")
}
