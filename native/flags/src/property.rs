//! Property filters: compiled once, held against a value often.
//!
//! Promises:
//! - No filter and no value panics, and none takes longer than its length and the limits of `pattern` allow.
//! - Nothing about the filter is read again for a value: its texts are in lower case, its numbers, versions, dates and
//!   patterns are read.
//! - A filter that cannot be understood matches nothing that is there, negated or not, and says why in a warning. Only
//!   an operator that nobody knows is refused.

use std::borrow::Cow;
use std::cmp::Ordering;

use semver::{Version, VersionReq};
use serde_json::Value;

use crate::date::{Date, Instant, Zone};
use crate::filter_error::FilterError;
use crate::operator::Operator;
use crate::pattern::Pattern;
use crate::semver as versions;
use crate::text::{Edge, Equals, Needles};
use crate::value::{is_true, is_truth, number_of, text_of};

/// With this version of matching, and later ones, true and false are texts like others.
const MATCHING_WITHOUT_TRUTH: u8 = 2;

/// One condition on one property.
#[derive(Debug, Clone)]
pub struct PropertyFilter {
    key: Box<str>,
    operator: Operator,
    test: Test,
    /// A value passes when the test fails.
    is_negated: bool,
    /// What it is for somebody without the property.
    matches_absent: bool,
    warning: Option<FilterError>,
}

impl PropertyFilter {
    /// Reads a filter. A filter that can never match compiles: see [`PropertyFilter::warning`].
    ///
    /// `matching_version` is the project's way with true and false: 1 knows that `"TRUE"` is `true`.
    pub fn compile(
        key: &str,
        operator: Option<&str>,
        value: Option<&Value>,
        zone: &Zone,
        matching_version: u8,
    ) -> Result<Self, FilterError> {
        let operator = Operator::from_name(operator)
            .ok_or_else(|| FilterError::UnknownOperator { name: shortened(operator.unwrap_or_default()) })?;
        let is_negated = operator.is_negative();
        let value = value.filter(|value| !value.is_null());
        let matches_absent = is_negated && (value.is_some() || operator == Operator::IsNotSet);
        let (test, warning) = match Test::compile(operator, value, zone, matching_version) {
            Ok(test) => (test, None),
            Err(error) => (Test::Unanswerable, Some(error)),
        };
        Ok(Self { key: key.into(), operator, test, is_negated, matches_absent, warning })
    }

    /// The property that is looked at.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// How it is looked at.
    pub fn operator(&self) -> Operator {
        self.operator
    }

    /// Why the filter can match no value at all, if so.
    pub fn warning(&self) -> Option<&FilterError> {
        self.warning.as_ref()
    }

    /// Whether the value, None where the property is absent, is one that the filter means.
    pub fn matches(&self, value: Option<&Value>, now_us: i64) -> bool {
        let Some(value) = value else { return self.matches_absent };
        self.test.passes(value, now_us).is_some_and(|passes| passes != self.is_negated)
    }
}

/// What a value is asked, without the negation.
#[derive(Debug, Clone)]
enum Test {
    /// Nothing: whether it is there has been answered.
    Present,
    /// Something that has no answer.
    Unanswerable,
    /// Is it as true as this?
    Truth(bool),
    Equals(Equals),
    Holds(Needles),
    HasEdge(Edge),
    Shows(Pattern),
    Compares(Comparison, f64),
    Within(f64, f64),
    Version(Comparison, Version),
    VersionRange(VersionReq),
    /// A moment that is known already.
    Instant(Comparison, Instant, Zone),
    /// A moment that depends on when it is asked.
    Date(Comparison, Date, Zone),
}

#[derive(Debug, Clone, Copy)]
enum Comparison {
    Equal,
    NotEqual,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
}

impl Comparison {
    fn holds(self, ordering: Ordering) -> bool {
        match self {
            Self::Equal => ordering.is_eq(),
            Self::NotEqual => ordering.is_ne(),
            Self::Greater => ordering.is_gt(),
            Self::GreaterOrEqual => ordering.is_ge(),
            Self::Less => ordering.is_lt(),
            Self::LessOrEqual => ordering.is_le(),
        }
    }
}

impl Test {
    fn compile(
        operator: Operator,
        value: Option<&Value>,
        zone: &Zone,
        matching_version: u8,
    ) -> Result<Self, FilterError> {
        use Operator as O;
        match operator {
            O::IsSet | O::IsNotSet => return Ok(Self::Present),
            O::In | O::NotIn | O::FlagEvaluatesTo => return Err(FilterError::MisplacedOperator { operator }),
            _ => {}
        }
        let value = value.ok_or(FilterError::MissingValue { operator })?;
        match operator {
            O::Contains | O::NotContains => needles(std::iter::once(text_of(value))),
            O::ContainsAny | O::ContainsNone => needles(elements(value)),
            O::StartsWith | O::NotStartsWith => Ok(Self::HasEdge(Edge::start(&text_of(value)))),
            O::EndsWith | O::NotEndsWith => Ok(Self::HasEdge(Edge::end(&text_of(value)))),
            O::Regex | O::NotRegex => Pattern::compile(&text_of(value)).map(Self::Shows),
            O::Greater => number(Comparison::Greater, value),
            O::GreaterOrEqual => number(Comparison::GreaterOrEqual, value),
            O::Less => number(Comparison::Less, value),
            O::LessOrEqual => number(Comparison::LessOrEqual, value),
            O::Between | O::NotBetween => range(value),
            O::SemverEqual => version(Comparison::Equal, value),
            O::SemverNotEqual => version(Comparison::NotEqual, value),
            O::SemverGreater => version(Comparison::Greater, value),
            O::SemverGreaterOrEqual => version(Comparison::GreaterOrEqual, value),
            O::SemverLess => version(Comparison::Less, value),
            O::SemverLessOrEqual => version(Comparison::LessOrEqual, value),
            O::SemverTilde => version_range(versions::tilde_in, value),
            O::SemverCaret => version_range(versions::caret_in, value),
            O::SemverWildcard => version_range(versions::wildcard_in, value),
            O::DateExact => date(Comparison::Equal, value, zone),
            O::DateBefore => date(Comparison::Less, value, zone),
            O::DateAfter => date(Comparison::Greater, value, zone),
            _ => Ok(equality(value, matching_version)),
        }
    }

