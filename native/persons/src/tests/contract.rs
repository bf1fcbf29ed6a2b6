//! The rows of the contract that speak of persons, and what its text adds.

use serde_json::{Value, json};

use super::scene::{NOON_US, PROJECT, derived, event, scene, scene_with};
use crate::{
    Limits, LoadedPerson, NO_PERSON_CREATED_AT_US, NotLoaded, PersonMode, Persons, ProfileMode, is_mergeable,
};

const MINUTE_US: i64 = 60_000_000;

fn properties(text: &str) -> Value {
    let mut value: Value = serde_json::from_str(text).unwrap();
    value.as_object_mut().unwrap().remove("$creator_event_uuid");
    value
}

#[test]
fn a_person_id_is_derived_from_project_and_distinct_id() {
    let expected = uuid::Uuid::new_v5(&uuid::uuid!("932979b4-65c3-4424-8467-0b66ec27bc22"), b"7:user");
    assert_eq!(derived("user"), expected.into_bytes());
}

#[test]
fn row_93_identify_of_two_unknown_ids_makes_one_identified_person_with_both() {
    let mut scene = scene();
    let answer = scene.apply(&event("$identify", "u").merge("a").set(&[("n", "1")]));
    assert_eq!((answer.person_id, answer.mode), (derived("u"), Some(PersonMode::Full)));
    let changes = scene.take();
    assert_eq!(changes.persons.len(), 1);
    assert!(changes.persons[0].is_identified);
    assert_eq!(properties(&changes.persons[0].properties), json!({"n": 1}));
    let ids: Vec<_> =
        changes.distinct_ids.iter().map(|row| (&*row.distinct_id, row.person_id, row.version)).collect();
    assert_eq!(ids, [("u", derived("u"), 0), ("a", derived("u"), 0)]);
}

#[test]
fn row_94_an_identified_person_is_not_merged_away_but_the_event_counts() {
    let mut scene = scene();
    scene.apply(&event("$identify", "a").merge("a0"));
    scene.apply(&event("e", "u"));
    scene.take();
    let answer = scene.apply(&event("$identify", "u").merge("a").set(&[("n", "1")]));
    assert_eq!(answer.warning_names(), ["cannot_merge_already_identified"]);
    let details: Value = serde_json::from_str(&answer.warnings[0].details).unwrap();
    assert_eq!(
        (&details["sourcePersonDistinctId"], &details["targetPersonDistinctId"]),
        (&json!("a"), &json!("u"))
    );
    let changes = scene.take();
    assert!(changes.distinct_ids.is_empty() && changes.merges.is_empty());
    assert_eq!((changes.persons.len(), changes.persons[0].id), (1, derived("u")));
    assert!(changes.persons[0].is_identified);
    assert_eq!(properties(&changes.persons[0].properties), json!({"n": 1}));
}

#[test]
fn row_95_merge_dangerously_merges_an_identified_person() {
    let mut scene = scene();
    scene.apply(&event("$identify", "a").merge("a0"));
    scene.apply(&event("e", "u"));
    scene.take();
    let answer = scene.apply(&event("$merge_dangerously", "u").merge("a"));
    assert_eq!((answer.person_id, answer.warnings.len()), (derived("u"), 0));
    let changes = scene.take();
    let ids: Vec<_> =
        changes.distinct_ids.iter().map(|row| (&*row.distinct_id, row.person_id, row.version)).collect();
    assert_eq!(ids, [("a", derived("u"), 1), ("a0", derived("u"), 1)]);
    assert_eq!(changes.merges[0].from_person_id, derived("a"));
    let rows: Vec<_> = changes.persons.iter().map(|row| (row.id, row.version, row.is_deleted)).collect();
    assert_eq!(rows, [(derived("u"), 1, false), (derived("a"), 100, true)]);
}

#[test]
fn row_96_the_survivor_keeps_its_own_values_and_the_earlier_creation() {
    let mut scene = scene();
    scene.apply(&event("e", "a").set(&[("plan", "\"free\""), ("seat", "3")]).at(NOON_US - MINUTE_US));
    scene.apply(&event("e", "u").set(&[("plan", "\"pro\"")]));
    scene.apply(&event("$set", "u").set(&[("x", "1")]));
    let answer = scene.apply(&event("$identify", "u").merge("a").set_once(&[("seat", "9"), ("y", "2")]));
    assert_eq!(answer.created_at_us, NOON_US - MINUTE_US);
    let changes = scene.take();
    let survivor = &changes.persons[0];
    assert_eq!(
        (survivor.id, survivor.created_at_us, survivor.version),
        (derived("u"), NOON_US - MINUTE_US, 2)
    );
    assert_eq!(properties(&survivor.properties), json!({"plan": "pro", "seat": 3, "x": 1, "y": 2}));
}

