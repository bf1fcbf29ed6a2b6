//! Two distinct ids become one person.

use std::borrow::Cow;

use crate::changes::MergedRow;
use crate::edits::Sources;
use crate::event_kind::EventKind;
use crate::identity::is_mergeable;
use crate::memory::{Owner, Person, Slot, Unowned};
use crate::properties::Properties;
use crate::state::{Named, Persons, person_row};
use crate::{NotLoaded, Occurrence, Property, Warning};

/// A tombstone's version is this much above the person's, so that no late update of the person outlives it.
const TOMBSTONE_VERSIONS: i64 = 100;

impl Persons {
    /// Makes `other` a distinct id of the event's person, as far as that is allowed.
    pub(crate) fn merge(
        &mut self,
        occurrence: &Occurrence<'_>,
        kind: EventKind,
        other: &str,
    ) -> Result<Named, NotLoaded> {
        let (project_id, own) = (occurrence.project_id, occurrence.distinct_id);
        for (illegal, counterpart) in [(own, other), (other, own)] {
            if !is_mergeable(illegal) {
                self.warnings.push(Warning::illegal_distinct_id(occurrence, illegal, counterpart));
                return Ok(Named::default());
            }
        }
        let owners = (self.memory.owner(project_id, own)?, self.memory.owner(project_id, other)?);
        let mut named = Named { identified: true, ..Named::default() };
        match owners {
            (Owner::Nobody(own), Owner::Nobody(unowned)) => {
                self.create_with_both(occurrence, kind, own, (other, unowned));
                named.created = true;
            }
            (Owner::Person { slot, .. }, Owner::Nobody(unowned)) => {
                self.adopt(project_id, other, unowned, slot);
            }
            (Owner::Nobody(unowned), Owner::Person { slot, .. }) => {
                self.adopt(project_id, own, unowned, slot);
            }
            (Owner::Person { slot: into, .. }, Owner::Person { slot: from, .. }) if into != from => {
                named.merged = self.merge_people(occurrence, kind, other, into, from);
            }
            // One person already. Its name is confirmed all the same.
            _ => {}
        }
        Ok(named)
    }

    fn create_with_both(
        &mut self,
        occurrence: &Occurrence<'_>,
        kind: EventKind,
        own: Unowned,
        (other, other_unowned): (&str, Unowned),
    ) {
        let project_id = occurrence.project_id;
        // Events may be stored under the derived id of either. The person takes the id of the one where that is
        // so; if it is so for both, the second one's events need an override.
        let own_first = own.used_personless || !other_unowned.used_personless;
        let first = if own_first { own } else { other_unowned };
        let other_version = i64::from(own.used_personless && other_unowned.used_personless);
        let slot = self.create(occurrence, kind, first.person_id);
        if let Some(person) = self.memory.person_mut(slot) {
            person.is_identified = true;
        }
        let (first, second) =
            if own_first { (occurrence.distinct_id, other) } else { (other, occurrence.distinct_id) };
        self.attach(project_id, first, slot, 0);
        self.attach(project_id, second, slot, other_version);
    }

    /// Gives a distinct id to a person. If events were stored under the id it would have had, it is an override.
    fn adopt(&mut self, project_id: u32, distinct_id: &str, unowned: Unowned, slot: Slot) {
        let is_its_own = self.memory.person(slot).is_some_and(|person| person.id == unowned.person_id);
        let version = i64::from(unowned.used_personless && !is_its_own);
        self.attach(project_id, distinct_id, slot, version);
    }

    /// Moves everything of one person to another; says whether it was allowed.
    fn merge_people(
        &mut self,
        occurrence: &Occurrence<'_>,
        kind: EventKind,
        other: &str,
        into: Slot,
        from: Slot,
    ) -> bool {
        if let Some(refusal) = self.refusal(occurrence, kind, other, into, from) {
            self.warnings.push(refusal);
            return false;
        }
        let Some(merged) = self.memory.remove_person(from) else { return false };
        self.move_distinct_ids(&merged, into);
        let properties = self.united_properties(occurrence, &merged, into);
        if let Some(person) = self.memory.person_mut(into) {
            person.properties = properties;
            person.created_at_us = person.created_at_us.min(merged.created_at_us);
            person.version = person.version.max(merged.version) + 1;
            person.is_identified = true;
            self.changes.merges.push(MergedRow {
                project_id: occurrence.project_id,
                from_person_id: merged.id,
                into_person_id: person.id,
            });
        }
        self.changes.persons.push(person_row(&merged, merged.version + TOMBSTONE_VERSIONS, true));
        self.memory.weigh(into);
        self.mark(into);
        true
    }

    fn refusal(
        &self,
        occurrence: &Occurrence<'_>,
        kind: EventKind,
        other: &str,
        into: Slot,
        from: Slot,
    ) -> Option<Warning> {
        let (into, from) = (self.memory.person(into)?, self.memory.person(from)?);
        if from.is_identified && kind != EventKind::MergeDangerously {
            return Some(Warning::already_identified(occurrence, other, into.id, from.id));
        }
        let movable = from.complete && from.distinct_ids.len() <= self.memory.limits.moved_distinct_ids_max;
        (!movable).then(|| Warning::too_many_to_move(occurrence, other))
    }

    fn move_distinct_ids(&mut self, merged: &Person, into: Slot) {
        for distinct_id in &merged.distinct_ids {
            let version = match self.memory.distinct_id(merged.project_id, distinct_id) {
                Some(entry) => match entry.owner {
                    Owner::Person { version, .. } => version + 1,
                    Owner::Nobody(_) => 1,
                },
                None => continue,
            };
            self.attach(merged.project_id, distinct_id, into, version);
        }
    }

    /// The properties of the merged person overlaid by those of the one that stays; only the latter if together
    /// they are too large.
    fn united_properties(&mut self, occurrence: &Occurrence<'_>, merged: &Person, into: Slot) -> Properties {
        let Some(person) = self.memory.person(into) else { return merged.properties.clone() };
        let mut wins: Vec<Property<'_>> = Vec::with_capacity(person.properties.len());
        wins.extend(person.properties.members().map(|(key, value)| (Cow::Owned(key.into_owned()), value)));
        let sources = Sources { set: &wins, ..Sources::default() };
        self.edits.plan(&merged.properties, &sources);
        merged.properties.edited(&self.edits, &sources, &mut self.draft);
        let before = person.properties.text().len();
        if self.draft.bytes() <= self.memory.limits.properties_bytes_max.max(before) {
            return Properties::from_draft(&self.draft);
        }
        let (kept, id) = (person.properties.clone(), person.id);
        drop(wins);
        self.refuse_properties(occurrence, id);
        kept
    }
}
