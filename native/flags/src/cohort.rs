//! Cohorts: trees of criteria, or lists of members that somebody else keeps.

use serde_json::{Map, Value};

use crate::definition::{self, CohortDefinition, Flaw, PropertyDefinition, field};
use crate::failure::Failure;
use crate::property::PropertyFilter;

/// Groups of criteria may nest this deep.
pub const GROUPS_DEPTH_MAX: usize = 32;
/// Cohorts may refer to others in chains of so many.
pub const REFERENCES_DEPTH_MAX: u32 = 32;
/// Criteria of one cohort.
pub const CRITERIA_MAX: usize = 5_000;

/// One cohort, compiled.
#[derive(Debug)]
pub enum Cohort {
    /// Who is in it was found out before.
    Members { id: i64, version: i64 },
    /// Who is in it is about to be found out for the first time.
    Uncalculated,
    /// Who has such properties.
    Criteria(Node),
    /// Nobody can tell.
    Broken(Failure),
}

/// A piece of compiled criteria.
#[derive(Debug)]
pub enum Node {
    /// All of them.
    All(Box<[Node]>),
    /// One of them at least.
    Any(Box<[Node]>),
    /// A property of the person.
    Property { slot: u32, filter: Box<PropertyFilter>, is_negated: bool },
    /// Another cohort, by its place.
    Cohort { place: u32, is_negated: bool },
}

/// Criteria as they were read.
pub enum Criteria<'a> {
    Members,
    Tree(Tree<'a>),
}

/// A piece of criteria as it was read.
pub enum Tree<'a> {
    All(Vec<Tree<'a>>),
    Any(Vec<Tree<'a>>),
    Property { filter: PropertyDefinition<'a>, is_negated: bool },
    Cohort { id: i64, is_negated: bool },
}

/// Reads a cohort's criteria. A cohort with a criterion that properties cannot answer goes by its members.
pub fn read<'a>(cohort: &CohortDefinition<'a>) -> Result<Criteria<'a>, Flaw> {
    if cohort.is_static {
        return Ok(Criteria::Members);
    }
    let filters = cohort.filters.and_then(Value::as_object).ok_or("the cohort has no criteria")?;
    let root = field(filters, "properties").and_then(Value::as_object);
    let root = root.filter(|root| root.contains_key("values")).ok_or("the criteria are not a group")?;
    let mut reader = Reader { needs_members: false, criteria: 0 };
    let tree = reader.group(root, GROUPS_DEPTH_MAX)?;
    Ok(if reader.needs_members { Criteria::Members } else { Criteria::Tree(tree) })
}

struct Reader {
    needs_members: bool,
    criteria: usize,
}

impl Reader {
    fn group<'a>(&mut self, group: &'a Map<String, Value>, depth: usize) -> Result<Tree<'a>, Flaw> {
        let depth = depth.checked_sub(1).ok_or("the criteria nest too deeply")?;
        let values = field(group, "values").and_then(Value::as_array).ok_or("a group has no values")?;
        let values = values.iter().map(|value| self.one(value, depth)).collect::<Result<_, _>>()?;
        match field(group, "type").and_then(Value::as_str) {
            Some("AND" | "property") => Ok(Tree::All(values)),
            Some("OR") => Ok(Tree::Any(values)),
            _ => Err("a group is neither AND nor OR".to_owned()),
        }
    }

    fn one<'a>(&mut self, value: &'a Value, depth: usize) -> Result<Tree<'a>, Flaw> {
        let object = value.as_object().ok_or("a criterion is not an object")?;
        let kind = field(object, "type").and_then(Value::as_str).unwrap_or("person");
        if object.contains_key("values") && matches!(kind, "AND" | "OR" | "property") {
            return self.group(object, depth);
        }
        self.criteria += 1;
        if self.criteria > CRITERIA_MAX {
            return Err(format!("a cohort has at most {CRITERIA_MAX} criteria"));
        }
        let is_negated = field(object, "negation").and_then(Value::as_bool).unwrap_or(false);
        match kind {
            "person" => Ok(Tree::Property { filter: PropertyDefinition::read(object)?, is_negated }),
            "cohort" | "static-cohort" | "dynamic-cohort" | "precalculated-cohort" => {
                let id = definition::id(field(object, "value")).ok_or("a criterion names no cohort")?;
                let is_not_in = field(object, "operator").and_then(Value::as_str) == Some("not_in");
                Ok(Tree::Cohort { id, is_negated: is_negated != is_not_in })
            }
            "behavioral" | "person_metadata" | "event" | "hogql" => {
                self.needs_members = true;
                Ok(Tree::All(Vec::new()))
            }
            other => Err(format!("there are no criteria of the type “{}”", definition::shown(other))),
        }
    }
}

impl<'a> Tree<'a> {
    /// The cohorts it refers to.
    pub fn references(&self) -> Vec<i64> {
        let mut found = Vec::new();
        self.visit(&mut |leaf| {
            if let Tree::Cohort { id, .. } = leaf {
                found.push(*id);
            }
        });
        found
    }

    /// Shows every leaf.
    pub fn visit(&self, look: &mut impl FnMut(&Tree<'a>)) {
        match self {
            Self::All(nodes) | Self::Any(nodes) => nodes.iter().for_each(|node| node.visit(look)),
            leaf => look(leaf),
        }
    }
}
