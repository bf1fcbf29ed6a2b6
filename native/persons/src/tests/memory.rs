//! What stays in memory.

use super::scene::{PROJECT, derived, event, scene, scene_with};
use crate::{Limits, LoadedPerson, ProfileMode};

const TINY: Limits =
    Limits { entries_max: 16, bytes_max: 1 << 20, moved_distinct_ids_max: 10, properties_bytes_max: 1_000 };

#[test]
fn what_was_not_used_for_longest_goes_first_and_goes_with_all_its_ids() {
    let mut scene = scene_with(TINY);
    scene.apply(&event("$identify", "old").merge("older"));
    for number in 0..15 {
        let personless = event("e", &format!("visitor {number}")).mode(ProfileMode::Personless);
        scene.apply(&personless);
    }
    scene.apply(&event("e", "visitor 0"));
    scene.take();
    assert_eq!(scene.persons.entries(), 17);
    scene.persons.evict();
    assert_eq!(scene.persons.entries(), 14);
    for (distinct_id, kept) in [("old", false), ("older", false), ("visitor 0", true), ("visitor 1", false)] {
        assert_eq!(scene.persons.is_loaded(PROJECT, distinct_id), kept, "{distinct_id}");
    }
}

#[test]
fn nothing_is_evicted_before_it_was_taken() {
    let mut scene = scene_with(TINY);
    for number in 0..20 {
        scene.apply(&event("e", &number.to_string()));
    }
    scene.persons.evict();
    assert_eq!(scene.persons.entries(), 20);
    assert!(!scene.persons.forget_person(PROJECT, &derived("1")));
    scene.take();
    scene.persons.evict();
    assert!(scene.persons.entries() <= 16);
}

#[test]
fn bytes_are_counted_back_to_nothing() {
    let mut scene = scene_with(Limits { entries_max: 0, ..TINY });
    let empty = scene.persons.bytes();
    for number in 0..50 {
        scene.apply(&event("e", &number.to_string()).set(&[("a", "\"xxxxxxxxxx\"")]));
        scene.apply(&event("$merge_dangerously", "all").merge(&number.to_string()).unset(&["a"]));
        scene.apply(&event("e", &format!("{number} personless")).mode(ProfileMode::Personless));
    }
    assert!(scene.persons.bytes() > empty);
    scene.take();
    scene.persons.evict();
    assert_eq!((scene.persons.entries(), scene.persons.bytes()), (0, empty));
}

#[test]
fn a_forgotten_person_is_loaded_anew() {
    let mut scene = scene();
    scene.apply(&event("$identify", "u").merge("v"));
    scene.take();
    assert!(scene.persons.forget_person(PROJECT, &derived("u")));
    assert!(!scene.persons.is_loaded(PROJECT, "u") && !scene.persons.is_loaded(PROJECT, "v"));
    assert!(scene.persons.forget_person(PROJECT, &derived("u")), "forgetting twice does no harm");
}

#[test]
fn loading_what_is_known_changes_nothing() {
    let mut scene = scene();
    scene.apply(&event("e", "u").set(&[("a", "1")]));
    scene.persons.load(&LoadedPerson {
        project_id: PROJECT,
        id: derived("u"),
        created_at_us: 0,
        properties: "{\"stale\":1}",
        is_identified: true,
        version: 99,
        distinct_ids: &[("u", 0), ("w", 2)],
        complete: true,
    });
    scene.persons.load_absent(PROJECT, "u", true);
    assert_eq!(scene.apply(&event("e", "w")).person_id, derived("u"));
    let changes = scene.take();
    assert_eq!((changes.persons[0].version, changes.distinct_ids.len()), (0, 1));
}

#[test]
fn projects_do_not_see_each_other() {
    let mut scene = scene();
    scene.apply(&event("e", "u"));
    assert!(!scene.persons.is_loaded(PROJECT + 1, "u"));
}