#[test]
fn row_97_an_illegal_alias_is_not_merged() {
    let mut scene = scene();
    let answer = scene.apply(&event("$create_alias", "u").merge("null"));
    assert_eq!(answer.warning_names(), ["cannot_merge_with_illegal_distinct_id"]);
    assert_eq!((answer.person_id, answer.mode), (derived("u"), Some(PersonMode::Full)));
    let changes = scene.take();
    assert_eq!((changes.persons.len(), changes.distinct_ids.len()), (1, 1));
    assert!(!changes.persons[0].is_identified);
}

#[test]
fn illegal_ids_are_those_of_the_contract() {
    for illegal in [
        "anonymous",
        "GUEST",
        "distinctId",
        "distinct_id",
        "Id",
        "not_authenticated",
        "EMAIL",
        "UnDefined",
        "TRUE",
        "false",
        "[object Object]",
        "NaN",
        "None",
        "none",
        "null",
        "0",
        "'null'",
        "\"Undefined\"",
        "",
        " \t ",
        "a\0b",
    ] {
        assert!(!is_mergeable(illegal), "{illegal:?}");
    }
    assert!(!is_mergeable(&"é".repeat(401)) && is_mergeable(&"é".repeat(400)));
    for legal in [
        "nan",
        "NONE",
        "Null",
        "00",
        "[object object]",
        "'null\"",
        "''null''",
        "me@example.com",
        "undefined2",
    ] {
        assert!(is_mergeable(legal), "{legal:?}");
    }
}

#[test]
fn row_98_identify_without_a_profile_is_dropped_with_a_warning() {
    for name in ["$identify", "$create_alias", "$merge_dangerously", "$groupidentify"] {
        let mut scene = scene();
        let answer = scene.apply(&event(name, "u").merge("a").mode(ProfileMode::Personless));
        assert!(answer.dropped);
        assert_eq!(answer.warning_names(), ["invalid_event_when_process_person_profile_is_false"]);
        assert!(scene.take().is_empty());
    }
}

#[test]
fn row_99_an_event_without_a_clear_wish_makes_a_person() {
    let mut scene = scene();
    assert_eq!(scene.apply(&event("e", "u")).mode, Some(PersonMode::Full));
    assert_eq!(scene.take().persons.len(), 1);
}

#[test]
fn row_100_a_personless_event_has_the_derived_id_and_leaves_no_person() {
    let mut scene = scene();
    let personless = event("e", "u").mode(ProfileMode::Personless).set(&[("a", "1")]);
    let answer = scene.apply(&personless);
    assert_eq!((answer.person_id, answer.mode), (derived("u"), Some(PersonMode::Propertyless)));
    assert_eq!((answer.created_at_us, answer.properties), (NO_PERSON_CREATED_AT_US, json!({})));
    let changes = scene.take();
    assert!(changes.persons.is_empty() && changes.distinct_ids.is_empty());
    assert_eq!((changes.personless.len(), &*changes.personless[0].distinct_id), (1, "u"));
    scene.apply(&personless);
    assert!(scene.take().is_empty(), "the id is noted once");
}

#[test]
fn row_101_a_personless_event_well_after_the_persons_creation_is_a_forced_upgrade() {
    let mut scene = scene();
    scene.apply(&event("$identify", "u").merge("v").set(&[("a", "1")]));
    let personless = event("e", "v").mode(ProfileMode::Personless);
    for (after_us, mode) in [
        (2 * MINUTE_US, PersonMode::ForceUpgrade),
        (MINUTE_US + 1, PersonMode::ForceUpgrade),
        (MINUTE_US, PersonMode::Propertyless),
        (-MINUTE_US, PersonMode::Propertyless),
    ] {
        let answer = scene.apply(&personless.clone().at(NOON_US + after_us));
        assert_eq!((answer.person_id, answer.mode), (derived("u"), Some(mode)));
        assert_eq!((answer.created_at_us, answer.properties), (NOON_US, json!({})));
    }
    let mut opted_out = personless.at(NOON_US + 2 * MINUTE_US);
    opted_out.opt_out = true;
    assert_eq!(scene.apply(&opted_out).mode, Some(PersonMode::Propertyless));
}

