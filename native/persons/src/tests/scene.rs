//! What the tests share: one project, a clock, and events in a few words.

use std::borrow::Cow;

use serde_json::Value;

use crate::{
    Changes, Limits, NotLoaded, Occurrence, Outcome, PersonMode, Persons, ProfileMode, Property, Warning,
    person_id,
};

pub(super) const PROJECT: u32 = 7;
pub(super) const UUID: [u8; 16] = [0xab; 16];
pub(super) const NOON_US: i64 = 1_750_000_000_000_000;

/// An outcome that borrows nothing.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Answer {
    pub(super) dropped: bool,
    pub(super) person_id: [u8; 16],
    pub(super) created_at_us: i64,
    pub(super) mode: Option<PersonMode>,
    pub(super) properties: Value,
    pub(super) warnings: Vec<Warning>,
}

impl Answer {
    pub(super) fn of(outcome: &Outcome<'_>) -> Self {
        match outcome {
            Outcome::Dropped(warning) => Self {
                dropped: true,
                person_id: [0; 16],
                created_at_us: 0,
                mode: None,
                properties: Value::Null,
                warnings: vec![(*warning).clone()],
            },
            Outcome::Kept(kept) => Self {
                dropped: false,
                person_id: kept.person_id,
                created_at_us: kept.person_created_at_us,
                mode: Some(kept.mode),
                properties: serde_json::from_str(kept.person_properties).unwrap(),
                warnings: kept.warnings.to_vec(),
            },
        }
    }

    pub(super) fn warning_names(&self) -> Vec<&'static str> {
        self.warnings.iter().map(|warning| warning.name).collect()
    }
}

/// An event of the test project, changed by its methods.
#[derive(Debug, Clone)]
pub(super) struct Event {
    pub(super) name: String,
    pub(super) distinct_id: String,
    pub(super) timestamp_us: i64,
    pub(super) mode: ProfileMode,
    pub(super) opt_out: bool,
    pub(super) has_groups: bool,
    pub(super) set: Vec<(String, String)>,
    pub(super) set_once: Vec<(String, String)>,
    pub(super) unset: Vec<String>,
    pub(super) merge: Option<String>,
}

pub(super) fn event(name: &str, distinct_id: &str) -> Event {
    Event {
        name: name.to_owned(),
        distinct_id: distinct_id.to_owned(),
        timestamp_us: NOON_US,
        mode: ProfileMode::Default,
        opt_out: false,
        has_groups: false,
        set: Vec::new(),
        set_once: Vec::new(),
        unset: Vec::new(),
        merge: None,
    }
}

fn owned(members: &[(&str, &str)]) -> Vec<(String, String)> {
    members.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

impl Event {
    pub(super) fn set(mut self, members: &[(&str, &str)]) -> Self {
        self.set = owned(members);
        self
    }

    pub(super) fn set_once(mut self, members: &[(&str, &str)]) -> Self {
        self.set_once = owned(members);
        self
    }

    pub(super) fn unset(mut self, keys: &[&str]) -> Self {
        self.unset = keys.iter().map(|key| (*key).to_owned()).collect();
        self
    }

    pub(super) fn merge(mut self, other: &str) -> Self {
        self.merge = Some(other.to_owned());
        self
    }

    pub(super) fn mode(mut self, mode: ProfileMode) -> Self {
        self.mode = mode;
        self
    }

    pub(super) fn at(mut self, timestamp_us: i64) -> Self {
        self.timestamp_us = timestamp_us;
        self
    }

    pub(super) fn apply(&self, persons: &mut Persons) -> Result<Answer, NotLoaded> {
        let set = borrowed(&self.set);
        let set_once = borrowed(&self.set_once);
        let unset: Vec<Cow<'_, str>> = self.unset.iter().map(|key| Cow::Borrowed(key.as_str())).collect();
        let occurrence = Occurrence {
            project_id: PROJECT,
            distinct_id: &self.distinct_id,
            event: &self.name,
            uuid: UUID,
            timestamp_us: self.timestamp_us,
            mode: self.mode,
            opt_out: self.opt_out,
            has_groups: self.has_groups,
            set: &set,
            set_once: &set_once,
            unset: &unset,
            merge: self.merge.as_deref(),
        };
        persons.apply(&occurrence).map(|outcome| Answer::of(&outcome))
    }
}

fn borrowed(members: &[(String, String)]) -> Vec<Property<'_>> {
    members.iter().map(|(key, value)| (Cow::Borrowed(key.as_str()), value.as_str())).collect()
}

/// A state above an empty catalog.
pub(super) struct Scene {
    pub(super) persons: Persons,
}

pub(super) fn scene() -> Scene {
    Scene { persons: Persons::new(Limits::default()) }
}

pub(super) fn scene_with(limits: Limits) -> Scene {
    Scene { persons: Persons::new(limits) }
}

impl Scene {
    /// Applies an event whose distinct ids nobody has unless this scene gave them to somebody.
    pub(super) fn apply(&mut self, event: &Event) -> Answer {
        for distinct_id in std::iter::once(&event.distinct_id).chain(&event.merge) {
            self.persons.load_absent(PROJECT, distinct_id, false);
        }
        event.apply(&mut self.persons).unwrap()
    }

    pub(super) fn take(&mut self) -> Changes {
        self.persons.take_changes()
    }
}

pub(super) fn derived(distinct_id: &str) -> [u8; 16] {
    person_id(PROJECT, distinct_id)
}
