//! The framing of `multipart/form-data` (RFC 2046, RFC 7578), over a body that is all there.

use std::borrow::Cow;

use memchr::memmem::Finder;

use super::framing;
use crate::refusal::Refusal;

/// Parts in one request.
const PARTS_MAX: usize = 1000;
/// The headers of one part.
const HEADER_BYTES_MAX: usize = 8192;
/// RFC 2046 allows no longer boundary.
const BOUNDARY_BYTES_MAX: usize = 70;

/// One part.
#[derive(Debug)]
pub(super) struct Part<'a> {
    /// The form field that it fills.
    pub(super) name: Cow<'a, str>,
    /// `Content-Type`
    pub(super) content_type: Option<&'a str>,
    /// `Content-Encoding`
    pub(super) content_encoding: Option<&'a str>,
    /// What is in it, as it was sent.
    pub(super) body: &'a [u8],
}

/// The boundary that a request's `Content-Type` names.
pub(super) fn boundary(content_type: &str) -> Result<Cow<'_, str>, Refusal> {
    let (media_type, _) = content_type.split_once(';').unwrap_or((content_type, ""));
    if !media_type.trim().eq_ignore_ascii_case("multipart/form-data") {
        return Err(framing("Content-Type must be multipart/form-data"));
    }
    parameter(content_type, "boundary")
        .filter(|boundary| (1..=BOUNDARY_BYTES_MAX).contains(&boundary.len()))
        .ok_or_else(|| framing("Invalid boundary in Content-Type"))
}

/// The parts between the boundaries. What stands before the first and after the last is ignored.
pub(super) fn split<'a>(body: &'a [u8], boundary: &str) -> Result<Vec<Part<'a>>, Refusal> {
    let delimiter = format!("\r\n--{boundary}");
    let finder = Finder::new(&delimiter);
    let mut parts = Vec::new();
    // The delimiter's line break may be missing where the body starts with it.
    let starts_here = body.starts_with(&delimiter.as_bytes()[2..]);
    let first = starts_here.then(|| line_end(&body[delimiter.len() - 2..])).flatten();
    let mut open = match first {
        Some(line) => Some(line.shifted(delimiter.len() - 2)),
        None => next(body, 0, &finder, delimiter.len()).map(|(_, line)| line),
    };
    while let Some(Line { end, is_last: false }) = open {
        let (stop, line) = next(body, end, &finder, delimiter.len())
            .ok_or_else(|| framing("Multipart parsing failed: incomplete multipart stream"))?;
        // The line break before a delimiter belongs to it, even if it also ended the headers' last line.
        parts.push(part(&body[end..stop.max(end)])?);
        if parts.len() > PARTS_MAX {
            return Err(framing(format_args!("Multipart parsing failed: more than {PARTS_MAX} parts")));
        }
        open = Some(line);
    }
    if open.is_none() {
        return Err(framing("Multipart parsing failed: incomplete multipart stream"));
    }
    Ok(parts)
}

/// Where the line of a delimiter ends, and whether that delimiter closes the body.
#[derive(Debug, Clone, Copy)]
struct Line {
    end: usize,
    is_last: bool,
}

impl Line {
    fn shifted(self, by: usize) -> Self {
        Self { end: self.end + by, ..self }
    }
}

/// The next delimiter at or after `from`: where it starts, and its line.
fn next(body: &[u8], from: usize, finder: &Finder<'_>, length: usize) -> Option<(usize, Line)> {
    // A part without headers and body may share its only line break with the delimiter after it.
    let mut at = from.saturating_sub(2);
    loop {
        let start = at + finder.find(body.get(at..)?)?;
        if let Some(line) = line_end(&body[start + length..]) {
            return Some((start, line.shifted(start + length)));
        }
        // The boundary's text goes on: it is the start of a longer word inside a part.
        at = start + length;
    }
}

/// Reads what may follow a delimiter: two dashes, or blanks and a line break.
fn line_end(rest: &[u8]) -> Option<Line> {
    if rest.starts_with(b"--") {
        return Some(Line { end: 2, is_last: true });
    }
    let blanks = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    rest[blanks..].starts_with(b"\r\n").then_some(Line { end: blanks + 2, is_last: false })
}

