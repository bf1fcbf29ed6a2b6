//! What an expression begins with: a value, a name, a bracket, or a word with a form of its own.

use crate::expression::Power;
use crate::keyword::Keyword;
use crate::parser::{Parsed, Parser};
use crate::token::Kind;
use crate::tree::{
    Array, ColumnsExpr, Constant, Dict, Field, Kind as NodeKind, Lambda, Named, NamedArgument, Node, Not,
    Placeholder, PositionalRef, SpreadExpr, Text, TryCast, Tuple, TypeCast, Value,
};

impl Parser<'_> {
    pub fn prefix(&mut self) -> Parsed<Node> {
        let start = self.start();
        match self.kind() {
            Kind::Name | Kind::QuotedName => self.named(),
            Kind::Keyword(keyword) => self.word(keyword),
            Kind::Digits | Kind::Float | Kind::Hexadecimal | Kind::Binary | Kind::Dot | Kind::Plus => {
                self.number()
            }
            Kind::Dash if self.number_follows(1) => self.number(),
            Kind::Dash => self.negative(),
            Kind::Text => {
                let token = self.advance();
                let value = Value::Text(self.unquoted(token));
                self.node(Constant { value }, start)
            }
            Kind::TemplateStart => self.template(),
            Kind::TagStart => self.tag(),
            Kind::LeftParenthesis => self.parenthesised(),
            Kind::LeftBracket => self.array(start),
            Kind::LeftBrace => self.braced(),
            Kind::Asterisk => self.star(None, start, false),
            Kind::Hash => {
                self.advance();
                let token = self.expect(Kind::Digits, "the number of a column")?;
                match self.raw(token).parse() {
                    Ok(index) => self.node(PositionalRef { index }, start),
                    Err(_) => Err(self.wrong("There is no such column", start)),
                }
            }
            _ => Err(self.expected("an expression")),
        }
    }

    /// A keyword with a form of its own, where it has that form, and else a name.
    fn word(&mut self, keyword: Keyword) -> Parsed<Node> {
        let start = self.start();
        let next = self.ahead(1);
        let behind = self.ahead(2);
        match keyword {
            Keyword::Null | Keyword::Inf | Keyword::Nan => self.number(),
            // `not(a)` is a call; `not in(a, b)` and `not (select a)` negate.
            Keyword::Not
                if match next {
                    Kind::LeftParenthesis => self.starts_query(2),
                    next => self.value_follows(1) || next.is_name() && behind == Kind::LeftParenthesis,
                } =>
            {
                self.advance();
                let expr = self.expression(Power::Not)?;
                self.node(Not { expr }, start)
            }
            Keyword::Case if self.value_follows(1) => self.case(),
            Keyword::Cast | Keyword::TryCast if next == Kind::LeftParenthesis => self.cast(keyword),
            Keyword::Interval if self.interval_follows() => self.interval(),
            Keyword::Date | Keyword::Timestamp if next == Kind::Text => {
                self.advance();
                Err(self
                    .unsupported("Literals of dates and times are not supported; use toDateTime('…')", start))
            }
            Keyword::Trim
                if next == Kind::LeftParenthesis
                    && matches!(
                        behind,
                        Kind::Keyword(Keyword::Both | Keyword::Leading | Keyword::Trailing)
                    )
                    && matches!(self.ahead(3), Kind::Text | Kind::TemplateStart) =>
            {
                self.trim()
            }
            Keyword::Columns if next == Kind::LeftParenthesis => self.columns(),
            Keyword::Array if next == Kind::LeftBracket => {
                self.advance();
                self.array(start)
            }
            Keyword::Lambda if next.is_name() && self.token_at(self.behind_names(1)).kind == Kind::Colon => {
                self.advance();
                let args = self.names()?;
                self.expect(Kind::Colon, "`:`")?;
                let expr = self.lambda_value()?;
                self.node(Lambda { args, expr }, start)
            }
            keyword if keyword.may_be_name() => self.named(),
            _ => Err(self.expected("an expression")),
        }
    }

    /// What begins with a name: a lambda, a named argument, a call, or a column.
    fn named(&mut self) -> Parsed<Node> {
        let start = self.start();
        let behind_names = self.behind_names(0);
        if self.token_at(behind_names).kind == Kind::Arrow {
            let args = self.names()?;
            return self.lambda_body(args, start);
        }
        match self.ahead(1) {
            Kind::Assign => {
                let name = self.name()?;
                self.advance();
                let value = self.any_expression()?;
                self.node(NamedArgument { name, value }, start)
            }
            Kind::LeftParenthesis => self.call(),
            _ => self.column(),
        }
    }

    fn column(&mut self) -> Parsed<Node> {
        let start = self.start();
        let first = self.advance();
        if first.kind == Kind::Name && self.kind() != Kind::Dot {
            let raw = self.raw(first);
            let truth = raw.eq_ignore_ascii_case("true");
            if truth || raw.eq_ignore_ascii_case("false") {
                return self.node(Constant { value: Value::Bool(truth) }, start);
            }
        }
        let mut chain = vec![self.name_of(first)];
        while self.kind() == Kind::Dot {
            match self.ahead(1) {
                Kind::Asterisk => {
                    self.advance();
                    return self.star(Some(chain), start, false);
                }
                next if next.is_name() => {
                    self.advance();
                    let token = self.advance();
                    chain.push(self.name_of(token));
                }
                _ => break,
            }
        }
        self.node(Field { chain }, start)
    }

    /// `*`, perhaps with columns left out or replaced.
    pub fn star(&mut self, table: Option<Vec<Text>>, start: u32, may_replace: bool) -> Parsed<Node> {
        self.advance();
        let excludes = self.is_keyword(Keyword::Exclude) && self.ahead(1) == Kind::LeftParenthesis;
        let exclude = if excludes {
            self.advance();
            Some(self.dotted_names_in_parentheses()?)
        } else {
            None
        };
        let replaces =
            may_replace && self.is_keyword(Keyword::Replace) && self.ahead(1) == Kind::LeftParenthesis;
        let replace = if replaces { Some(self.replacements()?) } else { None };
        if exclude.is_none() && replace.is_none() {
            let mut chain = table.unwrap_or_default();
            chain.push("*".into());
            let spreads = chain.len() == 1
                && self.is_keyword(Keyword::Columns)
                && self.ahead(1) == Kind::LeftParenthesis;
            if spreads {
                let expr = self.columns()?;
                return self.node(SpreadExpr { expr }, start);
            }
            return self.node(Field { chain }, start);
        }
        self.node(ColumnsExpr { regex: None, columns: None, all_columns: true, exclude, replace }, start)
    }

    fn dotted_names_in_parentheses(&mut self) -> Parsed<Vec<Text>> {
        self.expect(Kind::LeftParenthesis, "`(`")?;
        let mut names = Vec::new();
        while self.kind() != Kind::RightParenthesis || names.is_empty() {
            let mut name = String::from(self.name()?);
            while self.take(Kind::Dot) {
                name.push('.');
                name.push_str(&self.name()?);
            }
            names.push(name.into());
            if !self.take(Kind::Comma) {
                break;
            }
        }
        self.expect(Kind::RightParenthesis, "`)`")?;
        Ok(names)
    }

    fn replacements(&mut self) -> Parsed<Named> {
        self.advance();
        self.expect(Kind::LeftParenthesis, "`(`")?;
        let mut replacements = Vec::new();
        loop {
            let expr = self.expression_before_as()?;
            self.expect_keyword(Keyword::As, "`AS`")?;
            replacements.push((self.name()?, expr));
            if !self.take(Kind::Comma) {
                break;
            }
        }
        self.expect(Kind::RightParenthesis, "`)`")?;
        Ok(Named(replacements))
    }

    /// `COLUMNS(…)`.
    fn columns(&mut self) -> Parsed<Node> {
        let start = self.start();
        self.advance();
        if self.ahead(1) == Kind::Text && self.ahead(2) == Kind::RightParenthesis {
            self.advance();
            let token = self.advance();
            self.advance();
            let regex = Some(self.unquoted(token));
            let all = ColumnsExpr { regex, columns: None, all_columns: false, exclude: None, replace: None };
            return self.node(all, start);
        }
        self.advance();
        let item_start = self.start();
        let star = if self.kind() == Kind::Asterisk {
            Some(self.star(None, item_start, true)?)
        } else if self.kind().is_name() && self.ahead(1) == Kind::Dot && self.ahead(2) == Kind::Asterisk {
            let table = self.name()?;
            self.advance();
            Some(self.star(Some(vec![table]), item_start, true)?)
        } else {
            None
        };
        let first = match star {
            Some(star) => {
                let replaces =
                    matches!(&star.kind, NodeKind::ColumnsExpr(columns) if columns.replace.is_some());
                if replaces {
                    self.expect(Kind::RightParenthesis, "`)`")?;
                    return self.node(star.kind, start);
                }
                star
            }
            None if self.kind() == Kind::RightParenthesis => return Err(self.expected("a column")),
            None => self.any_expression()?,
        };
        let mut columns = vec![first];
        if self.take(Kind::Comma) {
            columns.extend(self.expressions(Kind::RightParenthesis)?);
        }
        self.expect(Kind::RightParenthesis, "`)`")?;
        let columns = Some(columns);
        self.node(
            ColumnsExpr { regex: None, columns, all_columns: false, exclude: None, replace: None },
            start,
        )
    }

    fn array(&mut self, start: u32) -> Parsed<Node> {
        self.advance();
        let exprs = self.expressions(Kind::RightBracket)?;
        self.expect(Kind::RightBracket, "`]`")?;
        self.node(Array { exprs }, start)
    }

    /// A lambda, a query, a tuple, or an expression in parentheses, which leave no trace in the tree.
    fn parenthesised(&mut self) -> Parsed<Node> {
        let start = self.start();
        if self.token_at(self.closing(0) + 1).kind == Kind::Arrow {
            self.advance();
            let args = if self.kind() == Kind::RightParenthesis { Vec::new() } else { self.names()? };
            self.expect(Kind::RightParenthesis, "`)`")?;
            return self.lambda_body(args, start);
        }
        self.advance();
        if self.kind() == Kind::RightParenthesis {
            return Err(self.expected("an expression"));
        }
        let inner_start = self.start();
        let first = if self.starts_query(0) {
            self.query()?
        } else if self.kind() == Kind::Asterisk {
            let star = self.star(None, inner_start, true)?;
            if matches!(&star.kind, NodeKind::ColumnsExpr(columns) if columns.replace.is_some()) {
                self.expect(Kind::RightParenthesis, "`)`")?;
                return self.node(star.kind, start);
            }
            self.infix_from(star, inner_start)?
        } else {
            self.any_expression()?
        };
        let first = self.more_of_query(first, inner_start)?;
        if self.take(Kind::RightParenthesis) {
            return Ok(first);
        }
        self.expect(Kind::Comma, "`)`")?;
        let mut exprs = vec![first];
        exprs.extend(self.expressions(Kind::RightParenthesis)?);
        self.expect(Kind::RightParenthesis, "`)`")?;
        self.node(Tuple { exprs }, start)
    }

    fn lambda_body(&mut self, args: Vec<Text>, start: u32) -> Parsed<Node> {
        self.expect(Kind::Arrow, "`->`")?;
        let expr = if self.kind() == Kind::LeftBrace && self.begins_block() {
            self.nested(Self::block)?
        } else {
            self.lambda_value()?
        };
        self.node(Lambda { args, expr }, start)
    }

    /// The value of a lambda reaches as far as it can.
    fn lambda_value(&mut self) -> Parsed<Node> {
        if self.is_before_as() { self.expression(Power::Ternary) } else { self.any_expression() }
    }

    /// A dictionary or a placeholder.
    fn braced(&mut self) -> Parsed<Node> {
        let start = self.start();
        self.advance();
        if self.take(Kind::RightBrace) {
            return self.node(Dict { items: Vec::new() }, start);
        }
        let first = self.any_expression()?;
        if self.take(Kind::RightBrace) {
            return self.node(Placeholder { expr: first }, start);
        }
        self.expect(Kind::Colon, "`}`")?;
        let mut items = vec![(first, self.any_expression()?)];
        while self.take(Kind::Comma) && self.kind() != Kind::RightBrace {
            let key = self.any_expression()?;
            self.expect(Kind::Colon, "`:`")?;
            items.push((key, self.any_expression()?));
        }
        self.expect(Kind::RightBrace, "`}`")?;
        self.node(Dict { items }, start)
    }

    fn case(&mut self) -> Parsed<Node> {
        let start = self.start();
        self.advance();
        let mut args = Vec::new();
        let with_value = !self.is_keyword(Keyword::When);
        if with_value {
            args.push(self.any_expression()?);
        }
        let mut branches = 0;
        while self.take_keyword(Keyword::When) {
            args.push(self.any_expression()?);
            self.expect_keyword(Keyword::Then, "`THEN`")?;
            args.push(self.any_expression()?);
            branches += 1;
        }
        if branches == 0 {
            return Err(self.expected("`WHEN`"));
        }
        if self.take_keyword(Keyword::Else) {
            args.push(self.any_expression()?);
        } else {
            args.push(self.unplaced(Constant { value: Value::Null })?);
        }
        self.expect_keyword(Keyword::End, "`END`")?;
        let name = match (with_value, branches) {
            (true, _) => "_caseWithExpression",
            (false, 1) => "if",
            (false, _) => "multiIf",
        };
        self.call_node(name, args, start)
    }

    /// `CAST(a AS b)`; with other arguments it is a call like any other.
    fn cast(&mut self, keyword: Keyword) -> Parsed<Node> {
        let start = self.start();
        let name = self.advance();
        self.advance();
        if self.kind() == Kind::RightParenthesis {
            return self.call_from(name, Vec::new());
        }
        let inner_start = self.start();
        let mut expr = self.expression_before_as()?;
        // An alias, if another `AS` or argument follows it.
        while self.is_keyword(Keyword::As)
            && matches!(self.ahead(2), Kind::Comma | Kind::Keyword(Keyword::As))
        {
            expr = self.alias(expr, inner_start)?;
        }
        if !self.take_keyword(Keyword::As) {
            return self.call_from(name, vec![expr]);
        }
        let type_name = self.type_name()?;
        self.expect(Kind::RightParenthesis, "`)`")?;
        if keyword == Keyword::Cast {
            self.node(TypeCast { expr, type_name }, start)
        } else {
            self.node(TryCast { expr, type_name }, start)
        }
    }

    fn trim(&mut self) -> Parsed<Node> {
        let start = self.start();
        self.advance();
        self.advance();
        let side = self.advance();
        let characters = self.string()?;
        self.expect_keyword(Keyword::From, "`FROM`")?;
        let value = self.any_expression()?;
        self.expect(Kind::RightParenthesis, "`)`")?;
        let name = match side.kind {
            Kind::Keyword(Keyword::Leading) => "trimLeft",
            Kind::Keyword(Keyword::Trailing) => "trimRight",
            _ => "trim",
        };
        self.call_node(name, vec![value, characters], start)
    }
}
