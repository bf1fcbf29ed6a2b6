//! How a script says where its map is, and which chunk it is.
//!
//! The rules are PostHog's, not RFC 3986's: what a browser would resolve otherwise is resolved as PostHog does.

use base64::Engine as _;

/// Lines at the end of a script in which its chunk's id is looked for.
const CHUNK_LINES: usize = 32;
/// Bytes of a line that is looked at.
const LINE_BYTES_MAX: usize = 64 * 1024 * 1024;

/// Where a map is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MapUrl {
    /// To be fetched.
    Absolute(String),
    /// In the script itself.
    Inline(String),
}

/// Where a script says that its map is: the last line of its body that begins so. An address without a slash replaces
/// the last part of the script's path, another the whole path.
pub fn script_map_url(script_url: &str, body: &str) -> Option<MapUrl> {
    const MARK: &str = "//# sourceMappingURL=";
    let at = memchr::memmem::rfind_iter(body.as_bytes(), MARK.as_bytes())
        .find(|at| *at == 0 || matches!(body.as_bytes()[at - 1], b'\n' | b'\r'))?;
    let rest = &body[at + MARK.len()..];
    let end = memchr::memchr2(b'\n', b'\r', rest.as_bytes()).unwrap_or(rest.len()).min(LINE_BYTES_MAX);
    let url = rest.get(..end)?.trim();
    if url.starts_with("data:") {
        return Some(MapUrl::Inline(url.to_owned()));
    }
    map_url(script_url, url, !url.contains('/')).map(MapUrl::Absolute)
}

/// The address of a map that a header (or a comment) names, relative to the script's. An address that is not absolute
/// replaces the script's whole path, or only the last part of it; its query and fragment go.
pub fn map_url(script_url: &str, url: &str, is_sibling: bool) -> Option<String> {
    if url.is_empty() {
        return None;
    }
    if url.starts_with("http") {
        return Some(url.to_owned());
    }
    let host = script_url.find("://")? + 3;
    let path = script_url[host..].find(['/', '?', '#']).map_or(script_url.len(), |at| host + at);
    let end = script_url[path..].find(['?', '#']).map_or(script_url.len(), |at| path + at);
    let folder =
        if is_sibling { script_url[path..end].rfind('/').map_or(path, |at| path + at) } else { path };
    Some(format!("{}/{}", &script_url[..folder], url.trim_start_matches('/')))
}

/// The id of a script's chunk: the last comment of the kind among the last lines of its body.
pub fn chunk_id(body: &str) -> Option<&str> {
    let marks = ["//# chunkId=", "//@ chunkId="];
    body.lines()
        .rev()
        .take(CHUNK_LINES)
        .find_map(|line| marks.iter().find_map(|mark| line.trim_start().strip_prefix(mark)))
        .map(str::trim)
        .filter(|id| !id.is_empty())
}

/// The map in a data URL, or why it is none.
pub fn data_url(url: &str) -> Result<String, &'static str> {
    let rest = url.strip_prefix("data:application/json").ok_or("not a JSON document")?;
    let (options, data) = rest.split_once(',').ok_or("there is no data")?;
    let mut is_base64 = false;
    for option in options.split(';').map(str::trim).filter(|option| !option.is_empty()) {
        match option.to_ascii_lowercase().as_str() {
            "base64" => is_base64 = true,
            "charset=utf-8" | "charset=utf8" => {}
            other if other.starts_with("charset=") => return Err("unknown character set"),
            _ => return Err("unknown encoding"),
        }
    }
    let bytes = if is_base64 {
        let engine = base64::engine::general_purpose::STANDARD;
        engine.decode(data.trim()).map_err(|_| "invalid base64")?
    } else {
        percent_decoded(data).ok_or("invalid escape")?
    };
    String::from_utf8(bytes).map_err(|_| "text that is not UTF-8")
}

fn percent_decoded(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some(at) = memchr::memchr(b'%', rest) {
        bytes.extend(&rest[..at]);
        let digits = rest.get(at + 1..at + 3)?;
        let digit = |byte: u8| char::from(byte).to_digit(16);
        bytes.push((digit(digits[0])? * 16 + digit(digits[1])?) as u8);
        rest = &rest[at + 3..];
    }
    bytes.extend(rest);
    Some(bytes)
}
