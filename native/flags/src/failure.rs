//! Why a flag could not be evaluated, in the contract's codes.

/// A flag's own failure; the others are answered all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// What the catalog knows was needed, and is not to be had.
    Database,
    /// Remembered buckets could not be read or kept.
    HashKeyOverride,
    /// A cohort does not exist.
    CohortNotFound,
    /// Cohorts refer to each other in a circle.
    CohortCycle,
    /// A cohort's criteria cannot be understood.
    CohortUnreadable,
    /// The flag's own definition cannot be understood.
    FlagUnreadable,
}

impl Failure {
    /// The code that clients see.
    pub fn code(self) -> &'static str {
        match self {
            Self::Database => "database_error",
            Self::HashKeyOverride => "hash_key_override_error",
            Self::CohortNotFound => "dependency_not_found_cohort",
            Self::CohortCycle => "dependency_cycle_cohort",
            Self::CohortUnreadable => "cohort_filters_parsing_error",
            Self::FlagUnreadable => "flag_data_parsing_error",
        }
    }

    /// Whether it is nobody's definition that is at fault.
    pub fn is_passing(self) -> bool {
        matches!(self, Self::Database | Self::HashKeyOverride)
    }

    /// A sentence for people.
    pub fn description(self) -> &'static str {
        match self {
            Self::Database => "The people of this project could not be looked up",
            Self::HashKeyOverride => "The person's earlier bucket could not be looked up",
            Self::CohortNotFound => "A cohort that the flag refers to does not exist",
            Self::CohortCycle => "Cohorts that the flag refers to refer to each other in a circle",
            Self::CohortUnreadable => "A cohort that the flag refers to could not be understood",
            Self::FlagUnreadable => "The flag's definition could not be understood",
        }
    }
}
