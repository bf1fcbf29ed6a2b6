//! Machine code: Apple's systems and others.
//!
//! Frames without an address, and those that the SDK expanded itself, are taken as they are. Others need symbols,
//! which this kernel does not read yet: they fail with the reason that says so, and keep what the SDK knew of them.

use crate::debug_image::{Place, address};
use crate::failure::{Failure, ImageFailure};
use crate::frame::Frame;
use crate::raw_frame::{Platform, RawFrame};
use crate::symbols::Symbols;
use crate::text::Text;

/// Modules of Apple's own.
const APPLE_MODULES: [&str; 14] = [
    "Foundation",
    "CoreFoundation",
    "UIKit",
    "UIKitCore",
    "SwiftUI",
    "SwiftUICore",
    "AppKit",
    "GraphicsServices",
    "dyld",
    "QuartzCore",
    "libsystem_",
    "libdispatch",
    "libswift",
    "libobjc",
];
/// Where the source of others' code lies: Rust's packages and standard library, Go's modules, system headers.
const LIBRARY_PATHS: [&str; 5] =
    ["/.cargo/registry/", "/.cargo/git/", "/rustc/", "/usr/include/", "/go/pkg/mod/"];

/// Takes the frame as it is, or says why it is not resolved.
pub fn resolve<'a>(raw: &RawFrame<'a>, symbols: Option<&Symbols>, place: Option<&Place>) -> Frame<'a> {
    let fields = &raw.fields;
    let mut frame = Frame::sent(raw, lang(raw));
    frame.column = fields.colno;
    frame.module.clone_from(&fields.module);
    frame.in_app &= !is_library(raw);
    frame.raw = Some(raw.raw);
    if fields.instruction_addr.is_none() || fields.inline == Some(true) {
        frame.resolved = fields.function.as_ref().is_some_and(|function| !function.is_empty());
        return frame;
    }
    frame.resolved = false;
    frame.failure = Some(failure(raw, symbols, place));
    frame.source = frame.source.or_else(|| {
        let module = fields.module.as_ref()?;
        let image = fields.image_addr.as_ref();
        Some(image.map_or(module.clone(), |image| Text::from(format!("{} +{}", &**module, &**image))))
    });
    frame
}

fn failure(raw: &RawFrame, symbols: Option<&Symbols>, place: Option<&Place>) -> Failure {
    let is_apple = raw.platform == Platform::Apple;
    let text = raw.fields.instruction_addr.as_deref().unwrap_or_default();
    let failure = match (symbols, place) {
        (Some(Symbols::Failed(Failure::MissingChunkIdData(id))), _) if is_apple => {
            ImageFailure::MissingDsym(id.clone())
        }
        (Some(Symbols::Failed(Failure::MissingChunkIdData(id))), _) => {
            ImageFailure::MissingSymbolSet(id.clone())
        }
        (Some(Symbols::Failed(failure)), _) => return failure.clone(),
        _ if address(text).is_none() => ImageFailure::InvalidAddress(text.to_owned()),
        (_, None) => ImageFailure::NoMatchingDebugImage,
        (None, Some(place)) if is_apple => ImageFailure::MissingDsym(place.debug_id.to_owned()),
        (None, Some(place)) => ImageFailure::MissingSymbolSet(place.debug_id.to_owned()),
        (Some(_), Some(_)) => ImageFailure::ParseError("symbols of machine code are not read".into()),
    };
    if is_apple { Failure::Apple(failure) } else { Failure::Native(failure) }
}

fn is_library(raw: &RawFrame) -> bool {
    if raw.platform == Platform::Apple {
        let module = raw.fields.module.as_deref().unwrap_or_default();
        return APPLE_MODULES
            .iter()
            .any(|name| module == *name || name.starts_with("lib") && module.starts_with(name));
    }
    let path = raw.fields.filename.as_deref().unwrap_or_default();
    LIBRARY_PATHS.iter().any(|part| path.contains(part))
}

/// The language by the file's ending, else as it was sent.
fn lang<'a>(raw: &RawFrame<'a>) -> Text<'a> {
    let ending =
        raw.fields.filename.as_deref().and_then(|name| name.rsplit_once('.')).map(|(_, ending)| ending);
    let by_ending = match ending {
        Some("swift") => Some("swift"),
        Some("m" | "mm") => Some("objective-c"),
        Some("c" | "h") => Some("c"),
        Some("cc" | "cpp" | "cxx" | "hpp") => Some("cpp"),
        Some("rs") => Some("rust"),
        Some("go") => Some("go"),
        Some("zig") => Some("zig"),
        _ => None,
    };
    let unknown = if raw.platform == Platform::Apple { "swift" } else { "native" };
    by_ending.map(Text::from).or_else(|| raw.fields.lang.clone()).unwrap_or_else(|| Text::from(unknown))
}
