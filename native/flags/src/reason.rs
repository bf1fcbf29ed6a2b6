//! Why a flag came to what it came to. The texts become customers' data: they are the contract's, 2.4.

use std::borrow::Cow;
use std::ops::BitOr;

use crate::failure::Failure;

/// A reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    SuperCondition,
    Holdout,
    ConditionMatch,
    OutOfRollout,
    NoConditionMatch(Note),
    NoGroupType,
    MissingDependency,
    Failed(Failure),
}

/// What else is worth saying about conditions that did not match.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Note {
    /// A condition on a group was not looked at: no such group was named.
    pub is_group_skipped: bool,
    /// Who is in a cohort has never been found out.
    pub is_uncalculated: bool,
    /// A bucket decided, not the absence of one.
    pub is_rolled_out_of: bool,
}

impl BitOr for Note {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self {
            is_group_skipped: self.is_group_skipped | other.is_group_skipped,
            is_uncalculated: self.is_uncalculated | other.is_uncalculated,
            is_rolled_out_of: self.is_rolled_out_of | other.is_rolled_out_of,
        }
    }
}

impl Reason {
    /// Which of two reasons is reported: the higher one.
    pub fn priority(self) -> i8 {
        match self {
            Self::SuperCondition => 6,
            Self::Holdout => 5,
            Self::ConditionMatch => 4,
            Self::OutOfRollout => 3,
            Self::NoConditionMatch(_) => 2,
            Self::NoGroupType => 1,
            Self::MissingDependency | Self::Failed(_) => -1,
        }
    }

    /// The code that programs see.
    pub fn code(self) -> &'static str {
        match self {
            Self::SuperCondition => "super_condition_value",
            Self::Holdout => "holdout_condition_value",
            Self::ConditionMatch => "condition_match",
            Self::OutOfRollout => "out_of_rollout_bound",
            Self::NoConditionMatch(_) => "no_condition_match",
            Self::NoGroupType => "no_group_type",
            Self::MissingDependency => "missing_dependency",
            Self::Failed(failure) => failure.code(),
        }
    }

    /// The sentence that people see. `index` is the condition's.
    pub fn description(self, index: Option<u32>) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Self::SuperCondition => "Super condition value",
            Self::Holdout => "Holdout condition value",
            Self::ConditionMatch => {
                return Cow::Owned(format!("Matched condition set {}", index.map_or(1, |index| index + 1)));
            }
            Self::OutOfRollout => "Out of rollout bound",
            Self::NoConditionMatch(note) => match (note.is_group_skipped, note.is_uncalculated) {
                (false, false) => "No matching condition set",
                (true, false) => {
                    "No matching condition set (conditions on groups that were not named were skipped)"
                }
                (false, true) => {
                    "No matching condition set (the members of a cohort have not been calculated yet)"
                }
                (true, true) => {
                    "No matching condition set (conditions on groups that were not named were skipped, \
                     and the members of a cohort have not been calculated yet)"
                }
            },
            Self::NoGroupType => "No group type",
            Self::MissingDependency => "Flag cannot be evaluated due to missing dependency",
            Self::Failed(failure) => failure.description(),
        })
    }
}
