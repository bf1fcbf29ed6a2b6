//! A person's properties: their JSON text, and where in it each key and value stands.
//!
//! The text is canonical: `{"key":value,"key":value}` without whitespace between members, each key once, no NUL.
//! What an event leaves alone is therefore never parsed or copied apart, and an event's `person_properties` is
//! the text itself or a few replaced spans of it.

use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::Hasher;
use std::ops::Range;
use std::sync::Arc;

use json::{Kind, Text, Value};
use rustc_hash::FxHasher;

use crate::edits::{Edits, Sources};

/// A person's properties.
#[derive(Debug, Clone)]
pub(crate) struct Properties {
    text: Arc<str>,
    entries: Vec<Entry>,
}

/// Where a member stands in the text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entry {
    hash: u32,
    key_start: u32,
    key_end: u32,
    value_end: u32,
    /// The key's text holds escapes.
    escaped: bool,
}

impl Entry {
    fn key(&self) -> Range<usize> {
        self.key_start as usize..self.key_end as usize
    }

    pub(crate) fn value(&self) -> Range<usize> {
        self.key_end as usize + 2..self.value_end as usize
    }
}

impl Properties {
    /// Reads what the catalog holds. A text that is no JSON object has no properties; it stays in the catalog
    /// until the person changes.
    pub(crate) fn parse(text: &str) -> Self {
        let mut draft = Draft::default();
        draft.open();
        if let Ok(value) = Value::parse(text)
            && value.kind == Kind::Object
            && u32::try_from(text.len()).is_ok()
        {
            let members: Vec<(Text<'_>, Value<'_>)> = value.members().collect();
            let last: HashMap<Cow<'_, str>, usize> =
                members.iter().enumerate().map(|(at, (key, _))| (clean(key.decode()), at)).collect();
            for (at, (key, value)) in members.iter().enumerate() {
                let key = clean(key.decode());
                if last.get(&key) == Some(&at) {
                    draft.push(&key, hash(&key), value.raw);
                }
            }
        }
        draft.close();
        Self::from_draft(&draft)
    }

    /// The properties of a person just created.
    pub(crate) fn created_by(event_uuid: [u8; 16]) -> Self {
        let mut draft = Draft::default();
        draft.open();
        let uuid = format!("\"{}\"", uuid::Uuid::from_bytes(event_uuid).hyphenated());
        draft.push(CREATOR, hash(CREATOR), &uuid);
        draft.close();
        Self::from_draft(&draft)
    }

    pub(crate) fn from_draft(draft: &Draft) -> Self {
        Self { text: Arc::from(draft.text.as_str()), entries: draft.entries.clone() }
    }

    /// The JSON object.
    pub(crate) fn text(&self) -> &Arc<str> {
        &self.text
    }

    pub(crate) fn bytes(&self) -> usize {
        self.text.len() + self.entries.len() * size_of::<Entry>()
    }

    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(crate) fn value(&self, at: usize) -> &str {
        &self.text[self.entries[at].value()]
    }

    /// All members, keys unescaped.
    pub(crate) fn members(&self) -> impl Iterator<Item = (Cow<'_, str>, &str)> {
        self.entries.iter().map(|entry| {
            let key = &self.text[entry.key()];
            (if entry.escaped { unescaped(key) } else { Cow::Borrowed(key) }, &self.text[entry.value()])
        })
    }

    /// Writes the text with the planned edits, none of which removes a member.
    pub(crate) fn overlay(&self, edits: &Edits, sources: &Sources<'_, '_>, out: &mut String) {
        out.clear();
        let mut copied = 0;
        for (at, value) in edits.replaced(sources) {
            let span = self.entries[at].value();
            out.push_str(&self.text[copied..span.start]);
            push_clean(out, value.unwrap_or("null"));
            copied = span.end;
        }
        out.push_str(&self.text[copied..self.text.len() - 1]);
        for (key, _, value) in edits.added(sources) {
            json::push_key(out, &clean(Cow::Borrowed(key)));
            push_clean(out, value);
        }
        out.push('}');
    }

    /// Writes the properties with all planned edits.
    pub(crate) fn edited(&self, edits: &Edits, sources: &Sources<'_, '_>, draft: &mut Draft) {
        draft.open();
        let mut replaced = edits.replaced(sources).peekable();
        for (at, entry) in self.entries.iter().enumerate() {
            let edit = replaced.next_if(|(edited, _)| *edited == at);
            match edit {
                None => draft.push_entry(&self.text[entry.key()], entry, &self.text[entry.value()]),
                Some((_, Some(value))) => draft.push_entry(&self.text[entry.key()], entry, value),
                Some((_, None)) => {}
            }
        }
        for (key, hash, value) in edits.added(sources) {
            draft.push(&clean(Cow::Borrowed(key)), hash, value);
        }
        draft.close();
    }

    fn matches(&self, entry: &Entry, key: &str) -> bool {
        let stored = &self.text[entry.key()];
        if entry.escaped { unescaped(stored) == key } else { stored == key }
    }
}

/// The property that says which event created the person.
pub(crate) const CREATOR: &str = "$creator_event_uuid";

/// A text being written, with its entries. Reused from event to event.
#[derive(Debug, Default)]
pub(crate) struct Draft {
    text: String,
    entries: Vec<Entry>,
}

impl Draft {
    pub(crate) fn bytes(&self) -> usize {
        self.text.len()
    }

