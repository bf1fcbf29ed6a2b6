//! A source map made into the bytes that lookups read.

use sourcemap::{DecodedMap, SourceMap};

use super::bounds::{self, Excess};
use super::layout::{HEADER, LINES_PER_MARK, MAGIC, Section, VERSION};
use super::scopes::{Scope, Scopes};
use super::strings::Strings;
use super::{ANONYMOUS, NONE};

/// What parsers may use for code that `nesting` lets through. Only what is used is ever taken.
const STACK_BYTES: usize = 512 * 1024 * 1024;

/// Whose map it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Code that a JavaScript engine runs; functions are read from it.
    Script,
    /// Bytecode of React Native's engine; the map knows the functions.
    Hermes,
}

/// Why something is no source map that can be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Flaw {
    /// Not a source map; the text says why.
    Unreadable(String),
    /// More of something than there may be.
    TooLarge(&'static str),
}

/// A compiled map.
#[derive(Debug)]
pub struct Compiled {
    /// To be written to a file and given to [`super::SourceMap`].
    pub bytes: Vec<u8>,
    /// What it was compiled from.
    pub kind: Kind,
}

/// Compiles a map and the code that it belongs to. Code that is no JavaScript costs the names of functions only.
pub fn compile(code: &str, map: &str) -> Result<Compiled, Flaw> {
    let map = without_junk(map)?;
    bounds::check(map)?;
    // The parsers behind us call themselves, so they get a stack of their own; should one panic, that ends there.
    std::thread::scope(|threads| {
        let thread = std::thread::Builder::new().name("source map".into()).stack_size(STACK_BYTES);
        let parsing = thread.spawn_scoped(threads, || parse(code, map));
        let parsing = parsing.map_err(|error| Flaw::Unreadable(error.to_string()))?;
        parsing.join().unwrap_or_else(|_| Err(Flaw::Unreadable("the parser gave up".into())))
    })
}

fn parse(code: &str, map: &str) -> Result<Compiled, Flaw> {
    let unreadable = |error: sourcemap::Error| Flaw::Unreadable(error.to_string());
    let decoded = match sourcemap::decode_slice(map.as_bytes()).map_err(unreadable)? {
        DecodedMap::Index(index) => DecodedMap::Regular(index.flatten().map_err(unreadable)?),
        other => other,
    };
    let mut compiler = Compiler::default();
    compiler.rename(map)?;
    let kind = match &decoded {
        DecodedMap::Hermes(map) => {
            compiler
                .read(map, |token| map.get_scope_for_token(token).map_or(Scope::Unknown, Scope::Named))?;
            Kind::Hermes
        }
        DecodedMap::Regular(map) => {
            let scopes = Scopes::extract(code, &decoded);
            compiler.read(map, |token| scopes.at(token.get_dst_line(), token.get_dst_col()))?;
            Kind::Script
        }
        DecodedMap::Index(_) => return Err(Flaw::Unreadable("a map of maps was left".into())),
    };
    Ok(Compiled { bytes: compiler.write(kind), kind })
}

/// The map behind a first line that keeps browsers from running it as a script.
fn without_junk(map: &str) -> Result<&str, Flaw> {
    let map = map.trim_start_matches('\u{feff}');
    if !map.starts_with([')', ']', '}', '\'']) {
        return Ok(map);
    }
    let end = memchr::memchr(b'\n', map.as_bytes());
    end.map(|end| &map[end..])
        .ok_or_else(|| Flaw::Unreadable("there is nothing behind the first line".into()))
}

#[derive(Debug, Default)]
struct Compiler {
    lines: Vec<[u32; 2]>,
    columns: Vec<u32>,
    targets: Vec<[u32; 4]>,
    names: Vec<[u32; 2]>,
    renames: Vec<[u32; 2]>,
    sources: Vec<[u32; 5]>,
    marks: Vec<u32>,
    strings: Strings,
    contents: Vec<u8>,
}

impl Compiler {
    fn read<'m>(
        &mut self,
        map: &'m SourceMap,
        scope_of: impl Fn(sourcemap::Token<'m>) -> Scope<'m>,
    ) -> Result<(), Flaw> {
        for index in 0..map.get_source_count() {
            self.source(map.get_source(index).unwrap_or_default(), map.get_source_contents(index))?;
        }
        let mut last = None;
        // Most tokens are in the function that the one before is in, and names are told by their place.
        let mut scope_before = (None, NONE);
        let mut names = vec![NONE; map.get_name_count() as usize];
        for token in map.tokens() {
            let scope = match scope_of(token) {
                Scope::Named(name) if scope_before.0 == Some(name.as_bytes().as_ptr_range()) => {
                    scope_before.1
                }
                Scope::Named(name) => {
                    scope_before = (Some(name.as_bytes().as_ptr_range()), self.strings.add(name)?);
                    scope_before.1
                }
                Scope::Anonymous => ANONYMOUS,
                Scope::Unknown => NONE,
            };
            let name = match (names.get_mut(token.get_name_id() as usize), token.get_name()) {
                (Some(known), Some(name)) => {
                    if *known == NONE {
                        *known = self.strings.add(name)?;
                    }
                    *known
                }
                _ => NONE,
            };
            let (line, column) = token.get_src();
            let target = [token.get_src_id(), line, column, scope];
            // A token that says what the one before said is left out, as PostHog has it.
            if last == Some((target, name)) {
                continue;
            }
            last = Some((target, name));
            self.token(token.get_dst(), target, name);
        }
        Ok(())
    }

