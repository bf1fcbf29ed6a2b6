//! Scripts in browsers.

use crate::context::Lines;
use crate::failure::{Failure, ScriptFailure};
use crate::frame::Frame;
use crate::raw_frame::RawFrame;
use crate::symbols::Symbols;
use crate::text::Text;

use super::{owned, scope_name};

/// A column beyond which code is taken for minified, where its map cannot be found.
const MINIFIED_COLUMN: u32 = 300;
/// Schemes of browsers' extensions: their code is not the page's.
const EXTENSIONS: [&str; 3] = ["webkit-masked-url://", "chrome-extension://", "moz-extension://"];

/// Whether a source is the application's own.
pub fn is_own(source: &str) -> bool {
    !source.contains("node_modules") && !EXTENSIONS.iter().any(|scheme| source.starts_with(scheme))
}

/// Resolves through the script's map.
pub fn resolve<'a>(raw: &RawFrame<'a>, symbols: Option<&Symbols>) -> Frame<'a> {
    let mut frame = Frame::sent(raw, "javascript");
    frame.raw = Some(raw.raw);
    frame.line = None;
    frame.source = path(raw);
    let Some((line, column)) = raw.location() else {
        // Code of the engine itself, or nothing that was minified.
        frame.in_app &= raw.fields.filename.as_deref() != Some("<anonymous>");
        return frame;
    };
    (frame.line, frame.column) = (Some(line), Some(column));
    let failure = match symbols {
        Some(Symbols::Map(map)) => {
            // Lines count from 1 where SDKs send them; columns are taken as they are, which is PostHog's way.
            let Some(location) = line.checked_sub(1).and_then(|line| map.lookup(line, column)) else {
                let name = raw.function().to_string();
                return fail(frame, ScriptFailure::TokenNotFound(name, line, column));
            };
            (frame.line, frame.column) = (Some(location.line), Some(location.column));
            frame.source = location.source.map(owned);
            frame.in_app = frame.source.as_deref().map_or(raw.in_app(), is_own);
            frame.suspicious = frame.source.as_deref().is_some_and(|source| source.contains("posthog-js@"));
            frame.resolved_name = scope_name(&location);
            frame.lines = Lines::mapped(map, &location);
            return frame;
        }
        Some(Symbols::Failed(failure)) => failure.clone(),
        Some(Symbols::Mapping(_) | Symbols::Image(_)) => ScriptFailure::InvalidSourceAndMap.into(),
        None => ScriptFailure::NoUrlOrChunkId.into(),
    };
    match failure {
        Failure::JavaScript(failure) => fail(frame, failure),
        Failure::MissingChunkIdData(id) => fail(frame, ScriptFailure::NoSourcemapUploaded(id)),
        other => fail(frame, ScriptFailure::InvalidSourceMap(other.to_string())),
    }
}

fn fail(mut frame: Frame, failure: ScriptFailure) -> Frame {
    let is_minified = match &failure {
        ScriptFailure::NoSourceUrl | ScriptFailure::NoUrlOrChunkId => false,
        ScriptFailure::NoSourcemap(_) => frame.column > Some(MINIFIED_COLUMN),
        _ => true,
    };
    if is_minified {
        frame.resolved = false;
        frame.resolved_name = None;
    }
    frame.failure = Some(Failure::JavaScript(failure));
    frame
}

/// The path of the script's address.
fn path(raw: &RawFrame) -> Option<Text<'static>> {
    let url = raw.url()?;
    let rest = &url[url.find("://")? + 3..];
    let path = rest.find(['/', '?', '#']).map_or("", |at| &rest[at..]);
    let path = &path[..path.find(['?', '#']).unwrap_or(path.len())];
    Some(owned(if path.is_empty() { "/" } else { path }))
}

impl From<ScriptFailure> for Failure {
    fn from(failure: ScriptFailure) -> Self {
        Self::JavaScript(failure)
    }
}
