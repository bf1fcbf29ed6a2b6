//! One walk over an event's properties: it validates, finds what the steps ask for, and remembers where each
//! member stood so that the rest can be copied through untouched.

use std::borrow::Cow;
use std::collections::HashMap;

use json::{Cursor, Error, Kind, Text, Value};

use crate::keys::{self, KNOWN_MAX, Key, KeyIndex, Keys};

/// One member of the properties.
#[derive(Debug, Clone, Copy)]
pub struct Member<'b> {
    /// Its key.
    pub key: Text<'b>,
    /// Its value.
    pub value: Value<'b>,
    /// Its known key, if it is one.
    pub known: Option<KeyIndex>,
    /// The hash of its key.
    pub hash: u64,
    /// Whether it is left out of the stored text: a repeated key, or removed by a step.
    pub removed: bool,
    start: usize,
    end: usize,
}

/// Members beyond this many are checked for repeated keys by a map rather than by looking at each other.
const FEW_MEMBERS: usize = 64;
const NONE: u32 = u32::MAX;

/// The properties of one event. It is reused for event after event.
pub struct Scan<'b> {
    raw: &'b str,
    members: Vec<Member<'b>>,
    slots: [u32; KNOWN_MAX],
    by_name: HashMap<Cow<'b, str>, usize>,
    removals: bool,
    lone_surrogates: bool,
}

impl Default for Scan<'_> {
    fn default() -> Self {
        Self {
            raw: "",
            members: Vec::new(),
            slots: [NONE; KNOWN_MAX],
            by_name: HashMap::new(),
            removals: false,
            lone_surrogates: false,
        }
    }
}

impl<'b> Scan<'b> {
    /// Walks `raw`, a JSON object or nothing at all.
    pub fn read(&mut self, raw: &'b str) -> Result<(), Error> {
        self.members.clear();
        self.slots = [NONE; KNOWN_MAX];
        self.by_name.clear();
        self.removals = false;
        self.lone_surrogates = false;
        self.raw = raw;
        if raw.is_empty() {
            return Ok(());
        }
        let mut cursor = Cursor::new(raw);
        cursor.enter_object()?;
        // Repeated keys are rare: a bit for each key seen tells most keys apart at once.
        let mut filter = [0_u64; 4];
        let known = Keys::get();
        while let Some(key) = cursor.next_key()? {
            let start = key.raw.as_ptr() as usize - raw.as_ptr() as usize - 1;
            let value = cursor.value()?;
            let name = key.decode();
            let hash = keys::hash(&name);
            let (word, bit) = ((hash >> 8) as usize % 4, 1_u64 << ((hash >> 10) % 64));
            if filter[word] & bit != 0 || self.members.len() > FEW_MEMBERS {
                self.remove_earlier(&name, hash);
            }
            filter[word] |= bit;
            let found = known.find(&name, hash);
            if let Some(index) = found {
                self.slots[index as usize] = self.members.len() as u32;
            }
            if self.members.len() >= FEW_MEMBERS {
                self.by_name.insert(name, self.members.len());
            }
            let end = cursor.at();
            let stripped = found.is_some_and(|index| known.known[index as usize].stripped);
            self.removals |= stripped;
            self.members.push(Member { key, value, known: found, hash, removed: stripped, start, end });
        }
        cursor.finish()?;
        self.lone_surrogates = cursor.saw_lone_surrogates();
        Ok(())
    }

    fn remove_earlier(&mut self, name: &str, hash: u64) {
        if let Some(at) = self.by_name.get(name) {
            self.members[*at].removed = true;
            self.removals = true;
        }
        let few = self.members.len().min(FEW_MEMBERS);
        for member in &mut self.members[..few] {
            if member.hash == hash && member.key.is(name) {
                member.removed = true;
                self.removals = true;
            }
        }
    }

    /// The value of a known key, unless it was removed.
    pub fn get(&self, key: Key) -> Option<Value<'b>> {
        let slot = self.slots[key as usize];
        let member = self.members.get(slot as usize)?;
        (!member.removed).then_some(member.value)
    }

    /// The string under a known key, if it is one.
    pub fn string(&self, key: Key) -> Option<Cow<'b, str>> {
        self.get(key)?.string()
    }

    /// Whether the value under a known key counts as true in JavaScript.
    pub fn truthy(&self, key: Key) -> bool {
        self.get(key).is_some_and(|value| truthy(&value))
    }

    /// Leaves a known key out of the stored text.
    pub fn remove(&mut self, key: Key) {
        let slot = self.slots[key as usize];
        if let Some(member) = self.members.get_mut(slot as usize) {
            member.removed = true;
            self.removals = true;
        }
    }

    /// Leaves the members whose names `leaves` picks out of the stored text.
    pub fn remove_named(&mut self, leaves: impl Fn(&str) -> bool) {
        for member in &mut self.members {
            if leaves(&member.key.decode()) {
                member.removed = true;
                self.removals = true;
            }
        }
    }

    /// The members that stay.
    pub fn members(&self) -> impl Iterator<Item = &Member<'b>> {
        self.members.iter().filter(|member| !member.removed)
    }

    /// Writes the stored text: the members that stay, as they stood, then `additions`, which are members
    /// without braces.
    pub fn write(&self, additions: &str, out: &mut String) {
        out.push('{');
        if self.removals {
            self.write_runs(out);
        } else if let (Some(first), Some(last)) = (self.members.first(), self.members.last()) {
            out.push_str(&self.raw[first.start..last.end]);
        }
        if !additions.is_empty() {
            if out.len() > 1 {
                out.push(',');
            }
            out.push_str(additions);
        }
        out.push('}');
        if self.lone_surrogates {
            // The store's JSON functions refuse what SDKs sometimes send.
            *out = json::replace_lone_surrogates(out);
        }
    }

    /// Copies stretches of members between two removed ones at once.
    fn write_runs(&self, out: &mut String) {
        let mut run: Option<(usize, usize)> = None;
        for member in &self.members {
            run = match (run, member.removed) {
                (Some((start, _)), false) => Some((start, member.end)),
                (None, false) => Some((member.start, member.end)),
                (Some(done), true) => {
                    self.write_run(done, out);
                    None
                }
                (None, true) => None,
            };
        }
        if let Some(done) = run {
            self.write_run(done, out);
        }
    }

    fn write_run(&self, (start, end): (usize, usize), out: &mut String) {
        if out.len() > 1 {
            out.push(',');
        }
        out.push_str(&self.raw[start..end]);
    }
}

/// Whether a value counts as true in JavaScript.
pub fn truthy(value: &Value<'_>) -> bool {
    match value.kind {
        Kind::Null => false,
        Kind::Bool => value.raw == "true",
        Kind::Number => value.number().is_some_and(|number| number != 0.0),
        Kind::String => value.raw.len() > 2,
        Kind::Array | Kind::Object => true,
    }
}

/// A value as a shredded column holds it: strings unquoted, nothing for `null`, the rest as written.
pub fn column_text<'b>(value: &Value<'b>) -> Option<Cow<'b, str>> {
    match value.kind {
        Kind::Null => None,
        Kind::String => Some(value.string().unwrap_or_default()),
        _ => Some(Cow::Borrowed(value.raw)),
    }
}
