//! Every position of a map comes to what Sentry's `symbolic`, which is what PostHog asks, makes of it.

mod fixture;
mod symbolic;

use proptest::prelude::*;

#[test]
fn the_bundle_agrees_everywhere() {
    symbolic::agree(fixture::CODE, &fixture::map());
}

/// Tokens of a generated map: generated column steps and what they map to.
#[derive(Debug, Clone)]
struct Token {
    step: u32,
    target: Option<(u32, u32, u32)>,
    name: Option<u32>,
}

fn tokens() -> impl Strategy<Value = Vec<Vec<Token>>> {
    // Two tokens never stand at one place: which of them counts is not defined.
    let target = prop::option::weighted(0.9, (0..3_u32, 0..6_u32, 0..8_u32));
    let token = (1..6_u32, target, prop::option::of(0..4_u32));
    let token = token.prop_map(|(step, target, name)| Token { step, target, name });
    prop::collection::vec(prop::collection::vec(token, 0..12), 0..8)
}

fn vlq(number: i64, out: &mut String) {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut rest = if number < 0 { (-number << 1) | 1 } else { number << 1 };
    loop {
        let digit = (rest & 31) as usize;
        rest >>= 5;
        out.push(DIGITS[if rest > 0 { digit | 32 } else { digit }] as char);
        if rest == 0 {
            return;
        }
    }
}

fn mappings(lines: &[Vec<Token>]) -> String {
    let mut out = String::new();
    let mut last = [0_i64; 4];
    for (index, line) in lines.iter().enumerate() {
        if index > 0 {
            out.push(';');
        }
        for (at, token) in line.iter().enumerate() {
            if at > 0 {
                out.push(',');
            }
            vlq(i64::from(token.step), &mut out);
            let Some((source, line, column)) = token.target else { continue };
            for (last, now) in last.iter_mut().zip([source, line, column]) {
                vlq(i64::from(now) - *last, &mut out);
                *last = i64::from(now);
            }
            if let Some(name) = token.name {
                vlq(i64::from(name) - last[3], &mut out);
                last[3] = i64::from(name);
            }
        }
    }
    out
}

const CODE: &str =
    "a=1;function b(c){d()}\nclass e{f(){g}get h(){}}\nvar i=()=>{j},k={l(){m}};\n\no.p=function(){q}\n";

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_map_agrees_everywhere(lines in tokens()) {
        let map = serde_json::json!({
            "version": 3, "sources": ["a.js", "b/c.ts", "webpack://x/d"], "names": ["one", "two", "$async$three", "four"],
            "sourcesContent": ["1\n2\r\n3", null, ""], "mappings": mappings(&lines),
        });
        symbolic::agree(CODE, &map.to_string());
    }
}