#[test]
fn row_102_properties_given_twice_arrive_as_one_list_and_are_all_set() {
    let mut scene = scene();
    let answer = scene.apply(&event("e", "u").set(&[("a", "1"), ("b", "3")]));
    assert_eq!((&answer.properties["a"], &answer.properties["b"]), (&json!(1), &json!(3)));
}

#[test]
fn rows_103_and_104_a_campaign_sets_the_last_and_keeps_the_first() {
    let mut scene = scene();
    let campaign = |value| {
        event("$pageview", "u").set(&[("utm_source", value)]).set_once(&[("$initial_utm_source", value)])
    };
    scene.apply(&campaign("\"x\""));
    let answer = scene.apply(&campaign("\"y\""));
    let changes = scene.take();
    let expected = json!({"$initial_utm_source": "x", "utm_source": "y"});
    assert_eq!(properties(&changes.persons[0].properties), expected);
    assert_eq!(properties(&answer.properties.to_string()), expected);
}

#[test]
fn row_105_an_exception_shows_its_set_and_changes_nobody() {
    for name in ["$exception", "$$heatmap"] {
        let mut scene = scene();
        scene.apply(&event("e", "u").set(&[("a", "1")]));
        scene.take();
        let answer = scene
            .apply(&event(name, "u").set(&[("a", "2"), ("b", "3")]).set_once(&[("c", "4")]).unset(&["a"]));
        assert_eq!(properties(&answer.properties.to_string()), json!({"a": 2, "b": 3}));
        assert!(scene.take().is_empty());
    }
}

#[test]
fn a_new_person_has_set_over_set_once_and_its_creator() {
    let mut scene = scene();
    let created =
        event("e", "u").set_once(&[("a", "1"), ("b", "2")]).set(&[("b", "3"), ("$creator_event_uuid", "0")]);
    scene.apply(&created);
    let changes = scene.take();
    let row = &changes.persons[0];
    assert_eq!(
        (row.id, row.created_at_us, row.version, row.is_identified),
        (derived("u"), NOON_US, 0, false)
    );
    let expected = json!({"a": 1, "b": 3, "$creator_event_uuid": "abababab-abab-abab-abab-abababababab"});
    assert_eq!(serde_json::from_str::<Value>(&row.properties).unwrap(), expected);
    assert_eq!((&*changes.distinct_ids[0].distinct_id, changes.distinct_ids[0].version), ("u", 0));
}

#[test]
fn set_once_fills_what_is_absent_or_null_and_unset_comes_last() {
    let mut scene = scene();
    scene.apply(&event("e", "u").set(&[("null", "null"), ("kept", "1"), ("gone", "2")]));
    let answer = scene.apply(
        &event("e", "u")
            .set_once(&[("null", "5"), ("kept", "6"), ("new", "null"), ("gone2", "7")])
            .unset(&["gone", "gone2", "never"]),
    );
    assert_eq!(properties(&answer.properties.to_string()), json!({"null": 5, "kept": 1, "new": null}));
    scene.take();
    scene.apply(&event("e", "u").set_once(&[("new", "null"), ("null", "8")]));
    assert!(scene.take().is_empty());
}

#[test]
fn noisy_keys_alone_do_not_rewrite_the_person_but_show_on_the_event() {
    let mut scene = scene();
    let page = |url, city| event("$pageview", "u").set(&[("$current_url", url), ("$geoip_city_name", city)]);
    scene.apply(&page("1", "1"));
    scene.take();
    let answer = scene.apply(&page("2", "1"));
    assert_eq!(answer.properties["$current_url"], 2);
    assert!(scene.take().is_empty());
    scene.apply(&page("3", "2"));
    let changes = scene.take();
    assert_eq!(properties(&changes.persons[0].properties), json!({"$current_url": 3, "$geoip_city_name": 2}));
    scene.apply(&event("$pageview", "u").set(&[("$current_url", "4"), ("$os", "5")]));
    let changes = scene.take();
    assert_eq!(changes.persons[0].version, 2, "a noisy key that is new counts");
    for name in ["$set", "$identify", "$create_alias", "$merge_dangerously"] {
        scene.apply(&event(name, "u").set(&[("$os", &format!("\"{name}\""))]));
        assert_eq!(scene.take().persons.len(), 1, "{name}");
    }
}

