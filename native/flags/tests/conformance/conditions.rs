//! Conditions, rollouts, variants, dependencies, holdouts, enrolment: rows 1 to 21 and 27 to 41.

use serde_json::{Value, json};

use crate::asking::{Asking, condition, everybody, flag, group, on_flag, person};

fn conditions(key: &str, groups: Value) -> Asking {
    Asking::one(flag(1, key, json!({ "groups": groups })))
}

fn id(distinct_id: &str) -> Value {
    json!({ "distinct_id": distinct_id })
}

fn enterprise() -> Value {
    json!([person("plan", "enterprise")])
}

#[test]
fn a_filter_decides_and_the_payload_is_the_same_text() {
    let beta = || {
        let groups = json!([condition(enterprise(), 100)]);
        Asking::one(flag(
            1,
            "beta-search",
            json!({"groups": groups, "payloads": {"true": "{\"cta\":\"x\"}"}}),
        ))
    };
    let yes = beta().having(&json!({"plan": "enterprise"}));
    assert_eq!(yes.says("beta-search"), "true condition_match@0");
    assert_eq!(yes.flag("beta-search")["metadata"]["payload"], "{\"cta\":\"x\"}");
    assert_eq!(yes.flag("beta-search")["reason"]["description"], "Matched condition set 1");
    let no = beta().having(&json!({"plan": "free"}));
    assert_eq!(no.says("beta-search"), "false no_condition_match@0");
    assert_eq!(no.flag("beta-search")["metadata"]["payload"], Value::Null);
}

#[test]
fn a_rollout_takes_those_whose_bucket_is_in_it() {
    let rollout = |who| conditions("beta-search-rollout", json!([condition(json!([]), 25.5)])).by(&id(who));
    assert_eq!(rollout("user-61").says("beta-search-rollout"), "true condition_match@0");
    assert_eq!(rollout("user-105").says("beta-search-rollout"), "false out_of_rollout_bound@0");
}

#[test]
fn conditions_are_tried_in_their_order_and_the_best_reason_is_told() {
    let (some, all) = (condition(json!([]), 10), condition(enterprise(), Value::Null));
    let staged = |plan| {
        let groups = json!([some, all]);
        conditions("beta-search-staged", groups).by(&id("user-105")).having(&json!({ "plan": plan }))
    };
    assert_eq!(staged("enterprise").says("beta-search-staged"), "true condition_match@1");
    assert_eq!(staged("free").says("beta-search-staged"), "false out_of_rollout_bound@0");
    let reversed = conditions("beta-search-staged-reversed", json!([all, some]))
        .by(&id("user-105"))
        .having(&json!({"plan": "free"}));
    assert_eq!(reversed.says("beta-search-staged-reversed"), "false out_of_rollout_bound@1");
    let key = "beta-search-staged-early-exit";
    let early = Asking::one(flag(1, key, json!({"groups": [some, all], "early_exit": true})))
        .by(&id("user-105"))
        .having(&json!({"plan": "enterprise"}));
    assert_eq!(early.says(key), "false out_of_rollout_bound@0");
    let without_share = conditions("k", json!([all])).having(&json!({"plan": "enterprise"}));
    assert_eq!(without_share.says("k"), "true condition_match@0");
    assert_eq!(conditions("k", json!([])).says("k"), "false no_group_type@null");
    let (a, b) = (json!([person("plan", "a")]), json!([person("plan", "b")]));
    let neither =
        conditions("k", json!([condition(a, 100), condition(b, 100)])).having(&json!({"plan": "c"}));
    assert_eq!(neither.says("k"), "false no_condition_match@1");
}

fn layout(id: i64, key: &str, overriding: &str) -> Value {
    let mut first = condition(enterprise(), 100);
    first["variant"] = json!(overriding);
    let variants = json!([
        {"key": "control", "rollout_percentage": 50},
        {"key": "compact", "rollout_percentage": 25},
        {"key": "spacious", "rollout_percentage": 25},
    ]);
    let groups = json!([first, condition(json!([]), 100)]);
    flag(id, key, json!({"groups": groups, "multivariate": {"variants": variants}}))
}

#[test]
fn variants_go_by_their_own_bucket_unless_a_condition_names_one() {
    let ask = |who, plan| {
        Asking::one(layout(1, "checkout-layout", "spacious")).by(&id(who)).having(&json!({ "plan": plan }))
    };
    assert_eq!(ask("user-61", "free").says("checkout-layout"), "compact condition_match@1");
    assert_eq!(ask("user-17", "free").says("checkout-layout"), "control condition_match@1");
    assert_eq!(ask("user-61", "enterprise").says("checkout-layout"), "spacious condition_match@0");
    let bad = Asking::one(layout(1, "checkout-layout-bad-override", "wide"));
    let bad = bad.having(&json!({"plan": "enterprise"}));
    assert_eq!(bad.says("checkout-layout-bad-override"), "compact condition_match@0");
}

