//! What a search for a pattern can cost at most, before it is made.
//!
//! Between two steps back a search only goes forward, so it reads its text once; only look-around reads the same part
//! again, as often as it is reached. That is all that has to be counted.

use fancy_regex::{Absent, Expr};

use crate::pattern::BACKTRACKS_MAX;

/// The longest text that is searched with an automaton.
const SEARCHED_BYTES_MAX: usize = 64 * 1024;
/// The longest text that is searched by trying.
const TRIED_BYTES_MAX: usize = 4 * 1024;
/// A pattern that could not be searched for in so short a text is none.
const TRIED_BYTES_MIN: usize = 64;
/// The longest text for patterns that call themselves, which may do more than can be seen here.
const RECURSIVE_BYTES_MAX: usize = 256;
/// How many of its states an automaton may visit in one search: about half a second.
const STATE_VISITS_MAX: f64 = 1e8;
/// How many bytes a search may look at by trying, going back included: about a second at worst.
const TRIED_READS_MAX: f64 = 1e9;

/// What a part of a pattern costs. Numbers that have no end are infinite.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cost {
    /// Bytes that a match has at least, and at most.
    bytes_min: f64,
    bytes_max: f64,
    /// States of an automaton for it.
    states: f64,
    /// Bytes that look-around within it reads, each time it is gone through.
    looked_at: f64,
    is_trying: bool,
    is_recursive: bool,
}

/// How long a text may be in which a pattern is searched for. None for a pattern that costs too much in any.
pub(crate) fn searched_bytes_max(cost: &Cost, pattern: &Expr) -> Option<usize> {
    if !cost.is_trying {
        let most = STATE_VISITS_MAX / cost.states.max(1.0);
        return Some((most as usize).min(SEARCHED_BYTES_MAX));
    }
    let longest = if cost.is_recursive { RECURSIVE_BYTES_MAX } else { TRIED_BYTES_MAX };
    let halves = std::iter::successors(Some(longest), |bytes| Some(bytes / 2));
    halves.take_while(|bytes| *bytes >= TRIED_BYTES_MIN).find(|bytes| {
        let bytes = *bytes as f64;
        let cost = Cost::within(pattern, bytes);
        (bytes + cost.states + cost.looked_at) * BACKTRACKS_MAX as f64 <= TRIED_READS_MAX
    })
}

impl Cost {
    /// What a pattern costs in some text.
    pub(crate) fn of(pattern: &Expr) -> Self {
        Self::within(pattern, SEARCHED_BYTES_MAX as f64)
    }

    /// It has to be searched for by trying.
    pub(crate) fn is_trying(&self) -> bool {
        self.is_trying
    }

    fn within(part: &Expr, text_bytes: f64) -> Self {
        let inner = |part: &Expr| Self::within(part, text_bytes);
        match part {
            Expr::Empty | Expr::Assertion(_) => Self::plain(0.0),
            Expr::Any { .. } | Expr::GeneralNewline { .. } | Expr::Delegate { .. } => Self::plain(4.0),
            Expr::Literal { val, .. } => Self::plain(val.len() as f64),
            Expr::LiteralBytes { bytes } => Self::plain(bytes.len() as f64),
            Expr::Concat(parts) => parts.iter().map(inner).fold(Self::plain(0.0), Self::then),
            Expr::Alt(parts) => parts.iter().map(inner).reduce(Self::or).unwrap_or(Self::plain(0.0)),
            Expr::Group(part) => inner(part),
            Expr::AtomicGroup(part) => Self { is_trying: true, ..inner(part) },
            Expr::Repeat { child, lo, hi, .. } => inner(child).repeated(*lo, *hi, text_bytes),
            Expr::LookAround(part, _) => inner(part).looked_at(text_bytes),
            Expr::Backref { .. } | Expr::BackrefWithRelativeRecursionLevel { .. } => {
                Self { bytes_min: 0.0, bytes_max: f64::INFINITY, is_trying: true, ..Self::plain(1.0) }
            }
            Expr::Conditional { condition, true_branch, false_branch } => {
                let branches = inner(true_branch).or(inner(false_branch));
                Self { is_trying: true, ..inner(condition).then(branches) }
            }
            Expr::Absent(absent) => Self::absent(absent, text_bytes),
            Expr::DefineGroup { definitions } => Self { is_recursive: true, ..inner(definitions) },
            Expr::SubroutineCall(_) | Expr::AstNode(..) => Self {
                bytes_min: 0.0,
                bytes_max: f64::INFINITY,
                is_trying: true,
                is_recursive: true,
                ..Self::plain(1.0)
            },
            Expr::KeepOut
            | Expr::ContinueFromPreviousMatchEnd
            | Expr::BackrefExistsCondition { .. }
            | Expr::BacktrackingControlVerb(_) => Self { is_trying: true, ..Self::plain(0.0) },
        }
    }

    fn plain(bytes: f64) -> Self {
        Self {
            bytes_min: bytes.min(1.0),
            bytes_max: bytes,
            states: bytes + 1.0,
            looked_at: 0.0,
            is_trying: false,
            is_recursive: false,
        }
    }

    fn then(self, next: Self) -> Self {
        Self {
            bytes_min: self.bytes_min + next.bytes_min,
            bytes_max: self.bytes_max + next.bytes_max,
            ..self.with(next)
        }
    }

    fn or(self, other: Self) -> Self {
        Self {
            bytes_min: self.bytes_min.min(other.bytes_min),
            bytes_max: self.bytes_max.max(other.bytes_max),
            ..self.with(other)
        }
    }

    fn with(self, other: Self) -> Self {
        Self {
            states: self.states + other.states,
            looked_at: self.looked_at + other.looked_at,
            is_trying: self.is_trying || other.is_trying,
            is_recursive: self.is_recursive || other.is_recursive,
            ..self
        }
    }

    fn repeated(self, least: usize, most: usize, text_bytes: f64) -> Self {
        let is_endless = most == usize::MAX;
        let times = if is_endless { f64::INFINITY } else { most as f64 };
        // What matches nothing may be repeated as often as it says; what has no end stops where nothing is left.
        let rounds = if self.bytes_min > 0.0 || is_endless {
            times.min(text_bytes / self.bytes_min.max(1.0) + 1.0)
        } else {
            times
        };
        Self {
            bytes_min: self.bytes_min * least as f64,
            bytes_max: if self.bytes_max > 0.0 { self.bytes_max * times } else { 0.0 },
            states: self.states * if is_endless { least.max(1) as f64 } else { most.max(1) as f64 },
            looked_at: self.looked_at * rounds,
            ..self
        }
    }

    fn looked_at(self, text_bytes: f64) -> Self {
        Self {
            bytes_min: 0.0,
            bytes_max: 0.0,
            looked_at: self.looked_at + self.bytes_max.min(text_bytes) + 1.0,
            is_trying: true,
            ..self
        }
    }

    /// A part that is nowhere: it is looked for everywhere.
    fn absent(absent: &Absent, text_bytes: f64) -> Self {
        let anywhere = |part: &Expr| {
            let cost = Self::within(part, text_bytes).looked_at(text_bytes);
            Self { bytes_max: f64::INFINITY, looked_at: cost.looked_at * text_bytes, ..cost }
        };
        match absent {
            Absent::Repeater(part) | Absent::Stopper(part) => anywhere(part),
            Absent::Expression { absent, exp } => anywhere(absent).then(Self::within(exp, text_bytes)),
            Absent::Clear => Self { is_trying: true, ..Self::plain(0.0) },
        }
    }
}
