//! The parser of HogQL and Hog: the first byte picks what the text is read as, the rest is the text.
//!
//! `cargo +nightly fuzz run hog_parse`; seeds are the lines of `tests/hog/corpus`.

#![no_main]

use hog::tree::Node;
use hog::{Goal, HEIGHT_MAX, parse, to_json};
use libfuzzer_sys::fuzz_target;

const GOALS: [Goal; 5] = [Goal::Select, Goal::Expression, Goal::Order, Goal::Program, Goal::Template];

fuzz_target!(|input: &[u8]| {
    let Some((first, text)) = input.split_first() else {
        return;
    };
    let Ok(text) = std::str::from_utf8(text) else {
        return;
    };
    match parse(text, GOALS[usize::from(*first) % GOALS.len()]) {
        Ok(tree) => check(&tree, text),
        Err(failure) => {
            let characters = text.chars().count() as u32;
            assert!(failure.start <= failure.end && failure.end <= characters, "{failure}");
        }
    }
});

/// A tree is no higher than promised, lies within its text, and is written as JSON.
fn check(tree: &Node, text: &str) {
    assert!(tree.height() <= HEIGHT_MAX);
    if let Some((start, end)) = tree.span {
        assert!(start <= end && end as usize <= text.len());
        assert!(text.is_char_boundary(start as usize) && text.is_char_boundary(end as usize));
    }
    let json = to_json(tree, text);
    // The reader's own limit is 128 levels, so deep trees are only written.
    if tree.height() < 40 {
        let value: Result<serde_json::Value, _> = serde_json::from_str(&json);
        assert!(value.is_ok_and(|value| value["node"].is_string()), "{json}");
    }
}
