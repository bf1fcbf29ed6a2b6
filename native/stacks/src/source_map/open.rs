//! A compiled map, looked up where it lies.

use std::fs::File;
use std::ops::Range;
use std::path::Path;

use memmap2::Mmap;

use super::layout::{HEADER, LINES_PER_MARK, MAGIC, Section, VERSION, number};
use super::{ANONYMOUS, Kind, NONE, Scope};
use crate::context::{Context, ContextLine};

/// An opened map. Opening reads the header and no more; lookups read what they need.
#[derive(Debug)]
pub struct SourceMap {
    bytes: Bytes,
    kind: Kind,
    /// Where each section lies.
    sections: [Range<usize>; Section::ALL.len()],
}

#[derive(Debug)]
enum Bytes {
    Held(Vec<u8>),
    Mapped(Mmap),
}

/// Why bytes are no compiled map: they are to be compiled anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Damage {
    /// Something else, or by another version.
    Foreign,
    /// Shorter or longer than it says.
    Length,
}

/// Where a token came from. Lines and columns are 0-based.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Location<'m> {
    /// Path of the source, if the token has one.
    pub source: Option<&'m str>,
    /// Line in the source.
    pub line: u32,
    /// Column in the source.
    pub column: u32,
    /// The function around it.
    pub scope: Scope<'m>,
    /// The name that the map gives the token itself.
    pub name: Option<&'m str>,
    source_index: u32,
}

impl Location<'_> {
    /// The source's place in the map.
    pub fn source_index(&self) -> u32 {
        self.source_index
    }
}

impl SourceMap {
    /// Opens a map that is in memory.
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Self, Damage> {
        Self::read(Bytes::Held(bytes))
    }

