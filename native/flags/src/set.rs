//! The flags of one project, compiled: immutable but for counters, shared by any number of threads.

use crate::cohort::{Cohort, Node};
use crate::compile::{Compiler, GroupType};
use crate::definition::{self, Document, Flaw};
use crate::flag::{Condition, Counted, Filter, Flag, Needs, Source};
use crate::graph::{Graph, Standing};
use crate::keys::Keys;
use crate::properties;
use crate::request::Request;
use rustc_hash::FxHashMap;

/// The flags of one project.
#[derive(Debug)]
pub struct FlagSet {
    pub(crate) project_id: i64,
    pub(crate) flags: Box<[Flag]>,
    pub(crate) standings: Box<[Standing]>,
    pub(crate) cohorts: Box<[Cohort]>,
    pub(crate) person: Keys,
    pub(crate) initial: Box<[(u32, u32)]>,
    pub(crate) group_types: Box<[GroupType]>,
    dependencies: Box<[Vec<Option<u32>>]>,
    order: Box<[u32]>,
    places: FxHashMap<Box<str>, u32>,
}

/// What the catalog has to be asked before flags are evaluated for a request.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// Whether stored properties of the person count.
    pub person: bool,
    /// Cohorts of which it counts whether the person is a member.
    pub cohorts: Vec<i64>,
    /// Whether the buckets count that the person was put in before signing in.
    pub hash_keys: bool,
    /// Groups whose stored properties count: index of the type, and key.
    pub groups: Vec<(i64, String)>,
}

impl Asked {
    /// Whether nothing has to be asked.
    pub fn is_empty(&self) -> bool {
        !self.person && !self.hash_keys && self.cohorts.is_empty() && self.groups.is_empty()
    }
}

impl FlagSet {
    /// Compiles a document, see the stub of the Python module for its form. The error says why it is none.
    pub fn compile(document: &[u8]) -> Result<Self, Flaw> {
        let document = definition::parse(document)?;
        let document = Document::read(&document)?;
        let mut compiler = Compiler::new(&document);
        let cohorts = compiler.cohorts();
        let mut flags: Vec<Flag> = document.flags.iter().map(|flag| compiler.flag(flag)).collect();
        let dependencies = compiler.flag_dependencies();
        let Compiler { mut person, group_types, .. } = compiler;
        let initial = properties::intern_initial(&mut person);
        for flag in &mut flags {
            flag.needs = needs(flag, &cohorts);
        }
        let graph = Graph::new(&dependencies);
        let places = flags.iter().enumerate().map(|(place, flag)| (flag.key.clone(), place as u32));
        Ok(Self {
            project_id: document.project_id,
            places: places.collect(),
            flags: flags.into(),
            standings: graph.standings.into(),
            order: graph.order.into(),
            dependencies: dependencies.into(),
            cohorts: cohorts.into(),
            person,
            initial: initial.into(),
            group_types: group_types.into(),
        })
    }

    /// The project.
    pub fn project_id(&self) -> i64 {
        self.project_id
    }

    /// How many flags there are.
    pub fn len(&self) -> usize {
        self.flags.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.flags.is_empty()
    }

    /// Whether any flag is active.
    pub fn has_active_flags(&self) -> bool {
        self.flags.iter().any(|flag| flag.is_served)
    }

    /// Keys of the active flags that keep a person's experience across sign-in.
    pub fn continuity_keys(&self) -> impl Iterator<Item = &str> {
        self.flags.iter().filter(|flag| flag.is_served && flag.keeps_experience).map(|flag| &*flag.key)
    }

    /// Evaluations since the last call: flag, outcome, how many.
    pub fn take_counts(&self) -> Vec<(i64, String, u64)> {
        let mut rows = Vec::new();
        for flag in &self.flags {
            for (counted, count) in flag.counts.take() {
                rows.push((flag.id, counted_name(flag, counted).to_owned(), count));
            }
        }
        rows
    }

    /// The flags to evaluate, in an order in which dependencies come first; those that nobody asked for are left out.
    pub(crate) fn asked_for(&self, request: &Request) -> Vec<u32> {
        let Some(keys) = &request.flag_keys else { return self.order.to_vec() };
        let mut wanted = vec![false; self.flags.len()];
        let mut waiting: Vec<u32> =
            keys.iter().filter_map(|key| self.places.get(key.as_str()).copied()).collect();
        while let Some(place) = waiting.pop() {
            if !std::mem::replace(&mut wanted[place as usize], true) {
                waiting.extend(self.dependencies[place as usize].iter().flatten());
            }
        }
        self.order.iter().copied().filter(|place| wanted[*place as usize]).collect()
    }