#[test]
fn a_group_identify_says_nothing_of_the_person() {
    let mut scene = scene();
    let answer = scene.apply(&event("$groupidentify", "u").set(&[("a", "1")]).set_once(&[("b", "1")]));
    assert_eq!(properties(&answer.properties.to_string()), json!({}));
    assert_eq!(properties(&scene.take().persons[0].properties), json!({}));
    scene.apply(&event("$groupidentify", "u").set(&[("a", "1")]).unset(&["$creator_event_uuid"]));
    assert!(scene.take().is_empty());
}

#[test]
fn identify_without_another_id_does_not_identify() {
    let mut scene = scene();
    scene.apply(&event("$identify", "u").set(&[("a", "1")]));
    scene.apply(&event("$identify", "u").merge("u").set(&[("a", "2")]));
    let changes = scene.take();
    assert_eq!((changes.persons[0].version, changes.persons[0].is_identified), (1, false));
}

#[test]
fn a_known_person_takes_in_the_other_id_whichever_side_it_is_on() {
    for (own, other) in [("known", "new"), ("new", "known")] {
        let mut scene = scene();
        scene.apply(&event("e", "known"));
        scene.take();
        let answer = scene.apply(&event("$identify", own).merge(other));
        assert_eq!(answer.person_id, derived("known"));
        let changes = scene.take();
        assert_eq!((changes.persons[0].version, changes.persons[0].is_identified), (1, true));
        let row = &changes.distinct_ids[0];
        assert_eq!((changes.distinct_ids.len(), &*row.distinct_id, row.version), (1, "new", 0));
    }
}

#[test]
fn ids_used_without_a_person_become_overrides_unless_the_person_has_their_id() {
    let personless = |id| event("e", id).mode(ProfileMode::Personless);
    // own, other: who was used without a person, and the id and versions that follow.
    for (used, id, own_version, other_version) in [
        (&[][..], "own", 0, 0),
        (&["own"], "own", 0, 0),
        (&["other"], "other", 0, 0),
        (&["own", "other"], "own", 0, 1),
    ] {
        let mut scene = scene();
        for distinct_id in used {
            scene.apply(&personless(distinct_id));
        }
        let answer = scene.apply(&event("$identify", "own").merge("other"));
        assert_eq!(answer.person_id, derived(id), "{used:?}");
        let changes = scene.take();
        let version = |wanted: &str| {
            changes.distinct_ids.iter().find(|row| &*row.distinct_id == wanted).map(|row| row.version)
        };
        assert_eq!((version("own"), version("other")), (Some(own_version), Some(other_version)), "{used:?}");
    }
    let mut scene = scene();
    scene.apply(&personless("a"));
    scene.apply(&event("e", "u"));
    scene.apply(&event("$identify", "u").merge("a"));
    assert_eq!(scene.take().distinct_ids[1].version, 1);
    scene.apply(&personless("b"));
    scene.apply(&event("e", "b"));
    assert_eq!(scene.take().distinct_ids[0].version, 0, "the person has the id that the events have");
}

#[test]
fn every_move_raises_the_distinct_ids_version() {
    let mut scene = scene();
    for id in ["a", "b", "c"] {
        scene.apply(&event("e", id));
    }
    scene.apply(&event("$identify", "b").merge("a"));
    scene.apply(&event("$merge_dangerously", "c").merge("b"));
    let changes = scene.take();
    let ids: Vec<_> = changes.distinct_ids.iter().map(|row| (&*row.distinct_id, row.version)).collect();
    assert_eq!(ids, [("a", 2), ("b", 1), ("c", 0)]);
    assert!(changes.distinct_ids.iter().all(|row| row.person_id == derived("c")));
    let rows: Vec<_> = changes.persons.iter().map(|row| (row.id, row.version, row.is_deleted)).collect();
    assert_eq!(rows, [(derived("c"), 2, false), (derived("a"), 100, true), (derived("b"), 101, true)]);
}

