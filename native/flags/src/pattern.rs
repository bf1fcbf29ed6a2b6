//! Regular expressions of filters, bounded in size and in time.

use fancy_regex::{Regex, RegexBuilder};

/// The longest pattern.
pub(crate) const PATTERN_BYTES_MAX: usize = 8 * 1024;
/// Texts longer than this are not searched: a filter can say nothing about them.
pub(crate) const SEARCHED_BYTES_MAX: usize = 64 * 1024;
/// How often a search may go back and try another way. The field's number.
const BACKTRACKS_MAX: usize = 10_000;
/// How large the parts of a pattern without look-around or back-references may become, each.
const AUTOMATON_BYTES_MAX: usize = 2 * 1024 * 1024;
/// How many instructions a pattern with look-around or back-references may become.
const INSTRUCTIONS_MAX: usize = 16 * 1024;

/// A compiled pattern.
#[derive(Debug, Clone)]
pub(crate) struct Pattern(Regex);

impl Pattern {
    /// Compiles a pattern that is not too long. The error says what is wrong with it.
    pub(crate) fn compile(text: &str) -> Result<Self, String> {
        RegexBuilder::new(text)
            .backtrack_limit(BACKTRACKS_MAX)
            .delegate_size_limit(AUTOMATON_BYTES_MAX)
            .delegate_dfa_size_limit(AUTOMATON_BYTES_MAX)
            .max_prog_size(INSTRUCTIONS_MAX)
            .build()
            .map(Self)
            .map_err(|error| error.to_string())
    }

    /// Whether the pattern is found anywhere in a text. None where the search came to its limit.
    pub(crate) fn is_in(&self, text: &str) -> Option<bool> {
        if text.len() > SEARCHED_BYTES_MAX { None } else { self.0.is_match(text).ok() }
    }
}
