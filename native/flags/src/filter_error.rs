//! Why a property filter is none, or can never match.

use std::fmt;

use crate::operator::Operator;

/// Why a filter is none, or can never match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FilterError {
    /// No operator has the name. The only one for which a filter does not compile.
    UnknownOperator {
        /// The name that was given.
        name: String,
    },
    /// The operator is one of cohorts or of flags, and says nothing about a property.
    MisplacedOperator {
        /// Which.
        operator: Operator,
    },
    /// The operator needs something to hold a property against.
    MissingValue {
        /// Which.
        operator: Operator,
    },
    /// The pattern is no regular expression.
    InvalidPattern {
        /// What is wrong with it.
        reason: String,
    },
    /// The pattern is longer than patterns may be.
    LongPattern {
        /// Its length.
        bytes: usize,
        /// How long a pattern may be.
        bytes_max: usize,
    },
    /// A search for the pattern could take too long, even in a short text.
    CostlyPattern,
    /// There are more texts to look for than one filter can.
    TooManyTexts,
    /// The value is no number.
    InvalidNumber {
        /// The value, shortened.
        value: String,
    },
    /// The value is no array of two numbers of which the first is not greater.
    InvalidRange {
        /// The value, shortened.
        value: String,
    },
    /// The value is no version, or no range of versions.
    InvalidVersion {
        /// The value, shortened.
        value: String,
    },
    /// The value is no date.
    InvalidDate {
        /// The value, shortened.
        value: String,
    },
}

impl FilterError {
    /// A word for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::UnknownOperator { .. } => "unknown_operator",
            Self::MisplacedOperator { .. } => "misplaced_operator",
            Self::MissingValue { .. } => "missing_value",
            Self::InvalidPattern { .. } => "invalid_regex",
            Self::LongPattern { .. } => "regex_too_long",
            Self::CostlyPattern => "regex_too_costly",
            Self::TooManyTexts => "too_many_values",
            Self::InvalidNumber { .. } => "invalid_number",
            Self::InvalidRange { .. } => "invalid_range",
            Self::InvalidVersion { .. } => "invalid_version",
            Self::InvalidDate { .. } => "invalid_date",
        }
    }
}

impl fmt::Display for FilterError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownOperator { name } => write!(formatter, "There is no operator “{name}”."),
            Self::MisplacedOperator { operator } => {
                write!(formatter, "The operator “{}” does not work on properties.", operator.name())
            }
            Self::MissingValue { operator } => {
                write!(formatter, "The operator “{}” needs a value to compare with.", operator.name())
            }
            Self::InvalidPattern { reason } => {
                write!(formatter, "The regular expression is not valid: {reason}.")
            }
            Self::LongPattern { bytes, bytes_max } => write!(
                formatter,
                "The regular expression is {bytes} bytes long; one like it may have {bytes_max}."
            ),
            Self::CostlyPattern => {
                formatter.write_str("A search for the regular expression could take too long.")
            }
            Self::TooManyTexts => formatter.write_str("There are too many values to look for."),
            Self::InvalidNumber { value } => write!(formatter, "“{value}” is not a number."),
            Self::InvalidRange { value } => {
                write!(formatter, "“{value}” is not a range: two numbers in an array, the smaller one first.")
            }
            Self::InvalidVersion { value } => write!(formatter, "“{value}” is not a version."),
            Self::InvalidDate { value } => write!(formatter, "“{value}” is not a date in this time zone."),
        }
    }
}

impl std::error::Error for FilterError {}
