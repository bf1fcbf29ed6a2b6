//! Answers: what flags came to, written as JSON in the shape that was asked for.

use crate::evaluate::{Evaluated, Known, Outcome, evaluate};
use crate::flag::Flag;
use crate::request::{Request, Shape};
use crate::set::FlagSet;

/// What an answer says about itself.
#[derive(Debug, Clone, Copy)]
pub struct Envelope<'a> {
    /// The project's configuration: members of a JSON object for the top level.
    pub config: Option<&'a str>,
    /// Names the answer.
    pub request_id: &'a str,
    /// When it was given.
    pub now_us: i64,
}

impl FlagSet {
    /// Evaluates a request and writes the answer.
    pub fn answer(&self, request: &Request, known: &Known<'_>, envelope: &Envelope<'_>) -> String {
        write(request.shape, &evaluate(self, request, known, envelope.now_us), envelope)
    }
}

/// An answer in which nothing was evaluated.
pub fn empty(shape: Shape, envelope: &Envelope<'_>) -> String {
    write(shape, &Evaluated { outcomes: Vec::new(), has_errors: false }, envelope)
}

fn write(shape: Shape, evaluated: &Evaluated<'_>, envelope: &Envelope<'_>) -> String {
    let config = envelope.config.and_then(members).unwrap_or("");
    let mut out = String::with_capacity(256 + config.len() + evaluated.outcomes.len() * 320);
    out.push('{');
    let outcomes = &evaluated.outcomes;
    if matches!(shape, Shape::Details | Shape::Values) {
        out.push_str(if evaluated.has_errors {
            r#""errorsWhileComputingFlags":true,"#
        } else {
            r#""errorsWhileComputingFlags":false,"#
        });
    }
    match shape {
        Shape::Details => {
            out.push_str(r#""flags":{"#);
            each(&mut out, outcomes.iter(), |out, (flag, outcome)| details(out, flag, outcome));
            out.push('}');
        }
        Shape::Values => {
            out.push_str(r#""featureFlags":{"#);
            each(&mut out, outcomes.iter(), |out, (flag, outcome)| {
                out.push_str(&flag.texts.key);
                out.push(':');
                value(out, outcome);
            });
            out.push_str(r#"},"featureFlagPayloads":{"#);
            let payloads = outcomes.iter().filter_map(|(flag, outcome)| Some((flag, outcome.payload?)));
            each(&mut out, payloads, |out, (flag, payload)| {
                out.push_str(&flag.texts.key);
                out.push(':');
                out.push_str(payload);
            });
            out.push('}');
        }
        Shape::Enabled => {
            out.push_str(r#""featureFlags":{"#);
            each(&mut out, enabled(outcomes), |out, (flag, outcome)| {
                out.push_str(&flag.texts.key);
                out.push(':');
                value(out, outcome);
            });
            out.push('}');
        }
        Shape::EnabledKeys => {
            out.push_str(r#""featureFlags":["#);
            each(&mut out, enabled(outcomes), |out, (flag, _)| out.push_str(&flag.texts.key));
            out.push(']');
        }
    }
    out.push_str(r#","requestId":"#);
    json::push_string(&mut out, envelope.request_id);
    out.push_str(r#","evaluatedAt":"#);
    push_integer(&mut out, envelope.now_us.div_euclid(1000));
    if !config.is_empty() {
        out.push(',');
        out.push_str(config);
    }
    out.push('}');
    out
}

fn each<T>(out: &mut String, items: impl Iterator<Item = T>, mut write: impl FnMut(&mut String, T)) {
    for (number, item) in items.enumerate() {
        if number > 0 {
            out.push(',');
        }
        write(out, item);
    }
}

fn enabled<'a, 's>(
    outcomes: &'a [(&'s Flag, Outcome<'s>)],
) -> impl Iterator<Item = &'a (&'s Flag, Outcome<'s>)> {
    outcomes.iter().filter(|(_, outcome)| outcome.is_enabled)
}

fn value(out: &mut String, outcome: &Outcome<'_>) {
    match outcome.variant {
        Some(variant) => json::push_string(out, variant),
        None => out.push_str(if outcome.is_enabled { "true" } else { "false" }),
    }
}

fn details(out: &mut String, flag: &Flag, outcome: &Outcome<'_>) {
    out.push_str(&flag.texts.key);
    out.push_str(r#":{"key":"#);
    out.push_str(&flag.texts.key);
    out.push_str(if outcome.is_enabled { r#","enabled":true,"# } else { r#","enabled":false,"# });
    if outcome.failure().is_some() {
        out.push_str(r#""failed":true,"#);
    }
    out.push_str(r#""variant":"#);
    match outcome.variant {
        Some(variant) => json::push_string(out, variant),
        None => out.push_str("null"),
    }
    out.push_str(r#","reason":{"code":""#);
    out.push_str(outcome.reason.code());
    out.push_str(r#"","condition_index":"#);
    match outcome.index {
        Some(index) => push_integer(out, i64::from(index)),
        None => out.push_str("null"),
    }
    out.push_str(r#","description":"#);
    json::push_string(out, &outcome.reason.description(outcome.index));
    out.push_str("},");
    out.push_str(&flag.texts.metadata);
    out.push_str(outcome.payload.unwrap_or("null"));
    out.push_str(flag.texts.metadata_end);
    out.push('}');
}

fn push_integer(out: &mut String, integer: i64) {
    use std::fmt::Write;
    let _ = write!(out, "{integer}");
}

/// What is between the braces of an object.
fn members(object: &str) -> Option<&str> {
    let object = object.trim_ascii();
    object.strip_prefix('{')?.strip_suffix('}').map(str::trim_ascii)
}
