//! Events applied to persons, one after the other.

use std::sync::Arc;

use crate::changes::{Changes, DistinctIdRow, PersonRow, PersonlessRow};
use crate::edits::{Edits, Sources};
use crate::event_kind::EventKind;
use crate::identity::{is_too_long, person_id};
use crate::memory::{Memory, Owner, Person, Slot, Unowned};
use crate::properties::{Draft, Properties};
use crate::{
    Kept, Limits, LoadedPerson, NO_PERSON_CREATED_AT_US, NotLoaded, Occurrence, Outcome, PersonMode,
    ProfileMode, Warning,
};

/// An event this much later than its person's creation shows that the client still sends it as personless.
const UPGRADE_AFTER_US: i64 = 60_000_000;

/// The persons of all projects, as far as they are in memory.
#[derive(Debug)]
pub struct Persons {
    pub(crate) memory: Memory,
    pub(crate) changes: Changes,
    changed_people: Vec<Slot>,
    changed_distinct_ids: Vec<(u32, Arc<str>)>,
    pub(crate) warnings: Vec<Warning>,
    pub(crate) edits: Edits,
    pub(crate) draft: Draft,
    overlaid: String,
}

/// Where the `person_properties` of an event are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shown {
    Stored,
    Overlaid,
}

impl Persons {
    /// An empty state.
    pub fn new(limits: Limits) -> Self {
        Self {
            memory: Memory::new(limits),
            changes: Changes::default(),
            changed_people: Vec::new(),
            changed_distinct_ids: Vec::new(),
            warnings: Vec::new(),
            edits: Edits::default(),
            draft: Draft::default(),
            overlaid: String::new(),
        }
    }

    /// Whether events of this distinct id can be applied.
    pub fn is_loaded(&self, project_id: u32, distinct_id: &str) -> bool {
        self.memory.is_loaded(project_id, distinct_id)
    }

    /// Takes in a person from the catalog. What memory already knows wins: it is newer.
    pub fn load(&mut self, loaded: &LoadedPerson<'_>) {
        self.memory.load(loaded);
    }

    /// Takes in that the catalog knows no person for a distinct id.
    pub fn load_absent(&mut self, project_id: u32, distinct_id: &str, used_personless: bool) {
        self.memory.load_absent(project_id, distinct_id, used_personless);
    }

    /// Distinct ids in memory.
    pub fn entries(&self) -> usize {
        self.memory.entries()
    }

    /// Bytes in memory, roughly.
    pub fn bytes(&self) -> usize {
        self.memory.bytes()
    }

