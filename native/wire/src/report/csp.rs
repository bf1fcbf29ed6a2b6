//! Violations of a Content Security Policy to `$csp_violation`.

use serde_json::Value;

use super::{ReportEvent, Visit, member, put};

/// What we call a fact, and what the two kinds of report call it; the first name that says something counts.
const FACTS: [(&str, &[&str]); 12] = [
    ("$csp_document_url", &["documentURL", "document-uri"]),
    ("$csp_referrer", &["referrer"]),
    ("$csp_violated_directive", &["violated-directive", "effectiveDirective"]),
    ("$csp_effective_directive", &["effectiveDirective", "effective-directive"]),
    ("$csp_original_policy", &["originalPolicy", "original-policy"]),
    ("$csp_disposition", &["disposition"]),
    ("$csp_blocked_url", &["blockedURL", "blocked-uri"]),
    ("$csp_line_number", &["lineNumber", "line-number"]),
    ("$csp_column_number", &["columnNumber", "column-number"]),
    ("$csp_source_file", &["sourceFile", "source-file"]),
    ("$csp_status_code", &["statusCode", "status-code"]),
    ("$csp_script_sample", &["sample", "script-sample"]),
];
/// Where a report holds text of the page's own scripts.
const SAMPLES: [&str; 2] = ["sample", "script-sample"];

/// The event of a report. Script samples are escaped wherever they stand: they are written by attackers.
pub(super) fn event(mut report: Value, is_legacy: bool, visit: &Visit) -> ReportEvent {
    let body_key = if is_legacy { "csp-report" } else { "body" };
    for sample in SAMPLES {
        let place = report.get_mut(body_key).and_then(|body| body.get_mut(sample));
        if let Some(Value::String(text)) = place {
            *text = escape(text);
        }
    }
    let body = member(&report, body_key);
    let fact = |names: &[&str]| {
        let mut told = names.iter().map(|name| member(body, name));
        told.find(|value| !is_blank(value)).cloned().unwrap_or(Value::Null)
    };
    let mut document_url = fact(FACTS[0].1);
    if document_url.is_null() {
        document_url = member(&report, "url").clone();
    }
    let mut properties = visit.properties(&document_url, visit.user_agent.as_deref());
    properties.insert("$csp_version".to_owned(), visit.version.clone().into());
    properties.insert("$csp_report_type".to_owned(), "csp-violation".into());
    for (key, names) in FACTS {
        put(&mut properties, key, &fact(names));
    }
    put(&mut properties, "$csp_document_url", &document_url);
    let user_agent = [member(&report, "user_agent"), member(body, "user-agent")];
    if let Some(user_agent) = user_agent.into_iter().find(|value| !is_blank(value)) {
        put(&mut properties, "$csp_user_agent", user_agent);
    }
    properties.insert("$csp_raw_report".to_owned(), report);
    ReportEvent { name: "$csp_violation", properties, age_us: 0 }
}

fn is_blank(value: &Value) -> bool {
    value.is_null() || value.as_str() == Some("")
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#x27;"),
            other => out.push(other),
        }
    }
    out
}
