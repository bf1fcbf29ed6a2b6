//! The oracle: a map compiled by us and by `symbolic`, asked for every position.

use stacks::source_map::{Scope, compile};
use stacks::{CONTEXT_LINES, SourceMap};
use symbolic_sourcemapcache::{ScopeLookupResult, SourceMapCache, SourceMapCacheWriter, SourcePosition};

/// Asks both for all positions of the first lines.
pub fn agree(code: &str, map: &str) {
    let ours = SourceMap::from_bytes(compile(code, map).expect("ours compiles").bytes).expect("ours opens");
    let mut bytes = Vec::new();
    let writer = SourceMapCacheWriter::new(code, map).expect("theirs compiles");
    writer.serialize(&mut bytes).expect("theirs is written");
    let theirs = SourceMapCache::parse(&bytes).expect("theirs opens");
    for line in 0..10 {
        for column in 0..220 {
            let found = ours.lookup(line, column);
            let Some(expected) = theirs.lookup(SourcePosition::new(line, column)) else {
                assert_eq!(found, None, "{line}:{column}");
                continue;
            };
            let found = found.unwrap_or_else(|| panic!("nothing at {line}:{column}"));
            let scope = match expected.scope() {
                ScopeLookupResult::NamedScope(name) => Scope::Named(name),
                ScopeLookupResult::AnonymousScope => Scope::Anonymous,
                ScopeLookupResult::Unknown => Scope::Unknown,
            };
            assert_eq!(
                (found.line, found.column, found.source, found.scope, found.name),
                (expected.line(), expected.column(), expected.file_name(), scope, expected.name()),
                "{line}:{column}"
            );
            let context = ours.context(&found, CONTEXT_LINES);
            let text = expected.file_source().and_then(|source| source.lines().nth(found.line as usize));
            assert_eq!(context.map(|context| context.line.line).as_deref(), text, "{line}:{column}");
        }
    }
}
