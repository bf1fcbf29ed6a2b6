//! Machine code: Apple's systems and others.

use crate::context::{CONTEXT_LINES, Context, ContextLine};
use crate::debug_image::{Place, address};
use crate::failure::{Failure, ImageFailure};
use crate::frame::Frame;
use crate::image::{Image, Symbol, demangled};
use crate::raw_frame::{Platform, RawFrame};
use crate::symbols::Symbols;
use crate::text::Text;

use super::owned;

/// How the names of Apple's own modules begin.
#[rustfmt::skip]
const APPLE_MODULES: [&str; 36] = [
    "AVFoundation", "AppKit", "AttributeGraph", "BackBoardServices", "BaseBoard", "CFNetwork", "Combine", "CoreData",
    "CoreFoundation", "CoreGraphics", "CoreLocation", "Foundation", "FrontBoardServices", "GraphicsServices", "IOKit",
    "Metal", "MetalKit", "QuartzCore", "Security", "SpringBoardServices", "SwiftUI", "SwiftUICore", "UIFoundation",
    "UIKit", "UIKitCore", "UIKitServices", "UpdateCycle", "WebKit", "dyld", "libdispatch", "libdyld", "libobjc",
    "libswift", "libsystem_", "libxpc", "libc++",
];
/// Where packages and the standard library of Rust lie.
const LIBRARY_PATHS: [&str; 6] = [
    "/cargo/registry/src/",
    ".cargo/registry/src/",
    "/registry/src/index.crates.io-",
    "/cargo/git/checkouts/",
    ".cargo/git/checkouts/",
    "/rustlib/src/rust/library/",
];

/// Resolves through the image's symbols, which may make several frames of one. Frames of others than Apple's without
/// an address, and those that the SDK expanded itself, are taken as they are.
pub fn resolve<'a>(raw: &RawFrame<'a>, symbols: Option<&Symbols>, place: Option<&Place>) -> Vec<Frame<'a>> {
    let fields = &raw.fields;
    let mut frame = Frame::sent(raw, lang(raw, fields.filename.as_deref()));
    frame.column = fields.colno;
    frame.module.clone_from(&fields.module);
    frame.in_app &= !is_library(raw, fields.filename.as_deref());
    frame.raw = Some(raw.raw);
    if raw.platform == Platform::Native && (fields.instruction_addr.is_none() || fields.inline == Some(true))
    {
        frame.resolved = fields.function.is_some();
        return vec![frame];
    }
    let failure = match (symbols, place) {
        (Some(Symbols::Image(image)), Some(place)) => {
            // Addresses of callers are those behind the call: one less is in the call, and in the same function.
            let address = place.offset.saturating_sub(1);
            let found = image.lookup(address);
            if !found.is_empty() {
                return found.iter().map(|symbol| resolved(&frame, raw, image, symbol)).collect();
            }
            of_platform(raw, ImageFailure::SymbolNotFound(address))
        }
        _ => failure(raw, symbols, place),
    };
    frame.resolved = false;
    frame.failure = Some(failure);
    frame.resolved_name =
        fields.function.as_deref().filter(|name| !name.is_empty()).map(|name| owned(&demangled(name)));
    frame.source = frame.source.or_else(|| {
        let module = fields.module.as_ref()?;
        let image = fields.image_addr.as_ref();
        Some(image.map_or(module.clone(), |image| Text::from(format!("{} +{}", &**module, &**image))))
    });
    vec![frame]
}

fn resolved<'a>(frame: &Frame<'a>, raw: &RawFrame<'a>, image: &Image, symbol: &Symbol) -> Frame<'a> {
    let mut frame = frame.clone();
    let path = symbol.path.as_deref();
    let name = path.and_then(|path| path.rsplit(['/', '\\']).next()).filter(|name| !name.is_empty());
    frame.mangled_name = owned(&symbol.full_name);
    frame.resolved_name = Some(owned(&symbol.name));
    (frame.line, frame.column) = (symbol.line, None);
    frame.source = name.map(owned);
    frame.in_app = raw.in_app() && !is_library(raw, path);
    frame.lang = lang(raw, name);
    frame.lines = path.and_then(|path| image.source(path)).and_then(|text| context(text, symbol.line)).into();
    frame
}

