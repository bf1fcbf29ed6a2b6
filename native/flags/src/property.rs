//! Property filters: compiled once, held against a value often.

use std::fmt;

use serde_json::Value;

use crate::date::Zone;
use crate::operator::Operator;

/// One condition on one property.
#[derive(Debug, Clone)]
pub struct PropertyFilter {
    key: Box<str>,
    operator: Operator,
    warning: Option<FilterError>,
}

impl PropertyFilter {
    /// Reads a filter. A filter that can never match compiles: see `warning`.
    pub fn compile(
        key: &str,
        operator: Option<&str>,
        value: Option<&Value>,
        zone: &Zone,
        matching_version: u8,
    ) -> Result<Self, FilterError> {
        let _ = (value, zone.tz(), matching_version);
        let known = Operator::from_name(operator)
            .ok_or_else(|| FilterError::UnknownOperator { name: operator.unwrap_or_default().to_owned() })?;
        Ok(Self { key: key.into(), operator: known, warning: None })
    }

    /// The property that is looked at.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// What the value is asked for.
    pub fn operator(&self) -> Operator {
        self.operator
    }

    /// Why the filter can never match, if so.
    pub fn warning(&self) -> Option<&FilterError> {
        self.warning.as_ref()
    }

    /// Whether the value, None where the person has no such property, is one the filter means.
    pub fn matches(&self, value: Option<&Value>, now_us: i64) -> bool {
        let _ = now_us;
        self.operator == Operator::IsSet && value.is_some()
    }
}

/// Why a filter is none, or can never match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FilterError {
    /// No operator has the name.
    UnknownOperator {
        /// The name that was given.
        name: String,
    },
}

impl FilterError {
    /// A word for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::UnknownOperator { .. } => "unknown_operator",
        }
    }
}

impl fmt::Display for FilterError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownOperator { name } => write!(formatter, "There is no operator “{name}”."),
        }
    }
}

impl std::error::Error for FilterError {}
