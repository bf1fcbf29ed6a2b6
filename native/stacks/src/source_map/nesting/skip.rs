//! Tokens that are passed as a whole: strings, templates, patterns, comments.

use super::{Before, Refusal, Scan};

impl Scan<'_> {
    /// The rest of a template, up to its end or the next `${`.
    pub(super) fn template(&mut self) -> Result<(), Refusal> {
        loop {
            match self.peek(0) {
                None => return Err(Refusal::Unclear),
                Some(b'\\') => self.at += 2,
                Some(b'`') => {
                    self.punctuate(1, Before::Operand);
                    return Ok(());
                }
                Some(b'$') if self.peek(1) == Some(b'{') => {
                    self.push(b'`', Before::Operand, false);
                    self.punctuate(2, Before::Operator);
                    return Ok(());
                }
                Some(_) => self.at += 1,
            }
        }
    }

    pub(super) fn string(&mut self, quote: u8) -> Result<(), Refusal> {
        self.at += 1;
        loop {
            match self.peek(0) {
                None | Some(b'\n' | b'\r') => return Err(Refusal::Unclear),
                Some(b'\\') => self.at += if self.text[self.at..].starts_with(b"\\\r\n") { 3 } else { 2 },
                Some(byte) if byte == quote => {
                    self.punctuate(1, Before::Operand);
                    return Ok(());
                }
                Some(_) => self.at += 1,
            }
        }
    }

    pub(super) fn pattern(&mut self) -> Result<(), Refusal> {
        self.at += 1;
        let mut is_class = false;
        loop {
            match self.peek(0) {
                None | Some(b'\n' | b'\r') => return Err(Refusal::Unclear),
                // The line separators U+2028 and U+2029.
                Some(0xe2)
                    if matches!(self.text.get(self.at + 1..self.at + 3), Some([0x80, 0xa8 | 0xa9])) =>
                {
                    return Err(Refusal::Unclear);
                }
                Some(b'\\') if matches!(self.peek(1), None | Some(b'\n' | b'\r')) => {
                    return Err(Refusal::Unclear);
                }
                Some(b'\\') => self.at += 2,
                Some(b'[') => (is_class, self.at) = (true, self.at + 1),
                Some(b']') => (is_class, self.at) = (false, self.at + 1),
                Some(b'/') if !is_class => break,
                Some(_) => self.at += 1,
            }
        }
        self.at += 1;
        while let Some(b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | b'$') = self.peek(0) {
            self.at += 1;
        }
        self.punctuate(0, Before::Operand);
        Ok(())
    }

    pub(super) fn comment(&mut self) -> Result<(), Refusal> {
        let end = memchr::memmem::find(&self.text[self.at + 2..], b"*/").ok_or(Refusal::Unclear)?;
        self.has_newline |= memchr::memchr2(b'\n', b'\r', &self.text[self.at..self.at + 2 + end]).is_some();
        self.at += end + 4;
        Ok(())
    }

    pub(super) fn skip_line(&mut self) {
        let rest = &self.text[self.at..];
        // A line ends at the separators U+2028 and U+2029 too.
        let end = memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
        let separator = memchr::memmem::find(&rest[..end], b"\xe2\x80\xa8");
        let paragraph = memchr::memmem::find(&rest[..end], b"\xe2\x80\xa9");
        self.at += end.min(separator.unwrap_or(end)).min(paragraph.unwrap_or(end));
    }

    pub(super) fn skip_wide_space(&mut self, code: &str) -> bool {
        let Some(character) = code.get(self.at..).and_then(|rest| rest.chars().next()) else { return false };
        let is_space = character.is_whitespace() || character == '\u{feff}';
        if is_space {
            self.at += character.len_utf8();
            self.has_newline |= matches!(character, '\u{2028}' | '\u{2029}');
        }
        is_space
    }
}
