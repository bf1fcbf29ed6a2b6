//! The functions of minified code, by the names that they had.

use std::ops::Range;

use js_source_scopes::{
    NameResolver, ScopeIndex, ScopeLookupResult, SourceContext, SourcePosition, extract_scope_names,
};
use sourcemap::DecodedMap;

use super::nesting;

/// Bytes of all names together, before they are kept once each.
const NAMES_BYTES_MAX: usize = 256 * 1024 * 1024;

/// The function that a position is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope<'a> {
    /// A function with a name, such as `Cart.total` or `new Cart`.
    Named(&'a str),
    /// A function without one.
    Anonymous,
    /// None, or it is not known.
    Unknown,
}

/// Where functions begin and end, ascending by position.
#[derive(Debug, Default)]
pub struct Scopes {
    names: Vec<String>,
    starts: Vec<(SourcePosition, Found)>,
}

/// A scope whose name, if it has one, is in a list.
#[derive(Debug, Clone, Copy)]
enum Found {
    Named(u32),
    Anonymous,
    Unknown,
}

impl Scopes {
    /// The functions of `code`, renamed through its map; none if it cannot be parsed.
    pub fn extract(code: &str, map: &DecodedMap) -> Self {
        if nesting::check(code).is_err() {
            Self::default()
        } else {
            Self::parse(code, map).unwrap_or_default()
        }
    }

    fn parse(code: &str, map: &DecodedMap) -> Option<Self> {
        let scopes = extract_scope_names(code).ok()?;
        let context = SourceContext::new(code).ok()?;
        let resolver = NameResolver::new(&context, map);
        let mut bytes = 0;
        let mut named: Vec<(Range<u32>, Option<String>)> = Vec::with_capacity(scopes.len());
        for (range, name) in scopes {
            let minified = name.as_ref().map(ToString::to_string);
            let original = name.map(|name| resolver.resolve_name(&name)).filter(|name| !name.is_empty());
            bytes += minified.as_ref().map_or(0, String::len) + original.as_ref().map_or(0, String::len);
            if bytes > NAMES_BYTES_MAX {
                return None;
            }
            // Dart's compiler writes the name of a function to its end, not to its beginning.
            let closing = if minified == original { closing_name(&context, map, &range) } else { None };
            named.push((range, closing.or(original)));
        }
        let index = ScopeIndex::new(named).ok()?;
        let mut found = Self::default();
        for (offset, scope) in index.iter() {
            let Some(position) = context.offset_to_position(offset) else { continue };
            let scope = match scope {
                ScopeLookupResult::NamedScope(name) => {
                    found.names.push(name.to_owned());
                    Found::Named(found.names.len() as u32 - 1)
                }
                ScopeLookupResult::AnonymousScope => Found::Anonymous,
                ScopeLookupResult::Unknown => Found::Unknown,
            };
            found.starts.push((position, scope));
        }
        Some(found)
    }

    /// The function at a position of the minified code.
    pub fn at(&self, line: u32, column: u32) -> Scope<'_> {
        let position = SourcePosition::new(line, column);
        let place = match self
            .starts
            .binary_search_by(|(start, _)| (start.line, start.column).cmp(&(position.line, position.column)))
        {
            Ok(place) => place,
            Err(place) => place.saturating_sub(1),
        };
        match self.starts.get(place) {
            Some((_, Found::Named(name))) => Scope::Named(&self.names[*name as usize]),
            Some((_, Found::Anonymous)) => Scope::Anonymous,
            Some((_, Found::Unknown)) | None => Scope::Unknown,
        }
    }
}

/// The name of the token at the very end of a function, if there is one that does not go on behind it.
fn closing_name(context: &SourceContext<&str>, map: &DecodedMap, range: &Range<u32>) -> Option<String> {
    let last = context.offset_to_position(range.end.checked_sub(1)?)?;
    let token = map.lookup_token(last.line, last.column)?;
    if token.get_dst() != (last.line, last.column) {
        return None;
    }
    let behind = context.offset_to_position(range.end);
    let following = behind.and_then(|behind| map.lookup_token(behind.line, behind.column));
    if following == Some(token) { None } else { token.get_name().map(str::to_owned) }
}
