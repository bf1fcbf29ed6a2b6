//! `/report`: what browsers report by themselves, Content Security Policy violations and crashes.
//!
//! The project's token stands in the query, because browsers send reports without headers of ours. Which kind of
//! body it is shows in the body; the content type only decides that a lone object of `application/csp-report`
//! must be a violation. Crash reports are never sampled out: each is a dead tab.

mod crash;
mod csp;

use serde_json::{Map, Value};

use record::{Draft, Encoder, Flags, Kind, Source};

use crate::refusal::Refusal;
use crate::uuid7::Uuid7;
use crate::{Answer, DropReason, Lane, Limits, Projects, Request, answer, bearer, distinct_id, query, quota};

/// Violations and crashes in one request.
const REPORTS_MAX: usize = 500;

/// Takes a report, or a list of them.
pub(crate) fn accept(request: &Request<'_>, projects: &Projects, limits: &Limits) -> Answer {
    judge(request, projects, limits).unwrap_or_else(|refusal| in_json(&refusal))
}

/// An event made of a report.
struct ReportEvent {
    name: &'static str,
    properties: Map<String, Value>,
    /// How long before receipt it happened.
    age_us: i64,
}

/// What the query says of all reports of a request.
struct Visit {
    distinct_id: String,
    session_id: String,
    version: String,
    user_agent: Option<String>,
    sample_rate: f64,
}

/// The order of judgement: token, size, JSON, shape, count, sampling, quota.
fn judge(request: &Request<'_>, projects: &Projects, limits: &Limits) -> Result<Answer, Refusal> {
    let project = bearer::query_project(request, projects)?;
    if request.body.len() > limits.report_body_bytes {
        return Err(Refusal::too_big("report", limits.report_body_bytes));
    }
    let body: Value =
        serde_json::from_slice(request.body).map_err(|_| invalid("Invalid CSP report format"))?;
    let reports = reports(body, is_csp_report(request))?;
    let mut uuids = Uuid7::default();
    let visit = Visit::read(request, &mut uuids);
    let mut answer = Answer::no_content();
    let mut records = Encoder::default();
    let kept = reports.iter().filter(|report| Shape::of(report) != Shape::Other).count();
    if kept > REPORTS_MAX {
        return Err(Refusal::too_big("more reports than fit one request", limits.report_body_bytes));
    }
    for report in reports {
        let event = match Shape::of(&report) {
            Shape::Other => {
                answer.count(DropReason::IgnoredReport, 1);
                continue;
            }
            Shape::Crash => crash::event(report, &visit),
            shape @ (Shape::Violation | Shape::LegacyViolation) => {
                if !visit.samples(&mut uuids, request.received_at_us) {
                    answer.count(DropReason::SampledOut, 1);
                    continue;
                }
                csp::event(report, shape == Shape::LegacyViolation, &visit)
            }
        };
        if let Some(reason) = quota::over(project.exceeded, event.name, false) {
            answer.count(reason, 1);
            continue;
        }
        let timestamp_us = request.received_at_us - event.age_us;
        let properties = Value::Object(event.properties).to_string();
        if properties.len() > limits.event_bytes(request.route) {
            return Err(Refusal::too_big("a report", limits.event_bytes(request.route)));
        }
        records.push(&Draft {
            kind: Kind::Event,
            source: Source::Csp,
            flags: Flags::default(),
            project_id: project.id,
            received_at_us: request.received_at_us,
            timestamp_us,
            sent_at_us: None,
            uuid: uuids.at(timestamp_us),
            event: event.name,
            distinct_id: &visit.distinct_id,
            client_address: request.client_address,
            properties: &properties,
            set: "",
            set_once: "",
            detail: "",
        });
    }
    Ok(answer.with_records(Lane::Events, records))
}

/// What a report is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// `{"csp-report": {…}}`, sent to a `report-uri`.
    LegacyViolation,
    /// `{"type": "csp-violation", "body": {…}}`, sent by the Reporting API.
    Violation,
    /// `{"type": "crash", …}`
    Crash,
    /// A type that is not stored.
    Other,
}

