//! Regular expressions of filters, bounded in size and in time.
//!
//! A plain pattern is searched for by an automaton, in time that its size and the text's length bound. One with
//! look-around or back-references tries this and that; how far it may go back is limited, but what it may do between
//! two steps back is not. So the text that is searched is, by what the pattern can cost: see `search_cost`.

use fancy_regex::{Expr, Regex, RegexBuilder};

use crate::filter_error::FilterError;
use crate::search_cost::{Cost, searched_bytes_max};

/// The longest pattern.
const PATTERN_BYTES_MAX: usize = 8 * 1024;
/// The longest pattern with look-around or back-references, of which every part has its own automaton.
const TRYING_PATTERN_BYTES_MAX: usize = 2 * 1024;
/// How often a search may go back and try another way. The field's number.
pub(crate) const BACKTRACKS_MAX: usize = 10_000;
/// How large the automaton of a plain pattern may become. The engine's own limit.
const AUTOMATON_BYTES_MAX: usize = 10 * 1024 * 1024;
/// How large each automaton of another pattern may become.
const TRYING_AUTOMATON_BYTES_MAX: usize = 1024 * 1024;
/// How much a search may remember of an automaton's states.
const STATES_BYTES_MAX: usize = 2 * 1024 * 1024;
/// How many instructions a pattern with look-around or back-references may become.
const INSTRUCTIONS_MAX: usize = 16 * 1024;

/// A compiled pattern.
#[derive(Debug, Clone)]
pub(crate) struct Pattern {
    regex: Regex,
    searched_bytes_max: usize,
}

impl Pattern {
    pub(crate) fn compile(text: &str) -> Result<Self, FilterError> {
        refuse_longer(text, PATTERN_BYTES_MAX)?;
        let tree = Expr::parse_tree(text).map_err(|error| invalid(&error))?;
        let cost = Cost::of(&tree.expr);
        let automaton_bytes_max = if cost.is_trying() {
            refuse_longer(text, TRYING_PATTERN_BYTES_MAX)?;
            TRYING_AUTOMATON_BYTES_MAX
        } else {
            AUTOMATON_BYTES_MAX
        };
        let searched_bytes_max = searched_bytes_max(&cost, &tree.expr).ok_or(FilterError::CostlyPattern)?;
        let regex = RegexBuilder::new(text)
            .backtrack_limit(BACKTRACKS_MAX)
            .delegate_size_limit(automaton_bytes_max)
            .delegate_dfa_size_limit(STATES_BYTES_MAX)
            .max_prog_size(INSTRUCTIONS_MAX)
            .build()
            .map_err(|error| invalid(&error))?;
        Ok(Self { regex, searched_bytes_max })
    }

    /// Whether the pattern is found anywhere in a text. None where the search came to a limit.
    pub(crate) fn is_in(&self, text: &str) -> Option<bool> {
        if text.len() > self.searched_bytes_max { None } else { self.regex.is_match(text).ok() }
    }
}

fn refuse_longer(text: &str, bytes_max: usize) -> Result<(), FilterError> {
    if text.len() > bytes_max {
        Err(FilterError::LongPattern { bytes: text.len(), bytes_max })
    } else {
        Ok(())
    }
}

fn invalid(error: &fancy_regex::Error) -> FilterError {
    FilterError::InvalidPattern { reason: error.to_string() }
}
