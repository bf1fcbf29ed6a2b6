//! One request against one set: every flag that takes part, in the contract's order (2.3 and 2.4).

use std::ops::ControlFlow;

use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::Value;

use crate::cohort::{Cohort, Node};
use crate::failure::Failure;
use crate::flag::{Condition, Counted, Filter, Flag, Rules, Source, Wanted};
use crate::graph::Standing;
use crate::hash;
use crate::properties::{self, Slot, Stored};
use crate::property::PropertyFilter;
use crate::reason::{Note, Reason};
use crate::request::Request;
use crate::set::FlagSet;

/// What the catalog knows about those who ask.
#[derive(Debug, Default)]
pub struct Known<'a> {
    /// Properties of the person who owns the distinct id, as JSON.
    pub person_properties: Option<&'a str>,
    /// Cohorts and versions of them that the person is a member of.
    pub memberships: &'a [(i64, i64)],
    /// Keys of flags, and the buckets that the person was put in before.
    pub hash_keys: &'a [(String, String)],
    /// Indexes of group types, and properties of the request's groups, as JSON.
    pub group_properties: &'a [(i64, String)],
    /// None of this can be had.
    pub is_away: bool,
    /// Buckets could not be read or kept.
    pub is_continuity_broken: bool,
    /// Members of a JSON object: where the client's address is.
    pub place: Option<&'a str>,
}

/// What a flag came to.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome<'s> {
    pub is_enabled: bool,
    pub variant: Option<&'s str>,
    pub reason: Reason,
    /// The condition that decided.
    pub index: Option<u32>,
    /// As JSON.
    pub payload: Option<&'s str>,
    counted: Counted,
}

/// What all flags came to.
pub struct Evaluated<'s> {
    /// Flags in an order in which dependencies come first.
    pub outcomes: Vec<(&'s Flag, Outcome<'s>)>,
    /// Whether some answers may be missing or wrong.
    pub has_errors: bool,
}

/// Evaluates the flags that a request asks for.
pub fn evaluate<'s>(set: &'s FlagSet, request: &Request, known: &Known<'_>, now_us: i64) -> Evaluated<'s> {
    if request.is_disabled {
        return Evaluated { outcomes: Vec::new(), has_errors: false };
    }
    let mut evaluation = Evaluation::new(set, request, known, now_us);
    let places = set.asked_for(request);
    for place in &places {
        let flag = &set.flags[*place as usize];
        if flag.takes_part(request) {
            let outcome = evaluation.flag(flag, set.standings[*place as usize]);
            flag.counts.add(outcome.counted);
            evaluation.states[*place as usize] = State::Done(outcome);
        }
    }
    let is_needed_and_away = known.is_away && !set.asked(request).is_empty();
    let mut states = evaluation.states;
    let outcomes: Vec<_> = places
        .into_iter()
        .filter_map(|place| match std::mem::replace(&mut states[place as usize], State::LeftOut) {
            State::Done(outcome) => Some((&set.flags[place as usize], outcome)),
            State::LeftOut => None,
        })
        .collect();
    let has_failed = outcomes.iter().any(|(_, outcome)| outcome.failure().is_some());
    Evaluated { outcomes, has_errors: has_failed || set.has_cycle() || is_needed_and_away }
}

impl Outcome<'_> {
    /// Why there is no answer, if so.
    pub fn failure(&self) -> Option<Failure> {
        match self.reason {
            Reason::Failed(failure) => Some(failure),
            _ => None,
        }
    }

    fn failed(failure: Failure) -> Self {
        Self { counted: Counted::Failed, ..Self::disabled(Reason::Failed(failure), None) }
    }

    fn disabled(reason: Reason, index: Option<u32>) -> Self {
        Self { is_enabled: false, variant: None, reason, index, payload: None, counted: Counted::False }
    }
}

/// What other flags see of a flag.
enum State<'s> {
    /// Not evaluated: false.
    LeftOut,
    Done(Outcome<'s>),
}

struct Evaluation<'s, 'r> {
    set: &'s FlagSet,
    request: &'r Request,
    known: &'r Known<'r>,
    now_us: i64,
    person: Vec<Slot>,
    groups: Vec<Group<'r>>,
    memberships: FxHashSet<(i64, i64)>,
    hash_keys: FxHashMap<&'r str, &'r str>,
    /// What cohorts were found to be, by place.
    cohorts: Vec<Option<Result<bool, Failure>>>,
    states: Vec<State<'s>>,
}