fn part(bytes: &[u8]) -> Result<Part<'_>, Refusal> {
    let bad = |why| framing(format_args!("Multipart parsing failed: {why}"));
    let searched = &bytes[..bytes.len().min(HEADER_BYTES_MAX)];
    let (headers, body) = if let Some(body) = bytes.strip_prefix(b"\r\n") {
        (&b""[..], body)
    } else {
        let end = memchr::memmem::find(searched, b"\r\n\r\n").ok_or_else(|| bad("headers without end"))?;
        (&bytes[..end], &bytes[end + 4..])
    };
    let headers = std::str::from_utf8(headers).map_err(|_| bad("headers are not UTF-8"))?;
    let header = |name: &str| {
        let mut lines = headers.split("\r\n").filter_map(|line| line.split_once(':'));
        lines.find(|(key, _)| key.trim().eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
    };
    let name = header("content-disposition").and_then(|disposition| parameter(disposition, "name"));
    Ok(Part {
        name: name.ok_or_else(|| bad("a part without a name"))?,
        content_type: header("content-type"),
        content_encoding: header("content-encoding"),
        body,
    })
}

/// A parameter of a header such as `form-data; name="a b"; filename=x`.
fn parameter<'a>(header: &'a str, name: &str) -> Option<Cow<'a, str>> {
    let (_, mut rest) = header.split_once(';')?;
    loop {
        let (key, after) = rest.split_once('=')?;
        let (value, left) = value(after.trim_start());
        if key.trim_matches([' ', '\t', ';']).eq_ignore_ascii_case(name) {
            return Some(value);
        }
        rest = left.trim_start().strip_prefix(';').unwrap_or(left);
    }
}

/// A token or a quoted string, and what follows it.
fn value(text: &str) -> (Cow<'_, str>, &str) {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find(';').unwrap_or(text.len());
        return (Cow::Borrowed(text[..end].trim()), &text[end..]);
    };
    let mut escaped = false;
    let end = quoted.bytes().position(|byte| {
        let closes = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        closes
    });
    let Some(end) = end else { return (Cow::Borrowed(quoted), "") };
    let inside = &quoted[..end];
    let value = if inside.contains('\\') { Cow::Owned(unquote(inside)) } else { Cow::Borrowed(inside) };
    (value, &quoted[end + 1..])
}

/// Undoes `\"` and `\\`. Other backslashes stay: browsers send Windows paths.
fn unquote(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let escapes = character == '\\' && matches!(characters.peek(), Some('"' | '\\'));
        out.extend(if escapes { characters.next() } else { Some(character) });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(body: &str) -> Result<Vec<(String, String)>, Refusal> {
        let parts = split(body.as_bytes(), "b")?;
        let text = |part: &Part<'_>| String::from_utf8_lossy(part.body).into_owned();
        Ok(parts.iter().map(|part| (part.name.to_string(), text(part))).collect())
    }

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
    }

    #[test]
    fn parts_end_at_their_delimiter_and_nowhere_else() {
        let head = "Content-Disposition: form-data; name=";
        for (body, expected) in [
            (format!("--b\r\n{head}x\r\n\r\none\r\n--b--\r\n"), &[("x", "one")][..]),
            (format!("preamble\r\n--b  \r\n{head}x\r\n\r\n\r\n--b--epilogue"), &[("x", "")]),
            (
                format!("--b\r\n{head}x\r\n\r\na\r\n--bc\r\n--b\r\n{head}y\r\n\r\n\r\n\r\n--b--"),
                &[("x", "a\r\n--bc"), ("y", "\r\n")],
            ),
            (
                format!("--bb\r\n--b\r\n{head}\"q \\\" \\\\ C:\\d\"; filename=f\r\n\r\n--b\n\r\n--b--"),
                &[("q \" \\ C:\\d", "--b\n")],
            ),
            ("--b--".to_owned(), &[]),
        ] {
            assert_eq!(names(&body).unwrap(), pairs(expected), "{body}");
        }
    }

    #[test]
    fn bodies_without_an_end_or_a_name_are_refused() {
        for body in [
            "",
            "--b",
            "--b\r\n",
            "--b\r\n\r\nx\r\n--b--",
            "--b\r\nContent-Disposition: form-data; name=x\r\n\r\none",
            "--b\r\nContent-Disposition: form-data; name=x\r\n--b--",
            "--b\r\n--b--",
        ] {
            assert_eq!(names(body).unwrap_err().status, 400, "{body}");
        }
    }

    #[test]
    fn the_boundary_is_read_quoted_or_bare_and_has_a_limit() {
        let long = format!("multipart/form-data; boundary={}", "x".repeat(71));
        for (header, expected) in [
            ("multipart/form-data; boundary=abc", Some("abc")),
            ("Multipart/Form-Data;charset=utf-8; Boundary=\"a b;c\"", Some("a b;c")),
            ("multipart/form-data", None),
            ("multipart/form-data; boundary=", None),
            ("multipart/mixed; boundary=a", None),
            ("application/json", None),
            (&long, None),
        ] {
            assert_eq!(boundary(header).ok().as_deref(), expected, "{header}");
        }
    }
}
