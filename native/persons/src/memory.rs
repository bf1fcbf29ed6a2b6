//! What is held in memory: persons, the distinct ids that lead to them, and what was not yet written.

use std::collections::HashMap;
use std::sync::Arc;

use crate::identity::person_id;
use crate::properties::Properties;
use crate::{Limits, LoadedPerson, NotLoaded};

/// A place in [`Memory::people`].
pub(crate) type Slot = u32;

#[derive(Debug)]
pub(crate) struct Person {
    pub(crate) project_id: u32,
    pub(crate) id: [u8; 16],
    pub(crate) created_at_us: i64,
    pub(crate) properties: Properties,
    pub(crate) is_identified: bool,
    pub(crate) version: i64,
    pub(crate) distinct_ids: Vec<Arc<str>>,
    /// Whether `distinct_ids` are all that the person has.
    pub(crate) complete: bool,
    pub(crate) dirty: bool,
    /// The clock when the person was last used.
    used: u64,
    /// What the person was last counted as, in bytes.
    weight: usize,
}

/// Whose a distinct id is.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Owner {
    Nobody(Unowned),
    Person { slot: Slot, version: i64 },
}

/// A distinct id without a person.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Unowned {
    /// The id of the person that it would create.
    pub(crate) person_id: [u8; 16],
    /// Events were stored under that id although no such person exists.
    pub(crate) used_personless: bool,
    used: u64,
}

#[derive(Debug)]
pub(crate) struct DistinctId {
    pub(crate) owner: Owner,
    pub(crate) dirty: bool,
}

#[derive(Debug, Default)]
struct Project {
    distinct_ids: HashMap<Arc<str>, DistinctId>,
    people: HashMap<[u8; 16], Slot>,
}

#[derive(Debug)]
pub(crate) struct Memory {
    pub(crate) limits: Limits,
    projects: HashMap<u32, Project>,
    people: Vec<Option<Person>>,
    free: Vec<Slot>,
    /// Slots of persons that a merge removed. They are free once the changes were taken, because the list of
    /// changed slots may still name them.
    removed: Vec<Slot>,
    clock: u64,
    entries: usize,
    bytes: usize,
}

/// What a person costs beside its texts: the slot and its places in the maps.
const PERSON_BYTES: usize = size_of::<Person>() + 64;
/// What a distinct id costs beside its text: its place in the map and the person's list.
const DISTINCT_ID_BYTES: usize = size_of::<(Arc<str>, DistinctId)>() + 64;

impl Memory {
    pub(crate) fn new(limits: Limits) -> Self {
        Self {
            limits,
            projects: HashMap::new(),
            people: Vec::new(),
            free: Vec::new(),
            removed: Vec::new(),
            clock: 0,
            entries: 0,
            bytes: 0,
        }
    }

    pub(crate) fn entries(&self) -> usize {
        self.entries
    }

    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    pub(crate) fn is_loaded(&self, project_id: u32, distinct_id: &str) -> bool {
        self.distinct_id(project_id, distinct_id).is_some()
    }

    pub(crate) fn load(&mut self, loaded: &LoadedPerson<'_>) {
        let known = self.projects.get(&loaded.project_id).and_then(|project| project.people.get(&loaded.id));
        let slot = known.copied().unwrap_or_else(|| {
            self.insert_person(Person {
                project_id: loaded.project_id,
                id: loaded.id,
                created_at_us: loaded.created_at_us,
                properties: Properties::parse(loaded.properties),
                is_identified: loaded.is_identified,
                version: loaded.version,
                distinct_ids: Vec::with_capacity(loaded.distinct_ids.len()),
                complete: loaded.complete,
                dirty: false,
                used: 0,
                weight: 0,
            })
        });
        for (distinct_id, version) in loaded.distinct_ids {
            if !self.is_loaded(loaded.project_id, distinct_id) {
                let owner = Owner::Person { slot, version: *version };
                let key = self.insert_distinct_id(loaded.project_id, distinct_id, owner);
                if let Some(person) = self.person_mut(slot) {
                    person.distinct_ids.push(key);
                }
            }
        }
        self.touch(slot);
    }

