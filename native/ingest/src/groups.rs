//! Groups of persons (companies, teams, …): the index of each type and the properties of each group.

use std::collections::HashMap;

use columns::GROUPS;
use json::Value;

use crate::block::{GroupRow, GroupTypeRow};
use crate::objects;

/// Longer keys are refused.
pub const GROUP_KEY_CHARS_MAX: usize = 400;
/// Groups kept in memory from one block to the next.
const GROUPS_KEPT_MAX: usize = 200_000;

/// What is known of a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// A JSON object.
    pub properties: String,
    /// Microseconds since 1970, UTC.
    pub created_at_us: i64,
}

/// The groups of every project, as far as they are in memory.
#[derive(Debug, Default)]
pub struct Groups {
    types: HashMap<u32, [Option<String>; GROUPS]>,
    described: HashMap<(u32, u8), HashMap<String, Option<Group>>>,
    count: usize,
    new_types: Vec<GroupTypeRow>,
    changed: Vec<(u32, u8, String)>,
}

impl Groups {
    /// Whether the project's types are in memory.
    pub fn has_types(&self, project_id: u32) -> bool {
        self.types.contains_key(&project_id)
    }

    /// Learns the types of a project: all of them.
    pub fn load_types<'t>(&mut self, project_id: u32, types: impl Iterator<Item = (&'t str, u8)>) {
        let known = self.types.entry(project_id).or_default();
        for (name, index) in types {
            if let Some(slot) = known.get_mut(index as usize) {
                *slot = Some(name.to_string());
            }
        }
    }

    /// The index of a type that has one.
    pub fn index(&self, project_id: u32, name: &str) -> Option<u8> {
        let types = self.types.get(&project_id)?;
        types.iter().position(|known| known.as_deref() == Some(name)).map(|index| index as u8)
    }

    /// The index of a type, which gets the lowest free one if it has none; nothing once all are taken.
    pub fn index_or_next(&mut self, project_id: u32, name: &str) -> Option<u8> {
        if let Some(index) = self.index(project_id, name) {
            return Some(index);
        }
        let types = self.types.entry(project_id).or_default();
        let free = types.iter().position(Option::is_none)?;
        types[free] = Some(name.to_string());
        self.new_types.push(GroupTypeRow { project_id, name: name.to_string(), index: free as u8 });
        Some(free as u8)
    }

    /// Whether it is in memory if, and how, the group exists.
    pub fn has(&self, project_id: u32, index: u8, key: &str) -> bool {
        self.described.get(&(project_id, index)).is_some_and(|groups| groups.contains_key(key))
    }

    /// Learns a group, or that there is none.
    pub fn load(&mut self, project_id: u32, index: u8, key: &str, group: Option<Group>) {
        let groups = self.described.entry((project_id, index)).or_default();
        if groups.insert(key.to_string(), group).is_none() {
            self.count += 1;
        }
    }

    /// The group, if it was ever described.
    pub fn get(&self, project_id: u32, index: u8, key: &str) -> Option<&Group> {
        self.described.get(&(project_id, index))?.get(key)?.as_ref()
    }

    /// Merges properties into a group, which is created if need be.
    pub fn describe(&mut self, project_id: u32, index: u8, key: &str, set: Option<Value<'_>>, at_us: i64) {
        let before = self.get(project_id, index, key);
        let under = before.and_then(|group| objects::object(&group.properties));
        let properties = objects::merged(under, set);
        let created_at_us = before.map_or(at_us, |group| group.created_at_us);
        let group = Group { properties, created_at_us };
        if before != Some(&group) {
            self.load(project_id, index, key, Some(group));
            self.changed.push((project_id, index, key.to_string()));
        }
    }

    /// What changed since the last time: types, and groups in their last state in the order of first change.
    pub fn take_changes(&mut self) -> (Vec<GroupTypeRow>, Vec<GroupRow>) {
        let mut rows: Vec<GroupRow> = Vec::new();
        let mut seen = std::collections::HashSet::new();
        for changed in std::mem::take(&mut self.changed) {
            if !seen.insert(changed.clone()) {
                continue;
            }
            let (project_id, group_type_index, key) = changed;
            if let Some(group) = self.get(project_id, group_type_index, &key).cloned() {
                let Group { properties, created_at_us } = group;
                rows.push(GroupRow { project_id, group_type_index, key, created_at_us, properties });
            }
        }
        (std::mem::take(&mut self.new_types), rows)
    }

    /// Whether more groups are in memory than should stay there.
    pub fn is_over_limits(&self) -> bool {
        self.count > GROUPS_KEPT_MAX
    }

    /// Forgets groups where too many are in memory. To be called when the catalog has all changes.
    pub fn trim(&mut self) {
        if self.is_over_limits() {
            self.described.clear();
            self.count = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_get_the_lowest_free_index_and_the_sixth_gets_none() {
        let mut groups = Groups::default();
        groups.load_types(1, [("b", 1)].into_iter());
        let indexes: Vec<_> =
            ["a", "b", "c", "d", "e", "f"].iter().map(|name| groups.index_or_next(1, name)).collect();
        assert_eq!(indexes, [Some(0), Some(1), Some(2), Some(3), Some(4), None]);
        assert_eq!(groups.take_changes().0.len(), 4);
    }

    #[test]
    fn a_group_keeps_its_first_time_and_merges_shallowly() {
        let mut groups = Groups::default();
        groups.describe(1, 0, "k", Value::parse(r#"{"a":{"x":1},"b":1}"#).ok(), 5);
        groups.describe(1, 0, "k", Value::parse(r#"{"a":{"y":2}}"#).ok(), 9);
        let (_, rows) = groups.take_changes();
        assert_eq!(
            (rows.len(), rows[0].created_at_us, rows[0].properties.as_str()),
            (1, 5, r#"{"a":{"y":2},"b":1}"#)
        );
        groups.describe(1, 0, "k", None, 10);
        assert!(groups.take_changes().1.is_empty());
    }
}
