//! The operators of property filters, and what their names are.

/// What a property's value is held against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operator {
    /// Equal as text, whatever the case; or equally true. What a filter without an operator means.
    Exact,
    /// Not `Exact`.
    IsNot,
    /// The property is there, if only as null.
    IsSet,
    /// The property is absent.
    IsNotSet,
    /// Holds a text.
    Contains,
    /// Does not hold a text.
    NotContains,
    /// Holds one of several texts.
    ContainsAny,
    /// Holds none of several texts.
    ContainsNone,
    /// Begins with a text.
    StartsWith,
    /// Does not begin with a text.
    NotStartsWith,
    /// Ends with a text.
    EndsWith,
    /// Does not end with a text.
    NotEndsWith,
    /// A regular expression is found in it.
    Regex,
    /// A regular expression is not found in it.
    NotRegex,
    /// Greater, as numbers.
    Greater,
    /// Greater or equal, as numbers.
    GreaterOrEqual,
    /// Less, as numbers.
    Less,
    /// Less or equal, as numbers.
    LessOrEqual,
    /// Within two numbers, both included.
    Between,
    /// Not within two numbers.
    NotBetween,
    /// The same version.
    SemverEqual,
    /// Another version.
    SemverNotEqual,
    /// A later version.
    SemverGreater,
    /// The same or a later version.
    SemverGreaterOrEqual,
    /// An earlier version.
    SemverLess,
    /// The same or an earlier version.
    SemverLessOrEqual,
    /// `~1.2.3`.
    SemverTilde,
    /// `^1.2.3`.
    SemverCaret,
    /// `1.2.*`.
    SemverWildcard,
    /// The same instant.
    DateExact,
    /// An earlier instant.
    DateBefore,
    /// A later instant.
    DateAfter,
    /// Member of a cohort. Means nothing for a property's value.
    In,
    /// Not a member of a cohort. Means nothing for a property's value.
    NotIn,
    /// What another flag came to. Means nothing for a property's value.
    FlagEvaluatesTo,
}

/// Every name, and its operator. Two operators have an older name too, which comes second.
const NAMES: [(&str, Operator); 37] = [
    ("exact", Operator::Exact),
    ("is_not", Operator::IsNot),
    ("is_set", Operator::IsSet),
    ("is_not_set", Operator::IsNotSet),
    ("icontains", Operator::Contains),
    ("not_icontains", Operator::NotContains),
    ("icontains_multi", Operator::ContainsAny),
    ("not_icontains_multi", Operator::ContainsNone),
    ("starts_with", Operator::StartsWith),
    ("not_starts_with", Operator::NotStartsWith),
    ("ends_with", Operator::EndsWith),
    ("not_ends_with", Operator::NotEndsWith),
    ("regex", Operator::Regex),
    ("not_regex", Operator::NotRegex),
    ("gt", Operator::Greater),
    ("gte", Operator::GreaterOrEqual),
    ("lt", Operator::Less),
    ("lte", Operator::LessOrEqual),
    ("between", Operator::Between),
    ("not_between", Operator::NotBetween),
    ("semver_eq", Operator::SemverEqual),
    ("semver_neq", Operator::SemverNotEqual),
    ("semver_gt", Operator::SemverGreater),
    ("semver_gte", Operator::SemverGreaterOrEqual),
    ("semver_lt", Operator::SemverLess),
    ("semver_lte", Operator::SemverLessOrEqual),
    ("semver_tilde", Operator::SemverTilde),
    ("semver_caret", Operator::SemverCaret),
    ("semver_wildcard", Operator::SemverWildcard),
    ("is_date_exact", Operator::DateExact),
    ("is_date_before", Operator::DateBefore),
    ("is_date_after", Operator::DateAfter),
    ("in", Operator::In),
    ("not_in", Operator::NotIn),
    ("flag_evaluates_to", Operator::FlagEvaluatesTo),
    ("min", Operator::GreaterOrEqual),
    ("max", Operator::LessOrEqual),
];

impl Operator {
    /// The operator of a name. A filter that names none means `exact`.
    pub fn from_name(name: Option<&str>) -> Option<Self> {
        let Some(name) = name else { return Some(Self::Exact) };
        NAMES.iter().find(|(known, _)| *known == name).map(|(_, operator)| *operator)
    }

    /// The name that filters give it.
    pub fn name(self) -> &'static str {
        NAMES.iter().find(|(_, operator)| *operator == self).map_or("exact", |(name, _)| name)
    }

    /// It says what a value is not. Absence then is as good as another value; not so for versions.
    pub(crate) fn is_negative(self) -> bool {
        matches!(
            self,
            Self::IsNot
                | Self::IsNotSet
                | Self::NotContains
                | Self::ContainsNone
                | Self::NotStartsWith
                | Self::NotEndsWith
                | Self::NotRegex
                | Self::NotBetween
        )
    }

    /// Every operator, once.
    pub fn all() -> impl Iterator<Item = Self> {
        NAMES.iter().filter(|(name, operator)| operator.name() == *name).map(|(_, operator)| *operator)
    }
}