impl Shape {
    fn of(report: &Value) -> Self {
        match report.get("type").and_then(Value::as_str) {
            Some("csp-violation") => Self::Violation,
            Some("crash") => Self::Crash,
            _ if report.get("csp-report").is_some_and(Value::is_object) => Self::LegacyViolation,
            _ => Self::Other,
        }
    }
}

/// The reports of a body. A lone object that is no report at all is an error; in a list it is passed over.
fn reports(body: Value, is_csp_report: bool) -> Result<Vec<Value>, Refusal> {
    match body {
        Value::Array(reports) if !is_csp_report => Ok(reports),
        Value::Object(_) => match Shape::of(&body) {
            Shape::Violation | Shape::LegacyViolation | Shape::Crash => Ok(vec![body]),
            // Another type of report is fine where reports of all types arrive.
            Shape::Other if !is_csp_report && body.get("type").is_some_and(Value::is_string) => {
                Ok(vec![body])
            }
            Shape::Other => Err(invalid("Invalid CSP report properties provided")),
        },
        _ => Err(invalid("Invalid CSP report properties provided")),
    }
}

fn is_csp_report(request: &Request<'_>) -> bool {
    let content_type = request.headers.content_type.unwrap_or_default();
    let (media_type, _) = content_type.split_once(';').unwrap_or((content_type, ""));
    media_type.trim().eq_ignore_ascii_case("application/csp-report")
}

impl Visit {
    fn read(request: &Request<'_>, uuids: &mut Uuid7) -> Self {
        let mut fresh = || uuid::Uuid::from_bytes(uuids.at(request.received_at_us)).to_string();
        let value = |name| query::value(request.query, name);
        let distinct_id = value("distinct_id").and_then(distinct_id::from_text);
        let sample_rate = value("sample_rate").and_then(|rate| rate.trim().parse::<f64>().ok());
        Self {
            distinct_id: distinct_id.map_or_else(&mut fresh, std::borrow::Cow::into_owned),
            session_id: value("session_id").map_or_else(&mut fresh, std::borrow::Cow::into_owned),
            version: value("v").map_or_else(|| "unknown".to_owned(), std::borrow::Cow::into_owned),
            user_agent: request.headers.user_agent.map(str::to_owned),
            sample_rate: sample_rate.filter(|rate| !rate.is_nan()).unwrap_or(1.0),
        }
    }

    /// Whether a report is among those to keep, by the random bits of a fresh uuid.
    fn samples(&self, uuids: &mut Uuid7, now_us: i64) -> bool {
        let mut bits = [0; 4];
        bits.copy_from_slice(&uuids.at(now_us)[12..]);
        f64::from(u32::from_be_bytes(bits)) / 2f64.powi(32) < self.sample_rate
    }

    /// The properties that every event made of a report has.
    fn properties(&self, current_url: &Value, user_agent: Option<&str>) -> Map<String, Value> {
        let mut properties = Map::new();
        properties.insert("$session_id".to_owned(), self.session_id.clone().into());
        put(&mut properties, "$current_url", current_url);
        properties.insert("$process_person_profile".to_owned(), false.into());
        if let Some(user_agent) = user_agent {
            properties.insert("$raw_user_agent".to_owned(), user_agent.into());
        }
        properties
    }
}

/// Sets a property unless there is nothing to say.
fn put(properties: &mut Map<String, Value>, key: &str, value: &Value) {
    if !value.is_null() {
        properties.insert(key.to_owned(), value.clone());
    }
}

/// `value[key]`, or null.
fn member<'a>(value: &'a Value, key: &str) -> &'a Value {
    value.get(key).unwrap_or(&Value::Null)
}

fn invalid(text: &'static str) -> Refusal {
    Refusal::new(400, DropReason::InvalidReport, text)
}

/// Errors in the form of the REST interface.
fn in_json(refusal: &Refusal) -> Answer {
    let (kind, code) = match refusal.status {
        401 => ("authentication_error", "invalid_api_key"),
        413 => ("validation_error", "csp_report_too_large"),
        _ => ("validation_error", "invalid_csp_payload"),
    };
    let body = serde_json::json!({"type": kind, "code": code, "detail": refusal.text, "attr": null});
    Answer::new(refusal.status, Some(answer::JSON), body.to_string().into_bytes())
        .with_dropped(refusal.reason, 1)
}
