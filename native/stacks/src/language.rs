//! From raw frames to resolved ones, a module for each platform that has rules of its own.

mod dart;
mod hermes;
mod java;
mod machine;
mod node;
mod plain;
mod python;
mod web;

pub use dart::{class_of_minified, is_minified};
pub use java::class_of_exception;

use crate::debug_image::DebugImages;
use crate::frame::Frame;
use crate::raw_frame::{Platform, RawFrame};
use crate::source_map::{Location, Scope};
use crate::symbols::{Need, Symbols};
use crate::text::Text;

/// The symbols that a frame needs, if it needs any.
pub fn need<'a>(raw: &RawFrame<'a>, images: &DebugImages) -> Option<Need<'a>> {
    let fields = &raw.fields;
    match raw.platform {
        Platform::Web => {
            let url = raw.url().map(|url| Text::from(url.to_owned()));
            let chunk_id = fields.chunk_id.clone();
            let is_there = raw.location().is_some() && (url.is_some() || chunk_id.is_some());
            is_there.then_some(Need::Web { chunk_id, url })
        }
        Platform::Node => raw.location().and(fields.chunk_id.clone()).map(Need::Chunk),
        Platform::Hermes => fields.colno.and(fields.chunk_id.clone()).map(Need::Hermes),
        Platform::Java => fields.map_id.clone().map(Need::Mapping),
        Platform::Apple | Platform::Native if fields.inline != Some(true) => {
            images.place(raw).map(|place| Need::Image(place.debug_id.to_owned().into()))
        }
        _ => None,
    }
}

/// Resolves a frame with the symbols that were found for its need. One frame may become several, outermost first.
pub fn resolve<'a>(
    raw: &RawFrame<'a>,
    need: Option<&Need<'a>>,
    symbols: Option<&Symbols>,
    images: &DebugImages,
) -> Vec<Frame<'a>> {
    let place = images.place(raw);
    let mut frames = match raw.platform {
        Platform::Web => vec![web::resolve(raw, symbols)],
        Platform::Node => vec![node::resolve(raw, symbols)],
        Platform::Hermes => vec![hermes::resolve(raw, symbols)],
        Platform::Python => vec![python::resolve(raw)],
        Platform::Ruby | Platform::Go | Platform::Php | Platform::Dart | Platform::Custom => {
            vec![plain::resolve(raw)]
        }
        Platform::Java => java::resolve(raw, symbols),
        Platform::Apple | Platform::Native => machine::resolve(raw, symbols, place.as_ref()),
    };
    let raw_id = raw.id(place.as_ref());
    let symbol_ref = need.and_then(Need::reference);
    for (part, frame) in frames.iter_mut().enumerate() {
        frame.raw_id = Text::from(raw_id.clone());
        frame.part = part as u32;
        frame.symbol_ref.clone_from(&symbol_ref);
        // The mark of our own code in a page, in what was sent.
        frame.suspicious |= raw.platform == Platform::Web
            && raw.fields.filename.as_ref().is_some_and(|name| name.contains("posthog.com/static/"));
    }
    frames
}

/// The function at a location of a source map.
fn scope_name(location: &Location) -> Option<Text<'static>> {
    match location.scope {
        // Dart's compiler names the halves of its asynchronous functions so; the token has the name.
        Scope::Named(name) if name.starts_with("$async$") => Some(owned(location.name.unwrap_or(name))),
        Scope::Named(name) => Some(owned(name)),
        Scope::Anonymous => Some(Text::from("<anonymous>")),
        Scope::Unknown => None,
    }
}

/// A text out of symbols, without NUL.
fn owned(text: &str) -> Text<'static> {
    if text.contains('\0') { Text::from(text.replace('\0', "\u{fffd}")) } else { Text::from(text.to_owned()) }
}
