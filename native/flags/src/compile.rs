//! From definitions to what an evaluation walks: names become slots, ids become places, texts become filters.

use rustc_hash::FxHashMap;

use crate::cohort::{self, Cohort, Criteria, Node, REFERENCES_DEPTH_MAX, Tree};
use crate::date::Zone;
use crate::definition::{
    ConditionDefinition, Document, FilterDefinition, Filters, FlagDefinition, Flaw, GoesBy,
    PropertyDefinition,
};
use crate::failure::Failure;
use crate::filter_error::FilterError;
use crate::flag::{Condition, Filter, Flag, Rules, Source, Wanted};
use crate::graph::{Graph, Standing};
use crate::keys::Keys;
use crate::property::PropertyFilter;

/// A type of group, and the properties of groups of it that filters look at.
#[derive(Debug, Default)]
pub struct GroupType {
    pub index: i64,
    /// None if the project has no such type: nobody can be in a group of it.
    pub name: Option<Box<str>>,
    pub keys: Keys,
}

/// What has been compiled so far.
pub struct Compiler<'a> {
    pub person: Keys,
    pub group_types: Vec<GroupType>,
    zone: Zone,
    matching_version: u8,
    flag_places: FxHashMap<i64, u32>,
    cohort_places: FxHashMap<i64, u32>,
    document: &'a Document<'a>,
}

impl<'a> Compiler<'a> {
    /// Numbers what the document defines.
    pub fn new(document: &'a Document<'a>) -> Self {
        let named = |(name, index): &(&str, i64)| GroupType {
            index: *index,
            name: Some((*name).into()),
            keys: Keys::default(),
        };
        let flags = document.flags.iter().enumerate();
        let cohorts = document.cohorts.iter().enumerate();
        Self {
            person: Keys::default(),
            group_types: document.group_types.iter().map(named).collect(),
            zone: Zone::named(document.timezone).unwrap_or_else(Zone::utc),
            matching_version: document.matching_version,
            flag_places: flags.map(|(place, flag)| (flag.id, place as u32)).collect(),
            cohort_places: cohorts.map(|(place, cohort)| (cohort.id, place as u32)).collect(),
            document,
        }
    }

    /// The place of a flag, if there is one with this id.
    pub fn flag_place(&self, id: i64) -> Option<u32> {
        self.flag_places.get(&id).copied()
    }

    /// The place of a cohort, if there is one with this id.
    pub fn cohort_place(&self, id: i64) -> Option<u32> {
        self.cohort_places.get(&id).copied()
    }

