//! Inside templates and tags, where other words hold.

use super::{Lexer, Mode, NoToken};
use crate::token::Kind;

impl Lexer<'_> {
    pub(super) fn template_token(&mut self) -> Result<(), NoToken> {
        match self.byte(0) {
            b'{' => {
                self.sign(Kind::LeftBrace, 1);
                self.modes.push(Mode::Default);
            }
            b'\'' if self.byte(1) != b'\'' => {
                self.modes.pop();
                self.sign(Kind::TemplateEnd, 1);
            }
            _ => {
                let start = self.at;
                while self.at < self.source.len() {
                    match self.byte(0) {
                        b'{' => break,
                        b'\'' if self.byte(1) != b'\'' => break,
                        b'\'' => self.at += 2,
                        b'\\' => self.escape(b"'{")?,
                        _ => self.at += 1,
                    }
                }
                self.push(Kind::TemplateText, start);
            }
        }
        Ok(())
    }

    /// In a full template only braces are special.
    pub(super) fn full_template_token(&mut self) {
        if self.byte(0) == b'{' {
            self.sign(Kind::LeftBrace, 1);
            self.modes.push(Mode::Default);
            return;
        }
        let start = self.at;
        while self.at < self.source.len() {
            match (self.byte(0), self.byte(1)) {
                (b'{', _) => break,
                (b'\\', b'{') => self.at += 2,
                _ => self.at += 1,
            }
        }
        self.push(Kind::TemplateText, start);
    }

    pub(super) fn tag_token(&mut self) -> Result<(), NoToken> {
        let opens = self.modes.last() == Some(&Mode::TagOpen);
        let start = self.at;
        match self.byte(0) {
            b' ' | b'\t' | b'\r' | b'\n' => self.at += 1,
            b'-' if self.byte(1) == b'-' => self.line_comment(),
            b'/' if self.byte(1) == b'/' => self.line_comment(),
            b'/' if self.byte(1) == b'*' => self.block_comment()?,
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => {
                self.take_while(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-');
                self.push(Kind::Name, start);
            }
            b'>' => {
                self.sign(Kind::TagEnd, 1);
                self.modes.pop();
                if opens {
                    self.modes.push(Mode::TagText);
                }
            }
            b'/' if opens && self.byte(1) == b'>' => {
                self.sign(Kind::TagSelfClose, 2);
                self.modes.pop();
            }
            b'=' if opens => self.sign(Kind::Equal, 1),
            b'\'' if opens => self.text()?,
            b'{' if opens => {
                self.sign(Kind::LeftBrace, 1);
                self.modes.push(Mode::Default);
            }
            _ => return Err(self.unexpected()),
        }
        Ok(())
    }

    pub(super) fn tag_text(&mut self) {
        match (self.byte(0), self.byte(1)) {
            (b'{', _) => {
                self.sign(Kind::LeftBrace, 1);
                self.modes.push(Mode::Default);
            }
            (b'<', b'/') => {
                self.sign(Kind::TagCloseStart, 2);
                self.modes.pop();
                self.modes.push(Mode::TagClose);
            }
            (b'<', _) => {
                self.sign(Kind::TagStart, 1);
                self.modes.push(Mode::TagOpen);
            }
            _ => {
                let start = self.at;
                self.take_while(|byte| byte != b'<' && byte != b'{');
                self.push(Kind::TagText, start);
            }
        }
    }

    /// Whether the `<` here opens a tag: no value has just ended, and a tag's name and more of it follow.
    pub(super) fn opens_tag(&self) -> bool {
        let after_value = match self.tokens.last().map(|token| token.kind) {
            Some(Kind::Keyword(keyword)) => !keyword.precedes_value(),
            Some(kind) => kind.ends_value(),
            None => false,
        };
        if after_value || !(self.byte(1).is_ascii_alphabetic() || self.byte(1) == b'_') {
            return false;
        }
        let name = self.rest()[1..].iter();
        let name_length =
            name.take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')).count();
        let behind = &self.rest()[1 + name_length..];
        match behind.first() {
            Some(b'>' | b'/') => true,
            Some(byte) if byte.is_ascii_whitespace() => {
                let next = behind.iter().find(|byte| !byte.is_ascii_whitespace());
                next.is_some_and(|byte| {
                    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'>' | b'/' | b'-')
                })
            }
            _ => false,
        }
    }
}
