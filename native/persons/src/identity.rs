//! Ids of persons, and which distinct ids can stand for one.

use uuid::{Uuid, uuid};

/// PostHog's namespace for the ids of persons.
const NAMESPACE: Uuid = uuid!("932979b4-65c3-4424-8467-0b66ec27bc22");
/// Longer distinct ids fit no column.
pub(crate) const DISTINCT_ID_CHARS_MAX: usize = 400;

/// Placeholders that clients send by mistake, in any case.
const ILLEGAL_IN_ANY_CASE: [&str; 10] = [
    "anonymous",
    "guest",
    "distinctid",
    "distinct_id",
    "id",
    "not_authenticated",
    "email",
    "undefined",
    "true",
    "false",
];
/// Placeholders that clients send by mistake, in exactly this case.
const ILLEGAL: [&str; 6] = ["[object Object]", "NaN", "None", "none", "null", "0"];

/// The id of the person that a distinct id creates: the same on every machine, so that an event needs no
/// look-up to be stored.
pub fn person_id(project_id: u32, distinct_id: &str) -> [u8; 16] {
    let name = format!("{project_id}:{distinct_id}");
    Uuid::new_v5(&NAMESPACE, name.as_bytes()).into_bytes()
}

/// Whether a distinct id may take part in a merge. Placeholders would glue strangers together.
pub fn is_mergeable(distinct_id: &str) -> bool {
    !is_placeholder(distinct_id) && !distinct_id.contains('\0') && !is_too_long(distinct_id)
}

pub(crate) fn is_too_long(distinct_id: &str) -> bool {
    distinct_id.len() > DISTINCT_ID_CHARS_MAX && distinct_id.chars().count() > DISTINCT_ID_CHARS_MAX
}

fn is_placeholder(distinct_id: &str) -> bool {
    let blank = |character: char| character.is_whitespace() || character == '\u{feff}';
    let bare = unquoted(distinct_id);
    distinct_id.chars().all(blank)
        || ILLEGAL.contains(&bare)
        || ILLEGAL_IN_ANY_CASE.iter().any(|illegal| illegal.eq_ignore_ascii_case(bare))
}

/// The text without one pair of single or double quotes around it.
fn unquoted(text: &str) -> &str {
    ['\'', '"'].iter().find_map(|quote| text.strip_prefix(*quote)?.strip_suffix(*quote)).unwrap_or(text)
}