#[test]
fn shares_that_end_before_the_bucket_leave_the_flag_plainly_on() {
    let variants = json!({"variants": [{"key": "control", "rollout_percentage": 0}]});
    let asking = Asking::one(flag(
        1,
        "k",
        json!({"groups": everybody()["groups"], "multivariate": variants, "payloads": {"true": "1"}}),
    ));
    assert_eq!(asking.says("k"), "true condition_match@0");
    assert_eq!(asking.flag("k")["metadata"]["payload"], "1");
}

#[test]
fn nobody_is_in_every_rollout_and_in_the_first_variant() {
    assert_eq!(
        conditions("k", json!([condition(json!([]), 0)])).by(&id("")).says("k"),
        "true condition_match@0"
    );
    let halves =
        json!([{"key": "control", "rollout_percentage": 50}, {"key": "test", "rollout_percentage": 50}]);
    let filters = json!({"groups": everybody()["groups"], "multivariate": {"variants": halves}});
    assert_eq!(Asking::one(flag(1, "k", filters)).by(&id("")).says("k"), "control condition_match@0");
}

#[test]
fn long_identifiers_are_cut_before_they_are_hashed() {
    let ask = |who: &str| conditions("beta-search", json!([condition(json!([]), 10.8)])).by(&id(who));
    assert_eq!(ask(&"a".repeat(205)).says("beta-search"), ask(&"a".repeat(200)).says("beta-search"));
    assert_eq!(ask(&"a".repeat(205)).says("beta-search"), "true condition_match@0");
    assert_eq!(ask(&"ä".repeat(205)).request().unwrap().distinct_id, "ä".repeat(200));
}

#[test]
fn a_person_condition_is_told_even_when_group_conditions_were_skipped() {
    let mut of_person = condition(json!([person("plan", "x")]), 100);
    of_person["aggregation_group_type_index"] = Value::Null;
    let mut of_group = condition(json!([group("tier", "gold", 0)]), 100);
    of_group["aggregation_group_type_index"] = json!(0);
    let asking = conditions("k", json!([of_person, of_group])).having(&json!({"plan": "y"}));
    assert_eq!(asking.says("k"), "false no_condition_match@0");
    let description = asking.flag("k")["reason"]["description"].as_str().unwrap().to_owned();
    assert!(description.contains("skipped"), "{description}");
}

#[test]
fn an_explicit_null_makes_a_condition_the_persons() {
    let mut of_person = condition(json!([]), 100);
    of_person["aggregation_group_type_index"] = Value::Null;
    let filters = json!({"groups": [of_person], "aggregation_group_type_index": 0});
    assert_eq!(Asking::one(flag(1, "k", filters)).says("k"), "true condition_match@0");
}

#[test]
fn a_flag_can_depend_on_another() {
    let flags = || {
        Asking::of(json!([
            flag(2, "b", json!({"groups": [condition(json!([on_flag(1, true)]), 100)]})),
            flag(1, "a", json!({"groups": [condition(enterprise(), 100)]})),
        ]))
    };
    let yes = flags().having(&json!({"plan": "enterprise"}));
    assert_eq!(
        (yes.says("a"), yes.says("b")),
        ("true condition_match@0".into(), "true condition_match@0".into())
    );
    let no = flags().having(&json!({"plan": "free"}));
    assert_eq!(no.says("a"), "false no_condition_match@0");
    assert_eq!(no.says("b"), "false no_condition_match@0");
    // Dependencies are returned with what depends on them.
    let named = flags().by(&json!({"flag_keys": ["b", "unknown"]})).answer();
    assert_eq!(named["flags"].as_object().unwrap().len(), 2);
    let nothing = flags().by(&json!({"flag_keys": []})).answer();
    assert_eq!(nothing["flags"], json!({}));
}

#[test]
fn a_flag_can_depend_on_anothers_variant() {
    let ask = |who| {
        Asking::of(json!([
            layout(1, "checkout-layout", "spacious"),
            flag(2, "banner", json!({"groups": [condition(json!([on_flag(1, "compact")]), 100)]})),
        ]))
        .by(&id(who))
        .having(&json!({"plan": "free"}))
    };
    assert_eq!(ask("user-61").flag("banner")["enabled"], true);
    assert_eq!(ask("user-17").flag("banner")["enabled"], false);
}