    /// Opens a map that is a file. The file must not be written to any more: it is replaced, never changed.
    pub fn open(path: &Path) -> std::io::Result<Result<Self, Damage>> {
        let file = File::open(path)?;
        #[allow(
            unsafe_code,
            reason = "mapping a file is unsafe while others may change it; ours are only replaced"
        )]
        let mapped = unsafe { Mmap::map(&file) }?;
        Ok(Self::read(Bytes::Mapped(mapped)))
    }

    fn read(bytes: Bytes) -> Result<Self, Damage> {
        let all = bytes.all();
        let header = |index| number(all, index);
        if all.len() < HEADER * 4 || [header(0), header(1)] != MAGIC || header(2) != VERSION || header(3) > 1
        {
            return Err(Damage::Foreign);
        }
        let mut end = HEADER * 4;
        let sections = Section::ALL.map(|section| {
            let start = end;
            end += header(4 + section as usize) as usize * section.width();
            start..end
        });
        if end != all.len()
            || sections[Section::Columns as usize].len() * 4 != sections[Section::Targets as usize].len()
        {
            return Err(Damage::Length);
        }
        let kind = if header(3) == 1 { Kind::Hermes } else { Kind::Script };
        Ok(Self { bytes, kind, sections })
    }

    /// Whose map it is.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Bytes of the compiled map.
    pub fn len(&self) -> usize {
        self.bytes.all().len()
    }

    /// Whether it has no tokens, so that nothing resolves.
    pub fn is_empty(&self) -> bool {
        self.section(Section::Columns).is_empty()
    }

    /// The location of the last token at or before a position, on the same line; both are 0-based.
    pub fn lookup(&self, line: u32, column: u32) -> Option<Location<'_>> {
        let token = self.token_at(line, column)?;
        let target = self.section(Section::Targets);
        let field = |index| number(target, token * 4 + index);
        let (source_index, source_line, source_column, scope) = (field(0), field(1), field(2), field(3));
        if source_index == NONE && source_line == NONE && source_column == NONE {
            return None;
        }
        let scope = match scope {
            NONE => Scope::Unknown,
            ANONYMOUS => Scope::Anonymous,
            name => self.string(name).map_or(Scope::Unknown, Scope::Named),
        };
        let source = self.source(source_index).and_then(|source| self.string(source[0]));
        let name = self.name_of(token);
        Some(Location { source, line: source_line, column: source_column, scope, name, source_index })
    }

    /// The lines around a location: up to `count` after it and one more before it, as PostHog shows them.
    pub fn context(&self, location: &Location, count: usize) -> Option<Context> {
        self.context_at(location.source_index, location.line, count)
    }

    /// So for a line of a source, by its place in the map.
    pub fn context_at(&self, source: u32, line: u32, count: usize) -> Option<Context> {
        let [_, offset, length, first_mark, marks] = self.source(source)?;
        if offset == NONE {
            return None;
        }
        let contents = self.section(Section::Contents);
        let content = contents.get(offset as usize..(offset as usize).checked_add(length as usize)?)?;
        let at = line as usize;
        let first = at.saturating_sub(count + 1);
        let mark = first / LINES_PER_MARK;
        if mark >= marks as usize {
            return None;
        }
        let start = number(self.section(Section::Marks), first_mark as usize + mark) as usize;
        let lines = Lines { rest: content.get(start..)? }.skip(first - mark * LINES_PER_MARK);
        let mut before = Vec::with_capacity(at - first);
        let mut found = None;
        let mut after = Vec::with_capacity(count);
        for (index, line) in (first..=at.saturating_add(count)).zip(lines) {
            let line = ContextLine::new(index as u32 + 1, line);
            match index.cmp(&at) {
                std::cmp::Ordering::Less => before.push(line),
                std::cmp::Ordering::Equal => found = Some(line),
                std::cmp::Ordering::Greater => after.push(line),
            }
        }
        Some(Context { before, line: found?, after })
    }

    /// The name that a class had before its compiler renamed it.
    pub fn class(&self, minified: &str) -> Option<&str> {
        let renames = self.section(Section::Renames);
        let count = renames.len() / 8;
        let name = |place| self.string(number(renames, place * 2)).unwrap_or_default();
        let place = partition(0, count, |place| name(place) < minified);
        let is_there = place < count && name(place) == minified;
        is_there.then(|| self.string(number(renames, place * 2 + 1))).flatten()
    }

    fn token_at(&self, line: u32, column: u32) -> Option<usize> {
        let lines = self.section(Section::Lines);
        let count = lines.len() / 8;
        let place = partition(0, count, |place| number(lines, place * 2) < line);
        if place == count || number(lines, place * 2) != line {
            return None;
        }
        let columns = self.section(Section::Columns);
        let tokens = columns.len() / 4;
        let first = (number(lines, place * 2 + 1) as usize).min(tokens);
        let end = if place + 1 < count { number(lines, place * 2 + 3) as usize } else { tokens };
        let behind = partition(first, end.clamp(first, tokens), |token| number(columns, token) <= column);
        (behind > first).then(|| behind - 1)
    }

    fn name_of(&self, token: usize) -> Option<&str> {
        let names = self.section(Section::Names);
        let count = names.len() / 8;
        let place = partition(0, count, |place| (number(names, place * 2) as usize) < token);
        let is_named = place < count && number(names, place * 2) as usize == token;
        is_named.then(|| self.string(number(names, place * 2 + 1))).flatten()
    }

    fn source(&self, index: u32) -> Option<[u32; 5]> {
        let sources = self.section(Section::Sources);
        let index = index as usize;
        (index < sources.len() / 20).then(|| std::array::from_fn(|field| number(sources, index * 5 + field)))
    }

    fn string(&self, index: u32) -> Option<&str> {
        let places = self.section(Section::Places);
        let index = index as usize;
        if index >= places.len() / 8 {
            return None;
        }
        let (offset, length) = (number(places, index * 2) as usize, number(places, index * 2 + 1) as usize);
        let bytes = self.section(Section::Strings).get(offset..offset.checked_add(length)?)?;
        simdutf8::basic::from_utf8(bytes).ok()
    }

    fn section(&self, section: Section) -> &[u8] {
        &self.bytes.all()[self.sections[section as usize].clone()]
    }
}

impl Bytes {
    fn all(&self) -> &[u8] {
        match self {
            Self::Held(bytes) => bytes,
            Self::Mapped(bytes) => bytes,
        }
    }
}

/// The first index in a range for which the condition no longer holds.
#[inline]
fn partition(mut from: usize, mut to: usize, holds: impl Fn(usize) -> bool) -> usize {
    while from < to {
        let middle = from.midpoint(to);
        if holds(middle) { from = middle + 1 } else { to = middle }
    }
    from
}

/// Lines of a source, without their ends; text that is not UTF-8 is shown as far as it is.
struct Lines<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for Lines<'a> {
    type Item = std::borrow::Cow<'a, str>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let end = memchr::memchr(b'\n', self.rest);
        let line = &self.rest[..end.unwrap_or(self.rest.len())];
        self.rest = end.map_or(&[][..], |end| &self.rest[end + 1..]);
        let line = if end.is_some() { line.strip_suffix(b"\r").unwrap_or(line) } else { line };
        Some(String::from_utf8_lossy(line))
    }
}
