//! Filters and values at random: nothing panics, and the answers are those of slow, plain models.

mod scene;

use flags::{Operator, PropertyFilter, Zone};
use proptest::prelude::*;
use scene::{NOW_US, passes};
use serde_json::{Value, json};

/// Texts that mean something to one operator or another.
fn meaning_text() -> impl Strategy<Value = String> {
    prop_oneof![
        "-?[0-9]{1,5}[hdwmy]",
        "v?[0-9]{1,3}(\\.[0-9*x]{1,3}){0,4}([-+][a-z0-9.]{0,5})?",
        "[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([ T][0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]{0,12})?)?)?(Z|[+-][0-9:]{0,5})?",
        "[A-Z][a-z]{2} [0-9]{1,2},? [0-9]{4}( [0-9]:[0-9]{2} PM)?",
        "-?[0-9]{1,20}(\\.[0-9]{1,5})?(e-?[0-9]{1,4})?",
        "(true|false|TRUE|null|nan|inf)",
        "[\\[\\](){}?*+|^$\\\\.a-c1-3,!<=>:]{0,24}",
        "\\PC{0,20}",
    ]
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        (0..3_000_000_000_u32).prop_map(Value::from),
        meaning_text().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..12).prop_map(Value::from),
            prop::collection::hash_map("[a-c]", inner, 0..3).prop_map(|map| json!(map)),
        ]
    })
}

fn any_operator() -> impl Strategy<Value = &'static str> {
    prop::sample::select(Operator::all().map(Operator::name).collect::<Vec<_>>())
}

fn any_zone() -> impl Strategy<Value = Zone> {
    prop::sample::select(vec![
        "UTC",
        "America/New_York",
        "Asia/Kathmandu",
        "Pacific/Apia",
        "America/Santiago",
    ])
    .prop_map(|name| Zone::named(name).expect("the zone is known"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn nothing_panics(
        operator in any_operator(),
        filter in prop::option::of(any_json()),
        value in prop::option::of(any_json()),
        zone in any_zone(),
        version in 0..4_u8,
        now_us in any::<i64>(),
    ) {
        let filter = PropertyFilter::compile("x", Some(operator), filter.as_ref(), &zone, version)
            .expect("the operator is known");
        let _ = filter.matches(value.as_ref(), now_us);
        let _ = filter.matches(value.as_ref(), NOW_US);
        if filter.warning().is_some() {
            prop_assert!(!filter.matches(Some(&json!("a")), NOW_US), "what warns matches nothing");
        }
    }

    #[test]
    fn a_negation_is_the_opposite_wherever_there_is_an_answer(filter in any_json(), value in any_json()) {
        for (operator, negation) in [
            ("exact", "is_not"),
            ("icontains", "not_icontains"),
            ("icontains_multi", "not_icontains_multi"),
            ("starts_with", "not_starts_with"),
            ("ends_with", "not_ends_with"),
            ("is_set", "is_not_set"),
        ] {
            if !filter.is_null() || operator == "is_set" {
                let (yes, no) = (passes(operator, &filter, &value), passes(negation, &filter, &value));
                prop_assert_ne!(yes, no, "{}", operator);
            }
        }
        for (operator, negation) in [("regex", "not_regex"), ("between", "not_between")] {
            prop_assert!(!(passes(operator, &filter, &value) && passes(negation, &filter, &value)));
        }
    }

    #[test]
    fn texts_are_found_where_a_plain_search_finds_them(
        needles in prop::collection::vec("[a-cA-CéÉ]{0,3}", 0..5),
        text in "[a-cA-CéÉ]{0,12}",
    ) {
        let lower = text.to_ascii_lowercase();
        let in_it = |needle: &String| lower.contains(&needle.to_ascii_lowercase());
        prop_assert_eq!(passes("icontains_multi", &json!(needles), &json!(text)), needles.iter().any(in_it));
        for needle in &needles {
            let lower_needle = needle.to_ascii_lowercase();
            prop_assert_eq!(passes("icontains", &json!(needle), &json!(text)), in_it(needle));
            prop_assert_eq!(passes("starts_with", &json!(needle), &json!(text)), lower.starts_with(&lower_needle));
            prop_assert_eq!(passes("ends_with", &json!(needle), &json!(text)), lower.ends_with(&lower_needle));
        }
    }

    #[test]
    fn equality_is_that_of_lower_case(
        texts in prop::collection::vec("[a-bA-BéÉΣςσßẞİıK\u{212a}Å]{0,3}", 1..14),
        text in "[a-bA-BéÉΣςσßẞİıK\u{212a}Å]{0,3}",
    ) {
        let lower = text.to_lowercase();
        prop_assert_eq!(
            passes("exact", &json!(texts), &json!(text)),
            texts.iter().any(|known| known.to_lowercase() == lower)
        );
    }

    #[test]
    fn numbers_are_ordered_like_doubles(left in any::<f64>(), right in any::<i32>(), is_text in any::<bool>()) {
        let value = if is_text { json!(left.to_string()) } else { json!(left) };
        let (left, limit) = (value.as_f64().unwrap_or(left), f64::from(right));
        for (operator, expected) in [
            ("gt", left > limit),
            ("gte", left >= limit),
            ("lt", left < limit),
            ("lte", left <= limit),
        ] {
            let is_number = is_text || value.is_number();
            prop_assert_eq!(passes(operator, &json!(right), &value), is_number && expected);
        }
    }
}
