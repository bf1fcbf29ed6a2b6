//! The lines of source around a frame.

use serde::Serialize;

use crate::text::Text;

/// Characters of a line that are kept.
pub const LINE_CHARACTERS_MAX: usize = 300;
/// What stands behind a line that was cut.
const CUT: &str = "...✂️";

/// A line of source and its neighbours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Context {
    /// Lines before it. SDKs' lines stand nearest first, a source map's in the order of the file.
    pub before: Vec<ContextLine>,
    /// The line itself.
    pub line: ContextLine,
    /// Lines after it.
    pub after: Vec<ContextLine>,
}

/// One line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ContextLine {
    /// Its number, beginning with 1.
    pub number: u32,
    /// Its text, cut to [`LINE_CHARACTERS_MAX`].
    pub line: String,
}

impl ContextLine {
    /// A line, cut if it is long. NUL is not kept, as nowhere.
    pub fn new(number: u32, text: impl AsRef<str>) -> Self {
        let text = text.as_ref();
        let mut line = match text.char_indices().nth(LINE_CHARACTERS_MAX) {
            Some((end, _)) => [&text[..end], CUT].concat(),
            None => text.to_owned(),
        };
        if line.contains('\0') {
            line = line.replace('\0', "\u{fffd}");
        }
        Self { number, line }
    }
}

impl Context {
    /// What an SDK sent along: the line, those before it nearest first, and those after it.
    pub fn sent<'l, 't: 'l>(
        number: Option<u32>,
        line: Option<&Text<'t>>,
        before: impl Iterator<Item = &'l Text<'t>>,
        after: impl Iterator<Item = &'l Text<'t>>,
    ) -> Option<Self> {
        let (number, line) = (number?, line?);
        Some(Self {
            before: (1..)
                .zip(before)
                .map(|(by, line)| ContextLine::new(number.saturating_sub(by), line))
                .collect(),
            line: ContextLine::new(number, line),
            after: (1..)
                .zip(after)
                .map(|(by, line)| ContextLine::new(number.saturating_add(by), line))
                .collect(),
        })
    }
}
