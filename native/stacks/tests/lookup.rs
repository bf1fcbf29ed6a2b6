//! Positions of a bundle come to functions and places of its source (contract §6.6, rows 38, 39, 50, 51).

mod fixture;

use stacks::SourceMap;
use stacks::source_map::{Flaw, Scope, compile};

fn open(code: &str, map: &str) -> SourceMap {
    SourceMap::from_bytes(compile(code, map).expect("the map compiles").bytes)
        .expect("what was compiled opens")
}

fn bundle() -> SourceMap {
    open(fixture::CODE, &fixture::map())
}

#[test]
fn positions_come_to_functions_and_places() {
    let map = bundle();
    for (line, column, scope, place) in [
        (1, 153, Scope::Named("checkout"), (9, 29)),
        (1, 63, Scope::Named("Cart.total"), (3, 22)),
        (1, 101, Scope::Anonymous, (3, 85)),
        (1, 0, Scope::Named("new Cart"), (0, 7)),
        (1, 500, Scope::Named("checkout"), (11, 0)),
    ] {
        let found = map.lookup(line - 1, column).expect("there is a token");
        assert_eq!((found.scope, (found.line, found.column)), (scope, place), "{line}:{column}");
        assert_eq!(found.source, Some("../src/checkout.js"));
    }
    assert_eq!(map.lookup(1, 0), None);
}

#[test]
fn a_location_has_sixteen_lines_before_it_and_fifteen_after() {
    let lines: Vec<String> = (1..=100).map(|line| format!("line {line}\r")).collect();
    for at in [0_usize, 1, 15, 16, 17, 31, 50, 98, 99] {
        // One token that says: line `at`, column 0 of the only source.
        let map = serde_json::json!({
            "version": 3, "sources": ["a.js"], "names": [], "sourcesContent": [lines.join("\n")],
            "mappings": format!("AA{}A", vlq(at)),
        });
        let map = open("a", &map.to_string());
        let location = map.lookup(0, 0).expect("there is a token");
        let context = map.context(&location, 15).expect("there is source");
        let numbers =
            |lines: &[stacks::ContextLine]| lines.iter().map(|line| line.number as usize).collect::<Vec<_>>();
        assert_eq!(
            numbers(&context.before),
            (at.saturating_sub(16)..at).map(|line| line + 1).collect::<Vec<_>>()
        );
        assert_eq!(context.line.number as usize, at + 1);
        assert_eq!(numbers(&context.after), (at + 2..=(at + 16).min(100)).collect::<Vec<_>>());
        for line in context.before.iter().chain([&context.line]).chain(&context.after) {
            let end = if line.number == 100 { "\r" } else { "" };
            assert_eq!(line.line, format!("line {}{end}", line.number));
        }
    }
}

fn vlq(number: usize) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut rest = number << 1;
    let mut text = String::new();
    loop {
        let digit = rest & 31;
        rest >>= 5;
        text.push(DIGITS[if rest > 0 { digit | 32 } else { digit }] as char);
        if rest == 0 {
            return text;
        }
    }
}

#[test]
fn junk_before_a_map_is_skipped() {
    let map = open(fixture::CODE, &[")]}'\n", &fixture::map()].concat());
    assert_eq!(map.lookup(0, 153).map(|found| found.line), Some(9));
}

#[test]
fn sections_of_an_index_map_resolve_each_at_its_place() {
    let map: serde_json::Value = serde_json::from_str(&fixture::map()).expect("the map is JSON");
    let index = serde_json::json!({"version": 3, "sections": [
        {"offset": {"line": 0, "column": 0}, "map": map},
        {"offset": {"line": 3, "column": 10}, "map": map},
    ]});
    let map = open("", &index.to_string());
    assert_eq!(map.lookup(0, 153).map(|found| (found.line, found.column)), Some((9, 29)));
    assert_eq!(map.lookup(3, 163).map(|found| (found.line, found.column)), Some((9, 29)));
    assert_eq!(map.lookup(3, 9), None);
}

