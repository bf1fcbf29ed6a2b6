//! Scripts on servers.

use crate::context::{Context, Lines};
use crate::failure::{Failure, ScriptFailure};
use crate::frame::Frame;
use crate::raw_frame::RawFrame;
use crate::symbols::Symbols;

use super::{owned, plain, scope_name};

/// Bytes of a line of context beyond which, on average, code is taken for minified.
const MINIFIED_LINE: usize = 300;

/// Resolves through the map of the frame's chunk; without a chunk the frame is taken as it is.
pub fn resolve<'a>(raw: &RawFrame<'a>, symbols: Option<&Symbols>) -> Frame<'a> {
    let mut frame = Frame::sent(raw, "javascript");
    frame.module.clone_from(&raw.fields.module);
    frame.in_app &= !raw.fields.filename.as_deref().is_some_and(is_dependency);
    frame.lines = plain::lines(raw);
    let (Some((line, column)), Some(symbols)) = (raw.location(), symbols) else { return frame };
    let failure = match symbols {
        Symbols::Map(map) => {
            if let Some(location) = line.checked_sub(1).and_then(|line| map.lookup(line, column)) {
                frame.raw = Some(raw.raw);
                (frame.line, frame.column) = (Some(location.line), Some(location.column));
                frame.source = location.source.map(owned);
                frame.in_app &= !frame.source.as_deref().is_some_and(is_dependency);
                frame.resolved_name = scope_name(&location);
                frame.lines = Lines::mapped(map, &location);
                return frame;
            }
            ScriptFailure::TokenNotFound(raw.function().to_string(), line, column)
        }
        Symbols::Failed(Failure::JavaScript(failure)) => failure.clone(),
        Symbols::Failed(Failure::MissingChunkIdData(id)) => ScriptFailure::NoSourcemapUploaded(id.clone()),
        Symbols::Failed(other) => ScriptFailure::InvalidSourceMap(other.to_string()),
        Symbols::Mapping(_) | Symbols::Image(_) => ScriptFailure::InvalidSourceAndMap,
    };
    frame.raw = Some(raw.raw);
    frame.column = Some(column);
    frame.source = None;
    if matches!(&frame.lines, Lines::Sent(context) if is_minified(context)) {
        frame.resolved = false;
        frame.resolved_name = None;
    }
    frame.failure = Some(failure.into());
    frame
}

/// Installed packages, and the runtime itself.
fn is_dependency(source: &str) -> bool {
    source.contains("node_modules") || source.starts_with("node:")
}

fn is_minified(context: &Context) -> bool {
    let lines = context.before.len() + context.after.len();
    let bytes: usize = context.before.iter().chain(&context.after).map(|line| line.line.len()).sum();
    lines > 0 && bytes > MINIFIED_LINE * lines
}
