//! The JSON text of a person's properties.

use super::scene::{event, scene, scene_with};
use crate::properties::Properties;
use crate::{Limits, LoadedPerson};
use serde_json::json;

use super::scene::PROJECT;

#[test]
fn a_loaded_text_becomes_canonical_and_of_a_repeated_key_the_last_counts() {
    let text = " { \"a\" : 1 , \"b\\u0000\": [ 1, 2 ], \"a\": \"x\\u0000y\" , \"q\\\"\":null } ";
    let expected = "{\"b\u{fffd}\":[ 1, 2 ],\"a\":\"x\\ufffdy\",\"q\\\"\":null}";
    assert_eq!(&**Properties::parse(text).text(), expected);
    assert_eq!(&**Properties::parse(expected).text(), expected);
    for damaged in ["", "[]", "{\"a\":", "null", "{\"a\":1}x"] {
        assert_eq!(&**Properties::parse(damaged).text(), "{}");
    }
}

#[test]
fn a_nul_becomes_a_replacement_character_and_setting_it_again_changes_nothing() {
    let mut scene = scene();
    let with_nul = event("$set", "d").set(&[("k\0", "\"a\\u0000b\""), ("slash", "\"\\\\u0000\"")]);
    let expected = json!({"k\u{fffd}": "a\u{fffd}b", "slash": "\\u0000", "$creator_event_uuid": "abababab-abab-abab-abab-abababababab"});
    assert_eq!(scene.apply(&with_nul).properties, expected);
    scene.take();
    assert_eq!(scene.apply(&with_nul).properties, expected);
    assert!(scene.take().is_empty());
}

#[test]
fn keys_that_need_escapes_are_found_again() {
    let mut scene = scene();
    let odd = event("$set", "d").set(&[("a\"b", "1"), ("c\\d", "2"), ("é\n", "3"), ("", "4")]);
    scene.apply(&odd);
    assert_eq!(scene.take().persons.len(), 1);
    scene.apply(&odd);
    assert!(scene.take().is_empty());
    let gone = scene.apply(&event("$set", "d").unset(&["a\"b", "c\\d", "", "$creator_event_uuid"]));
    assert_eq!(gone.properties, json!({"é\n": 3}));
}

#[test]
fn first_middle_and_last_members_can_be_removed() {
    let loaded = r#"{"a":1,"b":2,"c":3,"d":4}"#;
    for (unset, expected) in [
        (&["a"][..], r#"{"b":2,"c":3,"d":4}"#),
        (&["b", "c"], r#"{"a":1,"d":4}"#),
        (&["d"], r#"{"a":1,"b":2,"c":3}"#),
        (&["d", "c", "b", "a", "a"], "{}"),
    ] {
        let mut scene = scene();
        scene.persons.load(&LoadedPerson {
            project_id: PROJECT,
            id: [1; 16],
            created_at_us: 0,
            properties: loaded,
            is_identified: false,
            version: 3,
            distinct_ids: &[("d", 0)],
            complete: true,
        });
        scene.apply(&event("e", "d").unset(unset));
        let changes = scene.take();
        assert_eq!((&*changes.persons[0].properties, changes.persons[0].version), (expected, 4));
    }
}

#[test]
fn thousands_of_keys_are_handled_in_time_in_proportion() {
    let members: Vec<(String, String)> =
        (0..40_000).map(|number| (format!("k{number}"), number.to_string())).collect();
    let mut forth = event("$set", "d");
    forth.set.clone_from(&members);
    let mut back = forth.clone();
    back.set.reverse();
    let mut scene = scene_with(Limits { properties_bytes_max: 8 << 20, ..Limits::default() });
    let started = std::time::Instant::now();
    scene.apply(&forth);
    scene.take();
    scene.apply(&back);
    assert!(scene.take().is_empty());
    assert!(started.elapsed().as_secs() < 20, "quadratic");
}
