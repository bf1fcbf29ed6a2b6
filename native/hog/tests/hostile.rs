//! Texts that mean harm: deep, long, or no language at all. All get an answer, on a small stack and in linear time.

use std::time::{Duration, Instant};

use hog::{Failure, Goal, HEIGHT_MAX, NESTING_MAX, NUMBER_BYTES_MAX, SOURCE_BYTES_MAX, parse, to_json};
use proptest::prelude::*;

const GOALS: [Goal; 5] = [Goal::Select, Goal::Expression, Goal::Order, Goal::Program, Goal::Template];

/// What nests, as its beginning, its middle and its end.
const NESTS: &[(&str, &str, &str)] = &[
    ("(", "a", ")"),
    ("((", "a", "), b)"),
    ("[", "a", "]"),
    ("{", "a", "}"),
    ("{'a': ", "b", "}"),
    ("f(", "a", ")"),
    ("f(distinct ", "a", ")"),
    ("a.b(", "a", ")"),
    ("- ", "a", ""),
    ("not ", "a", ""),
    ("x -> ", "a", ""),
    ("() -> ", "a", ""),
    ("lambda x: ", "a", ""),
    ("x -> { return ", "a", " }"),
    ("x -> { ", "a;", " }"),
    ("f(b := ", "a", ")"),
    ("b := ", "a", ""),
    ("a ? b : ", "c", ""),
    ("a ? ", "b", " : c"),
    ("a between (", "b", ") and c"),
    ("a[", "b", "]"),
    ("case when ", "a", " then b end"),
    ("case ", "a", " when b then c end"),
    ("cast(", "a", " as b)"),
    ("interval (", "a", ") day"),
    ("f'{", "a", "}'"),
    ("<A>", "a", "</A>"),
    ("<A b={", "a", "}/>"),
    ("<A>{", "a", "}</A>"),
    ("columns(", "a", ")"),
    ("sum(a) over (partition by ", "b", ")"),
    ("sum(a) over (rows ", "b", " preceding)"),
    ("sum(a) filter (where ", "b", ")"),
    ("a in (select ", "b", ")"),
    ("(select ", "b", ")"),
    ("((select ", "b", "))"),
    ("select (", "a", ")"),
    ("select a from (", "select b", ")"),
    ("select a from (", "b", ")"),
    ("(", "select a", ")"),
    ("select a from ((select 1) union all (", "select b", "))"),
    ("with x as (", "select b", ") select a"),
    ("with x as (select a) (", "select b", ")"),
    ("select a from b join (", "c", ")"),
    ("select a from f((", "select b", "))"),
    ("if (a) ", "b", ""),
    ("if (a) { ", "b", " }"),
    ("while (a) ", "b", ""),
    ("for (let a in b) ", "c", ""),
    ("{ ", "a", " }"),
    ("try { ", "a", " } catch { b }"),
    ("fun f() { ", "a", " }"),
];

/// What grows by repetition alone, and so makes trees high or wide without any brackets.
const CHAINS: &[(&str, &str)] = &[
    ("a", " + a"),
    ("a", " || a"),
    ("a", " || a + a"),
    ("a", " and a"),
    ("a", " or a"),
    ("a", " and a or a"),
    ("a", " ?? a"),
    ("a", " = a"),
    ("a", " is null"),
    ("a", " as a"),
    ("a", ".b"),
    ("a", ".1"),
    ("a", "?.b"),
    ("a", "[1]"),
    ("a", "::b"),
    ("a", "(b)"),
    ("a", ", a"),
    ("f(a", ", a"),
    ("f(a", ", a -> b"),
    ("lambda", ", lambda"),
    ("x", ", y"),
    ("a", " in b"),
    ("a", " between b and c"),
    ("select a", ", a"),
    ("select 1", " union all select 1"),
    ("select a from b", ", b"),
    ("select a from b", " join c"),
    ("select a from b", " join c on d"),
    ("select a from b", " join c join d on e on f"),
    ("select a from b", " pivot(a for b in (c))"),
    ("with a as (select 1)", ", a as (select 1)"),
    ("a", ";"),
    ("a", "; a"),
    ("a", " <b"),
    ("<A", " a"),
    ("<A>", "<A>"),
    ("f'a", "{b}"),
    ("f'", "f'"),
    ("(", "("),
    ("{", "{"),
    ("if (", "if ("),
    ("x -> {", "x -> {"),
    ("case", " case"),
    ("interval", " interval"),
    ("not", " not"),
    ("/*", "/*"),
    ("'", "''"),
    ("`", "``"),
    ("\\", "\\"),
    ("<", "<a "),
];

fn read(source: &str) -> Vec<Result<String, Failure>> {
    GOALS.iter().map(|goal| parse(source, *goal).map(|tree| to_json(&tree, source))).collect()
}

/// Runs on a stack smaller than any of those who call us have.
fn on_small_stack(work: impl FnOnce() + Send + 'static) {
    // Frames without optimisation are several times larger.
    let bytes = if cfg!(debug_assertions) { 2 << 20 } else { 512 << 10 };
    let thread = std::thread::Builder::new().stack_size(bytes).spawn(work);
    thread.map(std::thread::JoinHandle::join).expect("a thread").expect("no panic");
}

