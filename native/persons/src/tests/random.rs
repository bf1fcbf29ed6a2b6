//! Random histories over a few ids: the state must do what the model does, event by event, whether what it
//! knows was in memory all along or was written, evicted, loaded again, or lost in a crash and repeated.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::Value;

use super::model::{Expected, Id, Model, ModelPerson};
use super::scene::{Answer, Event, NOON_US, PROJECT, event};
use crate::{Changes, Limits, LoadedPerson, Persons, ProfileMode};

#[derive(Debug, Clone)]
enum Step {
    Apply(Event),
    /// The block ends: changes are written.
    Save,
    /// The block ends, and memory is brought into its limits.
    SaveAndEvict,
    /// The process ends after the block.
    SaveAndRestart,
    /// The process ends within the block, which is then repeated.
    Crash,
}

fn distinct_id() -> impl Strategy<Value = String> {
    prop_oneof![9 => "[a-f]", 1 => Just("null".to_owned())]
}

fn key() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["p", "q", "$browser", "$current_url", "$geoip_city_name"])
        .prop_map(str::to_owned)
}

fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => (0..3_i32).prop_map(|number| number.to_string()),
        2 => Just("null".to_owned()),
        1 => Just(format!("\"{}\"", "x".repeat(60))),
    ]
}

fn members() -> impl Strategy<Value = Vec<(String, String)>> {
    prop::collection::btree_map(key(), value(), 0..4).prop_map(|members| members.into_iter().collect())
}

fn any_event() -> impl Strategy<Value = Event> {
    let name = prop::sample::select(vec![
        "$pageview",
        "e",
        "$set",
        "$exception",
        "$groupidentify",
        "$feature_flag_called",
        "$identify",
        "$identify",
        "$identify",
        "$create_alias",
        "$merge_dangerously",
    ]);
    let mode = prop_oneof![
        12 => Just(ProfileMode::Default),
        2 => Just(ProfileMode::Full),
        4 => Just(ProfileMode::Personless),
        1 => Just(ProfileMode::Forced),
    ];
    let flags = (mode, any::<bool>(), any::<bool>(), -2..3_i64);
    let ids = (distinct_id(), prop::option::weighted(0.8, distinct_id()));
    let unset = prop::collection::vec(key(), 0..2);
    (name, ids, flags, members(), members(), unset).prop_map(|(name, ids, flags, set, set_once, unset)| {
        let merges = ["$identify", "$create_alias", "$merge_dangerously"].contains(&name);
        Event {
            mode: flags.0,
            opt_out: flags.1,
            has_groups: flags.2,
            timestamp_us: NOON_US + flags.3 * 45_000_000,
            merge: ids.1.filter(|_| merges),
            set,
            set_once,
            unset,
            ..event(name, &ids.0)
        }
    })
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        12 => any_event().prop_map(Step::Apply),
        2 => Just(Step::Save),
        2 => Just(Step::SaveAndEvict),
        1 => Just(Step::SaveAndRestart),
        1 => Just(Step::Crash),
    ]
}

/// The catalog: rows as they were last written.
#[derive(Default)]
struct Saved {
    rows: Model,
    merged_into: BTreeMap<Id, Id>,
}

impl Saved {
    fn write(&mut self, changes: &Changes) {
        for row in &changes.persons {
            if row.is_deleted {
                self.rows.people.remove(&row.id);
                self.rows.tombstones.insert(row.id, row.version);
                continue;
            }
            let Value::Object(properties) = serde_json::from_str(&row.properties).unwrap() else { panic!() };
            let (created_at_us, is_identified, version) = (row.created_at_us, row.is_identified, row.version);
            let person = ModelPerson { created_at_us, properties, is_identified, version };
            let before = self.rows.people.insert(row.id, person);
            assert!(
                before.is_none_or(|before| before.version < version),
                "the store keeps the highest version"
            );
        }
        for row in &changes.distinct_ids {
            let now = (row.person_id, row.version);
            let before = self.rows.distinct_ids.insert(row.distinct_id.to_string(), now);
            assert!(
                before.is_none_or(|before| before.1 < row.version),
                "the store keeps the highest version"
            );
        }
        for row in &changes.personless {
            assert!(self.rows.personless.insert(row.distinct_id.to_string()), "each is noted once");
        }
        for row in &changes.merges {
            self.merged_into.insert(row.from_person_id, row.into_person_id);
        }
    }