    /// Whether it came out as `text`.
    pub(crate) fn is(&self, text: &str) -> bool {
        self.text == text
    }

    fn open(&mut self) {
        self.text.clear();
        self.entries.clear();
        self.text.push('{');
    }

    fn close(&mut self) {
        self.text.push('}');
    }

    fn push(&mut self, key: &str, hash: u32, value: &str) {
        let comma = usize::from(!self.entries.is_empty());
        let key_start = self.text.len() + comma + 1;
        json::push_key(&mut self.text, key);
        let key_end = self.text.len() - 2;
        push_clean(&mut self.text, value);
        let escaped = key_end - key_start != key.len();
        self.note(hash, key_start, key_end, escaped);
    }

    /// Copies a member whose key is already text.
    fn push_entry(&mut self, key: &str, entry: &Entry, value: &str) {
        self.text.push_str(if self.entries.is_empty() { "\"" } else { ",\"" });
        let key_start = self.text.len();
        self.text.push_str(key);
        let key_end = self.text.len();
        self.text.push_str("\":");
        push_clean(&mut self.text, value);
        self.note(entry.hash, key_start, key_end, entry.escaped);
    }

    /// Texts never reach 4 GiB: what the catalog holds is checked, and events are far smaller.
    fn note(&mut self, hash: u32, key_start: usize, key_end: usize, escaped: bool) {
        let value_end = self.text.len() as u32;
        self.entries.push(Entry {
            hash,
            key_start: key_start as u32,
            key_end: key_end as u32,
            value_end,
            escaped,
        });
    }
}

/// Looks keys up that mostly come in the order in which they are stored, as one SDK's events do.
pub(crate) struct Finder<'p> {
    properties: &'p Properties,
    expected: usize,
    scanned: usize,
    index: Option<HashMap<Cow<'p, str>, usize>>,
}

/// After this many entries were passed in vain, an index is cheaper.
const SCANNED_MAX: usize = 1 << 15;

impl<'p> Finder<'p> {
    pub(crate) fn new(properties: &'p Properties) -> Self {
        Self { properties, expected: 0, scanned: 0, index: None }
    }

    /// Where `key` stands, if it does. Keys with a NUL are found under their stored form.
    pub(crate) fn find(&mut self, key: &str) -> Option<usize> {
        let properties = self.properties;
        if let Some(entry) = properties.entries.get(self.expected)
            && properties.matches(entry, key)
        {
            self.expected += 1;
            return Some(self.expected - 1);
        }
        let found = self.search(&clean(Cow::Borrowed(key)));
        if let Some(at) = found {
            self.expected = at + 1;
        }
        found
    }

    fn search(&mut self, key: &str) -> Option<usize> {
        if let Some(index) = &self.index {
            return index.get(key).copied();
        }
        let properties = self.properties;
        let hash = hash(key);
        let expected = self.expected.min(properties.entries.len());
        let (before, after) = properties.entries.split_at(expected);
        let is_it = |entry: &Entry| entry.hash == hash && properties.matches(entry, key);
        if let Some(at) = after.iter().position(is_it) {
            self.scanned += at;
            return Some(expected + at);
        }
        let found = before.iter().position(is_it);
        self.scanned += after.len() + found.unwrap_or(before.len());
        if self.scanned > SCANNED_MAX {
            self.index = Some(properties.members().enumerate().map(|(at, (key, _))| (key, at)).collect());
        }
        found
    }
}

pub(crate) fn hash(key: &str) -> u32 {
    let mut hasher = FxHasher::default();
    hasher.write(key.as_bytes());
    let wide = hasher.finish();
    (wide ^ (wide >> 32)) as u32
}

/// Whether a new value means what is stored, which holds no NUL.
pub(crate) fn is_same(stored: &str, value: &str) -> bool {
    stored == value
        || (stored.len() == value.len() && next_nul(value, 0).is_some() && stored == cleaned(value))
}

/// A key as it is stored: some catalogs keep no NUL in a text.
pub(crate) fn clean(key: Cow<'_, str>) -> Cow<'_, str> {
    if memchr::memchr(0, key.as_bytes()).is_none() { key } else { Cow::Owned(key.replace('\0', "\u{fffd}")) }
}

/// A value as it is stored: `\u0000` becomes `\ufffd`.
fn cleaned(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    push_clean(&mut out, value);
    out
}

fn push_clean(out: &mut String, value: &str) {
    let mut copied = 0;
    while let Some(at) = next_nul(value, copied) {
        out.push_str(&value[copied..at]);
        out.push_str("\\ufffd");
        copied = at + 6;
    }
    out.push_str(&value[copied..]);
}

/// The next `\u0000` escape from `from` on, which must not stand inside an escape.
fn next_nul(value: &str, mut from: usize) -> Option<usize> {
    let bytes = value.as_bytes();
    while let Some(at) = memchr::memchr(b'\\', &bytes[from..]) {
        let at = from + at;
        if bytes[at..].starts_with(b"\\u0000") {
            return Some(at);
        }
        from = (at + 2).min(bytes.len());
    }
    None
}

fn unescaped(key: &str) -> Cow<'_, str> {
    let quoted = format!("\"{key}\"");
    let decoded = Value::parse(&quoted).ok().and_then(|value| value.string().map(Cow::into_owned));
    Cow::Owned(decoded.unwrap_or_default())
}
