//! Events written down, processed and read again.
#![allow(dead_code, reason = "each test takes what it needs")]

#[path = "../fixture/mod.rs"]
pub mod fixture;

use std::sync::Arc;

use serde_json::{Value, json};
use stacks::source_map::compile;
use stacks::{Event, Failure, Outcome, ScriptFailure, SourceMap, Symbols};
use uuid::Uuid;

pub const CHUNK: &str = "0197e2a0-0000-7000-8000-000000000001";

pub fn bundle() -> Symbols {
    let compiled = compile(fixture::CODE, &fixture::map()).expect("the map compiles");
    Symbols::Map(Arc::new(SourceMap::from_bytes(compiled.bytes).expect("what was compiled opens")))
}

pub fn written(properties: &Value, symbols: &[Symbols]) -> Value {
    let properties = properties.to_string();
    let event = Event::read(&properties).expect("the event is valid").resolve(symbols, Uuid::nil(), 1);
    let prints = event.fingerprints();
    let outcome = Outcome { fingerprint: prints.first(), issue_id: Some("the issue"), release: None };
    serde_json::from_str(&event.write(&outcome)).expect("what is written is JSON")
}

pub fn exceptions(list: &Value) -> Value {
    written(&json!({"$exception_list": list}), &[])
}

pub fn stack(frames: &Value) -> Value {
    json!([{"type": "E", "value": "v", "stacktrace": {"type": "raw", "frames": frames}}])
}

/// The frame that one becomes.
pub fn frame(raw: &Value, symbols: &[Symbols]) -> Value {
    let event = written(&json!({"$exception_list": stack(&json!([raw]))}), symbols);
    event["$exception_list"][0]["stacktrace"]["frames"][0].clone()
}

pub fn failed(failure: ScriptFailure) -> [Symbols; 1] {
    [Symbols::Failed(Failure::JavaScript(failure))]
}

pub fn reason(properties: &Value) -> String {
    Event::read(&properties.to_string()).expect_err("the event is invalid").to_string()
}