    /// Compiles every cohort, by place.
    pub fn cohorts(&mut self) -> Vec<Cohort> {
        let document = self.document;
        let read: Vec<_> = document.cohorts.iter().map(cohort::read).collect();
        let references = |criteria: &Result<Criteria<'_>, Flaw>| match criteria {
            Ok(Criteria::Tree(tree)) => {
                tree.references().into_iter().map(|id| self.cohort_place(id)).collect::<Vec<_>>()
            }
            _ => Vec::new(),
        };
        let references: Vec<_> = read.iter().map(references).collect();
        let graph = Graph::new(&references);
        let mut failures: Vec<Option<Failure>> = graph
            .standings
            .iter()
            .map(|standing| (*standing == Standing::Cyclic).then_some(Failure::CohortCycle))
            .collect();
        let mut cohorts: Vec<Option<Cohort>> = read.iter().map(|_| None).collect();
        for place in &graph.order {
            let place = *place as usize;
            let compiled = if graph.levels[place] > REFERENCES_DEPTH_MAX {
                Err(Failure::CohortUnreadable)
            } else {
                self.cohort(place, &read[place], &references[place], &failures)
            };
            failures[place] = compiled.as_ref().err().copied();
            cohorts[place] = compiled.ok();
        }
        let finished = cohorts.into_iter().zip(failures);
        finished
            .map(|(cohort, failure)| {
                cohort.unwrap_or(Cohort::Broken(failure.unwrap_or(Failure::CohortUnreadable)))
            })
            .collect()
    }

    fn cohort(
        &mut self,
        place: usize,
        criteria: &Result<Criteria<'_>, Flaw>,
        references: &[Option<u32>],
        failures: &[Option<Failure>],
    ) -> Result<Cohort, Failure> {
        let definition = &self.document.cohorts[place];
        let tree = match criteria {
            Err(_) => return Err(Failure::CohortUnreadable),
            Ok(Criteria::Members) if definition.is_static => {
                return Ok(Cohort::Members { id: definition.id, version: 0 });
            }
            Ok(Criteria::Members) => {
                let members = |version| Cohort::Members { id: definition.id, version };
                return Ok(definition.version.map_or(Cohort::Uncalculated, members));
            }
            Ok(Criteria::Tree(tree)) => tree,
        };
        for reference in references {
            let reference = reference.ok_or(Failure::CohortNotFound)?;
            if let Some(failure) = failures[reference as usize] {
                return Err(failure);
            }
        }
        self.node(tree).map(Cohort::Criteria).ok_or(Failure::CohortUnreadable)
    }

    fn node(&mut self, tree: &Tree<'_>) -> Option<Node> {
        Some(match tree {
            Tree::All(nodes) => Node::All(nodes.iter().map(|node| self.node(node)).collect::<Option<_>>()?),
            Tree::Any(nodes) => Node::Any(nodes.iter().map(|node| self.node(node)).collect::<Option<_>>()?),
            Tree::Property { filter, is_negated } => {
                let slot = self.person.intern(&filter.key);
                let filter = Box::new(self.property(filter).ok()?);
                Node::Property { slot, filter, is_negated: *is_negated }
            }
            Tree::Cohort { id, is_negated } => {
                Node::Cohort { place: self.cohort_place(*id)?, is_negated: *is_negated }
            }
        })
    }

    /// Compiles one flag.
    pub fn flag(&mut self, definition: &FlagDefinition<'_>) -> Flag {
        let rules = match &definition.filters {
            Ok(filters) => self.rules(definition, filters).map_err(|_| Failure::FlagUnreadable),
            Err(_) => Err(Failure::FlagUnreadable),
        };
        Flag::new(definition, rules)
    }

    fn rules(&mut self, flag: &FlagDefinition<'_>, filters: &Filters<'_>) -> Result<Rules, Flaw> {
        let group_type = filters.group_type.map(|index| self.group_type(index));
        let mut conditions = Vec::with_capacity(filters.conditions.len());
        for condition in &filters.conditions {
            conditions.push(self.condition(condition, group_type, &filters.variants)?);
        }
        let super_condition = filters.super_condition.as_ref();
        let super_condition =
            super_condition.map(|condition| self.super_condition(condition, group_type)).transpose()?;
        let enrollment =
            filters.has_enrollment.then(|| self.person.intern(&format!("$feature_enrollment/{}", flag.key)));
        Ok(Rules {
            conditions: conditions.into(),
            variants: filters.variants.iter().map(|(key, percentage)| ((*key).into(), *percentage)).collect(),
            payloads: filters
                .payloads
                .iter()
                .map(|(variant, payload)| ((*variant).into(), payload.to_string().into()))
                .collect(),
            group_type,
            early_exit: filters.early_exit,
            enrollment,
            holdout: filters.holdout.map(|(id, excluded)| (format!("holdout-{id}").into(), excluded)),
            super_condition,
        })
    }

    fn condition(
        &mut self,
        definition: &ConditionDefinition<'_>,
        flag_group_type: Option<u32>,
        variants: &[(&str, f64)],
    ) -> Result<Condition, Flaw> {
        let group_type = match definition.goes_by {
            GoesBy::Flag => flag_group_type,
            GoesBy::Person => None,
            GoesBy::Group(index) => Some(self.group_type(index)),
        };
        let (mut filters, mut cohorts) = (Vec::new(), Vec::new());
        for filter in &definition.filters {
            let is_on_cohort = filter.is_on_cohort();
            let filter = self.filter(filter, group_type)?;
            if is_on_cohort { cohorts.push(filter) } else { filters.push(filter) }
        }
        filters.append(&mut cohorts);
        let variant = definition.variant;
        let variant = variant.and_then(|variant| variants.iter().position(|(key, _)| *key == variant));
        Ok(Condition {
            group_type,
            filters: filters.into(),
            rollout_percentage: definition.rollout_percentage,
            variant: variant.map(|variant| variant as u32),
        })
    }

    /// A gate in front of all conditions: properties are the person's whatever the flag goes by.
    fn super_condition(
        &mut self,
        definition: &ConditionDefinition<'_>,
        group_type: Option<u32>,
    ) -> Result<Condition, Flaw> {
        let mut condition = self.condition(definition, group_type, &[])?;
        condition.group_type = group_type;
        for (place, filter) in definition.filters.iter().filter(|filter| !filter.is_on_cohort()).enumerate() {
            if let FilterDefinition::Group(property, _) = filter {
                condition.filters[place] = self.on(Source::Person, property)?;
            }
        }
        Ok(condition)
    }

    fn filter(&mut self, filter: &FilterDefinition<'_>, group_type: Option<u32>) -> Result<Filter, Flaw> {
        match filter {
            FilterDefinition::Person(property) => self.on(Source::Person, property),
            FilterDefinition::Group(property, index) => {
                let place = index.map(|index| self.group_type(index)).or(group_type);
                self.on(place.map_or(Source::Nobody, Source::Group), property)
            }
            FilterDefinition::Cohort { id, operator } => Ok(match (operator, self.cohort_place(*id)) {
                (None | Some("in"), Some(place)) => Filter::Cohort { place, is_in: true },
                (Some("not_in"), Some(place)) => Filter::Cohort { place, is_in: false },
                (_, Some(_)) => Filter::Never,
                (_, None) => Filter::Broken(Failure::CohortNotFound),
            }),
            FilterDefinition::Flag { id, operator, value } => {
                let wanted = Wanted::read(*operator, *value);
                // A flag that is missing has its place in the graph, and is never asked here.
                let place = id.and_then(|id| self.flag_place(id));
                Ok(match (place, wanted) {
                    (Some(place), Some(wanted)) => Filter::Flag { place, wanted },
                    _ => Filter::Never,
                })
            }
        }
    }

    fn on(&mut self, source: Source, property: &PropertyDefinition<'_>) -> Result<Filter, Flaw> {
        let filter = Box::new(self.property(property)?);
        let slot = match source {
            Source::Person => self.person.intern(&property.key),
            Source::Group(place) => self.group_types[place as usize].keys.intern(&property.key),
            Source::Nobody => 0,
        };
        Ok(Filter::Property { source, slot, filter })
    }

    /// Compiles a filter on a property.
    pub fn compile(&self, property: &PropertyDefinition<'_>) -> Result<PropertyFilter, FilterError> {
        let PropertyDefinition { key, operator, value } = property;
        PropertyFilter::compile(key, *operator, *value, &self.zone, self.matching_version)
    }

    fn property(&self, property: &PropertyDefinition<'_>) -> Result<PropertyFilter, Flaw> {
        self.compile(property).map_err(|error| error.to_string())
    }

    /// The place of a type of group, which may be one that nobody can be in.
    fn group_type(&mut self, index: i64) -> u32 {
        let known = self.group_types.iter().position(|known| known.index == index);
        let place = known.unwrap_or_else(|| {
            self.group_types.push(GroupType { index, ..GroupType::default() });
            self.group_types.len() - 1
        });
        place as u32
    }

    /// What each flag depends on, by place; None is a flag that does not exist.
    pub fn flag_dependencies(&self) -> Vec<Vec<Option<u32>>> {
        let dependencies = |flag: &FlagDefinition<'_>| {
            let Ok(filters) = &flag.filters else { return Vec::new() };
            let conditions = filters.conditions.iter().chain(&filters.super_condition);
            let filters = conditions.flat_map(|condition| &condition.filters);
            let needed = filters.filter_map(|filter| match filter {
                FilterDefinition::Flag { id, .. } => Some(id.and_then(|id| self.flag_place(id))),
                _ => None,
            });
            needed.collect::<Vec<_>>()
        };
        self.document.flags.iter().map(dependencies).collect()
    }
}
