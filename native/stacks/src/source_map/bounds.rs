//! What a map would cost, told before anything is built of it.
//!
//! The parser behind us takes memory for every segment, name and source; a text of a hundred megabytes that is nothing
//! but commas would take gigabytes. So the text is walked once without building anything, and refused if it holds more
//! than any bundler writes. Maps of maps count as the sum of what is in them; a section that only refers to a map
//! elsewhere is refused by the parser, so that none can lead in circles.

use json::{Cursor, Error, Kind};

/// Segments of all mappings of a map.
pub const SEGMENTS_MAX: usize = 8_000_000;
/// Sources of a map, and source contents.
pub const SOURCES_MAX: usize = 200_000;
/// Names of a map, those of functions included.
pub const NAMES_MAX: usize = 2_000_000;
/// Bytes of one name or one source's path.
pub const NAME_BYTES_MAX: usize = 8 * 1024;
/// Sections of index maps, at all depths.
pub const SECTIONS_MAX: usize = 10_000;
/// Values of everything else, which the parser keeps until it knows that nobody wants them.
pub const OTHER_VALUES_MAX: usize = 2_000_000;

/// What was counted.
#[derive(Debug, Default)]
struct Counts {
    segments: usize,
    sources: usize,
    names: usize,
    sections: usize,
    other_values: usize,
}

/// Why a map is not even parsed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Excess {
    /// Not JSON, or nested too deeply.
    Text(Error),
    /// More of something than there may be.
    TooMany(&'static str),
}

/// Walks a map and says whether it is within bounds.
pub fn check(text: &str) -> Result<(), Excess> {
    let mut counts = Counts::default();
    let mut cursor = Cursor::new(text);
    map(&mut cursor, &mut counts)?;
    cursor.finish()?;
    Ok(())
}

/// One map or index map, and the maps in it. The cursor bounds how deep that goes.
fn map(cursor: &mut Cursor, counts: &mut Counts) -> Result<(), Excess> {
    if cursor.peek()? != Kind::Object {
        cursor.skip()?;
        return Ok(());
    }
    cursor.enter_object()?;
    while let Some(key) = cursor.next_key()? {
        match &*key.decode() {
            "sections" => sections(cursor, counts)?,
            "mappings" => segments(cursor, counts)?,
            "names" => counts.names += strings(cursor, "names")?,
            "sources" | "x_metro_module_paths" => counts.sources += strings(cursor, "sources")?,
            "sourceRoot" => short(cursor, "sourceRoot")?,
            "sourcesContent" | "ignoreList" | "x_facebook_offsets" => counts.sources += items(cursor)?,
            "x_facebook_sources" => function_maps(cursor, counts)?,
            _ => counts.other_values += values(cursor)?,
        }
        counts.check()?;
    }
    Ok(())
}

fn sections(cursor: &mut Cursor, counts: &mut Counts) -> Result<(), Excess> {
    if cursor.peek()? != Kind::Array {
        return Ok(cursor.skip()?);
    }
    cursor.enter_array()?;
    while cursor.next_item()? {
        counts.sections += 1;
        if cursor.peek()? != Kind::Object {
            cursor.skip()?;
            continue;
        }
        cursor.enter_object()?;
        while let Some(key) = cursor.next_key()? {
            if key.is("map") { map(cursor, counts)? } else { counts.other_values += values(cursor)? }
        }
        counts.check()?;
    }
    Ok(())
}

/// Functions of React Native: for each source a list of maps, of which names and mappings are built.
fn function_maps(cursor: &mut Cursor, counts: &mut Counts) -> Result<(), Excess> {
    if cursor.peek()? != Kind::Array {
        return Ok(cursor.skip()?);
    }
    cursor.enter_array()?;
    while cursor.next_item()? {
        counts.sources += 1;
        if cursor.peek()? != Kind::Array {
            cursor.skip()?;
            continue;
        }
        cursor.enter_array()?;
        while cursor.next_item()? {
            map(cursor, counts)?;
        }
        counts.check()?;
    }
    Ok(())
}

/// How many values there are in one. The cursor bounds how deep that goes.
fn values(cursor: &mut Cursor) -> Result<usize, Excess> {
    let mut count = 1;
    match cursor.peek()? {
        Kind::Array => {
            cursor.enter_array()?;
            while cursor.next_item()? {
                count += values(cursor)?;
            }
        }
        Kind::Object => {
            cursor.enter_object()?;
            while cursor.next_key()?.is_some() {
                count += 1 + values(cursor)?;
            }
        }
        _ => cursor.skip()?,
    }
    Ok(count)
}

fn segments(cursor: &mut Cursor, counts: &mut Counts) -> Result<(), Excess> {
    let value = cursor.value()?;
    counts.segments += 1 + memchr::memchr2_iter(b',', b';', value.raw.as_bytes()).count();
    Ok(())
}

fn strings(cursor: &mut Cursor, what: &'static str) -> Result<usize, Excess> {
    if cursor.peek()? != Kind::Array {
        cursor.skip()?;
        return Ok(0);
    }
    cursor.enter_array()?;
    let mut count = 0;
    while cursor.next_item()? {
        short(cursor, what)?;
        count += 1;
    }
    Ok(count)
}

/// A name; values that are none are met in the wild, as long as they are short.
fn short(cursor: &mut Cursor, what: &'static str) -> Result<(), Excess> {
    let value = cursor.value()?;
    let limit = if matches!(value.kind, Kind::Array | Kind::Object) { 64 } else { NAME_BYTES_MAX };
    if value.raw.len() > limit { Err(Excess::TooMany(what)) } else { Ok(()) }
}

fn items(cursor: &mut Cursor) -> Result<usize, Excess> {
    if cursor.peek()? != Kind::Array {
        cursor.skip()?;
        return Ok(0);
    }
    cursor.enter_array()?;
    let mut count = 0;
    while cursor.next_item()? {
        cursor.skip()?;
        count += 1;
    }
    Ok(count)
}

impl Counts {
    fn check(&self) -> Result<(), Excess> {
        let limits = [
            (self.segments, SEGMENTS_MAX, "segments"),
            // Paths, contents and functions of a source count one each.
            (self.sources, 4 * SOURCES_MAX, "sources"),
            (self.names, NAMES_MAX, "names"),
            (self.sections, SECTIONS_MAX, "sections"),
            (self.other_values, OTHER_VALUES_MAX, "other values"),
        ];
        match limits.into_iter().find(|(count, limit, _)| count > limit) {
            Some((_, _, what)) => Err(Excess::TooMany(what)),
            None => Ok(()),
        }
    }
}

impl From<Error> for Excess {
    fn from(error: Error) -> Self {
        Self::Text(error)
    }
}
