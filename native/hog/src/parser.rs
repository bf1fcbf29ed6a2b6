//! Where the parser stands, and what all its rules share.

use std::borrow::Cow;

use crate::failure::{Failure, FailureKind};
use crate::keyword::Keyword;
use crate::lexer::Tokens;
use crate::text::unquote;
use crate::token::{Kind, Token};
use crate::tree::{Kind as NodeKind, Node, Text};
use crate::write::character_offset;
use crate::{HEIGHT_MAX, NESTING_MAX};

/// A failure with its place in bytes; small, since every rule returns one or a node.
#[derive(Debug)]
pub struct Fault(Box<FaultParts>);

#[derive(Debug)]
struct FaultParts {
    kind: FailureKind,
    message: Cow<'static, str>,
    start: u32,
    end: u32,
}

impl Fault {
    pub fn new(kind: FailureKind, message: impl Into<Cow<'static, str>>, start: u32, end: u32) -> Self {
        Self(Box::new(FaultParts { kind, message: message.into(), start, end }))
    }

    /// With its place in characters of the text.
    pub fn in_characters(self, source: &str) -> Failure {
        let FaultParts { kind, message, start, end } = *self.0;
        Failure { kind, message, start: character_offset(source, start), end: character_offset(source, end) }
    }
}

pub type Parsed<T> = Result<T, Fault>;

pub struct Parser<'a> {
    pub source: &'a str,
    tokens: Tokens,
    at: usize,
    nesting: u16,
    before_as: bool,
}

impl<'a> Parser<'a> {
    pub fn new(source: &'a str, tokens: Tokens) -> Self {
        Self { source, tokens, at: 0, nesting: 0, before_as: false }
    }

    // Where it stands

    pub fn token(&self) -> Token {
        self.token_at(self.at)
    }

    /// The token at an index; behind the last one it is the end.
    pub fn token_at(&self, index: usize) -> Token {
        self.tokens.all[index.min(self.tokens.all.len() - 1)]
    }

    pub fn kind(&self) -> Kind {
        self.token().kind
    }

    /// The kind of a token further on.
    pub fn ahead(&self, tokens: usize) -> Kind {
        self.token_at(self.at + tokens).kind
    }

    pub fn position(&self) -> usize {
        self.at
    }

    pub fn start(&self) -> u32 {
        self.token().start
    }

    /// The end of the token before.
    pub fn previous_end(&self) -> u32 {
        self.at.checked_sub(1).map_or(0, |index| self.token_at(index).end)
    }

    /// The index of what closes the bracket so many tokens further on.
    pub fn closing(&self, tokens: usize) -> usize {
        let index = self.at + tokens;
        self.tokens.closes.get(index).map_or(index, |close| *close as usize)
    }

    /// The index behind the list of names that begins `tokens` further on.
    pub fn behind_names(&self, tokens: usize) -> usize {
        let index = self.at + tokens;
        self.tokens.lists.get(index).map_or(index, |index| *index as usize)
    }

    pub fn is_keyword(&self, keyword: Keyword) -> bool {
        self.kind() == Kind::Keyword(keyword)
    }

    pub fn is_keyword_ahead(&self, tokens: usize, keyword: Keyword) -> bool {
        self.ahead(tokens) == Kind::Keyword(keyword)
    }

    /// Whether an expression may begin so many tokens further on.
    pub fn value_follows(&self, tokens: usize) -> bool {
        match self.ahead(tokens) {
            Kind::Dot => self.ahead(tokens + 1) == Kind::Digits,
            // `select case from a`
            Kind::Keyword(Keyword::From) => !self.ahead(tokens + 1).is_name(),
            kind => kind.starts_expression(),
        }
    }

