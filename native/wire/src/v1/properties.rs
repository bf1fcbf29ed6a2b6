//! The properties that the server writes into a v1 event, over whatever the client put there.

use json::{Cursor, Error, push_key, push_string};

/// A property that the server may write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Written {
    /// `$session_id`
    SessionId,
    /// `$window_id`
    WindowId,
    /// `$cookieless_mode`
    CookielessMode,
    /// `$ignore_sent_at`
    IgnoreSentAt,
    /// `$product_tour_id`
    ProductTourId,
    /// `$process_person_profile`
    ProcessPersonProfile,
    /// `$lib`
    Library,
    /// `$lib_version`
    LibraryVersion,
}

impl Written {
    /// The property with this key.
    pub fn named(key: &str) -> Option<Self> {
        Some(match key {
            "$session_id" => Self::SessionId,
            "$window_id" => Self::WindowId,
            "$cookieless_mode" => Self::CookielessMode,
            "$ignore_sent_at" => Self::IgnoreSentAt,
            "$product_tour_id" => Self::ProductTourId,
            "$process_person_profile" => Self::ProcessPersonProfile,
            "$lib" => Self::Library,
            "$lib_version" => Self::LibraryVersion,
            _ => return None,
        })
    }

    const fn key(self) -> &'static str {
        match self {
            Self::SessionId => "$session_id",
            Self::WindowId => "$window_id",
            Self::CookielessMode => "$cookieless_mode",
            Self::IgnoreSentAt => "$ignore_sent_at",
            Self::ProductTourId => "$product_tour_id",
            Self::ProcessPersonProfile => "$process_person_profile",
            Self::Library => "$lib",
            Self::LibraryVersion => "$lib_version",
        }
    }
}

/// How many properties the server may write.
const WRITTEN: usize = 8;

/// Where an object holds properties that the server may write, so that they can be cut out.
#[derive(Debug, Clone, Copy, Default)]
pub struct Held {
    /// By property: the member's text, from behind the member before it to its end.
    members: [Option<(usize, usize)>; WRITTEN],
    /// Some property stands twice.
    is_repeated: bool,
}

impl Held {
    /// Notes that a member stands from `start` to `end` of the object's text.
    pub fn insert(&mut self, property: Written, start: usize, end: usize) {
        self.is_repeated |= self.members[property as usize].replace((start, end)).is_some();
    }
}

/// A value to write.
#[derive(Debug, Clone, Copy)]
pub enum Content<'a> {
    /// A string.
    Text(&'a str),
    /// A boolean.
    Bool(bool),
}

/// Writes `raw` (an object that holds `held` of the server's properties) with `additions` into `out`.
pub fn write(out: &mut String, raw: &str, held: &Held, additions: &[(Written, Option<Content<'_>>)]) {
    out.clear();
    let mut cuts = [(0, 0); WRITTEN];
    let mut count = 0;
    for (property, content) in additions {
        if let (Some(cut), Some(_)) = (held.members[*property as usize], content) {
            cuts[count] = cut;
            count += 1;
        }
    }
    if held.is_repeated && count > 0 {
        copy_without(out, raw, |property| {
            additions.iter().any(|(own, content)| *own == property && content.is_some())
        });
    } else {
        cuts[..count].sort_unstable();
        copy_around(out, raw, &cuts[..count]);
    }
    for (property, content) in additions {
        let Some(content) = content else {
            continue;
        };
        push_key(out, property.key());
        match content {
            Content::Text(text) => push_string(out, text),
            Content::Bool(true) => out.push_str("true"),
            Content::Bool(false) => out.push_str("false"),
        }
    }
    out.push('}');
}

/// `raw` without its closing brace and without `cuts`, each of which starts with the comma before its member.
fn copy_around(out: &mut String, raw: &str, cuts: &[(usize, usize)]) {
    out.push('{');
    let mut from = 1;
    for (start, end) in cuts.iter().copied().chain([(raw.len() - 1, raw.len())]) {
        let piece = raw[from..start].trim_end();
        // Where the first member was cut, the comma behind it has to go as well.
        let next = piece.trim_start().strip_prefix(',').filter(|_| out.len() == 1);
        let piece = next.unwrap_or(piece);
        out.push_str(piece);
        from = end;
    }
}

/// The same for an object that repeats a key: member by member.
fn copy_without(out: &mut String, raw: &str, cuts: impl Fn(Written) -> bool) {
    out.push('{');
    // The object was validated before, so the walk meets no error.
    let _ = copy_members(out, &mut Cursor::new(raw), cuts);
}

fn copy_members(
    out: &mut String,
    cursor: &mut Cursor<'_>,
    cuts: impl Fn(Written) -> bool,
) -> Result<(), Error> {
    cursor.enter_object()?;
    while let Some(key) = cursor.next_key()? {
        let value = cursor.value()?;
        if Written::named(&key.decode()).is_some_and(&cuts) {
            continue;
        }
        if !out.ends_with('{') {
            out.push(',');
        }
        out.push('"');
        out.push_str(key.raw);
        out.push_str("\":");
        out.push_str(value.raw);
    }
    Ok(())
}
