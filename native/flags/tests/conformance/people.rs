//! Groups, devices, continuity, cohorts, places, properties: rows 22 to 26, 42 to 47, 67 to 75; and the catalog away.

use serde_json::{Value, json};

use crate::asking::{Asking, condition, everybody, flag, group, person, with};

fn dashboard(filter: Value) -> Asking {
    let groups = json!([condition(json!([filter]), 60)]);
    Asking::one(flag(1, "org-dashboard", json!({"groups": groups, "aggregation_group_type_index": 0})))
}

fn of(key: impl Into<Value>) -> Value {
    json!({"groups": {"organization": key.into()}, "group_properties": {"organization": {"tier": "gold"}}})
}

#[test]
fn group_flags_go_by_the_groups_key() {
    let gold = || dashboard(group("tier", "gold", 0));
    assert_eq!(gold().by(&of("org-9")).says("org-dashboard"), "true condition_match@0");
    assert_eq!(gold().by(&of("org-12")).says("org-dashboard"), "false out_of_rollout_bound@0");
    assert_eq!(gold().by(&of(42)).says("org-dashboard"), "true condition_match@0");
    assert_eq!(gold().says("org-dashboard"), "false no_group_type@0");
    assert_eq!(gold().answer()["errorsWhileComputingFlags"], false);
    for nothing in [json!(""), json!(null), json!(["org-9"]), json!(true)] {
        assert_eq!(gold().by(&of(nothing)).says("org-dashboard"), "false no_group_type@0");
    }
    let by_key = dashboard(group("$group_key", "org-9", 0)).by(&json!({"groups": {"organization": "org-9"}}));
    assert_eq!(by_key.says("org-dashboard"), "true condition_match@0");
    let mut stored = gold().by(&json!({"groups": {"organization": "org-9"}}));
    stored.group_properties = vec![(0, r#"{"tier": "gold"}"#.to_owned())];
    assert_eq!(stored.says("org-dashboard"), "true condition_match@0");
    let over = stored.by(&json!({"group_properties": {"organization": {"tier": "tin"}}}));
    assert_eq!(over.says("org-dashboard"), "false no_condition_match@0");
}

fn rollout(columns: &Value) -> Asking {
    let groups = json!([condition(json!([]), 25.5)]);
    let flag = with(flag(1, "beta-search-rollout", json!({ "groups": groups })), columns);
    Asking::one(flag).by(&json!({"distinct_id": "user-105"}))
}

#[test]
fn device_flags_go_by_the_device() {
    let device = || rollout(&json!({"bucketing_identifier": "device_id"}));
    let key = "beta-search-rollout";
    assert_eq!(device().by(&json!({"$device_id": "user-61"})).says(key), "true condition_match@0");
    assert_eq!(device().says(key), "false out_of_rollout_bound@0");
    assert_eq!(device().by(&json!({"$device_id": ""})).says(key), "false out_of_rollout_bound@0");
    assert_eq!(device().having(&json!({"$device_id": "user-61"})).says(key), "true condition_match@0");
}

#[test]
fn continuity_keeps_the_bucket_that_was_first() {
    let kept = || rollout(&json!({"ensure_experience_continuity": true}));
    let key = "beta-search-rollout";
    assert_eq!(kept().by(&json!({"$anon_distinct_id": "user-61"})).says(key), "true condition_match@0");
    assert_eq!(kept().says(key), "false out_of_rollout_bound@0");
    let mut remembered = kept();
    remembered.hash_keys = vec![(key.to_owned(), "user-61".to_owned())];
    assert_eq!(remembered.says(key), "true condition_match@0");
    assert_eq!(remembered.by(&json!({"$anon_distinct_id": "user-999"})).says(key), "true condition_match@0");
    let mut broken = kept();
    broken.is_continuity_broken = true;
    assert_eq!(broken.says(key), "false hash_key_override_error@null");
    assert_eq!(broken.flag(key)["failed"], true);
    assert_eq!(broken.answer()["errorsWhileComputingFlags"], true);
}

fn in_cohort(id: i64, operator: &str) -> Value {
    json!({"key": "id", "type": "cohort", "value": id, "operator": operator})
}

fn cohort_flag(filter: Value) -> Asking {
    Asking::one(flag(1, "k", json!({"groups": [condition(json!([filter]), 100)]})))
}

fn dynamic(id: i64, values: Value) -> Value {
    let properties = json!({"type": "OR", "values": [{"type": "AND", "values": values}]});
    json!({"id": id, "is_static": false, "filters": {"properties": properties}})
}

#[test]
fn dynamic_cohorts_go_by_properties() {
    let leaf = json!({"key": "email", "type": "person", "operator": "icontains", "value": "@x.io"});
    let cohorts = json!([dynamic(5, json!([leaf]))]);
    let ask = |operator, email| {
        let asking = cohort_flag(in_cohort(5, operator)).cohorts(cohorts.clone());
        asking.having(&json!({ "email": email })).says("k")
    };
    assert_eq!(ask("in", "a@x.io"), "true condition_match@0");
    assert_eq!(ask("not_in", "a@y.io"), "true condition_match@0");
    assert_eq!(ask("not_in", "a@x.io"), "false no_condition_match@0");
    assert_eq!(ask("exact", "a@x.io"), "false no_condition_match@0");
}

#[test]
fn negation_turns_a_leaf_over_when_it_has_been_decided() {
    let leaf =
        json!({"key": "beta", "type": "person", "operator": "exact", "value": "yes", "negation": true});
    let asking = || cohort_flag(in_cohort(5, "in")).cohorts(json!([dynamic(5, json!([leaf]))]));
    assert_eq!(asking().says("k"), "true condition_match@0");
    assert_eq!(asking().having(&json!({"beta": "yes"})).says("k"), "false no_condition_match@0");
}

#[test]
fn static_and_behavioural_cohorts_go_by_their_members() {
    let behaviour = json!({"key": "$pageview", "type": "behavioral", "value": "performed_event"});
    let mut behavioural = dynamic(6, json!([behaviour]));
    behavioural["version"] = json!(3);
    let nested = dynamic(7, json!([{"key": "id", "type": "cohort", "value": 5}]));
    let cohorts = json!([{"id": 5, "is_static": true}, behavioural, nested, dynamic(8, json!([behaviour]))]);
    let ask = |id, memberships: &[(i64, i64)]| {
        let mut asking = cohort_flag(in_cohort(id, "in")).cohorts(cohorts.clone());
        asking.memberships = memberships.to_vec();
        asking
    };
    assert_eq!(ask(5, &[]).says("k"), "false no_condition_match@0");
    assert_eq!(ask(5, &[]).answer()["errorsWhileComputingFlags"], false);
    assert_eq!(ask(5, &[(5, 0)]).says("k"), "true condition_match@0");
    assert_eq!(ask(6, &[(6, 2)]).says("k"), "false no_condition_match@0");
    assert_eq!(ask(6, &[(6, 3)]).says("k"), "true condition_match@0");
    assert_eq!(ask(7, &[(5, 0)]).says("k"), "true condition_match@0");
    assert_eq!(ask(8, &[(8, 0)]).says("k"), "false no_condition_match@0");
    let needs = ask(7, &[]).set().asked(&ask(7, &[]).request().unwrap());
    assert_eq!((needs.person, needs.cohorts), (false, vec![5]));
}

#[test]
fn cohorts_that_nobody_can_decide_fail_the_flags_that_look_at_them() {
    let reference = |id| json!({"key": "id", "type": "cohort", "value": id});
    let cohorts = json!([
        dynamic(1, json!([reference(2)])),
        dynamic(2, json!([reference(1)])),
        dynamic(3, json!([reference(404)])),
        {"id": 4, "is_static": false, "filters": {"properties": {"type": "XOR", "values": []}}},
        dynamic(5, json!([reference(1)])),
        dynamic(6, json!([reference(4)])),
    ]);
    let expected = [
        (404, "dependency_not_found_cohort"),
        (1, "dependency_cycle_cohort"),
        (3, "dependency_not_found_cohort"),
        (4, "cohort_filters_parsing_error"),
        (5, "dependency_cycle_cohort"),
        (6, "cohort_filters_parsing_error"),
    ];
    for (id, code) in expected {
        let asking = cohort_flag(in_cohort(id, "in")).cohorts(cohorts.clone());
        assert_eq!(asking.says("k"), format!("false {code}@null"));
        assert_eq!(asking.flag("k")["failed"], true);
        assert_eq!(asking.answer()["errorsWhileComputingFlags"], true);
    }
}

#[test]
fn empty_groups_of_criteria_are_what_logic_says() {
    let tree =
        |kind| json!({"id": 5, "is_static": false, "filters": {"properties": {"type": kind, "values": []}}});
    let ask = |kind| cohort_flag(in_cohort(5, "in")).cohorts(json!([tree(kind)])).says("k");
    assert_eq!(ask("AND"), "true condition_match@0");
    assert_eq!(ask("OR"), "false no_condition_match@0");
}

#[test]
fn the_place_of_an_address_counts_where_the_client_says_nothing() {
    let place = |fields: Value| {
        let groups = json!([condition(json!([person("$geoip_country_code", "US")]), 100)]);
        let mut asking = Asking::one(flag(1, "k", json!({ "groups": groups }))).by(&fields);
        asking.place = Some(r#""$geoip_country_code":"US""#);
        asking.person = Some(json!({"$geoip_country_code": "FR"}));
        asking.flag("k")["enabled"] == true
    };
    assert!(place(json!({})));
    assert!(!place(json!({"person_properties": {"$geoip_country_code": "DE"}})));
    assert!(place(json!({"person_properties": {"$geoip_country_code": null}})));
    assert!(!place(json!({"geoip_disable": true})));
    let mut finer = Asking::one(flag(
        1,
        "k",
        json!({"groups": [condition(json!([person("$geoip_latitude", "52")]), 100)]}),
    ));
    finer.place = Some(r#""$geoip_latitude":52"#);
    assert_eq!(finer.flag("k")["enabled"], false, "flags do not know places that finely");
}

#[test]
fn properties_are_stored_ones_under_given_ones_and_some_are_derived() {
    let ask = |filter: Value| Asking::one(flag(1, "k", json!({"groups": [condition(json!([filter]), 100)]})));
    let is_on = |asking: Asking| asking.flag("k")["enabled"] == true;
    let chrome = || ask(person("$initial_browser", "Chrome"));
    assert!(is_on(chrome().having(&json!({"$browser": "Chrome"}))));
    assert!(!is_on(chrome().having(&json!({"$browser": "Chrome", "$initial_browser": "Opera"}))));
    assert!(is_on(ask(person("$initial_utm_source", "x")).having(&json!({"utm_source": "x"}))));
    assert!(is_on(ask(person("distinct_id", "user-17"))));
    let mut stored = ask(person("plan", "free"));
    stored.person = Some(json!({"plan": "free", "distinct_id": "other"}));
    assert!(is_on(stored));
    let mut over = ask(person("plan", "free")).having(&json!({"plan": "paid"}));
    over.person = Some(json!({"plan": "free"}));
    assert!(!is_on(over));
    let mut alone = ask(person("plan", "free"));
    alone.person = Some(json!({"plan": "free"}));
    alone.options.only_given_properties = true;
    assert!(!alone.set().asked(&alone.request().unwrap()).person);
    assert!(!is_on(alone));
}

#[test]
fn without_the_catalog_only_flags_that_need_it_fail() {
    let filter = |key, value: &str| json!({"groups": [condition(json!([person(key, value)]), 100)]});
    let asking = |fields: Value| {
        let flags = json!([
            flag(1, "all", everybody()),
            flag(2, "plan", filter("plan", "free")),
            flag(3, "group", json!({"groups": [condition(json!([group("tier", "gold", 0)]), 100)]})),
            flag(4, "cohort", json!({"groups": [condition(json!([in_cohort(5, "in")]), 100)]})),
            with(
                flag(5, "kept", json!({"groups": [condition(json!([]), 50)]})),
                &json!({"ensure_experience_continuity": true})
            ),
            flag(6, "id", filter("distinct_id", "user-17")),
        ]);
        let mut asking = Asking::of(flags).cohorts(json!([{"id": 5, "is_static": true}])).by(&fields);
        asking.is_away = true;
        asking
    };
    let asked = asking(json!({}));
    assert_eq!(asked.says("all"), "true condition_match@0");
    assert_eq!(asked.says("id"), "true condition_match@0");
    for key in ["plan", "cohort", "kept"] {
        assert_eq!(asked.says(key), "false database_error@null", "{key}");
        assert_eq!(asked.flag(key)["failed"], true);
    }
    assert_eq!(asked.says("group"), "false no_condition_match@0", "no group was named, so none is missed");
    assert_eq!(asked.answer()["errorsWhileComputingFlags"], true);
    let given = asking(json!({"person_properties": {"plan": "free"}, "groups": {"organization": "x"}}));
    assert_eq!(given.says("plan"), "true condition_match@0");
    assert_eq!(given.says("group"), "false database_error@null");
    let unneeded = asking(json!({"flag_keys": ["all", "id"]}));
    assert_eq!(unneeded.answer()["errorsWhileComputingFlags"], false);
}

#[test]
fn only_what_is_needed_is_asked_of_the_catalog() {
    let groups = json!([condition(json!([person("plan", "x"), group("tier", "gold", 0)]), 100)]);
    let asking = || Asking::one(flag(1, "k", json!({ "groups": groups })));
    let asked = |asking: Asking| asking.set().asked(&asking.request().unwrap());
    assert!(asked(asking()).person);
    assert!(asked(asking()).groups.is_empty());
    assert!(!asked(asking().having(&json!({"plan": null}))).person);
    let named = json!({"groups": {"organization": "org-9", "unknown": "x"}});
    assert_eq!(asked(asking().by(&named)).groups, [(0, "org-9".to_owned())]);
    assert!(asked(asking().by(&json!({"flag_keys": []}))).is_empty());
    assert!(asked(asking().by(&json!({"disable_flags": true}))).is_empty());
}
