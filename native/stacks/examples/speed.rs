//! How fast maps are compiled, opened and looked up, beside Sentry's `symbolic` on the same map in the same run.
//!
//! `cargo run --release -p stacks --example speed -- bundle.js bundle.js.map`

#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a program for people at a terminal")]

use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;

use stacks::source_map::compile;
use stacks::{CONTEXT_LINES, Event, Outcome, SourceMap, Symbols};
use symbolic_sourcemapcache::{ScopeLookupResult, SourceMapCache, SourceMapCacheWriter, SourcePosition};

const LOOKUPS: usize = 400_000;
const EVENTS: usize = 5_000;
const FRAMES: usize = 20;

fn main() {
    let mut paths = std::env::args().skip(1);
    let code = std::fs::read_to_string(paths.next().expect("the bundle's path")).unwrap();
    let map = std::fs::read_to_string(paths.next().expect("the map's path")).unwrap();
    println!("bundle {} bytes, map {} bytes", code.len(), map.len());

    let compiled = timed("compile", map.len(), || compile(&code, &map).unwrap());
    let theirs = timed("symbolic: compile", map.len(), || {
        let mut bytes = Vec::new();
        SourceMapCacheWriter::new(&code, &map).unwrap().serialize(&mut bytes).unwrap();
        bytes
    });
    println!("compiled {} bytes, symbolic's {} bytes", compiled.bytes.len(), theirs.len());

    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), &compiled.bytes).unwrap();
    let opened = timed("open", map.len(), || SourceMap::open(file.path()).unwrap().unwrap());
    let cache = SourceMapCache::parse(&theirs).unwrap();

    let positions = positions(&map);
    let differences = positions.iter().filter(|position| !agree(&opened, &cache, **position)).count();
    println!("{} tokens, {differences} differences", positions.len());

    let mut state = 1_u64;
    let random: Vec<(u32, u32)> = (0..LOOKUPS)
        .map(|_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            positions[(state >> 33) as usize % positions.len()]
        })
        .collect();
    per_second("lookups", LOOKUPS, || {
        for (line, column) in &random {
            black_box(opened.lookup(*line, *column));
        }
    });
    per_second("lookups with context", LOOKUPS / 4, || {
        for (line, column) in &random[..LOOKUPS / 4] {
            let found = opened.lookup(*line, *column);
            black_box(found.and_then(|found| opened.context(&found, CONTEXT_LINES)));
        }
    });
    per_second("symbolic: lookups", LOOKUPS / 40, || {
        for (line, column) in &random[..LOOKUPS / 40] {
            black_box(cache.lookup(SourcePosition::new(*line, *column)));
        }
    });
    events(opened, &random);
}

/// Events of a stack each, from their properties to the properties that are stored.
fn events(map: SourceMap, positions: &[(u32, u32)]) {
    let symbols = [Symbols::Map(Arc::new(map))];
    let frames = |positions: &[(u32, u32)]| {
        let frames = positions.iter().map(|(line, column)| {
            format!(
                r#"{{"platform":"web:javascript","filename":"https://example.com/static/app.js","function":"n","lineno":{},"colno":{column},"in_app":true,"chunk_id":"0197e2a0-0000-7000-8000-000000000001"}}"#,
                line + 1
            )
        });
        frames.collect::<Vec<_>>().join(",")
    };
    let events: Vec<String> = positions
        .chunks(FRAMES)
        .take(EVENTS)
        .map(|positions| {
            format!(
                r#"{{"$lib":"web","$current_url":"https://example.com/","$exception_list":[{{"type":"TypeError","value":"a is undefined","mechanism":{{"handled":false}},"stacktrace":{{"type":"raw","frames":[{}]}}}}]}}"#,
                frames(positions)
            )
        })
        .collect();
    per_second(&format!("events of {FRAMES} frames"), events.len(), || {
        for properties in &events {
            let event = Event::read(properties).unwrap().resolve(&symbols, uuid::Uuid::nil(), 0);
            let prints = event.fingerprints();
            black_box(event.write(&Outcome { fingerprint: prints.first(), ..Outcome::default() }));
        }
    });
}

fn positions(map: &str) -> Vec<(u32, u32)> {
    let map = match sourcemap::decode_slice(map.as_bytes()).unwrap() {
        sourcemap::DecodedMap::Regular(map) => map,
        sourcemap::DecodedMap::Index(index) => index.flatten().unwrap(),
        sourcemap::DecodedMap::Hermes(map) => return map.tokens().map(|token| token.get_dst()).collect(),
    };
    map.tokens().map(|token| token.get_dst()).collect()
}

fn agree(ours: &SourceMap, theirs: &SourceMapCache, (line, column): (u32, u32)) -> bool {
    let ours = ours.lookup(line, column);
    let theirs = theirs.lookup(SourcePosition::new(line, column));
    match (ours, theirs) {
        (None, None) => true,
        (Some(ours), Some(theirs)) => {
            let scope = match theirs.scope() {
                ScopeLookupResult::NamedScope(name) => stacks::source_map::Scope::Named(name),
                ScopeLookupResult::AnonymousScope => stacks::source_map::Scope::Anonymous,
                ScopeLookupResult::Unknown => stacks::source_map::Scope::Unknown,
            };
            (ours.line, ours.column, ours.source, ours.scope, ours.name)
                == (theirs.line(), theirs.column(), theirs.file_name(), scope, theirs.name())
        }
        _ => false,
    }
}

fn timed<T>(what: &str, bytes: usize, run: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let result = run();
    let took = start.elapsed();
    println!("{what}: {took:?}, {:.1} MB of map a second", bytes as f64 / took.as_secs_f64() / 1e6);
    result
}

fn per_second(what: &str, count: usize, run: impl FnOnce()) {
    let start = Instant::now();
    run();
    println!("{what}: {:.0} a second", count as f64 / start.elapsed().as_secs_f64());
}