    /// Whether flags refer to each other in a circle, so that nobody can be told what they come to.
    pub(crate) fn has_cycle(&self) -> bool {
        self.order.len() < self.flags.len()
    }

    /// The key of the request's group of a type.
    pub(crate) fn group_key<'r>(&self, place: usize, request: &'r Request) -> Option<&'r str> {
        let name = self.group_types[place].name.as_deref()?;
        let group = request.groups.iter().rev().find(|(kind, _)| kind == name);
        group.map(|(_, key)| key.as_str())
    }

    /// What the catalog has to be asked before this request is answered.
    pub fn asked(&self, request: &Request) -> Asked {
        let mut asked = Asked::default();
        if request.is_disabled {
            return asked;
        }
        let mut person = vec![false; self.person.len()];
        let mut is_group_needed = vec![false; self.group_types.len()];
        let served = self.asked_for(request).into_iter().map(|place| &self.flags[place as usize]);
        for flag in served.filter(|flag| flag.takes_part(request)) {
            flag.needs.person.iter().for_each(|slot| person[*slot as usize] = true);
            flag.needs.groups.iter().for_each(|place| is_group_needed[*place as usize] = true);
            asked.cohorts.extend(&*flag.needs.members);
            asked.hash_keys |= flag.keeps_experience;
        }
        asked.cohorts.sort_unstable();
        asked.cohorts.dedup();
        if !request.only_given_properties {
            let given = properties::given_by_person(&self.person, request);
            asked.person = person.iter().zip(given).any(|(needed, given)| *needed && !given);
        }
        for (place, kind) in self.group_types.iter().enumerate() {
            if !is_group_needed[place] {
                continue;
            }
            let Some(key) = self.group_key(place, request) else { continue };
            if properties::given_by_group(kind, request).iter().any(|given| !given) {
                asked.groups.push((kind.index, key.to_owned()));
            }
        }
        asked
    }
}

/// The name of an outcome.
fn counted_name(flag: &Flag, counted: Counted) -> &str {
    let rules = flag.rules.as_ref().ok();
    match counted {
        Counted::False => "false",
        Counted::True => "true",
        Counted::Failed => "failed",
        Counted::Holdout => {
            rules.and_then(|rules| rules.holdout.as_ref()).map_or("holdout", |(name, _)| name)
        }
        Counted::Variant(variant) => {
            rules.and_then(|rules| rules.variants.get(variant as usize)).map_or("true", |(key, _)| key)
        }
    }
}

/// What a flag needs from the catalog.
fn needs(flag: &Flag, cohorts: &[Cohort]) -> Needs {
    let Ok(rules) = &flag.rules else { return Needs::default() };
    let mut found = Found::default();
    found.person.extend(rules.enrollment);
    rules.conditions.iter().chain(&rules.super_condition).for_each(|condition| found.condition(condition));
    while let Some(place) = found.waiting.pop() {
        if found.seen.insert(place) {
            match &cohorts[place as usize] {
                Cohort::Members { id, .. } => found.members.push(*id),
                Cohort::Criteria(node) => found.node(node),
                Cohort::Uncalculated | Cohort::Broken(_) => {}
            }
        }
    }
    let sorted = |mut slots: Vec<u32>| {
        slots.sort_unstable();
        slots.dedup();
        slots.into()
    };
    Needs { person: sorted(found.person), groups: sorted(found.groups), members: found.members.into() }
}

#[derive(Default)]
struct Found {
    person: Vec<u32>,
    groups: Vec<u32>,
    members: Vec<i64>,
    waiting: Vec<u32>,
    seen: rustc_hash::FxHashSet<u32>,
}

impl Found {
    fn condition(&mut self, condition: &Condition) {
        for filter in &condition.filters {
            match filter {
                Filter::Property { source: Source::Person, slot, .. } => self.person.push(*slot),
                Filter::Property { source: Source::Group(place), .. } => self.groups.push(*place),
                Filter::Cohort { place, .. } => self.waiting.push(*place),
                Filter::Property { source: Source::Nobody, .. }
                | Filter::Flag { .. }
                | Filter::Never
                | Filter::Broken(_) => {}
            }
        }
    }

    fn node(&mut self, node: &Node) {
        match node {
            Node::All(nodes) | Node::Any(nodes) => nodes.iter().for_each(|node| self.node(node)),
            Node::Property { slot, .. } => self.person.push(*slot),
            Node::Cohort { place, .. } => self.waiting.push(*place),
        }
    }
}