#[test]
fn a_map_without_contents_resolves_without_context() {
    let mut map: serde_json::Value = serde_json::from_str(&fixture::map()).expect("the map is JSON");
    map.as_object_mut().expect("it is an object").remove("sourcesContent");
    let map = open(fixture::CODE, &map.to_string());
    let found = map.lookup(0, 153).expect("there is a token");
    assert_eq!(found.scope, Scope::Named("checkout"));
    assert_eq!(map.context(&found, 15), None);
}

#[test]
fn an_empty_map_is_one_in_which_nothing_is_found() {
    let map = open("", "{}");
    assert!(map.is_empty());
    assert_eq!(map.lookup(0, 0), None);
}

#[test]
fn code_that_is_none_costs_the_names_only() {
    for code in ["(((", "\u{0}", "'", &"(".repeat(100_000)] {
        let map = open(code, &fixture::map());
        assert_eq!(map.lookup(0, 153).map(|found| (found.scope, found.line)), Some((Scope::Unknown, 9)));
    }
}

#[test]
fn the_root_of_sources_stands_before_them() {
    let map =
        open("a", r#"{"version":3,"sourceRoot":"/app/","sources":["a.js"],"names":[],"mappings":"AAAA"}"#);
    assert_eq!(map.lookup(0, 0).and_then(|found| found.source), Some("/app/a.js"));
}

#[test]
fn tokens_without_a_source_resolve_nothing() {
    let map = open("ab", r#"{"version":3,"sources":["a.js"],"names":[],"mappings":"A,CAAA"}"#);
    assert_eq!(map.lookup(0, 0), None);
    assert_eq!(map.lookup(0, 1).map(|found| found.line), Some(0));
}

#[test]
fn what_is_no_map_says_why() {
    for map in [
        "",
        "[]",
        "{",
        r#"{"mappings":"AA","sources":["a"]}"#,
        r#"{"mappings":"ACAA","sources":["a"],"names":[]}"#,
        r#"{"mappings":"AAAAC","sources":["a"],"names":["b"]}"#,
        r#"{"mappings":"!","sources":["a"]}"#,
        r#"{"sections":[{"offset":{"line":0,"column":0},"url":"other.map"}]}"#,
        ")]}'",
    ] {
        assert!(matches!(compile("", map), Err(Flaw::Unreadable(why)) if !why.is_empty()), "{map}");
    }
}

#[test]
fn a_map_of_react_native_knows_its_functions() {
    let map = serde_json::json!({
        "version": 3, "sources": ["a.js"], "names": [], "mappings": "AAAA,KACE",
        "x_facebook_sources": [[{"names": ["<global>", "inner"], "mappings": "AAA;CCC"}]],
    });
    let compiled = compile("", &map.to_string()).expect("the map compiles");
    assert_eq!(compiled.kind, stacks::source_map::Kind::Hermes);
    let map = SourceMap::from_bytes(compiled.bytes).expect("what was compiled opens");
    assert_eq!(map.lookup(0, 0).map(|found| found.scope), Some(Scope::Named("<global>")));
    assert_eq!(map.lookup(0, 9).map(|found| (found.scope, found.line)), Some((Scope::Named("inner"), 1)));
}

#[test]
fn code_that_nests_as_deeply_as_it_may_is_parsed() {
    // Each level of these counts for at most six.
    let levels = stacks::source_map::DEPTH_MAX / 6 - 2;
    for (before, after) in [
        ("(", ")"),
        ("[", "]"),
        ("a=>", ""),
        ("a+", ""),
        ("a?b:", ""),
        ("if(a)", ""),
        ("`${", "}`"),
        ("a(", ")"),
        ("class a{b(){", "}}"),
        ("function a(){", "}"),
        ("if(a){}else ", ""),
    ] {
        let code = ["function f(){", &before.repeat(levels), "1", &after.repeat(levels), "}"].concat();
        let map = open(&code, r#"{"version":3,"sources":["a.js"],"names":[],"mappings":"AAAA,aAAA"}"#);
        assert_ne!(map.lookup(0, 0).map(|found| found.scope), Some(Scope::Unknown), "{before}");
    }
}
