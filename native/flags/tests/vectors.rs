//! Buckets agree, to the last bit, with 538 golden vectors that every SDK's way of counting gives too.

use flags::{
    bucket, bucket_many, holdout_bucket, holdout_includes, rollout_bucket, rollout_includes, variant_at,
    variant_bucket,
};
use serde_json::Value;

/// How much of a distinct id counts.
const DISTINCT_ID_CHARACTERS: usize = 200;

fn vectors(kind: &str) -> Vec<Value> {
    let document: Value =
        serde_json::from_str(include_str!("flag_vectors.json")).expect("the vectors are JSON");
    let all = document["vectors"].as_array().expect("the vectors are an array");
    let expected = document["header"]["counts"][kind].as_u64().expect("the kind is counted");
    let found: Vec<Value> = all.iter().filter(|vector| vector["kind"] == kind).cloned().collect();
    assert_eq!(found.len() as u64, expected, "all {kind} vectors are there");
    found
}

fn text<'a>(vector: &'a Value, name: &str) -> &'a str {
    vector[name].as_str().unwrap_or_else(|| panic!("{vector} has a text {name}"))
}

fn number(vector: &Value, name: &str) -> f64 {
    vector[name].as_f64().unwrap_or_else(|| panic!("{vector} has a number {name}"))
}

fn prefix(vector: &Value) -> String {
    format!("{}.", text(vector, "flag_key"))
}

fn bits(hexadecimal: &str) -> u64 {
    u64::from_str_radix(hexadecimal, 16).expect("the bits are hexadecimal")
}

fn chosen(vector: &Value, bucket: f64) -> Value {
    let variants = vector["variants"].as_array().expect("there are variants");
    variant_at(variants.iter().map(|variant| number(variant, "rollout_percentage")), bucket)
        .map_or(Value::Null, |at| variants[at]["key"].clone())
}

#[test]
fn buckets_are_equal_to_the_last_bit() {
    for vector in vectors("hash") {
        let (prefix, identifier, salt) =
            (text(&vector, "prefix"), text(&vector, "identifier"), text(&vector, "salt"));
        let expected = bits(text(&vector, "hash_binary64_hex"));
        assert_eq!(bucket(prefix, identifier, salt).to_bits(), expected, "{vector}");
        assert_eq!(bucket_many(prefix, &["", identifier], salt)[1].to_bits(), expected, "{vector}");
    }
}

#[test]
fn rollouts_include_whom_they_should() {
    for vector in vectors("rollout") {
        let bucket = rollout_bucket(&prefix(&vector), text(&vector, "identifier"));
        let includes = rollout_includes(vector["rollout_percentage"].as_f64(), || bucket);
        assert_eq!(Value::Bool(includes), vector["expected"], "{vector}");
    }
}

#[test]
fn variants_fall_where_they_should() {
    for vector in vectors("variant") {
        let bucket = variant_bucket(&prefix(&vector), text(&vector, "identifier"));
        assert_eq!(chosen(&vector, bucket), vector["expected"], "{vector}");
    }
    for vector in vectors("variant_threshold") {
        assert_eq!(chosen(&vector, number(&vector, "hash")), vector["expected"], "{vector}");
    }
}

#[test]
fn holdouts_take_whom_they_should() {
    for vector in vectors("holdout") {
        let includes = holdout_includes(number(&vector, "exclusion_percentage"), text(&vector, "identifier"));
        assert_eq!(Value::Bool(includes), vector["expected"], "{vector}");
    }
}

#[test]
fn the_edge_of_a_rollout_is_inside() {
    for vector in vectors("threshold") {
        let includes = rollout_includes(vector["rollout_percentage"].as_f64(), || number(&vector, "hash"));
        assert_eq!(Value::Bool(includes), vector["expected"], "{vector}");
    }
}

#[test]
fn only_the_first_characters_of_a_distinct_id_count() {
    for vector in vectors("truncate") {
        let counted: String = text(&vector, "identifier_sent").chars().take(DISTINCT_ID_CHARACTERS).collect();
        assert_eq!(counted, text(&vector, "identifier_hashed"), "{vector}");
        if let Some(expected) = vector["hash_binary64_hex"].as_str() {
            assert_eq!(rollout_bucket(&prefix(&vector), &counted).to_bits(), bits(expected), "{vector}");
        }
    }
}

#[test]
fn nobody_is_in_the_first_bucket_but_for_holdouts() {
    assert!(rollout_includes(Some(0.0), || rollout_bucket("any.", "")));
    assert_eq!(variant_at([0.0, 50.0, 50.0], variant_bucket("any.", "")), Some(1));
    assert_eq!(holdout_bucket("").to_bits(), 0.926_882_948_392_029_4_f64.to_bits());
}

#[test]
fn a_rollout_to_all_asks_for_no_bucket() {
    for percentage in [None, Some(100.0)] {
        assert!(rollout_includes(percentage, || panic!("a bucket was asked for")));
    }
}

#[test]
fn running_sums_of_variants_are_those_of_doubles() {
    assert_eq!(variant_at([10.0, 20.0, 30.0, 40.0], 0.3), Some(1), "0.1 + 0.2 is more than 0.3");
    assert_eq!(variant_at([40.0], 0.4), None, "what the variants leave is nobody's");
}

#[test]
fn a_digest_of_every_length_is_the_digest_of_its_text() {
    use sha1::{Digest, Sha1};
    let long = "ß0aé".repeat(60);
    for end in (0..=long.len()).filter(|end| long.is_char_boundary(*end)) {
        let (first, second) =
            long[..end].split_at(long[..end].char_indices().nth(end / 7).map_or(0, |(at, _)| at));
        let digest = Sha1::digest(format!("{first}{second}variant"));
        let head = u64::from_be_bytes(digest[..8].try_into().expect("a digest has eight bytes")) >> 4;
        let expected = head as f64 / (1_u64 << 60) as f64;
        assert_eq!(bucket(first, second, "variant").to_bits(), expected.to_bits(), "{end} bytes");
    }
}
