//! Text to tokens, in one pass.
//!
//! Templates and tags have words of their own, so the lexer keeps a stack of what it is inside of. A `<` before a
//! name may open a tag or compare: it compares wherever a value has just ended.

mod inside;

use std::borrow::Cow;

use crate::keyword::Keyword;
use crate::token::{Kind, Token};

/// Tokens, and for each opening bracket its closing one.
#[derive(Debug)]
pub struct Tokens {
    /// Ends with [`Kind::End`].
    pub all: Vec<Token>,
    /// For each token the index of the one that closes it, or its own.
    pub closes: Vec<u32>,
    /// For each token the index behind the list of names (with commas) that begins here, or its own.
    pub lists: Vec<u32>,
}

/// A place where the text has no token, and what to say of it. Offsets are in bytes.
#[derive(Debug)]
pub struct NoToken {
    pub message: Cow<'static, str>,
    pub start: usize,
    pub end: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Default,
    Template,
    FullTemplate,
    TagOpen,
    TagClose,
    TagText,
}

struct Lexer<'a> {
    source: &'a [u8],
    at: usize,
    modes: Vec<Mode>,
    tokens: Vec<Token>,
}

/// Reads the tokens of a text, or of a text that is a template as a whole.
pub fn lex(source: &str, full_template: bool) -> Result<Tokens, NoToken> {
    let mut lexer = Lexer {
        source: source.as_bytes(),
        at: 0,
        modes: vec![if full_template { Mode::FullTemplate } else { Mode::Default }],
        tokens: Vec::with_capacity(source.len() / 4 + 2),
    };
    while lexer.at < lexer.source.len() {
        match lexer.modes.last().copied().unwrap_or(Mode::Default) {
            Mode::Default => lexer.default_token()?,
            Mode::Template => lexer.template_token()?,
            Mode::FullTemplate => lexer.full_template_token(),
            Mode::TagOpen | Mode::TagClose => lexer.tag_token()?,
            Mode::TagText => lexer.tag_text(),
        }
    }
    lexer.push(Kind::End, lexer.at);
    let closes = closes(&lexer.tokens);
    let lists = lists(&lexer.tokens);
    Ok(Tokens { all: lexer.tokens, closes, lists })
}

/// For each opening bracket the index of its closing one.
fn closes(tokens: &[Token]) -> Vec<u32> {
    let mut closes: Vec<u32> = (0..tokens.len() as u32).collect();
    let mut open = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        match token.kind {
            Kind::LeftParenthesis | Kind::LeftBracket | Kind::LeftBrace => open.push(index),
            Kind::RightParenthesis | Kind::RightBracket | Kind::RightBrace => {
                if let Some(opened) = open.pop() {
                    closes[opened] = index as u32;
                }
            }
            _ => {}
        }
    }
    closes
}

/// For each name the index behind the names and commas that begin with it; computed once, so that looking ahead
/// for an arrow takes no time.
fn lists(tokens: &[Token]) -> Vec<u32> {
    let mut lists: Vec<u32> = (0..tokens.len() as u32).collect();
    for index in (0..tokens.len().saturating_sub(1)).rev() {
        if !tokens[index].kind.is_name() {
            continue;
        }
        let next = index + 1;
        // A comma may be the last of the list.
        lists[index] = match tokens[next].kind {
            Kind::Comma => lists[(next + 1).min(tokens.len() - 1)],
            _ => next as u32,
        };
    }
    lists
}