#[test]
fn what_depends_on_a_missing_flag_is_off_without_an_error() {
    let asking = Asking::of(json!([
        flag(1, "a", json!({"groups": [condition(json!([on_flag(404, true)]), 100)]})),
        flag(2, "b", json!({"groups": [condition(json!([on_flag(1, false)]), 100)]})),
    ]));
    assert_eq!(asking.says("a"), "false missing_dependency@null");
    assert_eq!(asking.says("b"), "false missing_dependency@null");
    assert_eq!(asking.answer()["errorsWhileComputingFlags"], false);
    assert!(asking.flag("a").get("failed").is_none());
}

#[test]
fn flags_in_a_circle_are_absent_and_the_rest_is_answered() {
    let depends = |on| json!({"groups": [condition(json!([on_flag(on, true)]), 100)]});
    let asking = Asking::of(json!([
        flag(1, "a", depends(2)),
        flag(2, "b", depends(1)),
        flag(3, "c", everybody()),
        flag(4, "d", depends(1)),
        flag(5, "e", depends(5)),
    ]));
    let answer = asking.answer();
    assert_eq!(answer["flags"].as_object().unwrap().keys().collect::<Vec<_>>(), ["c"]);
    assert_eq!(answer["errorsWhileComputingFlags"], true);
    assert_eq!(asking.by(&json!({"flag_keys": ["c"]})).answer()["errorsWhileComputingFlags"], true);
}

#[test]
fn an_inactive_flag_is_absent_and_false_for_others() {
    let asking = Asking::of(json!([
        crate::asking::with(flag(1, "a", everybody()), &json!({"active": false})),
        flag(2, "b", json!({"groups": [condition(json!([on_flag(1, false)]), 100)]})),
    ]));
    assert_eq!((asking.says("a"), asking.says("b")), ("absent".into(), "true condition_match@0".into()));
}

#[test]
fn holdouts_come_before_conditions() {
    let held = |who, groups: Value, plan| {
        let halves =
            json!([{"key": "control", "rollout_percentage": 50}, {"key": "test", "rollout_percentage": 50}]);
        let filters = json!({
            "groups": groups,
            "multivariate": {"variants": halves},
            "holdout": {"id": 7, "exclusion_percentage": 10},
            "payloads": {"holdout-7": "7"},
        });
        Asking::one(flag(1, "checkout-experiment", filters)).by(&id(who)).having(&json!({ "plan": plan }))
    };
    let all = everybody()["groups"].clone();
    let inside = held("user-31", all.clone(), "free");
    assert_eq!(inside.says("checkout-experiment"), "holdout-7 holdout_condition_value@null");
    assert_eq!(inside.flag("checkout-experiment")["metadata"]["payload"], "7");
    assert_eq!(held("user-77", all, "free").says("checkout-experiment"), "test condition_match@0");
    let aimed = held("user-31", json!([condition(enterprise(), 100)]), "free");
    assert_eq!(aimed.says("checkout-experiment"), "holdout-7 holdout_condition_value@null");
}

#[test]
fn enrolment_is_final_either_way() {
    let enrolled = |rollout: i64, properties: Value| {
        let filters = json!({
            "groups": [condition(json!([]), rollout)],
            "feature_enrollment": true,
            "payloads": {"true": "1"},
        });
        Asking::one(flag(1, "k", filters)).having(&properties)
    };
    let name = "$feature_enrollment/k";
    let yes = enrolled(0, json!({ name: true }));
    assert_eq!(yes.says("k"), "true super_condition_value@0");
    assert_eq!(enrolled(0, json!({ name: "true" })).says("k"), "true super_condition_value@0");
    let no = enrolled(100, json!({ name: "false" }));
    assert_eq!(no.says("k"), "false super_condition_value@0");
    assert_eq!(no.flag("k")["metadata"]["payload"], "1");
    assert_eq!(enrolled(100, json!({})).says("k"), "true condition_match@0");
}

#[test]
fn old_gates_decide_for_those_who_have_one_of_their_properties() {
    let gated = |properties: Value| {
        let filters = json!({
            "groups": [condition(json!([]), 100)],
            "super_groups": [condition(json!([person("$feature_enrollment/k", json!(["true"]))]), 100)],
        });
        Asking::one(flag(1, "k", filters)).having(&properties)
    };
    assert_eq!(gated(json!({"$feature_enrollment/k": true})).says("k"), "true super_condition_value@0");
    assert_eq!(gated(json!({"$feature_enrollment/k": false})).says("k"), "false super_condition_value@0");
    assert_eq!(gated(json!({})).says("k"), "true condition_match@0");
}