    pub(crate) fn load_absent(&mut self, project_id: u32, distinct_id: &str, used_personless: bool) {
        if !self.is_loaded(project_id, distinct_id) {
            let person_id = person_id(project_id, distinct_id);
            self.clock += 1;
            let unowned = Unowned { person_id, used_personless, used: self.clock };
            self.insert_distinct_id(project_id, distinct_id, Owner::Nobody(unowned));
        }
    }

    /// Whose a distinct id is. Notes that it was used.
    pub(crate) fn owner(&mut self, project_id: u32, distinct_id: &str) -> Result<Owner, NotLoaded> {
        self.clock += 1;
        let clock = self.clock;
        let entry = self.distinct_id_mut(project_id, distinct_id).ok_or(NotLoaded)?;
        if let Owner::Nobody(unowned) = &mut entry.owner {
            unowned.used = clock;
        }
        let owner = entry.owner;
        if let Owner::Person { slot, .. } = owner {
            self.touch(slot);
        }
        Ok(owner)
    }

    /// The key under which a distinct id is held, to be shared.
    pub(crate) fn key(&self, project_id: u32, distinct_id: &str) -> Option<Arc<str>> {
        let (key, _) = self.projects.get(&project_id)?.distinct_ids.get_key_value(distinct_id)?;
        Some(Arc::clone(key))
    }

    pub(crate) fn distinct_id(&self, project_id: u32, distinct_id: &str) -> Option<&DistinctId> {
        self.projects.get(&project_id)?.distinct_ids.get(distinct_id)
    }

    pub(crate) fn distinct_id_mut(&mut self, project_id: u32, distinct_id: &str) -> Option<&mut DistinctId> {
        self.projects.get_mut(&project_id)?.distinct_ids.get_mut(distinct_id)
    }

    pub(crate) fn person(&self, slot: Slot) -> Option<&Person> {
        self.people.get(slot as usize)?.as_ref()
    }

    pub(crate) fn person_mut(&mut self, slot: Slot) -> Option<&mut Person> {
        self.people.get_mut(slot as usize)?.as_mut()
    }

    pub(crate) fn insert_person(&mut self, person: Person) -> Slot {
        let slot = self.free.pop().unwrap_or(self.people.len() as Slot);
        self.projects.entry(person.project_id).or_default().people.insert(person.id, slot);
        match self.people.get_mut(slot as usize) {
            Some(place) => *place = Some(person),
            None => self.people.push(Some(person)),
        }
        self.touch(slot);
        self.weigh(slot);
        slot
    }

    /// Takes a person out for good; its distinct ids stay and need a new owner.
    pub(crate) fn remove_person(&mut self, slot: Slot) -> Option<Person> {
        let person = self.people.get_mut(slot as usize)?.take()?;
        self.bytes -= person.weight;
        if let Some(project) = self.projects.get_mut(&person.project_id) {
            project.people.remove(&person.id);
        }
        self.removed.push(slot);
        Some(person)
    }

    /// Counts a person's bytes anew after its properties changed.
    pub(crate) fn weigh(&mut self, slot: Slot) {
        if let Some(person) = self.people.get_mut(slot as usize).and_then(Option::as_mut) {
            let weight = PERSON_BYTES + person.properties.bytes();
            self.bytes = self.bytes - person.weight + weight;
            person.weight = weight;
        }
    }

    /// Lets slots of removed persons be used again. No list may name them any more.
    pub(crate) fn reuse_removed(&mut self) {
        self.free.append(&mut self.removed);
    }

    /// Forgets a person with all its distinct ids.
    pub(crate) fn forget_person(&mut self, slot: Slot) {
        if let Some(person) = self.remove_person(slot) {
            for distinct_id in &person.distinct_ids {
                self.remove_distinct_id(person.project_id, distinct_id);
            }
        }
    }

    pub(crate) fn slot_of(&self, project_id: u32, id: &[u8; 16]) -> Option<Slot> {
        self.projects.get(&project_id)?.people.get(id).copied()
    }