    fn load(&self, persons: &mut Persons, distinct_id: &str, limits: &Limits) {
        if persons.is_loaded(PROJECT, distinct_id) {
            return;
        }
        let Some((id, version)) = self.rows.distinct_ids.get(distinct_id) else {
            persons.load_absent(PROJECT, distinct_id, self.rows.personless.contains(distinct_id));
            return;
        };
        let person = &self.rows.people[id];
        let all = self.rows.distinct_ids.iter().filter(|(_, (owner, _))| owner == id);
        let mut distinct_ids: Vec<_> =
            all.map(|(distinct_id, (_, version))| (&**distinct_id, *version)).collect();
        let complete = distinct_ids.len() <= limits.moved_distinct_ids_max;
        if !complete {
            distinct_ids = vec![(distinct_id, *version)];
        }
        persons.load(&LoadedPerson {
            project_id: PROJECT,
            id: *id,
            created_at_us: person.created_at_us,
            properties: &serde_json::to_string(&person.properties).unwrap(),
            is_identified: person.is_identified,
            version: person.version,
            distinct_ids: &distinct_ids,
            complete,
        });
    }
}

struct History {
    limits: Limits,
    persons: Persons,
    saved: Saved,
    model: Model,
    /// The block so far, with what the model said.
    block: Vec<(Event, Expected)>,
}

impl History {
    fn new(limits: Limits) -> Self {
        let (persons, saved, model) = (Persons::new(limits), Saved::default(), Model::default());
        Self { limits, persons, saved, model, block: Vec::new() }
    }

    fn step(&mut self, step: &Step) {
        match step {
            Step::Apply(event) => {
                let expected = self.model.apply(event, &self.limits);
                self.check(event, &expected);
                self.block.push((event.clone(), expected));
            }
            Step::Save => self.save(),
            Step::SaveAndEvict => {
                self.save();
                self.persons.evict();
                assert!(self.persons.entries() <= self.limits.entries_max);
            }
            Step::SaveAndRestart => {
                self.save();
                self.persons = Persons::new(self.limits);
            }
            Step::Crash => {
                self.persons.clear();
                for (event, expected) in std::mem::take(&mut self.block) {
                    self.check(&event, &expected);
                    self.block.push((event, expected));
                }
            }
        }
    }

    fn check(&mut self, event: &Event, expected: &Expected) {
        for distinct_id in std::iter::once(&event.distinct_id).chain(&event.merge) {
            self.saved.load(&mut self.persons, distinct_id, &self.limits);
        }
        let answer = event.apply(&mut self.persons).unwrap();
        let warnings = answer.warning_names();
        let Answer { dropped, person_id, created_at_us, mode, properties, .. } = answer;
        let got = (dropped, person_id, created_at_us, mode, properties, warnings);
        assert_eq!(&got, expected, "{event:?}");
    }

    fn save(&mut self) {
        self.block.clear();
        self.saved.write(&self.persons.take_changes());
        assert_eq!(self.saved.rows, self.model);
        assert!(self.saved.merged_into.keys().eq(self.model.tombstones.keys()));
        assert!(self.persons.take_changes().is_empty());
    }
}

fn follow(limits: Limits, steps: &[Step]) {
    let mut history = History::new(limits);
    for step in steps {
        history.step(step);
    }
    history.save();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3_000, ..ProptestConfig::default() })]

    #[test]
    fn any_history_goes_as_the_contract_tells(steps in prop::collection::vec(step(), 1..40)) {
        follow(Limits { entries_max: 3, ..Limits::default() }, &steps);
    }

    #[test]
    fn any_history_within_tight_limits_goes_as_the_contract_tells(steps in prop::collection::vec(step(), 1..40)) {
        let limits = Limits { entries_max: 2, bytes_max: 1_000, moved_distinct_ids_max: 2, properties_bytes_max: 150 };
        follow(limits, &steps);
    }
}
