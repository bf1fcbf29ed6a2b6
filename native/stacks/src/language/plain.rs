//! Platforms whose frames say everything themselves.

use crate::context::{Context, Lines};
use crate::frame::Frame;
use crate::raw_frame::{Platform, RawFrame};
use crate::text::Text;

/// Lines of context taken from frames of platforms that nobody knows.
const CUSTOM_LINES_MAX: usize = 10;

/// Takes the frame as it is.
pub fn resolve<'a>(raw: &RawFrame<'a>) -> Frame<'a> {
    let fields = &raw.fields;
    let mut frame = Frame::sent(raw, lang(raw));
    match raw.platform {
        Platform::Php => {
            frame.mangled_name = fields.function.clone().unwrap_or_else(|| Text::from("<unknown>"));
            frame.lines = lines(raw);
        }
        Platform::Dart => {
            frame.source.clone_from(&fields.abs_path);
            frame.resolved_name = Some(raw.function());
            frame.column = fields.colno;
            frame.raw = Some(raw.raw);
        }
        Platform::Custom => {
            frame.column = fields.colno;
            frame.module.clone_from(&fields.module);
            frame.resolved = fields.resolved.unwrap_or(false);
            frame.lines = custom_lines(raw);
        }
        Platform::Ruby => frame.lines = lines(raw),
        _ => {}
    }
    frame
}

fn lang<'a>(raw: &RawFrame<'a>) -> Text<'a> {
    match raw.platform {
        Platform::Ruby => Text::from("ruby"),
        Platform::Go => Text::from("go"),
        Platform::Php => Text::from("php"),
        Platform::Dart => Text::from("dart"),
        _ => raw.fields.lang.clone().unwrap_or_default(),
    }
}

/// The lines that were sent along, which stand in the order of the file.
pub fn lines(raw: &RawFrame) -> Lines {
    let fields = &raw.fields;
    let before = fields.pre_context.as_deref().unwrap_or_default();
    let after = fields.post_context.as_deref().unwrap_or_default();
    Context::sent(fields.lineno, fields.context_line.as_ref(), before.iter().rev(), after.iter()).into()
}

/// So for others, whose lines before stand nearest first.
fn custom_lines(raw: &RawFrame) -> Lines {
    let fields = &raw.fields;
    let before = fields.pre_context.as_deref().unwrap_or_default().iter().take(CUSTOM_LINES_MAX);
    let after = fields.post_context.as_deref().unwrap_or_default().iter().take(CUSTOM_LINES_MAX);
    Context::sent(fields.lineno, fields.context_line.as_ref(), before, after).into()
}