    pub(crate) fn remove_distinct_id(&mut self, project_id: u32, distinct_id: &str) {
        let Some(project) = self.projects.get_mut(&project_id) else { return };
        if project.distinct_ids.remove(distinct_id).is_some() {
            self.entries -= 1;
            self.bytes -= DISTINCT_ID_BYTES + distinct_id.len();
        }
        if project.distinct_ids.is_empty() && project.people.is_empty() {
            self.projects.remove(&project_id);
        }
    }

    pub(crate) fn is_over_limits(&self) -> bool {
        self.entries > self.limits.entries_max || self.bytes > self.limits.bytes_max
    }

    /// Forgets what was not used for longest, down to seven eighths of the limits, so that the walk over
    /// everything is rare. Nothing may be dirty.
    pub(crate) fn evict(&mut self) {
        if !self.is_over_limits() {
            return;
        }
        let oldest_kept = self.oldest_kept();
        let old_people = self.people.iter().zip(0..).filter_map(|(person, slot)| {
            person.as_ref().is_some_and(|person| person.used < oldest_kept).then_some(slot)
        });
        for slot in old_people.collect::<Vec<Slot>>() {
            self.forget_person(slot);
        }
        self.reuse_removed();
        let (mut entries, mut bytes) = (0, 0);
        self.projects.retain(|_, project| {
            project.distinct_ids.retain(|distinct_id, entry| {
                let keep = !matches!(entry.owner, Owner::Nobody(unowned) if unowned.used < oldest_kept);
                if !keep {
                    entries += 1;
                    bytes += DISTINCT_ID_BYTES + distinct_id.len();
                }
                keep
            });
            !project.distinct_ids.is_empty() || !project.people.is_empty()
        });
        self.entries -= entries;
        self.bytes -= bytes;
    }

    /// The clock before which everything is to be forgotten.
    fn oldest_kept(&self) -> u64 {
        let mut uses: Vec<(u64, usize, usize)> = Vec::new();
        for person in self.people.iter().flatten() {
            let texts: usize = person.distinct_ids.iter().map(|id| id.len() + DISTINCT_ID_BYTES).sum();
            uses.push((person.used, person.distinct_ids.len(), person.weight + texts));
        }
        for (distinct_id, entry) in self.projects.values().flat_map(|project| &project.distinct_ids) {
            if let Owner::Nobody(unowned) = entry.owner {
                uses.push((unowned.used, 1, DISTINCT_ID_BYTES + distinct_id.len()));
            }
        }
        uses.sort_unstable_by_key(|(used, ..)| std::cmp::Reverse(*used));
        let entries_kept = self.limits.entries_max / 8 * 7;
        let bytes_kept = self.limits.bytes_max / 8 * 7;
        let (mut entries, mut bytes, mut oldest) = (0, 0, u64::MAX);
        for (used, more_entries, more_bytes) in uses {
            entries += more_entries;
            bytes += more_bytes;
            if entries > entries_kept || bytes > bytes_kept {
                break;
            }
            oldest = used;
        }
        oldest
    }

    fn touch(&mut self, slot: Slot) {
        self.clock += 1;
        let clock = self.clock;
        if let Some(person) = self.person_mut(slot) {
            person.used = clock;
        }
    }

    fn insert_distinct_id(&mut self, project_id: u32, distinct_id: &str, owner: Owner) -> Arc<str> {
        let key: Arc<str> = Arc::from(distinct_id);
        let project = self.projects.entry(project_id).or_default();
        let entry = DistinctId { owner, dirty: false };
        if project.distinct_ids.insert(Arc::clone(&key), entry).is_none() {
            self.entries += 1;
            self.bytes += DISTINCT_ID_BYTES + distinct_id.len();
        }
        key
    }
}

impl Person {
    /// A person that an event creates.
    pub(crate) fn created(project_id: u32, id: [u8; 16], created_at_us: i64, properties: Properties) -> Self {
        Self {
            project_id,
            id,
            created_at_us,
            properties,
            is_identified: false,
            version: 0,
            distinct_ids: Vec::new(),
            complete: true,
            dirty: false,
            used: 0,
            weight: 0,
        }
    }
}