    pub fn raw(&self, token: Token) -> &'a str {
        self.source.get(token.start as usize..token.end as usize).unwrap_or("")
    }

    // Going on

    pub fn advance(&mut self) -> Token {
        let token = self.token();
        if token.kind != Kind::End {
            self.at += 1;
        }
        token
    }

    pub fn take(&mut self, kind: Kind) -> bool {
        let taken = self.kind() == kind;
        if taken {
            self.advance();
        }
        taken
    }

    pub fn take_keyword(&mut self, keyword: Keyword) -> bool {
        self.take(Kind::Keyword(keyword))
    }

    /// Takes both words or none.
    pub fn take_keywords(&mut self, first: Keyword, second: Keyword) -> bool {
        let taken = self.is_keyword(first) && self.is_keyword_ahead(1, second);
        if taken {
            self.advance();
            self.advance();
        }
        taken
    }

    pub fn expect(&mut self, kind: Kind, what: &'static str) -> Parsed<Token> {
        if self.kind() == kind { Ok(self.advance()) } else { Err(self.expected(what)) }
    }

    pub fn expect_keyword(&mut self, keyword: Keyword, what: &'static str) -> Parsed<Token> {
        self.expect(Kind::Keyword(keyword), what)
    }

    /// A name, be it quoted, a word or a keyword that may be one.
    pub fn name(&mut self) -> Parsed<Text> {
        if !self.kind().is_name() {
            return Err(self.expected("a name"));
        }
        let token = self.advance();
        Ok(self.name_of(token))
    }

    pub fn name_of(&self, token: Token) -> Text {
        match token.kind {
            Kind::QuotedName => self.unquoted(token),
            _ => self.raw(token).into(),
        }
    }

    /// What a quoted token means.
    pub fn unquoted(&self, token: Token) -> Text {
        let raw = self.raw(token);
        let quote = raw.chars().next().unwrap_or('\'');
        unquote(raw.get(1..raw.len().saturating_sub(1)).unwrap_or(""), quote)
    }

    /// Names with commas between them, and perhaps behind the last.
    pub fn names(&mut self) -> Parsed<Vec<Text>> {
        let mut names = vec![self.name()?];
        while self.take(Kind::Comma) {
            if !self.kind().is_name() {
                break;
            }
            names.push(self.name()?);
        }
        Ok(names)
    }

    /// Names in parentheses.
    pub fn names_in_parentheses(&mut self) -> Parsed<Vec<Text>> {
        self.expect(Kind::LeftParenthesis, "`(`")?;
        let names = self.names()?;
        self.expect(Kind::RightParenthesis, "`)`")?;
        Ok(names)
    }

    /// Whether an `AS` behind the expression here is none of it.
    pub fn is_before_as(&self) -> bool {
        self.before_as
    }

    /// Returns what it was before.
    pub fn set_before_as(&mut self, before_as: bool) -> bool {
        std::mem::replace(&mut self.before_as, before_as)
    }

    // Making nodes

    /// A node from `start` to where the parser is.
    pub fn node(&self, kind: impl Into<NodeKind>, start: u32) -> Parsed<Node> {
        let node = Node::new(kind, Some((start, self.previous_end().max(start))));
        self.checked(node)
    }

    /// A node over the whole text but for what surrounds it.
    pub fn whole_node(&self, kind: impl Into<NodeKind>) -> Parsed<Node> {
        let span = (self.token_at(0).start, self.source.len() as u32);
        self.checked(Node::new(kind, Some(span)))
    }

    /// A node that no text stands for.
    pub fn unplaced(&self, kind: impl Into<NodeKind>) -> Parsed<Node> {
        self.checked(Node::new(kind, None))
    }

    /// A node that had other parts before.
    pub fn replaced(&self, kind: NodeKind, span: Option<(u32, u32)>) -> Parsed<Node> {
        self.checked(Node::new(kind, span))
    }

    fn checked(&self, node: Node) -> Parsed<Node> {
        if node.height() > HEIGHT_MAX { Err(self.too_deep()) } else { Ok(node) }
    }

    /// Runs a rule one level deeper.
    pub fn nested<T>(&mut self, rule: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.nesting >= NESTING_MAX {
            return Err(self.too_deep());
        }
        self.nesting += 1;
        let result = rule(self);
        self.nesting -= 1;
        result
    }

    // Failing

    /// Something else should stand here.
    pub fn expected(&self, what: &str) -> Fault {
        let token = self.token();
        let message = match token.kind {
            Kind::End => format!("Expected {what}, but the text ends here"),
            _ => format!("Expected {what}, found `{}`", shortened(self.raw(token))),
        };
        Fault::new(FailureKind::Syntax, message, token.start, token.end)
    }

    /// What was read since `start` is wrong.
    pub fn wrong(&self, message: impl Into<Cow<'static, str>>, start: u32) -> Fault {
        Fault::new(FailureKind::Syntax, message, start, self.previous_end().max(start))
    }

    /// What was read since `start`, and the token here, is SQL that the language leaves out.
    pub fn unsupported(&self, message: impl Into<Cow<'static, str>>, start: u32) -> Fault {
        Fault::new(FailureKind::NotImplemented, message, start, self.token().end)
    }

    fn too_deep(&self) -> Fault {
        let token = self.token();
        Fault::new(FailureKind::Syntax, "The text is nested too deeply", token.start, token.end)
    }

    /// Refuses names that would hide what is never to be hidden.
    pub fn check_alias(&self, name: &str, start: u32) -> Parsed<()> {
        const RESERVED: [&str; 4] = ["team_id", "true", "false", "null"];
        if RESERVED.iter().any(|reserved| name.eq_ignore_ascii_case(reserved)) {
            let message = format!("Alias '{name}' is a reserved keyword.");
            return Err(self.wrong(message, start));
        }
        Ok(())
    }
}

/// At most so many characters of a token are shown.
const SHOWN_MAX: usize = 40;

fn shortened(raw: &str) -> Cow<'_, str> {
    match raw.char_indices().nth(SHOWN_MAX) {
        Some((end, _)) => format!("{}…", &raw[..end]).into(),
        None => raw.into(),
    }
}
