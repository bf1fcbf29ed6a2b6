//! React Native's engine, whose bundle is one line of bytecode.

use crate::context::Lines;
use crate::failure::{Failure, HermesFailure};
use crate::frame::Frame;
use crate::raw_frame::RawFrame;
use crate::source_map::Scope;
use crate::symbols::Symbols;

use super::{owned, web};

/// Resolves through the map of the frame's chunk.
pub fn resolve<'a>(raw: &RawFrame<'a>, symbols: Option<&Symbols>) -> Frame<'a> {
    let mut frame = Frame::sent(raw, "javascript");
    frame.raw = Some(raw.raw);
    frame.line = None;
    let Some(chunk_id) = raw.fields.chunk_id.as_deref() else {
        return fail(frame, raw, HermesFailure::NoChunkId);
    };
    let Some(column) = raw.fields.colno else {
        frame.in_app &= raw.fields.filename.as_deref() != Some("<anonymous>");
        return frame;
    };
    let failure = match symbols {
        Some(Symbols::Map(map)) => {
            let Some(location) = map.lookup(0, column) else {
                return fail(frame, raw, HermesFailure::NoTokenForColumn(column, chunk_id.to_owned()));
            };
            (frame.line, frame.column) = (Some(location.line), Some(location.column));
            frame.source = location.source.map(owned);
            frame.in_app = frame.source.as_deref().map_or(raw.in_app(), web::is_own);
            frame.resolved_name = match location.scope {
                Scope::Named(name) => Some(owned(name)),
                Scope::Anonymous | Scope::Unknown => None,
            };
            frame.lines = Lines::mapped(map, &location);
            return frame;
        }
        Some(Symbols::Failed(Failure::Hermes(failure))) => failure.clone(),
        Some(Symbols::Failed(Failure::MissingChunkIdData(id))) => {
            HermesFailure::NoSourcemapUploaded(id.clone())
        }
        Some(Symbols::Failed(other)) => HermesFailure::InvalidMap(other.to_string()),
        Some(Symbols::Mapping(_) | Symbols::Image(_)) => {
            HermesFailure::InvalidMap("the symbols are those of another language".into())
        }
        None => HermesFailure::NoSourcemapUploaded(chunk_id.to_owned()),
    };
    fail(frame, raw, failure)
}

fn fail<'a>(mut frame: Frame<'a>, raw: &RawFrame<'a>, failure: HermesFailure) -> Frame<'a> {
    (frame.line, frame.column) = (Some(1), raw.fields.colno);
    frame.resolved = false;
    frame.resolved_name = None;
    frame.failure = Some(Failure::Hermes(failure));
    frame
}