#[test]
fn a_flag_call_makes_no_person_unless_it_says_so_or_has_groups_or_one_exists() {
    let call = event("$feature_flag_called", "u").set(&[("a", "1")]);
    let mut grouped = call.clone();
    grouped.has_groups = true;
    for (call, mode) in [
        (call.clone(), PersonMode::Propertyless),
        (call.clone().mode(ProfileMode::Full), PersonMode::Full),
        (grouped, PersonMode::Full),
    ] {
        let mut scene = scene();
        assert_eq!(scene.apply(&call).mode, Some(mode));
        assert_eq!(scene.take().personless.len(), usize::from(mode == PersonMode::Propertyless));
    }
    let mut scene = scene();
    scene.apply(&event("e", "u"));
    assert_eq!(scene.apply(&call).properties["a"], 1);
}

#[test]
fn an_id_forbidden_by_capture_never_touches_a_person() {
    let mut scene = scene();
    scene.apply(&event("$identify", "real").merge("guest2"));
    scene.take();
    let answer = scene.apply(&event("$identify", "guest2").merge("x").mode(ProfileMode::Forced).at(i64::MAX));
    assert_eq!((answer.person_id, answer.mode), (derived("guest2"), Some(PersonMode::Propertyless)));
    assert!(scene.take().is_empty());
}

#[test]
fn properties_over_the_limit_are_refused_whole_and_may_shrink() {
    let limits = Limits { properties_bytes_max: 200, ..Limits::default() };
    let large = format!("\"{}\"", "x".repeat(300));
    let mut scene = scene_with(limits);
    let answer = scene.apply(&event("e", "u").set(&[("large", &large), ("a", "1")]));
    assert_eq!(answer.warning_names(), ["person_properties_size_violation"]);
    assert_eq!(answer.properties["a"], 1, "the event still shows what it set");
    assert_eq!(properties(&scene.take().persons[0].properties), json!({}));
    let answer = scene.apply(&event("e", "u").set(&[("large", &large)]));
    assert_eq!(answer.warning_names(), ["person_properties_size_violation"]);
    assert!(scene.take().is_empty());

    let text = format!("{{\"large\":{large},\"b\":1}}");
    scene.persons.load(&LoadedPerson {
        project_id: PROJECT,
        id: [9; 16],
        created_at_us: 0,
        properties: &text,
        is_identified: false,
        version: 0,
        distinct_ids: &[("imported", 0)],
        complete: true,
    });
    let answer = scene.apply(&event("e", "imported").unset(&["b"]));
    assert!(answer.warnings.is_empty());
    assert_eq!(scene.take().persons[0].version, 1);
}

#[test]
fn more_distinct_ids_than_a_merge_may_move_stay_where_they_are() {
    let mut scene = scene_with(Limits { moved_distinct_ids_max: 2, ..Limits::default() });
    scene.apply(&event("e", "u"));
    let load = |persons: &mut Persons, id: u8, distinct_ids: &[(&str, i64)], complete: bool| {
        persons.load(&LoadedPerson {
            project_id: PROJECT,
            id: [id; 16],
            created_at_us: 0,
            properties: "{}",
            is_identified: false,
            version: 0,
            distinct_ids,
            complete,
        });
    };
    load(&mut scene.persons, 1, &[("a", 0), ("b", 0), ("c", 0)], true);
    load(&mut scene.persons, 2, &[("huge", 0)], false);
    load(&mut scene.persons, 3, &[("d", 0), ("e", 4)], true);
    for other in ["a", "huge"] {
        let answer = scene.apply(&event("$identify", "u").merge(other));
        assert_eq!(answer.warning_names(), ["merge_move_limit_exceeded"]);
        assert_eq!(answer.person_id, derived("u"));
    }
    assert!(scene.take().merges.is_empty());
    assert!(scene.apply(&event("$identify", "u").merge("d")).warnings.is_empty());
    let versions: Vec<_> = scene.take().distinct_ids.iter().map(|row| row.version).collect();
    assert_eq!(versions, [1, 5]);
}

#[test]
fn an_event_whose_ids_are_not_loaded_changes_nothing() {
    let mut persons = Persons::new(Limits::default());
    assert_eq!(event("e", "u").apply(&mut persons), Err(NotLoaded));
    persons.load_absent(PROJECT, "u", false);
    assert_eq!(event("$identify", "u").merge("a").apply(&mut persons), Err(NotLoaded));
    assert!(persons.take_changes().is_empty());
    assert!(
        event("$identify", "u").merge("null").apply(&mut persons).is_ok(),
        "an illegal id need not be loaded"
    );
}
