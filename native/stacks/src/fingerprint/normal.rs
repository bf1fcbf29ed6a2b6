//! What the second version leaves out of names and messages: everything that changes from build to build and from
//! event to event.

/// Characters of a message that count.
const MESSAGE_CHARACTERS: usize = 200;
/// A run of letters and digits as long as this, with a digit in it, is some hash.
const HASH_LENGTH: usize = 8;
/// A run of hexadecimal digits as long as this is some id.
const HEX_LENGTH: usize = 16;

/// A file's name without its path, its query, and hashes in it.
pub fn normal_source(source: &str) -> String {
    let source = source.split('?').next().unwrap_or_default();
    let name = source.rsplit(['/', '\\']).next().unwrap_or_default();
    let mut normal = String::with_capacity(name.len());
    let mut rest = name;
    while !rest.is_empty() {
        let length = run(rest, |byte| byte.is_ascii_alphanumeric());
        let (word, behind) = rest.split_at(length);
        let is_hash = length >= HASH_LENGTH && word.bytes().any(|byte| byte.is_ascii_digit());
        normal.push_str(if is_hash { "*" } else { word });
        let between =
            behind.find(|character: char| character.is_ascii_alphanumeric()).unwrap_or(behind.len());
        normal.push_str(&behind[..between]);
        rest = &behind[between..];
    }
    normal
}

/// A module without its query.
pub fn normal_module(module: &str) -> &str {
    module.split('?').next().unwrap_or_default()
}

/// A message without quoted texts, ids and numbers.
pub fn normal_message(message: &str) -> String {
    let message = replace_quoted(message);
    let message = replace_ids(&message);
    let message = replace_numbers(&message);
    message.chars().take(MESSAGE_CHARACTERS).collect()
}

fn replace_quoted(text: &str) -> String {
    let mut normal = String::with_capacity(text.len());
    let mut rest = text;
    // Where a quote of a kind has no other behind it, none before it is looked for again.
    let (mut single, mut double) = (true, true);
    while let Some(at) = rest.find(['\'', '"']) {
        let quote = rest.as_bytes()[at];
        let is_open = if quote == b'\'' { &mut single } else { &mut double };
        let end = if *is_open { memchr::memchr(quote, &rest.as_bytes()[at + 1..]) } else { None };
        normal.push_str(&rest[..at]);
        if let Some(length) = end {
            normal.push_str("'*'");
            rest = &rest[at + length + 2..];
        } else {
            *is_open = false;
            normal.push(char::from(quote));
            rest = &rest[at + 1..];
        }
    }
    normal.push_str(rest);
    normal
}

fn replace_ids(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut normal = String::with_capacity(text.len());
    let (mut at, mut plain_from) = (0, 0);
    while at < bytes.len() {
        let rest = &text[at..];
        let length = id_length(rest);
        if length > 0 {
            normal.push_str(&text[plain_from..at]);
            normal.push('*');
            at += length;
            plain_from = at;
        } else {
            // The rest of a run that is too short holds no longer one; but an address may begin at its last digit.
            let hexadecimal = run(rest, |byte| byte.is_ascii_hexdigit());
            let step =
                if hexadecimal > 1 && !could_hold_uuid(rest, hexadecimal) { hexadecimal - 1 } else { 1 };
            at += step.max(rest.chars().next().map_or(1, char::len_utf8));
        }
    }
    normal.push_str(&text[plain_from..]);
    normal
}

/// Whether a uuid could begin later in this run of hexadecimal digits.
fn could_hold_uuid(text: &str, hexadecimal: usize) -> bool {
    hexadecimal > 8 && text.as_bytes().get(hexadecimal) == Some(&b'-')
}

/// How long the address, uuid or other id is that a text begins with; 0 if with none.
fn id_length(text: &str) -> usize {
    if let Some(digits) = text.strip_prefix("0x") {
        let length = run(digits, |byte| byte.is_ascii_hexdigit());
        if length > 0 {
            return length + 2;
        }
    }
    let is_uuid = text.len() >= 36
        && text.bytes().take(36).enumerate().all(|(index, byte)| match index {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        });
    if is_uuid {
        return 36;
    }
    let length = run(text, |byte| byte.is_ascii_hexdigit());
    if length >= HEX_LENGTH { length } else { 0 }
}

fn replace_numbers(text: &str) -> String {
    let mut normal = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(|character: char| character.is_ascii_digit()) {
        normal.push_str(&rest[..at]);
        normal.push('#');
        rest = &rest[at..];
        rest = &rest[run(rest, |byte| byte.is_ascii_digit())..];
        if let Some(fraction) = rest.strip_prefix('.') {
            rest = match run(fraction, |byte| byte.is_ascii_digit()) {
                0 => rest,
                digits => &fraction[digits..],
            };
        }
    }
    normal.push_str(rest);
    normal
}

/// How many bytes at the beginning are of a kind.
fn run(text: &str, is: impl Fn(u8) -> bool) -> usize {
    text.bytes().position(|byte| !is(byte)).unwrap_or(text.len())
}