    /// None where the value, or the test, is none of which that can be said.
    fn passes(&self, value: &Value, now_us: i64) -> Option<bool> {
        match self {
            Self::Present => Some(true),
            Self::Unanswerable => None,
            Self::Truth(truth) => Some(is_true(value) == *truth),
            Self::Equals(texts) => Some(texts.has(&text_of(value))),
            Self::Holds(needles) => Some(needles.are_in(&text_of(value))),
            Self::HasEdge(edge) => Some(edge.is_of(&text_of(value))),
            Self::Shows(pattern) => pattern.is_in(&text_of(value)),
            Self::Compares(comparison, limit) => {
                Some(comparison.holds(number_of(value)?.partial_cmp(limit)?))
            }
            Self::Within(least, most) => {
                let number = number_of(value).filter(|number| !number.is_nan())?;
                Some(*least <= number && number <= *most)
            }
            Self::Version(comparison, version) => {
                Some(comparison.holds(versions::version_in(&text_of(value))?.cmp(version)))
            }
            Self::VersionRange(range) => Some(range.matches(&versions::version_in(&text_of(value))?)),
            Self::Instant(comparison, instant, zone) => {
                Some(comparison.holds(Instant::of(value, zone, now_us)?.cmp(instant)))
            }
            Self::Date(comparison, date, zone) => {
                let instant = Instant::of(value, zone, now_us)?;
                Some(comparison.holds(instant.cmp(&date.instant(zone, now_us)?)))
            }
        }
    }
}

fn equality(value: &Value, matching_version: u8) -> Test {
    let is_empty = value.as_array().is_some_and(Vec::is_empty);
    if is_empty || (matching_version < MATCHING_WITHOUT_TRUTH && is_truth(value)) {
        Test::Truth(is_true(value))
    } else {
        Test::Equals(Equals::new(elements(value)))
    }
}

fn needles<'a>(texts: impl Iterator<Item = Cow<'a, str>>) -> Result<Test, FilterError> {
    Needles::new(texts).map(Test::Holds).ok_or(FilterError::TooManyTexts)
}

fn number(comparison: Comparison, value: &Value) -> Result<Test, FilterError> {
    match number_of(value) {
        Some(limit) if !limit.is_nan() => Ok(Test::Compares(comparison, limit)),
        _ => Err(FilterError::InvalidNumber { value: shortened(&text_of(value)) }),
    }
}

fn range(value: &Value) -> Result<Test, FilterError> {
    if let Some([least, most]) = value.as_array().map(Vec::as_slice)
        && let (Some(least), Some(most)) = (number_of(least), number_of(most))
        && least <= most
    {
        return Ok(Test::Within(least, most));
    }
    Err(FilterError::InvalidRange { value: shortened(&text_of(value)) })
}

fn version(comparison: Comparison, value: &Value) -> Result<Test, FilterError> {
    let text = text_of(value);
    let version = versions::version_in(&text);
    version
        .map(|version| Test::Version(comparison, version))
        .ok_or_else(|| FilterError::InvalidVersion { value: shortened(&text) })
}

fn version_range(read: fn(&str) -> Option<VersionReq>, value: &Value) -> Result<Test, FilterError> {
    let text = text_of(value);
    read(&text).map(Test::VersionRange).ok_or_else(|| FilterError::InvalidVersion { value: shortened(&text) })
}

fn date(comparison: Comparison, value: &Value, zone: &Zone) -> Result<Test, FilterError> {
    match value.as_str().and_then(|text| Date::parse(text, zone)) {
        Some(Date::At(instant)) => Ok(Test::Instant(comparison, instant, zone.clone())),
        Some(date) => Ok(Test::Date(comparison, date, zone.clone())),
        None => Err(FilterError::InvalidDate { value: shortened(&text_of(value)) }),
    }
}

/// The texts of an array's elements, or of a value that is no array.
fn elements(value: &Value) -> impl Iterator<Item = Cow<'_, str>> {
    value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice).iter().map(text_of)
}

/// The start of a text, for people who know the rest.
fn shortened(text: &str) -> String {
    const CHARACTERS_MAX: usize = 80;
    match text.char_indices().nth(CHARACTERS_MAX) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
