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

/// A set of properties that the server may write.
#[derive(Debug, Clone, Copy, Default)]
pub struct Overrides(u8);

impl Overrides {
    /// Adds a property.
    pub fn insert(&mut self, property: Written) {
        self.0 |= 1 << property as u8;
    }

    fn contains(self, property: Written) -> bool {
        self.0 & 1 << property as u8 != 0
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
pub fn write(out: &mut String, raw: &str, held: Overrides, additions: &[(Written, Option<Content<'_>>)]) {
    out.clear();
    let mut added = Overrides::default();
    for (property, _) in additions.iter().filter(|(_, content)| content.is_some()) {
        added.insert(*property);
    }
    if held.0 & added.0 == 0 {
        out.push_str(raw[..raw.len() - 1].trim_end());
    } else {
        copy_without(out, raw, added);
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

/// The members of `raw` but for those in `without`, and no closing brace.
fn copy_without(out: &mut String, raw: &str, without: Overrides) {
    out.push('{');
    let mut cursor = Cursor::new(raw);
    // The object was validated before, so the walk meets no error.
    let _ = copy_members(out, &mut cursor, without);
}

fn copy_members(out: &mut String, cursor: &mut Cursor<'_>, without: Overrides) -> Result<(), Error> {
    cursor.enter_object()?;
    while let Some(key) = cursor.next_key()? {
        let value = cursor.value()?;
        if Written::named(&key.decode()).is_some_and(|property| without.contains(property)) {
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