    /// Classes that Dart's compiler renamed: pairs of the new name and the place of the old one among the map's names.
    fn rename(&mut self, map: &str) -> Result<(), Flaw> {
        const EXTENSION: &str = "x_org_dartlang_dart2js";
        if memchr::memmem::find(map.as_bytes(), EXTENSION.as_bytes()).is_none() {
            return Ok(());
        }
        let Ok(map) = json::Value::parse(map) else { return Ok(()) };
        let table = map.get(EXTENSION).and_then(|extension| extension.get("minified_names"));
        let Some(table) = table.and_then(|table| table.get("global")).and_then(|table| table.string()) else {
            return Ok(());
        };
        let names: Vec<json::Value> =
            map.get("names").map(|names| names.items().collect()).unwrap_or_default();
        let mut parts = table.split(',');
        let mut renames = std::collections::BTreeMap::new();
        while let (Some(minified), Some(place)) = (parts.next(), parts.next()) {
            let original =
                place.parse().ok().and_then(|place: usize| names.get(place)).and_then(json::Value::string);
            renames.extend(original.map(|original| (minified, original)));
        }
        for (minified, original) in renames {
            let pair = [self.strings.add(minified)?, self.strings.add(&original)?];
            self.renames.push(pair);
        }
        Ok(())
    }

    fn token(&mut self, (line, column): (u32, u32), target: [u32; 4], name: u32) {
        let index = self.columns.len() as u32;
        if self.lines.last().is_none_or(|last| last[0] != line) {
            self.lines.push([line, index]);
        }
        self.columns.push(column);
        self.targets.push(target);
        if name != NONE {
            self.names.push([index, name]);
        }
    }

    fn source(&mut self, name: &str, content: Option<&str>) -> Result<(), Flaw> {
        let name = self.strings.add(name)?;
        let Some(content) = content else {
            self.sources.push([name, NONE, 0, 0, 0]);
            return Ok(());
        };
        let offset = self.contents.len();
        // Offsets are numbers of 32 bits, and the last of them says that there is nothing.
        if offset + content.len() >= NONE as usize {
            return Err(Flaw::TooLarge("contents"));
        }
        let first_mark = self.marks.len();
        let starts =
            std::iter::once(0).chain(memchr::memchr_iter(b'\n', content.as_bytes()).map(|at| at + 1));
        self.marks.extend(starts.step_by(LINES_PER_MARK).map(|start| start as u32));
        let marks = self.marks.len() - first_mark;
        self.sources.push([name, offset as u32, content.len() as u32, first_mark as u32, marks as u32]);
        self.contents.extend_from_slice(content.as_bytes());
        Ok(())
    }

    fn write(&self, kind: Kind) -> Vec<u8> {
        let count = |section| match section {
            Section::Lines => self.lines.len(),
            Section::Columns => self.columns.len(),
            Section::Targets => self.targets.len(),
            Section::Names => self.names.len(),
            Section::Renames => self.renames.len(),
            Section::Sources => self.sources.len(),
            Section::Marks => self.marks.len(),
            Section::Places => self.strings.places().len(),
            Section::Strings => self.strings.bytes().len(),
            Section::Contents => self.contents.len(),
        };
        let size: usize = Section::ALL.iter().map(|section| count(*section) * section.width()).sum();
        let mut bytes = Vec::with_capacity(HEADER * 4 + size);
        let mut header = vec![MAGIC[0], MAGIC[1], VERSION, u32::from(kind == Kind::Hermes)];
        header.extend(Section::ALL.map(|section| count(section) as u32));
        header.resize(HEADER, 0);
        push(&mut bytes, &header);
        push(&mut bytes, self.lines.as_flattened());
        push(&mut bytes, &self.columns);
        push(&mut bytes, self.targets.as_flattened());
        push(&mut bytes, self.names.as_flattened());
        push(&mut bytes, self.renames.as_flattened());
        push(&mut bytes, self.sources.as_flattened());
        push(&mut bytes, &self.marks);
        push(&mut bytes, self.strings.places().as_flattened());
        bytes.extend_from_slice(self.strings.bytes());
        bytes.extend_from_slice(&self.contents);
        bytes
    }
}

fn push(bytes: &mut Vec<u8>, numbers: &[u32]) {
    bytes.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
}

impl From<Excess> for Flaw {
    fn from(excess: Excess) -> Self {
        match excess {
            Excess::Text(error) => Self::Unreadable(error.to_string()),
            Excess::TooMany(what) => Self::TooLarge(what),
        }
    }
}

impl std::fmt::Display for Flaw {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unreadable(why) => formatter.write_str(why),
            Self::TooLarge(what) => write!(formatter, "more {what} than a source map may have"),
        }
    }
}

impl std::error::Error for Flaw {}
