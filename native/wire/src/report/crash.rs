//! Crashes of a page to `$browser_crash_report`.
//!
//! The address of a crashed page may be one that grants access, such as a password reset. Its query is therefore
//! not stored, and parts of its path that look like tokens are replaced.

use serde_json::Value;

use super::{ReportEvent, Visit, member, put};

/// Browsers deliver a crash on the next visit; older ages than this are not believed.
const AGE_MS_MAX: f64 = 7.0 * 24.0 * 3600.0 * 1000.0;
/// Parts of a path this long, with a digit among their characters, look like tokens.
const TOKEN_CHARACTERS_MIN: usize = 16;

pub(super) fn event(mut report: Value, visit: &Visit) -> ReportEvent {
    let address = member(&report, "url").as_str().filter(|url| !url.is_empty());
    let address = address.map_or(Value::Null, |url| redacted(url).into());
    if let Some(members) = report.as_object_mut() {
        members.insert("url".to_owned(), address.clone());
    }
    let age = member(&report, "age").as_f64().filter(|age| (0.0..=AGE_MS_MAX).contains(age));
    let user_agent = member(&report, "user_agent").as_str().or(visit.user_agent.as_deref());
    let mut properties = visit.properties(&address, user_agent);
    let body = member(&report, "body");
    let reason = member(body, "reason").as_str().filter(|reason| !reason.is_empty());
    properties.insert("$browser_crash_reason".to_owned(), reason.unwrap_or("unknown").into());
    for (key, value) in [
        ("$browser_crash_id", member(body, "crashId")),
        ("$browser_crash_is_top_level", member(body, "is_top_level")),
        ("$browser_crash_visibility_state", member(body, "visibility_state")),
        ("$browser_crash_age_ms", member(&report, "age")),
        ("$browser_crash_document_url", &address),
        ("$browser_crash_user_agent", member(&report, "user_agent")),
    ] {
        put(&mut properties, key, value);
    }
    properties.insert("$browser_crash_raw_report".to_owned(), report);
    ReportEvent { name: "$browser_crash_report", properties, age_us: (age.unwrap_or(0.0) * 1000.0) as i64 }
}

/// An address without query, fragment and user, its path without tokens.
fn redacted(url: &str) -> String {
    let url = &url[..url.find(['?', '#']).unwrap_or(url.len())];
    let (origin, path) = match url.find("://") {
        None => ("", url),
        Some(scheme) => {
            let authority = scheme + 3;
            url.split_at(url[authority..].find('/').map_or(url.len(), |slash| authority + slash))
        }
    };
    let path: Vec<_> = path.split('/').map(|part| if is_token(part) { "<redacted>" } else { part }).collect();
    without_user(origin) + &path.join("/")
}

fn without_user(origin: &str) -> String {
    match (origin.find("://"), origin.rfind('@')) {
        (Some(scheme), Some(user)) if user > scheme => {
            format!("{}{}", &origin[..scheme + 3], &origin[user + 1..])
        }
        _ => origin.to_owned(),
    }
}

fn is_token(part: &str) -> bool {
    part.len() >= TOKEN_CHARACTERS_MIN
        && part.bytes().any(|byte| byte.is_ascii_digit())
        && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.~-".contains(&byte))
}
