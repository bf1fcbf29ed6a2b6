//! Which events and properties exist: news only, so that steady traffic writes nothing.
//!
//! What was announced is remembered by hash, up to a limit; then everything is announced anew, which the
//! catalog takes for what it is. Events of one shape (the same name, the same keys with the same kinds of
//! values, in the same hour) announce the same, so that for most events one look-up is all there is to do.

use std::borrow::Cow;
use std::hash::{Hash, Hasher};

use json::{Kind, Value};
use rustc_hash::{FxHashSet, FxHasher};

use crate::block::{EventDefinition, EventProperty, PropertyDefinition};
use crate::objects::storable;
use crate::property_type::guess;

const REMEMBERED_MAX: usize = 1 << 20;
const NAME_BYTES_MAX: usize = 200;
const HOUR_US: i64 = 3_600_000_000;

/// The kinds of property definition, as the catalog numbers them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Owner {
    /// A property of events.
    Event = 1,
    /// A property of persons.
    Person = 2,
    /// A property of groups of the type with this index.
    Group(u8) = 3,
}

/// What was announced before, and what is to be announced.
#[derive(Debug, Default)]
pub struct Definitions {
    announced: FxHashSet<u64>,
    events: Vec<EventDefinition>,
    properties: Vec<PropertyDefinition>,
    pairs: Vec<EventProperty>,
}

/// The hash of an event's shape while it is gathered.
#[derive(Default)]
pub struct Shape(FxHasher);

impl Shape {
    /// Starts with what every event has.
    pub fn new(project_id: u32, event: &str, received_at_us: i64) -> Self {
        let mut hasher = FxHasher::default();
        (0_u8, project_id, event, received_at_us.div_euclid(HOUR_US)).hash(&mut hasher);
        Self(hasher)
    }

    /// Adds a property, by the hash of its name.
    #[inline]
    pub fn add(&mut self, name_hash: u64, kind: Kind) {
        (name_hash << 3 ^ kind as u64).hash(&mut self.0);
    }
}

impl Definitions {
    /// Whether events of this shape were announced; they count as announced from now on.
    pub fn knows(&mut self, shape: &Shape) -> bool {
        !self.is_new_hash(shape.0.finish())
    }

    /// Announces an event; false if events of this name have no definition.
    pub fn event(&mut self, project_id: u32, event: &str, received_at_us: i64) -> bool {
        if event == "$$plugin_metrics" || event.len() > NAME_BYTES_MAX {
            return false;
        }
        let event = stored(event);
        let last_seen_at_us = received_at_us.div_euclid(HOUR_US) * HOUR_US;
        if self.is_new(&(1_u8, project_id, &event, last_seen_at_us)) {
            self.events.push(EventDefinition { project_id, event: event.into_owned(), last_seen_at_us });
        }
        true
    }

    /// Announces a property of an owner; `now_us` tells times from numbers.
    pub fn property(&mut self, project_id: u32, owner: Owner, name: &str, value: &Value<'_>, now_us: i64) {
        let name = stored(name);
        if is_skipped(&name) || self.announced.contains(&hash_of(&(2_u8, project_id, owner, &name, true))) {
            return;
        }
        let property_type = guess(&name, value, now_us);
        if self.is_new(&(2_u8, project_id, owner, &name, property_type.is_some())) {
            let (kind, group_type_index) = match owner {
                Owner::Event => (1, None),
                Owner::Person => (2, None),
                Owner::Group(index) => (3, Some(index)),
            };
            let property_type = property_type.map(crate::property_type::PropertyType::name);
            let name = name.into_owned();
            self.properties.push(PropertyDefinition {
                project_id,
                name,
                kind,
                group_type_index,
                property_type,
            });
        }
    }

    /// Announces that an event has a property.
    pub fn pair(&mut self, project_id: u32, event: &str, property: &str) {
        let (event, property) = (stored(event), stored(property));
        let flag = property.starts_with("$feature/") || property.starts_with("$feature_enrollment/");
        if !flag && !is_skipped(&property) && self.is_new(&(3_u8, project_id, &event, &property)) {
            let (event, property) = (event.into_owned(), property.into_owned());
            self.pairs.push(EventProperty { project_id, event, property });
        }
    }

    /// What is to be announced.
    pub fn take(&mut self) -> (Vec<EventDefinition>, Vec<PropertyDefinition>, Vec<EventProperty>) {
        (
            std::mem::take(&mut self.events),
            std::mem::take(&mut self.properties),
            std::mem::take(&mut self.pairs),
        )
    }

    fn is_new(&mut self, fact: &impl Hash) -> bool {
        self.is_new_hash(hash_of(fact))
    }

    fn is_new_hash(&mut self, hash: u64) -> bool {
        if self.announced.len() >= REMEMBERED_MAX {
            self.announced.clear();
        }
        self.announced.insert(hash)
    }
}

fn hash_of(fact: &impl Hash) -> u64 {
    let mut hasher = FxHasher::default();
    fact.hash(&mut hasher);
    hasher.finish()
}

fn stored(name: &str) -> Cow<'_, str> {
    storable(Cow::Borrowed(name))
}

fn is_skipped(name: &str) -> bool {
    let group =
        name.strip_prefix("$group_").is_some_and(|index| matches!(index, "0" | "1" | "2" | "3" | "4"));
    group || matches!(name, "$set" | "$set_once" | "$unset" | "$groups") || name.len() > NAME_BYTES_MAX
}
