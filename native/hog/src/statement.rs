//! Statements of Hog. Semicolons are optional, and nothing stands for an empty statement.

use crate::keyword::Keyword;
use crate::parser::{Parsed, Parser};
use crate::token::Kind;
use crate::tree::{
    Block, Catch, ExprStatement, Field, ForInStatement, ForStatement, Function, IfStatement, Node, Program,
    ReturnStatement, ThrowStatement, TryCatchStatement, VariableAssignment, VariableDeclaration,
    WhileStatement,
};

impl Parser<'_> {
    /// Statements to the end of the text.
    pub fn program(&mut self) -> Parsed<Node> {
        let declarations = self.statements(Kind::End)?;
        self.expect(Kind::End, "a statement")?;
        self.whole_node(Program { declarations })
    }

    pub fn block(&mut self) -> Parsed<Node> {
        let start = self.start();
        self.expect(Kind::LeftBrace, "`{`")?;
        let declarations = self.statements(Kind::RightBrace)?;
        self.expect(Kind::RightBrace, "`}`")?;
        self.node(Block { declarations }, start)
    }

    fn statements(&mut self, end: Kind) -> Parsed<Vec<Node>> {
        let mut statements = Vec::new();
        while self.kind() != end {
            if self.take(Kind::Semicolon) {
                continue;
            }
            statements.push(self.statement()?);
        }
        Ok(statements)
    }

    fn statement(&mut self) -> Parsed<Node> {
        self.nested(|parser| match parser.kind() {
            Kind::Keyword(Keyword::Let) => parser.declaration(),
            Kind::Keyword(Keyword::Return) => parser.returns(),
            Kind::Keyword(Keyword::Throw) => parser.throws(),
            Kind::Keyword(Keyword::Try) => parser.tries(),
            Kind::Keyword(Keyword::While) => parser.whiles(),
            Kind::Keyword(Keyword::Fun) => parser.function(),
            Kind::Keyword(Keyword::If) if parser.at_if_statement() => parser.ifs(),
            Kind::Keyword(Keyword::For) if parser.at_for_statement() => parser.fors(),
            Kind::LeftBrace if !parser.holds_pairs() => parser.block(),
            _ => parser.expression_or_assignment(true),
        })
    }

    /// A statement that is the body of another. It may be empty.
    fn body(&mut self) -> Parsed<Node> {
        let start = self.start();
        if self.take(Kind::Semicolon) {
            return self.node(Block { declarations: Vec::new() }, start);
        }
        self.statement()
    }

    fn declaration(&mut self) -> Parsed<Node> {
        let start = self.start();
        self.advance();
        let name = self.name()?;
        let expr = if self.take(Kind::Assign) { Some(self.any_expression()?) } else { None };
        self.node(VariableDeclaration { name, expr }, start)
    }

    fn returns(&mut self) -> Parsed<Node> {
        let start = self.start();
        self.advance();
        let expr = if self.value_follows(0) { Some(self.any_expression()?) } else { None };
        self.take(Kind::Semicolon);
        self.node(ReturnStatement { expr }, start)
    }

    fn throws(&mut self) -> Parsed<Node> {
        let start = self.start();
        self.advance();
        let expr = self.any_expression()?;
        self.take(Kind::Semicolon);
        self.node(ThrowStatement { expr }, start)
    }

    fn tries(&mut self) -> Parsed<Node> {
        let start = self.start();
        self.advance();
        let try_stmt = self.block()?;
        let mut catches = Vec::new();
        while self.is_keyword(Keyword::Catch) {
            catches.push(self.catch()?);
        }
        let finally_stmt = if self.take_keyword(Keyword::Finally) { Some(self.block()?) } else { None };
        self.node(TryCatchStatement { try_stmt, catches, finally_stmt }, start)
    }

    fn catch(&mut self) -> Parsed<Node> {
        let start = self.start();
        self.advance();
        let (mut variable, mut error_type) = (None, None);
        if self.take(Kind::LeftParenthesis) {
            variable = Some(self.name()?);
            if self.take(Kind::Colon) {
                error_type = Some(self.name()?);
            }
            self.expect(Kind::RightParenthesis, "`)`")?;
        }
        let body = self.block()?;
        self.node(Catch { variable, error_type, body }, start)
    }

    fn ifs(&mut self) -> Parsed<Node> {
        let start = self.start();
        self.advance();
        let expr = self.condition()?;
        let then = self.body()?;
        let else_ = if self.take_keyword(Keyword::Else) { Some(self.body()?) } else { None };
        self.node(IfStatement { expr, then, else_ }, start)
    }

    fn whiles(&mut self) -> Parsed<Node> {
        let start = self.start();
        self.advance();
        let expr = self.condition()?;
        let body = self.body()?;
        self.take(Kind::Semicolon);
        self.node(WhileStatement { expr, body }, start)
    }

    fn condition(&mut self) -> Parsed<Node> {
        self.expect(Kind::LeftParenthesis, "`(`")?;
        let condition = self.any_expression()?;
        self.expect(Kind::RightParenthesis, "`)`")?;
        Ok(condition)
    }

    fn fors(&mut self) -> Parsed<Node> {
        let start = self.start();
        self.advance();
        self.advance();
        if self.is_keyword(Keyword::Let)
            && (self.is_keyword_ahead(2, Keyword::In) || self.ahead(2) == Kind::Comma)
        {
            return self.for_in(start);
        }
        let initializer = self.part_of_for(Kind::Semicolon)?;
        self.expect(Kind::Semicolon, "`;`")?;
        let condition = match self.kind() {
            Kind::Semicolon => None,
            _ => Some(self.any_expression()?),
        };
        self.expect(Kind::Semicolon, "`;`")?;
        let increment = self.part_of_for(Kind::RightParenthesis)?;
        self.expect(Kind::RightParenthesis, "`)`")?;
        let body = self.body()?;
        self.take(Kind::Semicolon);
        self.node(ForStatement { initializer, condition, increment, body }, start)
    }

    fn for_in(&mut self, start: u32) -> Parsed<Node> {
        self.advance();
        let first = self.name()?;
        let (key_variable, value_variable) =
            if self.take(Kind::Comma) { (Some(first), self.name()?) } else { (None, first) };
        self.expect_keyword(Keyword::In, "`in`")?;
        let expr = self.any_expression()?;
        self.expect(Kind::RightParenthesis, "`)`")?;
        let body = self.body()?;
        self.take(Kind::Semicolon);
        self.node(ForInStatement { key_variable, value_variable, expr, body }, start)
    }

    fn part_of_for(&mut self, end: Kind) -> Parsed<Option<Node>> {
        Ok(match self.kind() {
            kind if kind == end => None,
            Kind::Keyword(Keyword::Let) => Some(self.declaration()?),
            _ => Some(self.expression_or_assignment(false)?),
        })
    }

    fn function(&mut self) -> Parsed<Node> {
        let start = self.start();
        self.advance();
        let name = self.name()?;
        self.expect(Kind::LeftParenthesis, "`(`")?;
        let params = if self.kind() == Kind::RightParenthesis { Vec::new() } else { self.names()? };
        self.expect(Kind::RightParenthesis, "`)`")?;
        let body = self.block()?;
        self.node(Function { name, params, body }, start)
    }

    /// As a statement an expression may end with a semicolon.
    fn expression_or_assignment(&mut self, as_statement: bool) -> Parsed<Node> {
        let start = self.start();
        // In an expression this would be a named argument.
        let left = if self.kind().is_name() && self.ahead(1) == Kind::Assign {
            let chain = vec![self.name()?];
            self.node(Field { chain }, start)?
        } else {
            self.any_expression()?
        };
        if self.take(Kind::Assign) {
            let right = self.any_expression()?;
            if as_statement {
                self.take(Kind::Semicolon);
            }
            return self.node(VariableAssignment { left, right }, start);
        }
        if !as_statement {
            return Ok(left);
        }
        self.take(Kind::Semicolon);
        self.node(ExprStatement { expr: left }, start)
    }

    // Looking ahead

    /// Whether `if (…)` is a statement and not a call.
    fn at_if_statement(&self) -> bool {
        if self.ahead(1) != Kind::LeftParenthesis {
            return false;
        }
        let behind = self.token_at(self.closing(1) + 1).kind;
        behind != Kind::End && behind != Kind::RightBrace && !self.holds(1, |kind| kind == Kind::Comma)
    }

    /// Whether `for (…)` is a statement and not a call.
    fn at_for_statement(&self) -> bool {
        self.ahead(1) == Kind::LeftParenthesis
            && (self.is_keyword_ahead(2, Keyword::Let) || self.holds(1, |kind| kind == Kind::Semicolon))
    }

    /// Whether the bracket so many tokens further on holds such a token, brackets within it left out.
    fn holds(&self, tokens: usize, is_sought: impl Fn(Kind) -> bool) -> bool {
        let mut found = false;
        self.each_within(tokens, |kind| {
            found |= is_sought(kind);
            found
        });
        found
    }

    /// Hands out the tokens of a bracket, but not those of brackets within it, until `stop` says so.
    fn each_within(&self, tokens: usize, mut stop: impl FnMut(Kind) -> bool) {
        let open = self.position() + tokens;
        let close = self.closing(tokens);
        let mut index = open + 1;
        while index < close {
            let kind = self.token_at(index).kind;
            if stop(kind) {
                return;
            }
            if matches!(kind, Kind::LeftParenthesis | Kind::LeftBracket | Kind::LeftBrace) {
                index = self.closing(index - self.position()).max(index);
            }
            index += 1;
        }
    }

    /// Whether the brace here is a dictionary's: a colon stands in it that belongs to no `? :`.
    fn holds_pairs(&self) -> bool {
        let mut questions = 0_u32;
        let mut pairs = false;
        self.each_within(0, |kind| {
            match kind {
                Kind::Question => questions += 1,
                Kind::Colon if questions == 0 => pairs = true,
                Kind::Colon => questions -= 1,
                _ => {}
            }
            pairs || kind == Kind::Semicolon
        });
        pairs
    }

    /// Whether the brace behind an arrow begins a block: statements stand in it, not one expression.
    pub fn begins_block(&self) -> bool {
        let mut before = Kind::LeftBrace;
        let mut is_block = false;
        self.each_within(0, |kind| {
            is_block = match kind {
                Kind::Semicolon
                | Kind::Assign
                | Kind::Keyword(
                    Keyword::Let | Keyword::Throw | Keyword::Try | Keyword::While | Keyword::Fun,
                ) => true,
                Kind::Keyword(Keyword::Return | Keyword::If | Keyword::For) => {
                    before == Kind::LeftBrace || before.ends_value()
                }
                // Two values in a row are two statements.
                Kind::Name | Kind::QuotedName => before.ends_value(),
                _ => false,
            };
            before = match kind {
                Kind::LeftParenthesis => Kind::RightParenthesis,
                Kind::LeftBracket => Kind::RightBracket,
                Kind::LeftBrace => Kind::RightBrace,
                kind => kind,
            };
            is_block
        });
        // `x -> {if(a, b, c)}` and `x -> {return}` are braces around a value.
        is_block
            && !(matches!(self.ahead(1), Kind::Keyword(Keyword::If | Keyword::For | Keyword::Return))
                && self.braces_hold_one_value())
    }

    fn braces_hold_one_value(&self) -> bool {
        let close = self.closing(0);
        let behind_word = self.position() + 2;
        match self.ahead(2) {
            Kind::LeftParenthesis if !self.is_keyword_ahead(1, Keyword::Return) => {
                self.closing(2) + 1 == close
            }
            _ => behind_word == close,
        }
    }
}
