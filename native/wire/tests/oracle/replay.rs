//! Session recordings, told slowly.

use serde_json::Value;
use serde_json::value::RawValue;

use super::v0::{Model, token_fault};
use super::{Expected, exceeded};

pub fn expect(text: &str) -> Expected {
    judge(text).unwrap_or_else(|refused| refused)
}

fn judge(text: &str) -> Result<Expected, Expected> {
    let items: Vec<Box<RawValue>> =
        serde_json::from_str(text).or_else(|_| serde_json::from_str(&format!("[{text}]"))).unwrap();
    let parsing = |_| Expected::Refused(400, "failed to parse request: ");
    let items = items.iter().map(|item| Model::read(item.get()).map(|(model, _)| model));
    let items = items.collect::<Result<Vec<_>, _>>().map_err(parsing)?;
    let Some(first) = items.first() else {
        return Err(Expected::Refused(400, "request holds no event"));
    };
    let token = first.any_token().ok_or(Expected::Refused(401, "event submitted without an api_key"))?;
    token_fault(&token).map_or(Ok(()), Err)?;
    if exceeded(token.trim()).is_some_and(|mask| mask & 16 != 0) {
        return Ok(Expected::Recorded(Vec::new()));
    }
    let first_session =
        session(first)?.ok_or(Expected::Refused(400, "replay event submitted without session id"))?;
    let mut groups: Vec<(String, String, Value)> = Vec::new();
    let mut leads = Vec::new();
    for item in &items {
        let data = match item.property("$snapshot_data") {
            Some(Value::Array(items)) => items,
            Some(object @ Value::Object(_)) => vec![object],
            _ => return Err(Expected::Refused(400, "replay event submitted without snapshot data")),
        };
        if item.property("$cookieless_mode").is_some_and(|mode| !mode.is_boolean()) {
            return Err(Expected::Refused(400, "event submitted with invalid cookieless mode"));
        }
        let session = session(item)?.unwrap_or_else(|| first_session.clone());
        let window = |item: &Model| item.property("$window_id")?.as_str().map(str::to_owned);
        let inherited = if session == first_session { window(first) } else { None };
        let window = window(item).or(inherited).unwrap_or_else(|| session.clone());
        let known = groups.iter_mut().find(|(known, other, _)| *known == session && *other == window);
        if let Some((_, _, items)) = known {
            items.as_array_mut().unwrap().extend(data);
        } else {
            groups.push((session, window, data.into()));
            leads.push(item);
        }
    }
    let silent = |item: &Model| {
        item.distinct_id.is_null() && item.property("distinct_id").is_none_or(|id| id.is_null())
    };
    let nobody = |item: &&Model| item.id().is_none() && !silent(item);
    if first.id().is_none() || leads.iter().any(nobody) {
        return Err(Expected::Refused(400, "event submitted without a distinct_id"));
    }
    Ok(Expected::Recorded(groups))
}

fn session(item: &Model) -> Result<Option<String>, Expected> {
    match item.property("$session_id") {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(id))
            if (1..=70).contains(&id.len()) && id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') =>
        {
            Ok(Some(id))
        }
        Some(_) => Err(Expected::Refused(400, "replay event has invalid session id")),
    }
}