    /// Applies one event. Its distinct id must be loaded, and so must the one it merges, if that is mergeable.
    /// After [`NotLoaded`] nothing has changed.
    pub fn apply(&mut self, occurrence: &Occurrence<'_>) -> Result<Outcome<'_>, NotLoaded> {
        self.warnings.clear();
        if is_too_long(occurrence.distinct_id) {
            return Ok(self.dropped(Warning::distinct_id_too_long(occurrence)));
        }
        let kind = EventKind::of(occurrence.event);
        match occurrence.mode {
            ProfileMode::Personless if kind.needs_person() => {
                return Ok(self.dropped(Warning::needs_person(occurrence)));
            }
            ProfileMode::Personless => return self.personless(occurrence).map(Outcome::Kept),
            ProfileMode::Forced => return self.forced(occurrence).map(Outcome::Kept),
            ProfileMode::Default | ProfileMode::Full => {}
        }
        let named = match occurrence.merge.filter(|other| *other != occurrence.distinct_id) {
            Some(other) => self.merge(occurrence, kind, other)?,
            None => Named::default(),
        };
        let (slot, shown) = match self.memory.owner(occurrence.project_id, occurrence.distinct_id)? {
            Owner::Person { slot, .. } if named.created => (slot, self.show(slot, occurrence, kind)),
            Owner::Person { slot, .. } => (slot, self.update(slot, occurrence, kind, named)),
            Owner::Nobody(unowned) if is_flag_call_without_person(occurrence, kind) => {
                return Ok(Outcome::Kept(self.without_person(occurrence, unowned)));
            }
            Owner::Nobody(unowned) => {
                let slot = self.create(occurrence, kind, unowned.person_id);
                self.attach(occurrence.project_id, occurrence.distinct_id, slot, 0);
                (slot, self.show(slot, occurrence, kind))
            }
        };
        Ok(Outcome::Kept(self.kept(slot, shown)))
    }

    /// The rows that changed since they were last taken. They are clean from here on: if writing them fails,
    /// [`Persons::clear`] makes the state follow the catalog again.
    pub fn take_changes(&mut self) -> Changes {
        let mut changes = std::mem::take(&mut self.changes);
        let merged_away = std::mem::take(&mut changes.persons);
        for slot in self.changed_people.drain(..) {
            if let Some(person) = self.memory.person_mut(slot)
                && std::mem::take(&mut person.dirty)
            {
                changes.persons.push(person_row(person, person.version, false));
            }
        }
        changes.persons.extend(merged_away);
        for (project_id, distinct_id) in self.changed_distinct_ids.drain(..) {
            let Some(entry) = self.memory.distinct_id_mut(project_id, &distinct_id) else { continue };
            entry.dirty = false;
            let Owner::Person { slot, version } = entry.owner else { continue };
            if let Some(person) = self.memory.person(slot) {
                let person_id = person.id;
                changes.distinct_ids.push(DistinctIdRow {
                    project_id,
                    distinct_id,
                    person_id,
                    version,
                    is_deleted: false,
                });
            }
        }
        self.memory.reuse_removed();
        changes
    }

    /// Whether more is in memory than [`Persons::evict`] leaves there.
    pub fn is_over_limits(&self) -> bool {
        self.memory.is_over_limits()
    }

    /// Keeps memory inside its limits. To be called when changes were taken and written; does nothing before.
    pub fn evict(&mut self) {
        if self.is_clean() {
            self.memory.evict();
        }
    }

    /// Forgets a person that somebody else is about to change or delete in the catalog. False if it has changes
    /// that were not taken yet.
    pub fn forget_person(&mut self, project_id: u32, person_id: &[u8; 16]) -> bool {
        if !self.is_clean() {
            return false;
        }
        if let Some(slot) = self.memory.slot_of(project_id, person_id) {
            self.memory.forget_person(slot);
            self.memory.reuse_removed();
        }
        true
    }

    /// Forgets everything, changes too: after a transaction that failed, the catalog is what counts.
    pub fn clear(&mut self) {
        *self = Self::new(self.memory.limits);
    }

    fn is_clean(&self) -> bool {
        self.changes.is_empty() && self.changed_people.is_empty() && self.changed_distinct_ids.is_empty()
    }

    fn dropped(&mut self, warning: Warning) -> Outcome<'_> {
        self.warnings.push(warning);
        Outcome::Dropped(&self.warnings[0])
    }

