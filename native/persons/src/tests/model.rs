//! Persons as the contract's text tells them, slowly: maps that are searched and rebuilt for each event.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::scene::{Event, PROJECT, UUID};
use crate::{Limits, PersonMode, ProfileMode};

pub(super) type Id = [u8; 16];

#[derive(Debug, Clone, PartialEq)]
pub(super) struct ModelPerson {
    pub(super) created_at_us: i64,
    pub(super) properties: Map<String, Value>,
    pub(super) is_identified: bool,
    pub(super) version: i64,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Model {
    pub(super) people: BTreeMap<Id, ModelPerson>,
    /// Distinct id to person and version.
    pub(super) distinct_ids: BTreeMap<String, (Id, i64)>,
    pub(super) personless: BTreeSet<String>,
    /// Persons that are no more, with the version of their tombstone.
    pub(super) tombstones: BTreeMap<Id, i64>,
}

/// Dropped or not, person id, creation, mode, properties, names of the warnings.
pub(super) type Expected = (bool, Id, i64, Option<PersonMode>, Value, Vec<&'static str>);

fn derived(distinct_id: &str) -> Id {
    let namespace = Uuid::parse_str("932979b4-65c3-4424-8467-0b66ec27bc22").unwrap();
    *Uuid::new_v5(&namespace, format!("{PROJECT}:{distinct_id}").as_bytes()).as_bytes()
}

fn parsed(members: &[(String, String)]) -> Vec<(String, Value)> {
    members.iter().map(|(key, value)| (key.clone(), serde_json::from_str(value).unwrap())).collect()
}

const NOISY: [&str; 2] = ["$browser", "$current_url"];

impl Model {
    pub(super) fn apply(&mut self, event: &Event, limits: &Limits) -> Expected {
        let name = event.name.as_str();
        let without_sense =
            ["$identify", "$create_alias", "$merge_dangerously", "$groupidentify"].contains(&name);
        if event.mode == ProfileMode::Personless && without_sense {
            let warning = vec!["invalid_event_when_process_person_profile_is_false"];
            return (true, [0; 16], 0, None, Value::Null, warning);
        }
        let owner = self.distinct_ids.get(&event.distinct_id).map(|(id, _)| *id);
        if event.mode == ProfileMode::Personless
            && let Some(id) = owner
        {
            let created_at_us = self.people[&id].created_at_us;
            let upgrade = event.timestamp_us > created_at_us + 60_000_000 && !event.opt_out;
            let mode = if upgrade { PersonMode::ForceUpgrade } else { PersonMode::Propertyless };
            return (false, id, created_at_us, Some(mode), json!({}), vec![]);
        }
        let flag_call =
            name == "$feature_flag_called" && event.mode == ProfileMode::Default && !event.has_groups;
        let without_person = match event.mode {
            ProfileMode::Personless | ProfileMode::Forced => true,
            _ => flag_call && owner.is_none(),
        };
        if without_person {
            if owner.is_none() {
                self.personless.insert(event.distinct_id.clone());
            }
            let mode = Some(PersonMode::Propertyless);
            return (false, derived(&event.distinct_id), 5_000_000, mode, json!({}), vec![]);
        }
        self.with_person(event, limits)
    }

    fn with_person(&mut self, event: &Event, limits: &Limits) -> Expected {
        let mut warnings = Vec::new();
        let before = self.people.clone();
        let mut identified = false;
        let mut created = false;
        let mut merged = None;
        let own = &event.distinct_id;
        if let Some(other) = event.merge.as_ref().filter(|other| *other != own) {
            let owners = [own, other].map(|id| self.distinct_ids.get(id).map(|(person, _)| *person));
            if own == "null" || other == "null" {
                warnings.push("cannot_merge_with_illegal_distinct_id");
            } else {
                identified = true;
                match owners {
                    [None, None] => {
                        let used = |id: &String| self.personless.contains(id);
                        let (first, second) =
                            if used(other) && !used(own) { (other, own) } else { (own, other) };
                        let version = i64::from(used(second));
                        let id = derived(first);
                        self.distinct_ids.insert(first.clone(), (id, 0));
                        self.distinct_ids.insert(second.clone(), (id, version));
                        self.create(id, event, limits, &mut warnings);
                        created = true;
                    }
                    [Some(id), None] => self.add(other, id),
                    [None, Some(id)] => self.add(own, id),
                    [Some(into), Some(from)] if into == from => {}
                    [Some(into), Some(from)] => {
                        let moved = self.distinct_ids.values().filter(|(person, _)| *person == from).count();
                        if self.people[&from].is_identified && event.name != "$merge_dangerously" {
                            warnings.push("cannot_merge_already_identified");
                        } else if moved > limits.moved_distinct_ids_max {
                            warnings.push("merge_move_limit_exceeded");
                        } else {
                            merged = Some(self.merge(from, into, limits, &mut warnings));
                        }
                    }
                }
            }
        }
        if !self.distinct_ids.contains_key(own) {
            let id = derived(own);
            self.distinct_ids.insert(own.clone(), (id, 0));
            self.create(id, event, limits, &mut warnings);
            created = true;
        }
        let id = self.distinct_ids[own].0;
        if !created {
            self.update(id, event, limits, &mut warnings);
        }
        let person = self.people.get_mut(&id).unwrap();
        person.is_identified |= identified;
        if let Some(version) = merged {
            person.version = version;
        } else if before.get(&id).is_some_and(|before| before != person) {
            person.version += 1;
        }
        let mut shown = person.properties.clone();
        if event.name != "$groupidentify" {
            shown.extend(parsed(&event.set));
        }
        (false, id, person.created_at_us, Some(PersonMode::Full), Value::Object(shown), warnings)
    }

    fn create(&mut self, id: Id, event: &Event, limits: &Limits, warnings: &mut Vec<&'static str>) {
        let creator = json!(Uuid::from_bytes(UUID).to_string());
        let mut properties = Map::new();
        if event.name != "$groupidentify" {
            properties.extend(parsed(&event.set_once));
            properties.extend(parsed(&event.set));
            for key in &event.unset {
                properties.remove(key);
            }
        }
        properties.insert("$creator_event_uuid".to_owned(), creator.clone());
        if size(&properties) > limits.properties_bytes_max {
            warnings.push("person_properties_size_violation");
            properties = Map::from_iter([("$creator_event_uuid".to_owned(), creator)]);
        }
        let created_at_us = event.timestamp_us;
        self.people.insert(id, ModelPerson { created_at_us, properties, is_identified: false, version: 0 });
    }

    fn add(&mut self, distinct_id: &str, id: Id) {
        let version = i64::from(self.personless.contains(distinct_id) && derived(distinct_id) != id);
        self.distinct_ids.insert(distinct_id.to_owned(), (id, version));
    }

    /// Merges and returns the survivor's version.
    fn merge(&mut self, from: Id, into: Id, limits: &Limits, warnings: &mut Vec<&'static str>) -> i64 {
        let other = self.people.remove(&from).unwrap();
        for (person, version) in self.distinct_ids.values_mut().filter(|(person, _)| *person == from) {
            *person = into;
            *version += 1;
        }
        self.tombstones.insert(from, other.version + 100);
        let survivor = self.people.get_mut(&into).unwrap();
        let mut united = other.properties;
        united.extend(survivor.properties.clone());
        if size(&united) <= limits.properties_bytes_max.max(size(&survivor.properties)) {
            survivor.properties = united;
        } else {
            warnings.push("person_properties_size_violation");
        }
        survivor.created_at_us = survivor.created_at_us.min(other.created_at_us);
        survivor.version.max(other.version) + 1
    }

    fn update(&mut self, id: Id, event: &Event, limits: &Limits, warnings: &mut Vec<&'static str>) {
        if ["$exception", "$$heatmap", "$groupidentify"].contains(&event.name.as_str()) {
            return;
        }
        let person = self.people.get_mut(&id).unwrap();
        let mut properties = person.properties.clone();
        for (key, value) in parsed(&event.set_once) {
            match properties.get(&key) {
                None => drop(properties.insert(key, value)),
                Some(Value::Null) if !value.is_null() => drop(properties.insert(key, value)),
                Some(_) => {}
            }
        }
        properties.extend(parsed(&event.set));
        for key in &event.unset {
            properties.remove(key);
        }
        let about_persons = ["$identify", "$create_alias", "$merge_dangerously", "$set"];
        let old = &person.properties;
        let set = parsed(&event.set);
        let mut changed = set.iter().filter(|(key, value)| old.get(key) != Some(value));
        let quiet = changed.all(|(key, _)| old.contains_key(key) && NOISY.contains(&key.as_str()))
            && !fills_by_once(old, event)
            && !event.unset.iter().any(|key| old.contains_key(key));
        if quiet && !about_persons.contains(&event.name.as_str()) {
            return;
        }
        let limit = limits.properties_bytes_max.max(size(&person.properties));
        if size(&properties) <= limit {
            person.properties = properties;
        } else if !warnings.contains(&"person_properties_size_violation") {
            warnings.push("person_properties_size_violation");
        }
    }
}

/// Whether `$set_once` has something to fill.
fn fills_by_once(old: &Map<String, Value>, event: &Event) -> bool {
    parsed(&event.set_once).iter().any(|(key, value)| match old.get(key) {
        None => true,
        Some(old) => old.is_null() && !value.is_null(),
    })
}

fn size(properties: &Map<String, Value>) -> usize {
    serde_json::to_string(properties).unwrap().len()
}