struct Group<'r> {
    key: Option<&'r str>,
    slots: Vec<Slot>,
}

/// What a condition came to, if it did not match.
type Miss = (Reason, Note);

impl<'s, 'r> Evaluation<'s, 'r> {
    fn new(set: &'s FlagSet, request: &'r Request, known: &'r Known<'r>, now_us: i64) -> Self {
        let stored = |document: Option<&'r str>| match document {
            _ if known.is_away => Stored::Unavailable,
            Some(document) => Stored::Document(document),
            None => Stored::Nothing,
        };
        let person = stored(known.person_properties);
        let person = properties::of_person(&set.person, &set.initial, request, person, known.place);
        let groups = set.group_types.iter().enumerate().map(|(place, kind)| {
            let key = set.group_key(place, request);
            let document = known.group_properties.iter().find(|(index, _)| *index == kind.index);
            let document = stored(document.map(|(_, document)| document.as_str()));
            Group { key, slots: properties::of_group(kind, request, key, document) }
        });
        Self {
            set,
            request,
            known,
            now_us,
            person,
            groups: groups.collect(),
            memberships: known.memberships.iter().copied().collect(),
            hash_keys: known.hash_keys.iter().map(|(flag, key)| (flag.as_str(), key.as_str())).collect(),
            cohorts: vec![None; set.cohorts.len()],
            states: set.flags.iter().map(|_| State::LeftOut).collect(),
        }
    }

    fn flag(&mut self, flag: &'s Flag, standing: Standing) -> Outcome<'s> {
        if standing == Standing::Missing {
            return Outcome::disabled(Reason::MissingDependency, None);
        }
        if flag.keeps_experience && self.known.is_continuity_broken && !self.known.is_away {
            return Outcome::failed(Failure::HashKeyOverride);
        }
        let outcome = match &flag.rules {
            Ok(rules) => self.rules(flag, rules),
            Err(failure) => Err(*failure),
        };
        outcome.unwrap_or_else(Outcome::failed)
    }

    fn rules(&mut self, flag: &'s Flag, rules: &'s Rules) -> Result<Outcome<'s>, Failure> {
        if let Some(is_enabled) = self.enrolled(flag, rules)? {
            let payload = rules.payload("true");
            let counted = if is_enabled { Counted::True } else { Counted::False };
            return Ok(Outcome {
                is_enabled,
                payload,
                counted,
                ..Outcome::disabled(Reason::SuperCondition, Some(0))
            });
        }
        if let Some(variant) = self.held_out(flag, rules) {
            return Ok(Outcome {
                is_enabled: true,
                variant: Some(variant),
                payload: rules.payload(variant),
                counted: Counted::Holdout,
                ..Outcome::disabled(Reason::Holdout, None)
            });
        }
        self.conditions(flag, rules)
    }

    /// Whether the person asked for the feature, or asked not to have it; None if neither.
    fn enrolled(&mut self, flag: &'s Flag, rules: &'s Rules) -> Result<Option<bool>, Failure> {
        if let Some(slot) = rules.enrollment {
            return match &self.person[slot as usize] {
                Slot::Absent => Ok(None),
                Slot::Unknown => Err(Failure::Database),
                Slot::Present(value) => {
                    Ok(Some(*value == Value::Bool(true) || value.as_str() == Some("true")))
                }
            };
        }
        let Some(condition) = &rules.super_condition else { return Ok(None) };
        let mut is_concerned = false;
        for filter in &condition.filters {
            if let Filter::Property { source: Source::Person, slot, .. } = filter {
                match &self.person[*slot as usize] {
                    Slot::Absent => {}
                    Slot::Unknown => return Err(Failure::Database),
                    Slot::Present(_) => is_concerned = true,
                }
            }
        }
        if !is_concerned {
            return Ok(None);
        }
        for filter in &condition.filters {
            if !self.filter(filter)? {
                return Ok(Some(false));
            }
        }
        self.is_rolled_out(flag, condition).map(Some)
    }

    fn held_out(&self, flag: &'s Flag, rules: &'s Rules) -> Option<&'s str> {
        let (variant, excluded) = rules.holdout.as_ref()?;
        let is_in = *excluded >= 100.0 || {
            let identifier = match rules.group_type {
                Some(place) => self.groups[place as usize].key.unwrap_or(""),
                None if flag.is_bucketed_by_device => self.request.device_id.as_deref().unwrap_or(""),
                None => self.first_identifier(flag),
            };
            hash::holdout_includes(*excluded, identifier)
        };
        is_in.then_some(variant)
    }

    fn conditions(&mut self, flag: &'s Flag, rules: &'s Rules) -> Result<Outcome<'s>, Failure> {
        let mut best = (Reason::NoGroupType, None);
        let mut note = Note::default();
        for (index, condition) in rules.conditions.iter().enumerate() {
            let index = Some(index as u32);
            let (reason, noted) = match self.condition(flag, condition)? {
                ControlFlow::Break(()) => return self.matched(flag, rules, condition, index),
                ControlFlow::Continue(miss) => miss,
            };
            note = note | noted;
            if reason.priority() >= best.0.priority() {
                best = (reason, index);
            }
            if rules.early_exit && reason == Reason::OutOfRollout && noted.is_rolled_out_of {
                break;
            }
        }
        let reason = if best.0 == Reason::NoConditionMatch(Note::default()) {
            Reason::NoConditionMatch(note)
        } else {
            best.0
        };
        Ok(Outcome::disabled(reason, best.1))
    }

    fn matched(
        &self,
        flag: &'s Flag,
        rules: &'s Rules,
        condition: &'s Condition,
        index: Option<u32>,
    ) -> Result<Outcome<'s>, Failure> {
        let place = match condition.variant {
            Some(place) => Some(place),
            None if rules.variants.is_empty() => None,
            None => {
                let bucket =
                    hash::variant_bucket(&flag.key_prefix, self.identifier(flag, condition.group_type)?);
                let shares = rules.variants.iter().map(|(_, percentage)| *percentage);
                hash::variant_at(shares, bucket).map(|place| place as u32)
            }
        };
        let variant = place.and_then(|place| rules.variants.get(place as usize)).map(|(key, _)| &**key);
        Ok(Outcome {
            is_enabled: true,
            variant,
            reason: Reason::ConditionMatch,
            index,
            payload: rules.payload(variant.unwrap_or("true")),
            counted: place.map_or(Counted::True, Counted::Variant),
        })
    }

    /// Breaks for a match, continues with the reason for none.
    fn condition(&mut self, flag: &Flag, condition: &Condition) -> Result<ControlFlow<(), Miss>, Failure> {
        let miss = |reason, note| Ok(ControlFlow::Continue((reason, note)));
        match condition.group_type {
            None if flag.is_bucketed_by_device && self.request.device_id.is_none() => {
                return miss(Reason::OutOfRollout, Note::default());
            }
            Some(place) if self.groups[place as usize].key.is_none() => {
                return miss(Reason::NoGroupType, Note { is_group_skipped: true, ..Note::default() });
            }
            _ => {}
        }
        for filter in &condition.filters {
            if !self.filter(filter)? {
                let note = Note { is_uncalculated: self.is_uncalculated(filter), ..Note::default() };
                return miss(Reason::NoConditionMatch(Note::default()), note);
            }
        }
        if self.is_rolled_out(flag, condition)? {
            return Ok(ControlFlow::Break(()));
        }
        miss(Reason::OutOfRollout, Note { is_rolled_out_of: true, ..Note::default() })
    }

    fn is_rolled_out(&self, flag: &Flag, condition: &Condition) -> Result<bool, Failure> {
        let mut failure = None;
        let is_in = hash::rollout_includes(condition.rollout_percentage, || {
            self.identifier(flag, condition.group_type).map_or_else(
                |unknown| {
                    failure = Some(unknown);
                    0.0
                },
                |identifier| hash::rollout_bucket(&flag.key_prefix, identifier),
            )
        });
        failure.map_or(Ok(is_in), Err)
    }

    /// What buckets begin with, but for what is remembered.
    fn first_identifier(&self, flag: &Flag) -> &'r str {
        let anonymous = self.request.anonymous_distinct_id.as_deref();
        anonymous.filter(|_| flag.keeps_experience).unwrap_or(&self.request.distinct_id)
    }

    /// Whose bucket a condition goes by. Source: the flags contract, 2.5.
    fn identifier(&self, flag: &Flag, group_type: Option<u32>) -> Result<&'r str, Failure> {
        if let Some(place) = group_type {
            return Ok(self.groups[place as usize].key.unwrap_or(""));
        }
        if flag.is_bucketed_by_device {
            return Ok(self.request.device_id.as_deref().unwrap_or(""));
        }
        if let Some(remembered) = self.hash_keys.get(&*flag.key) {
            return Ok(remembered);
        }
        if flag.keeps_experience && self.known.is_away {
            return Err(Failure::Database);
        }
        Ok(self.first_identifier(flag))
    }

    fn filter(&mut self, filter: &Filter) -> Result<bool, Failure> {
        match filter {
            Filter::Property { source: Source::Person, slot, filter } => {
                property(&self.person[*slot as usize], filter, self.now_us)
            }
            Filter::Property { source: Source::Group(place), slot, filter } => {
                property(&self.groups[*place as usize].slots[*slot as usize], filter, self.now_us)
            }
            Filter::Property { source: Source::Nobody, filter, .. } => Ok(filter.matches(None, self.now_us)),
            Filter::Flag { place, wanted } => self.dependency(*place, wanted),
            Filter::Cohort { place, is_in } => Ok(self.cohort(*place)? == *is_in),
            Filter::Never => Ok(false),
            Filter::Broken(failure) => Err(*failure),
        }
    }

    /// Whether another flag came to what is wanted. One that has failed came to nothing; if it may come to something
    /// in a moment, so may those that depend on it.
    fn dependency(&self, place: u32, wanted: &Wanted) -> Result<bool, Failure> {
        let outcome = match &self.states[place as usize] {
            State::LeftOut => return Ok(matches!(wanted, Wanted::False)),
            State::Done(outcome) => outcome,
        };
        match outcome.failure() {
            Some(failure) if failure.is_passing() => Err(failure),
            Some(_) => Ok(false),
            None => Ok(match wanted {
                Wanted::AnythingButFalse => outcome.is_enabled,
                Wanted::False => !outcome.is_enabled,
                Wanted::Variant(wanted) => outcome.is_enabled && outcome.variant == Some(wanted),
            }),
        }
    }

    fn is_uncalculated(&self, filter: &Filter) -> bool {
        matches!(filter, Filter::Cohort { place, .. } if matches!(self.set.cohorts[*place as usize], Cohort::Uncalculated))
    }

    /// Whether the person is in a cohort: found out once a request.
    fn cohort(&mut self, place: u32) -> Result<bool, Failure> {
        if let Some(found) = self.cohorts[place as usize] {
            return found;
        }
        let set = self.set;
        let found = match &set.cohorts[place as usize] {
            Cohort::Members { .. } if self.known.is_away => Err(Failure::Database),
            Cohort::Members { id, version } => Ok(self.memberships.contains(&(*id, *version))),
            Cohort::Uncalculated => Ok(false),
            Cohort::Criteria(node) => self.node(node),
            Cohort::Broken(failure) => Err(*failure),
        };
        self.cohorts[place as usize] = Some(found);
        found
    }

    fn node(&mut self, node: &Node) -> Result<bool, Failure> {
        match node {
            Node::All(nodes) => {
                for node in nodes {
                    if !self.node(node)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            Node::Any(nodes) => {
                for node in nodes {
                    if self.node(node)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Node::Property { slot, filter, is_negated } => {
                Ok(property(&self.person[*slot as usize], filter, self.now_us)? != *is_negated)
            }
            Node::Cohort { place, is_negated } => Ok(self.cohort(*place)? != *is_negated),
        }
    }
}

impl Rules {
    fn payload(&self, variant: &str) -> Option<&str> {
        self.payloads.iter().find(|(key, _)| **key == *variant).map(|(_, payload)| &**payload)
    }
}

fn property(slot: &Slot, filter: &PropertyFilter, now_us: i64) -> Result<bool, Failure> {
    match slot {
        Slot::Present(value) => Ok(filter.matches(Some(value), now_us)),
        Slot::Absent => Ok(filter.matches(None, now_us)),
        Slot::Unknown => Err(Failure::Database),
    }
}