    fn personless(&mut self, occurrence: &Occurrence<'_>) -> Result<Kept<'_>, NotLoaded> {
        match self.memory.owner(occurrence.project_id, occurrence.distinct_id)? {
            Owner::Nobody(unowned) => Ok(self.without_person(occurrence, unowned)),
            Owner::Person { slot, .. } => {
                let person = self.memory.person(slot).ok_or(NotLoaded)?;
                let late = occurrence.timestamp_us > person.created_at_us.saturating_add(UPGRADE_AFTER_US);
                let upgrade = late && !occurrence.opt_out;
                let mode = if upgrade { PersonMode::ForceUpgrade } else { PersonMode::Propertyless };
                Ok(nameless(person.id, person.created_at_us, mode))
            }
        }
    }

    fn forced(&mut self, occurrence: &Occurrence<'_>) -> Result<Kept<'_>, NotLoaded> {
        match self.memory.owner(occurrence.project_id, occurrence.distinct_id)? {
            Owner::Nobody(unowned) => Ok(self.without_person(occurrence, unowned)),
            Owner::Person { .. } => {
                let id = person_id(occurrence.project_id, occurrence.distinct_id);
                Ok(nameless(id, NO_PERSON_CREATED_AT_US, PersonMode::Propertyless))
            }
        }
    }

    /// Keeps an event under the id derived from its distinct id, and remembers that this was done.
    fn without_person(&mut self, occurrence: &Occurrence<'_>, unowned: Unowned) -> Kept<'_> {
        if !unowned.used_personless
            && let Some(entry) = self.memory.distinct_id_mut(occurrence.project_id, occurrence.distinct_id)
            && let Owner::Nobody(unowned) = &mut entry.owner
        {
            unowned.used_personless = true;
            if let Some(distinct_id) = self.memory.key(occurrence.project_id, occurrence.distinct_id) {
                let project_id = occurrence.project_id;
                self.changes.personless.push(PersonlessRow { project_id, distinct_id });
            }
        }
        nameless(unowned.person_id, NO_PERSON_CREATED_AT_US, PersonMode::Propertyless)
    }

    /// A new person with the event's properties and no distinct id yet.
    pub(crate) fn create(&mut self, occurrence: &Occurrence<'_>, kind: EventKind, id: [u8; 16]) -> Slot {
        let sources = sources(occurrence, kind);
        let mut properties = Properties::created_by(occurrence.uuid);
        self.edits.plan(&properties, &sources);
        // The only property there is says which event this was; no event may say otherwise.
        self.edits.keep_existing();
        properties.edited(&self.edits, &sources, &mut self.draft);
        if self.draft.bytes() > self.memory.limits.properties_bytes_max {
            self.warnings.push(Warning::properties_too_large(occurrence, id));
        } else {
            properties = Properties::from_draft(&self.draft);
        }
        let person = Person::created(occurrence.project_id, id, occurrence.timestamp_us, properties);
        let slot = self.memory.insert_person(person);
        self.mark(slot);
        slot
    }

    /// Gives a distinct id without a person to one.
    pub(crate) fn attach(&mut self, project_id: u32, distinct_id: &str, slot: Slot, version: i64) {
        self.own(project_id, distinct_id, slot, version);
        if let Some(key) = self.memory.key(project_id, distinct_id)
            && let Some(person) = self.memory.person_mut(slot)
        {
            person.distinct_ids.push(key);
        }
    }

    /// Notes the new owner of a distinct id.
    pub(crate) fn own(&mut self, project_id: u32, distinct_id: &str, slot: Slot, version: i64) {
        let Some(entry) = self.memory.distinct_id_mut(project_id, distinct_id) else { return };
        entry.owner = Owner::Person { slot, version };
        if !std::mem::replace(&mut entry.dirty, true)
            && let Some(key) = self.memory.key(project_id, distinct_id)
        {
            self.changed_distinct_ids.push((project_id, key));
        }
    }

    /// Notes that a person changed.
    pub(crate) fn mark(&mut self, slot: Slot) {
        if let Some(person) = self.memory.person_mut(slot)
            && !std::mem::replace(&mut person.dirty, true)
        {
            self.changed_people.push(slot);
        }
    }

    fn update(&mut self, slot: Slot, occurrence: &Occurrence<'_>, kind: EventKind, named: Named) -> Shown {
        let sources = sources(occurrence, kind);
        let Some(person) = self.memory.person_mut(slot) else { return Shown::Stored };
        let becomes_identified = named.identified && !std::mem::replace(&mut person.is_identified, true);
        let mut rewritten = false;
        let mut shown = Shown::Stored;
        if kind == EventKind::NoUpdates {
            shown = self.show(slot, occurrence, kind);
        } else {
            self.edits.plan(&person.properties, &sources);
            if self.edits.is_weighty() || (kind.writes_all() && !self.edits.is_empty()) {
                (rewritten, shown) = self.rewrite(slot, occurrence, &sources);
            } else if !self.edits.is_empty() {
                person.properties.overlay(&self.edits, &sources, &mut self.overlaid);
                shown = Shown::Overlaid;
            }
        }
        // A merge has raised the version already.
        if (becomes_identified || rewritten)
            && !named.merged
            && let Some(person) = self.memory.person_mut(slot)
        {
            person.version += 1;
            self.mark(slot);
        }
        shown
    }

    /// Carries the planned edits out, if they fit. Says whether anything changed.
    fn rewrite(
        &mut self,
        slot: Slot,
        occurrence: &Occurrence<'_>,
        sources: &Sources<'_, '_>,
    ) -> (bool, Shown) {
        let Some(person) = self.memory.person_mut(slot) else { return (false, Shown::Stored) };
        person.properties.edited(&self.edits, sources, &mut self.draft);
        let before = person.properties.text().len();
        let changed = !self.draft.is(person.properties.text());
        // What was too large already, by an import or an older limit, may still shrink.
        let fits =
            self.draft.bytes() <= self.memory.limits.properties_bytes_max || self.draft.bytes() <= before;
        if !fits {
            let id = self.memory.person(slot).map(|person| person.id).unwrap_or_default();
            self.refuse_properties(occurrence, id);
            return (false, self.overlay_set(slot, sources));
        }
        if changed && let Some(person) = self.memory.person_mut(slot) {
            person.properties = Properties::from_draft(&self.draft);
            self.memory.weigh(slot);
        }
        if self.edits.removes() {
            (changed, self.overlay_set(slot, sources))
        } else {
            (changed, Shown::Stored)
        }
    }

    /// One warning an event is enough, though a merge may refuse the properties of both persons and of the event.
    pub(crate) fn refuse_properties(&mut self, occurrence: &Occurrence<'_>, person_id: [u8; 16]) {
        let warning = Warning::properties_too_large(occurrence, person_id);
        if !self.warnings.contains(&warning) {
            self.warnings.push(warning);
        }
    }

    /// What the event shows of a person that it does not update (any more): its `$set` over what is stored.
    fn show(&mut self, slot: Slot, occurrence: &Occurrence<'_>, kind: EventKind) -> Shown {
        let sources = sources(occurrence, kind);
        self.overlay_set(slot, &sources)
    }

    fn overlay_set(&mut self, slot: Slot, sources: &Sources<'_, '_>) -> Shown {
        let only_set = Sources { set: sources.set, ..Sources::default() };
        let Some(person) = self.memory.person(slot) else { return Shown::Stored };
        self.edits.plan(&person.properties, &only_set);
        if self.edits.is_empty() {
            return Shown::Stored;
        }
        person.properties.overlay(&self.edits, &only_set, &mut self.overlaid);
        Shown::Overlaid
    }

    fn kept(&self, slot: Slot, shown: Shown) -> Kept<'_> {
        let Some(person) = self.memory.person(slot) else {
            return nameless([0; 16], NO_PERSON_CREATED_AT_US, PersonMode::Propertyless);
        };
        Kept {
            person_id: person.id,
            person_created_at_us: person.created_at_us,
            mode: PersonMode::Full,
            person_properties: if shown == Shown::Stored { person.properties.text() } else { &self.overlaid },
            warnings: &self.warnings,
        }
    }
}

/// What a merge has done for the event's own person.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Named {
    /// The person counts as identified from here on.
    pub(crate) identified: bool,
    /// The person was created with the event's properties.
    pub(crate) created: bool,
    /// Another person became part of it, which raised its version.
    pub(crate) merged: bool,
}

pub(crate) fn person_row(person: &Person, version: i64, is_deleted: bool) -> PersonRow {
    PersonRow {
        project_id: person.project_id,
        id: person.id,
        created_at_us: person.created_at_us,
        properties: if is_deleted { Arc::from("{}") } else { Arc::clone(person.properties.text()) },
        is_identified: person.is_identified,
        version,
        is_deleted,
    }
}

/// The properties that the event brings for its person.
pub(crate) fn sources<'o, 'a>(occurrence: &Occurrence<'a>, kind: EventKind) -> Sources<'o, 'a>
where
    'a: 'o,
{
    if kind == EventKind::GroupIdentify {
        return Sources::default();
    }
    Sources { set_once: occurrence.set_once, set: occurrence.set, unset: occurrence.unset }
}

/// Servers that ask for flags of people they know only by a key would fill the project with empty persons.
fn is_flag_call_without_person(occurrence: &Occurrence<'_>, kind: EventKind) -> bool {
    kind == EventKind::FeatureFlagCalled && occurrence.mode == ProfileMode::Default && !occurrence.has_groups
}

fn nameless<'a>(person_id: [u8; 16], person_created_at_us: i64, mode: PersonMode) -> Kept<'a> {
    Kept { person_id, person_created_at_us, mode, person_properties: "{}", warnings: &[] }
}