/// The lines around one, which counts from 1; the first if it is not known.
fn context(text: &str, line: Option<u32>) -> Option<Context> {
    let at = line.unwrap_or(1).saturating_sub(1) as usize;
    let first = at.saturating_sub(CONTEXT_LINES + 1);
    let mut lines = (1..).zip(text.lines()).skip(first).map(|(number, line)| ContextLine::new(number, line));
    let before = lines.by_ref().take(at - first).collect();
    Some(Context { before, line: lines.next()?, after: lines.take(CONTEXT_LINES).collect() })
}

fn of_platform(raw: &RawFrame, failure: ImageFailure) -> Failure {
    if raw.platform == Platform::Apple { Failure::Apple(failure) } else { Failure::Native(failure) }
}

fn failure(raw: &RawFrame, symbols: Option<&Symbols>, place: Option<&Place>) -> Failure {
    let missing = |id: &str| {
        let id = id.to_owned();
        if raw.platform == Platform::Apple {
            ImageFailure::MissingDsym(id)
        } else {
            ImageFailure::MissingSymbolSet(id)
        }
    };
    let failure = match (symbols, place) {
        (Some(Symbols::Failed(Failure::MissingChunkIdData(id))), _) => missing(id),
        (Some(Symbols::Failed(failure)), _) => return failure.clone(),
        (_, place) => match raw.fields.instruction_addr.as_deref() {
            None => ImageFailure::InvalidAddress("missing instruction_addr".into()),
            Some(text) if address(text).is_none() => ImageFailure::InvalidAddress(text.to_owned()),
            Some(_) => place.map_or(ImageFailure::NoMatchingDebugImage, |place| missing(place.debug_id)),
        },
    };
    of_platform(raw, failure)
}

/// Whether a frame is of the system or of a package, by its module or its file.
fn is_library(raw: &RawFrame, path: Option<&str>) -> bool {
    let path = path.unwrap_or_default().replace('\\', "/");
    if raw.platform == Platform::Apple {
        let module = raw.fields.module.as_deref().unwrap_or_default();
        let is_compose =
            ["/kotlin/androidx/compose/", "/kotlin/org/jetbrains/compose/"].map(|part| path.contains(part));
        return APPLE_MODULES.iter().any(|name| module.starts_with(name))
            || path == "<compiler-generated>"
            || is_compose.contains(&true);
    }
    let is_commit = |rest: &str| {
        let folder = rest.split('/').next().unwrap_or_default();
        folder.len() >= 7 && folder.bytes().all(|byte| byte.is_ascii_hexdigit())
    };
    let is_standard = |name: &&str| path.starts_with(&format!("library/{name}/src/"));
    LIBRARY_PATHS.iter().any(|part| path.contains(part))
        || path.split("/rustc/").skip(1).any(is_commit)
        || ["std", "core", "alloc", "proc_macro", "test"].iter().any(is_standard)
}

/// The language by a file's ending, else as it was sent.
fn lang<'a>(raw: &RawFrame<'a>, name: Option<&str>) -> Text<'a> {
    let ending = name.and_then(|name| name.rsplit('.').next()).unwrap_or_default();
    if raw.platform == Platform::Apple {
        return Text::from(match ending {
            "kt" | "kts" => "kotlin",
            "m" => "objectivec",
            "mm" => "objectivecpp",
            "c" | "h" => "c",
            "cpp" | "cc" | "cxx" => "cpp",
            _ => "swift",
        });
    }
    Text::from(match ending {
        "rs" => "rust",
        "go" => "go",
        "c" | "h" => "c",
        "cpp" | "cc" | "cxx" | "hpp" | "hh" | "hxx" => "cpp",
        "swift" => "swift",
        "m" => "objectivec",
        _ => return raw.fields.lang.clone().unwrap_or_else(|| Text::from("native")),
    })
}