impl Lexer<'_> {
    fn byte(&self, ahead: usize) -> u8 {
        self.source.get(self.at + ahead).copied().unwrap_or(0)
    }

    fn rest(&self) -> &[u8] {
        &self.source[self.at..]
    }

    /// A token from `start` to where the lexer is.
    fn push(&mut self, kind: Kind, start: usize) {
        self.tokens.push(Token { kind, start: start as u32, end: self.at as u32 });
    }

    fn sign(&mut self, kind: Kind, bytes: usize) {
        let start = self.at;
        self.at += bytes;
        self.push(kind, start);
    }

    fn take_while(&mut self, keep: impl Fn(u8) -> bool) {
        let rest = self.rest();
        self.at += rest.iter().position(|byte| !keep(*byte)).unwrap_or(rest.len());
    }

    fn no_token(&self, message: impl Into<Cow<'static, str>>) -> NoToken {
        NoToken { message: message.into(), start: self.at, end: self.at + self.character().len_utf8() }
    }

    fn character(&self) -> char {
        // The source is valid UTF-8 and the lexer stands between characters.
        std::str::from_utf8(&self.rest()[..self.rest().len().min(4)])
            .or_else(|error| std::str::from_utf8(&self.rest()[..error.valid_up_to()]))
            .ok()
            .and_then(|text| text.chars().next())
            .unwrap_or('\u{fffd}')
    }

    fn unexpected(&self) -> NoToken {
        let character = self.character();
        self.no_token(format!("Unexpected character {character:?} (U+{:04X})", u32::from(character)))
    }

    fn default_token(&mut self) -> Result<(), NoToken> {
        match self.byte(0) {
            b' ' | b'\t' | b'\r' | b'\n' | 0x0B | 0x0C => self.at += 1,
            b'-' if self.byte(1) == b'-' => self.line_comment(),
            b'/' if self.byte(1) == b'/' => self.line_comment(),
            b'/' if self.byte(1) == b'*' => self.block_comment()?,
            b'a'..=b'z' | b'A'..=b'Z' | b'_' | b'$' => self.word(),
            b'0'..=b'9' => self.number()?,
            b'.' if self.byte(1).is_ascii_digit() => self.dot_number(),
            b'\'' => self.text()?,
            b'"' | b'`' => self.quoted_name()?,
            b'<' if self.opens_tag() => {
                self.sign(Kind::TagStart, 1);
                self.modes.push(Mode::TagOpen);
            }
            b'{' => {
                self.sign(Kind::LeftBrace, 1);
                self.modes.push(Mode::Default);
            }
            b'}' => {
                if self.modes.len() == 1 {
                    return Err(self.no_token("Unmatched curly bracket"));
                }
                self.modes.pop();
                self.sign(Kind::RightBrace, 1);
            }
            byte if byte >= 0x80 => {
                let character = self.character();
                if !character.is_whitespace() && character != '\u{feff}' {
                    return Err(self.unexpected());
                }
                self.at += character.len_utf8();
            }
            _ => {
                let (kind, bytes) = self.punctuation().ok_or_else(|| self.unexpected())?;
                self.sign(kind, bytes);
            }
        }
        Ok(())
    }

    /// The longest sign that stands here.
    fn punctuation(&self) -> Option<(Kind, usize)> {
        Some(match (self.byte(0), self.byte(1), self.byte(2)) {
            (b'=', b'~', b'*') => (Kind::InsensitiveDoubleRegex, 3),
            (b'=', b'~', _) => (Kind::DoubleRegex, 2),
            (b'=', b'=', _) => (Kind::DoubleEqual, 2),
            (b'=', ..) => (Kind::Equal, 1),
            (b'!', b'~', b'*') => (Kind::NotInsensitiveRegex, 3),
            (b'!', b'~', _) => (Kind::NotRegex, 2),
            (b'!', b'=', _) | (b'<', b'>', _) => (Kind::NotEqual, 2),
            (b'<', b'=', b'>') => (Kind::NullSafeEqual, 3),
            (b'<', b'=', _) => (Kind::LessEqual, 2),
            (b'<', ..) => (Kind::Less, 1),
            (b'>', b'=', _) => (Kind::GreaterEqual, 2),
            (b'>', ..) => (Kind::Greater, 1),
            (b'~', b'*', _) => (Kind::InsensitiveRegex, 2),
            (b'~', ..) => (Kind::Regex, 1),
            (b'-', b'>', _) => (Kind::Arrow, 2),
            (b'-', ..) => (Kind::Dash, 1),
            (b':', b':', _) => (Kind::DoubleColon, 2),
            (b':', b'=', _) => (Kind::Assign, 2),
            (b':', ..) => (Kind::Colon, 1),
            (b'?', b'?', _) => (Kind::Nullish, 2),
            (b'?', b'.', _) => (Kind::NullProperty, 2),
            (b'?', ..) => (Kind::Question, 1),
            (b'|', b'|', _) => (Kind::Concat, 2),
            (b'*', ..) => (Kind::Asterisk, 1),
            (b',', ..) => (Kind::Comma, 1),
            (b'.', ..) => (Kind::Dot, 1),
            (b'#', ..) => (Kind::Hash, 1),
            (b'%', ..) => (Kind::Percent, 1),
            (b'+', ..) => (Kind::Plus, 1),
            (b'(', ..) => (Kind::LeftParenthesis, 1),
            (b')', ..) => (Kind::RightParenthesis, 1),
            (b'[', ..) => (Kind::LeftBracket, 1),
            (b']', ..) => (Kind::RightBracket, 1),
            (b';', ..) => (Kind::Semicolon, 1),
            (b'/', ..) => (Kind::Slash, 1),
            _ => return None,
        })
    }

    fn line_comment(&mut self) {
        self.take_while(|byte| byte != b'\n' && byte != b'\r');
    }

    fn block_comment(&mut self) -> Result<(), NoToken> {
        let Some(length) = self.rest()[2..].windows(2).position(|two| two == b"*/") else {
            return Err(self.no_token("The comment has no end"));
        };
        self.at += length + 4;
        Ok(())
    }

    fn word(&mut self) {
        let start = self.at;
        if self.byte(1) == b'\'' && matches!(self.byte(0), b'f' | b'F') {
            let (kind, mode) = match self.byte(0) {
                b'f' => (Kind::TemplateStart, Mode::Template),
                _ => (Kind::FullTemplateStart, Mode::FullTemplate),
            };
            self.sign(kind, 2);
            self.modes.push(mode);
            return;
        }
        self.take_while(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$');
        let kind = Keyword::of(&self.source[start..self.at]).map_or(Kind::Name, Kind::Keyword);
        self.push(kind, start);
    }

    fn number(&mut self) -> Result<(), NoToken> {
        let start = self.at;
        match (self.byte(0), self.byte(1)) {
            (b'0', b'x' | b'X') if self.byte(2).is_ascii_hexdigit() => {
                self.hexadecimal();
                return Ok(());
            }
            (b'0', b'b' | b'B') if self.byte(2).is_ascii_digit() => {
                self.at += 2;
                self.take_while(|byte| byte.is_ascii_digit());
                if self.source[start + 2..self.at].iter().any(|byte| *byte > b'1') {
                    self.at = start;
                    return Err(self.no_token("A binary number has no other digits than 0 and 1"));
                }
                self.push(Kind::Binary, start);
                return Ok(());
            }
            (b'0', b'o' | b'O') if self.byte(2).is_ascii_digit() => {
                return Err(self.no_token("Octal numbers are not supported; write the number in decimal"));
            }
            _ => {}
        }
        self.take_while(|byte| byte.is_ascii_digit());
        let digits_end = self.at;
        // The dot is left to the parser, which knows `1.5` from the elements of `t.1.5`, unless an exponent follows.
        if self.byte(0) == b'.' {
            self.at += 1;
            self.take_while(|byte| byte.is_ascii_digit());
        }
        if !self.exponent(b'e') {
            self.at = digits_end;
            self.push(Kind::Digits, start);
            return Ok(());
        }
        self.push(Kind::Float, start);
        Ok(())
    }

    fn hexadecimal(&mut self) {
        let start = self.at;
        self.at += 2;
        self.take_while(|byte| byte.is_ascii_hexdigit());
        let digits_end = self.at;
        if self.byte(0) == b'.' {
            self.at += 1;
            self.take_while(|byte| byte.is_ascii_hexdigit());
        }
        if self.exponent(b'p') {
            self.push(Kind::Float, start);
        } else {
            self.at = digits_end;
            self.push(Kind::Hexadecimal, start);
        }
    }

    /// `.5e3`, or only the dot: the digits behind it are a token of their own.
    fn dot_number(&mut self) {
        let start = self.at;
        self.at += 1;
        self.take_while(|byte| byte.is_ascii_digit());
        if self.exponent(b'e') {
            self.push(Kind::Float, start);
        } else {
            self.at = start;
            self.sign(Kind::Dot, 1);
            self.digits();
        }
    }

    fn digits(&mut self) {
        let start = self.at;
        self.take_while(|byte| byte.is_ascii_digit());
        self.push(Kind::Digits, start);
    }

    /// Takes an exponent if one stands here.
    fn exponent(&mut self, letter: u8) -> bool {
        if self.byte(0).to_ascii_lowercase() != letter {
            return false;
        }
        let sign = usize::from(matches!(self.byte(1), b'+' | b'-'));
        if !self.byte(1 + sign).is_ascii_digit() {
            return false;
        }
        self.at += 1 + sign;
        self.take_while(|byte| byte.is_ascii_digit());
        true
    }

    fn text(&mut self) -> Result<(), NoToken> {
        let start = self.at;
        self.quoted(b'\'', b"'")?;
        self.push(Kind::Text, start);
        Ok(())
    }

    fn quoted_name(&mut self) -> Result<(), NoToken> {
        let start = self.at;
        match self.byte(0) {
            b'"' => self.quoted(b'"', b"\"")?,
            _ => self.quoted(b'`', b"'")?,
        }
        self.push(Kind::QuotedName, start);
        Ok(())
    }

    /// Passes a quoted text: quotes are doubled or escaped, and of other escapes only the known ones are allowed.
    fn quoted(&mut self, quote: u8, escaped: &[u8]) -> Result<(), NoToken> {
        let start = self.at;
        self.at += 1;
        loop {
            self.take_while(|byte| byte != quote && byte != b'\\');
            if self.at >= self.source.len() {
                self.at = start;
                return Err(self.no_token(match quote {
                    b'\'' => "The string has no end",
                    _ => "The quoted name has no end",
                }));
            }
            if self.byte(0) == b'\\' {
                self.escape(escaped)?;
            } else if self.byte(1) == quote {
                self.at += 2;
            } else {
                self.at += 1;
                return Ok(());
            }
        }
    }

    /// Passes an escape.
    fn escape(&mut self, escaped: &[u8]) -> Result<(), NoToken> {
        let letter = self.byte(1);
        self.at += match letter.to_ascii_lowercase() {
            b'b' | b'f' | b'r' | b'n' | b't' | b'0' | b'a' | b'v' | b'\\' => 2,
            b'x' if self.byte(2).is_ascii_hexdigit() && self.byte(3).is_ascii_hexdigit() => 4,
            _ if escaped.contains(&letter) => 2,
            _ => return Err(self.no_token("Unknown escape; a backslash is written twice")),
        };
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(source: &str) -> Vec<Kind> {
        lex(source, false)
            .map(|tokens| tokens.all.iter().map(|token| token.kind).collect())
            .unwrap_or_default()
    }

    #[test]
    fn elements_of_tuples_are_not_fractions() {
        assert_eq!(kinds("t.1.2"), [Kind::Name, Kind::Dot, Kind::Digits, Kind::Dot, Kind::Digits, Kind::End]);
        assert_eq!(kinds("1.5e3"), [Kind::Float, Kind::End]);
    }

    #[test]
    fn less_than_compares_behind_a_value_and_opens_a_tag_elsewhere() {
        assert_eq!(kinds("a<b and c")[1], Kind::Less);
        assert_eq!(kinds("(<b/>)")[1], Kind::TagStart);
        assert_eq!(kinds("return <b/>")[1], Kind::TagStart);
    }

    #[test]
    fn braces_nest_within_templates() {
        let expected = [
            Kind::TemplateStart,
            Kind::LeftBrace,
            Kind::TemplateStart,
            Kind::TemplateText,
            Kind::TemplateEnd,
            Kind::RightBrace,
            Kind::TemplateEnd,
            Kind::End,
        ];
        assert_eq!(kinds("f'{f'a'}'"), expected);
    }
}
