//! One flag, compiled: what an evaluation walks.

use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::Value;

use crate::definition::FlagDefinition;
use crate::failure::Failure;
use crate::property::PropertyFilter;
use crate::request::{Request, Runtime};

/// A flag as requests meet it.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is asked by itself")]
pub struct Flag {
    pub id: i64,
    pub key: Box<str>,
    /// `<key>.`, which buckets begin with.
    pub key_prefix: Box<str>,
    /// Inactive flags, and those whose payloads are secret, are in no answer.
    pub is_served: bool,
    pub is_for_surveys: bool,
    pub keeps_experience: bool,
    pub is_bucketed_by_device: bool,
    pub runtime: Option<FlagRuntime>,
    pub contexts: Box<[Box<str>]>,
    pub rules: Result<Rules, Failure>,
    pub texts: Texts,
    pub needs: Needs,
    pub counts: Counts,
}

/// Where a flag may be evaluated for, if not everywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FlagRuntime {
    Client,
    Server,
}

/// What an answer says about a flag whatever the outcome, as JSON.
#[derive(Debug)]
pub struct Texts {
    /// The key, quoted.
    pub key: Box<str>,
    /// `"metadata":{…,"payload":`
    pub metadata: Box<str>,
    /// `,"has_experiment":…}`
    pub metadata_end: &'static str,
}

/// Who gets a flag.
#[derive(Debug)]
pub struct Rules {
    pub conditions: Box<[Condition]>,
    pub variants: Box<[(Box<str>, f64)]>,
    /// By variant or `true`, as JSON.
    pub payloads: Box<[(Box<str>, Box<str>)]>,
    pub group_type: Option<u32>,
    pub early_exit: bool,
    /// The slot of the property that says whether a person asked for the feature.
    pub enrollment: Option<u32>,
    pub holdout: Option<(Box<str>, f64)>,
    pub super_condition: Option<Condition>,
}

/// One condition.
#[derive(Debug)]
pub struct Condition {
    /// Whose bucket counts: a group's of this type, or the person's.
    pub group_type: Option<u32>,
    /// All must match; those on cohorts come last.
    pub filters: Box<[Filter]>,
    pub rollout_percentage: Option<f64>,
    /// The variant that everybody here gets.
    pub variant: Option<u32>,
}

/// One filter.
#[derive(Debug)]
pub enum Filter {
    Property { source: Source, slot: u32, filter: Box<PropertyFilter> },
    Flag { place: u32, wanted: Wanted },
    Cohort { place: u32, is_in: bool },
    Never,
    Broken(Failure),
}

/// Whose property.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    Person,
    Group(u32),
    /// A filter on a group that does not say of which type.
    Nobody,
}

/// What another flag must have come to.
#[derive(Debug)]
pub enum Wanted {
    AnythingButFalse,
    False,
    Variant(Box<str>),
}

impl Wanted {
    /// Reads a filter; None can never match.
    pub fn read(operator: Option<&str>, value: Option<&Value>) -> Option<Self> {
        match (operator, value) {
            (Some("flag_evaluates_to"), Some(Value::Bool(true))) => Some(Self::AnythingButFalse),
            (Some("flag_evaluates_to"), Some(Value::Bool(false))) => Some(Self::False),
            (Some("flag_evaluates_to"), Some(Value::String(variant))) => {
                Some(Self::Variant(variant.as_str().into()))
            }
            _ => None,
        }
    }
}

/// What a flag needs from the catalog, whoever asks.
#[derive(Debug, Default)]
pub struct Needs {
    /// Slots of person properties.
    pub person: Box<[u32]>,
    /// Types of groups with properties that it looks at.
    pub groups: Box<[u32]>,
    /// Cohorts whose members were found out before.
    pub members: Box<[i64]>,
}

impl Flag {
    /// A flag with its rules.
    pub fn new(definition: &FlagDefinition<'_>, rules: Result<Rules, Failure>) -> Self {
        let metadata = format!(
            r#""metadata":{{"id":{},"version":{},"description":null,"payload":"#,
            definition.id, definition.version
        );
        let metadata_end = if definition.has_experiment {
            r#","has_experiment":true}"#
        } else {
            r#","has_experiment":false}"#
        };
        let runtime = match definition.runtime {
            Some("client") => Some(FlagRuntime::Client),
            Some("server") => Some(FlagRuntime::Server),
            _ => None,
        };
        Self {
            id: definition.id,
            key: definition.key.into(),
            key_prefix: format!("{}.", definition.key).into(),
            is_served: definition.is_active && !definition.has_encrypted_payloads,
            is_for_surveys: definition.key.starts_with("survey-targeting-"),
            keeps_experience: definition.keeps_experience,
            is_bucketed_by_device: definition.is_bucketed_by_device,
            runtime,
            contexts: definition.contexts.iter().map(|context| (*context).into()).collect(),
            texts: Texts {
                key: Value::from(definition.key).to_string().into(),
                metadata: metadata.into(),
                metadata_end,
            },
            counts: Counts::new(rules.as_ref().map_or(0, |rules| rules.variants.len())),
            needs: Needs::default(),
            rules,
        }
    }

    /// Whether it takes part in answering a request. Source: the flags contract, 2.2.
    pub fn takes_part(&self, request: &Request) -> bool {
        let runtime = match (self.runtime, request.runtime) {
            (None, _) | (_, Runtime::All) => true,
            (Some(FlagRuntime::Client), runtime) => runtime == Runtime::Client,
            (Some(FlagRuntime::Server), runtime) => runtime == Runtime::Server,
        };
        self.is_served
            && runtime
            && (!request.only_survey_flags || self.is_for_surveys)
            && (request.contexts.is_empty()
                || self.contexts.is_empty()
                || self.contexts.iter().any(|context| request.contexts.contains(&**context)))
    }
}

/// How often a flag came to what since the last look.
#[derive(Debug)]
pub struct Counts {
    /// `false`, `true`, failed, the holdout, then each variant.
    counters: Box<[AtomicU64]>,
}

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counted {
    False,
    True,
    Failed,
    Holdout,
    Variant(u32),
}

impl Counted {
    fn place(self) -> usize {
        match self {
            Self::False => 0,
            Self::True => 1,
            Self::Failed => 2,
            Self::Holdout => 3,
            Self::Variant(variant) => 4 + variant as usize,
        }
    }
}

impl Counts {
    fn new(variants: usize) -> Self {
        Self { counters: (0..4 + variants).map(|_| AtomicU64::new(0)).collect() }
    }

    /// Counts one.
    pub fn add(&self, counted: Counted) {
        if let Some(counter) = self.counters.get(counted.place()) {
            counter.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// What was counted, which is forgotten.
    pub fn take(&self) -> impl Iterator<Item = (Counted, u64)> {
        let counted = |place| match place {
            0 => Counted::False,
            1 => Counted::True,
            2 => Counted::Failed,
            3 => Counted::Holdout,
            place => Counted::Variant(place as u32 - 4),
        };
        let taken = self.counters.iter().enumerate().map(move |(place, counter)| {
            (
                counted(place),
                if counter.load(Ordering::Relaxed) == 0 { 0 } else { counter.swap(0, Ordering::Relaxed) },
            )
        });
        taken.filter(|(_, count)| *count > 0)
    }
}
