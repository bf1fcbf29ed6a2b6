//! Java and Kotlin, whose names may be obfuscated.

use crate::failure::{Failure, ProguardFailure};
use crate::frame::Frame;
use crate::mapping::Remapped;
use crate::raw_frame::RawFrame;
use crate::symbols::Symbols;

use super::owned;

/// Resolves through the app's mapping, which may make several frames of one.
pub fn resolve<'a>(raw: &RawFrame<'a>, symbols: Option<&Symbols>) -> Vec<Frame<'a>> {
    let mut frame = Frame::sent(raw, "java");
    frame.raw = Some(raw.raw);
    frame.module.clone_from(&raw.fields.module);
    let fields = &raw.fields;
    let failure = match symbols {
        Some(Symbols::Mapping(mapping)) => {
            let class = fields.module.as_deref().unwrap_or_default();
            let remapped = mapping.remap(class, &raw.function(), fields.lineno, fields.filename.as_deref());
            if !remapped.is_empty() {
                return remapped.iter().map(|one| remap(&frame, raw, one)).collect();
            }
            ProguardFailure::NoOriginalFrames
        }
        Some(Symbols::Failed(Failure::Proguard(failure))) => failure.clone(),
        Some(Symbols::Failed(Failure::MissingChunkIdData(id))) => ProguardFailure::MissingMap(id.clone()),
        Some(Symbols::Failed(_) | Symbols::Map(_) | Symbols::Image(_)) => ProguardFailure::InvalidMapping,
        None => match &fields.map_id {
            Some(id) => ProguardFailure::MissingMap(id.to_string()),
            None => ProguardFailure::NoMapId,
        },
    };
    frame.resolved = false;
    frame.resolved_name = None;
    frame.failure = Some(Failure::Proguard(failure));
    vec![frame]
}

fn remap<'a>(frame: &Frame<'a>, raw: &RawFrame<'a>, to: &Remapped) -> Frame<'a> {
    let mut frame = frame.clone();
    frame.line = Some(to.line.unwrap_or(0));
    frame.source = to.file.as_deref().map(owned);
    frame.resolved_name = Some(owned(&to.method));
    frame.module = Some(owned(&to.class));
    frame.in_app |= is_of_app(raw, &to.class);
    frame
}

/// Whether a class is the app's, whose id stands in front of the mapping's: an SDK that sees obfuscated names only
/// cannot know.
fn is_of_app(raw: &RawFrame, class: &str) -> bool {
    let app = raw.fields.map_id.as_deref().and_then(|id| id.split_once('@')).map_or("", |(app, _)| app);
    let rest = if app.is_empty() { None } else { class.strip_prefix(app) };
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// The package and class that an exception's obfuscated ones stand for, by the mapping of its first frame.
pub fn class_of_exception(symbols: &Symbols, module: &str, class: &str) -> Option<(String, String)> {
    let Symbols::Mapping(mapping) = symbols else { return None };
    let original = mapping.class(&format!("{module}.{class}"))?;
    let (module, class) = original.rsplit_once('.')?;
    Some((module.to_owned(), class.to_owned()))
}