#[test]
fn deep_nesting_is_refused_and_never_overflows() {
    on_small_stack(|| {
        for depth in [usize::from(NESTING_MAX) - 2, usize::from(NESTING_MAX) + 2, 20_000] {
            for (open, middle, close) in NESTS {
                let source = format!("{}{middle}{}", open.repeat(depth), close.repeat(depth));
                let results = read(&source);
                if depth > usize::from(NESTING_MAX) {
                    let template_is_text = 4;
                    let refused = results[..template_is_text].iter().all(Result::is_err);
                    assert!(refused, "{open} at {depth}");
                }
                read(&open.repeat(depth));
            }
        }
    });
}

#[test]
fn deep_types_are_refused() {
    on_small_stack(|| {
        for depth in [24, 20_000] {
            let source = format!("cast(a as {}b{})", "b(".repeat(depth), ")".repeat(depth));
            assert_eq!(parse(&source, Goal::Expression).is_ok(), depth == 24);
        }
    });
}

#[test]
fn what_is_nested_two_dozen_times_is_read() {
    on_small_stack(|| {
        for (open, middle, close) in NESTS {
            let source = format!("{}{middle}{}", open.repeat(24), close.repeat(24));
            let read = read(&source);
            assert!(read.iter().take(4).any(Result::is_ok), "{open}: {read:?}");
        }
    });
}

#[test]
fn long_chains_take_linear_time_and_little_stack() {
    on_small_stack(|| {
        for (first, more) in CHAINS {
            let time = |bytes: usize| {
                let source = format!("{first}{}", more.repeat(bytes / more.len()));
                let began = Instant::now();
                drop(read(&source));
                began.elapsed()
            };
            // Eight times the text; quadratic time would be sixty-four times as long. Other work may disturb the
            // clock, but not every time.
            let is_linear = |()| {
                time(SOURCE_BYTES_MAX / 32) < time(SOURCE_BYTES_MAX / 256) * 24 + Duration::from_millis(100)
            };
            assert!([(); 5].into_iter().any(is_linear), "{first}{more}");
        }
    });
}

#[test]
fn limits_are_told() {
    let long = "a".repeat(SOURCE_BYTES_MAX + 1);
    assert!(parse(&long, Goal::Expression).is_err_and(|failure| failure.message.contains("longer than")));
    let digits = "1".repeat(NUMBER_BYTES_MAX + 1);
    assert!(parse(&digits, Goal::Expression).is_err_and(|failure| failure.message.contains("too long")));
    let sum = format!("a{}", " + a".repeat(usize::from(HEIGHT_MAX)));
    assert!(parse(&sum, Goal::Expression).is_err_and(|failure| failure.message.contains("too deeply")));
    let all = format!("a{}", " and a".repeat(10_000));
    assert!(parse(&all, Goal::Expression).is_ok());
}

#[test]
fn failures_point_at_characters() {
    let failure = parse("select 'é', ü from a", Goal::Select).unwrap_err();
    assert_eq!((failure.start, failure.end), (12, 13));
    let failure = parse("select 'é', a from", Goal::Select).unwrap_err();
    assert_eq!((failure.start, failure.end), (18, 18));
}

/// Words and signs of both languages, and some of neither.
fn soup() -> impl Strategy<Value = String> {
    const WORDS: &[&str] = &[
        "select",
        "from",
        "where",
        "group by",
        "order by",
        "limit",
        "offset",
        "with",
        "as",
        "union all",
        "join",
        "on",
        "using",
        "array",
        "case",
        "when",
        "then",
        "else",
        "end",
        "cast",
        "interval",
        "day",
        "between",
        "and",
        "or",
        "not",
        "in",
        "cohort",
        "is",
        "null",
        "distinct",
        "over",
        "partition by",
        "rows",
        "unbounded",
        "preceding",
        "current row",
        "filter",
        "within group",
        "columns",
        "exclude",
        "replace",
        "pivot",
        "unpivot",
        "for",
        "values",
        "sample",
        "final",
        "let",
        "fun",
        "return",
        "if",
        "while",
        "try",
        "catch",
        "throw",
        "lambda",
        "a",
        "b",
        "`c d`",
        "1",
        "2.5",
        ".5",
        "1e9",
        "0x1F",
        "'text'",
        "f'",
        "'",
        "{",
        "}",
        "(",
        ")",
        "[",
        "]",
        "<A",
        "<",
        "/>",
        "</A>",
        ">",
        "->",
        "*",
        ":=",
        ":",
        "::",
        ",",
        "||",
        "-",
        ".",
        "=",
        "==",
        ">=",
        "#",
        "~*",
        "=~",
        "!=",
        "!~",
        "??",
        "?.",
        "?",
        "%",
        "+",
        ";",
        "/",
        "é",
        "\\",
        "\"",
        "--",
        "/*",
        "*/",
        "\n",
        "@",
    ];
    let word = prop_oneof![9 => proptest::sample::select(WORDS).prop_map(str::to_owned), 1 => any::<char>().prop_map(String::from)];
    let space = prop_oneof![Just(" "), Just("")];
    proptest::collection::vec((word, space), 0..60)
        .prop_map(|words| words.into_iter().map(|(word, space)| word + space).collect())
}

/// `make fuzz` asks for more.
fn cases() -> ProptestConfig {
    let asked = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
    ProptestConfig::with_cases(asked.unwrap_or(4_000))
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn no_text_panics_and_places_lie_within_it(source in soup()) {
        let characters = source.chars().count() as u32;
        for result in read(&source) {
            if let Err(failure) = result {
                prop_assert!(failure.start <= failure.end && failure.end <= characters, "{failure}");
                prop_assert!(!failure.message.is_empty());
            }
        }
    }
}
