//! The clauses of a `select`, in their order.

use crate::expression::Power;
use crate::failure::FailureKind;
use crate::keyword::Keyword;
use crate::parser::{Fault, Parsed, Parser};
use crate::query::Limit;
use crate::token::Kind;
use crate::tree::{
    GroupingSet, InterpolateExpr, Kind as NodeKind, LimitByExpr, Named, Node, OrderExpr, SelectQuery,
    WithFillExpr,
};

impl Parser<'_> {
    pub fn clauses(&mut self, select: &mut SelectQuery, start: u32) -> Parsed<()> {
        if self.take_keyword(Keyword::From) {
            select.select_from = Some(self.tables()?);
        }
        self.array_join(select, start)?;
        if self.take_keyword(Keyword::Prewhere) {
            select.prewhere = Some(self.any_expression()?);
        }
        if self.take_keyword(Keyword::Where) {
            select.r#where = Some(self.any_expression()?);
        }
        if self.is_keyword(Keyword::Sample)
            || (self.is_keyword(Keyword::Using) && self.is_keyword_ahead(1, Keyword::Sample))
        {
            return Err(self.unsupported("SAMPLE is supported behind a table only", self.start()));
        }
        self.group_by(select)?;
        if self.take_keyword(Keyword::Having) {
            select.having = Some(self.any_expression()?);
        }
        if self.take_keyword(Keyword::Qualify) {
            select.qualify = Some(self.any_expression()?);
        }
        if self.is_keyword(Keyword::Window) && self.ahead(1).is_name() {
            self.advance();
            select.window_exprs = Some(self.windows()?);
        }
        if self.take_keywords(Keyword::Order, Keyword::By) {
            select.order_by = Some(self.order_items()?);
            if self.take_keyword(Keyword::Interpolate) {
                select.interpolate = Some(self.interpolations()?);
            }
        }
        self.limits(select)?;
        if self.is_keyword(Keyword::Settings) {
            return Err(self.unsupported("SETTINGS are not supported", self.start()));
        }
        Ok(())
    }

    /// Whether so many tokens further on a list cannot go on: the comma before was its last.
    pub fn ends_list(&self, tokens: usize) -> bool {
        let next = self.ahead(tokens + 1);
        match self.ahead(tokens) {
            Kind::End | Kind::RightParenthesis | Kind::RightBracket | Kind::RightBrace | Kind::Semicolon => {
                true
            }
            Kind::Keyword(keyword) => match keyword {
                Keyword::From => {
                    next.is_name() || matches!(next, Kind::LeftParenthesis | Kind::LeftBrace | Kind::TagStart)
                }
                Keyword::Where
                | Keyword::Prewhere
                | Keyword::Having
                | Keyword::Qualify
                | Keyword::Limit
                | Keyword::Offset => next.starts_expression() && next != Kind::LeftParenthesis,
                Keyword::Group | Keyword::Order => next == Kind::Keyword(Keyword::By),
                Keyword::Union | Keyword::Intersect | Keyword::Except => true,
                _ => false,
            },
            _ => false,
        }
    }

    pub fn at_order_by(&self) -> bool {
        self.is_keyword(Keyword::Order) && self.is_keyword_ahead(1, Keyword::By)
    }

    fn array_join(&mut self, select: &mut SelectQuery, start: u32) -> Parsed<()> {
        let side = match self.kind() {
            Kind::Keyword(Keyword::Left) => "LEFT ARRAY JOIN",
            Kind::Keyword(Keyword::Inner) => "INNER ARRAY JOIN",
            _ => "ARRAY JOIN",
        };
        if side != "ARRAY JOIN" && self.is_keyword_ahead(1, Keyword::Array) {
            self.advance();
        }
        if !self.take_keywords(Keyword::Array, Keyword::Join) {
            return Ok(());
        }
        if select.select_from.is_none() {
            return Err(self.wrong("Using ARRAY JOIN without a FROM clause is not permitted", start));
        }
        let arrays = self.open_expressions()?;
        if let Some(bare) = arrays.iter().find(|array| !matches!(array.kind, NodeKind::Alias(_))) {
            let (start, end) = bare.span.unwrap_or((start, start));
            let kind = FailureKind::Syntax;
            return Err(Fault::new(kind, "ARRAY JOIN arrays must have an alias", start, end));
        }
        select.array_join_op = Some(side);
        select.array_join_list = Some(arrays);
        Ok(())
    }

    fn group_by(&mut self, select: &mut SelectQuery) -> Parsed<()> {
        if self.take_keywords(Keyword::Group, Keyword::By) {
            let next = self.ahead(1);
            match self.kind() {
                Kind::Keyword(Keyword::All)
                    if match next {
                        Kind::End | Kind::RightParenthesis | Kind::RightBrace | Kind::Semicolon => true,
                        Kind::Keyword(next) => !next.is_infix(),
                        _ => false,
                    } =>
                {
                    self.advance();
                    select.group_by_mode = Some("all");
                }
                Kind::Keyword(keyword @ (Keyword::Cube | Keyword::Rollup))
                    if next == Kind::LeftParenthesis =>
                {
                    self.advance();
                    self.advance();
                    select.group_by = Some(self.expressions(Kind::RightParenthesis)?);
                    self.expect(Kind::RightParenthesis, "`)`")?;
                    select.group_by_mode = Some(if keyword == Keyword::Cube { "cube" } else { "rollup" });
                }
                Kind::Keyword(Keyword::Grouping) if next == Kind::Keyword(Keyword::Sets) => {
                    self.advance();
                    self.advance();
                    select.group_by = Some(self.grouping_sets()?);
                    select.group_by_mode = Some("grouping_sets");
                }
                _ => select.group_by = Some(self.open_expressions()?),
            }
        }
        if self.take_keywords(Keyword::With, Keyword::Cube) {
            select.group_by_mode = Some("cube");
        } else if self.take_keywords(Keyword::With, Keyword::Rollup) {
            select.group_by_mode = Some("rollup");
        }
        select.with_totals = self.take_keywords(Keyword::With, Keyword::Totals);
        Ok(())
    }

    fn grouping_sets(&mut self) -> Parsed<Vec<Node>> {
        self.expect(Kind::LeftParenthesis, "`(`")?;
        let mut sets = Vec::new();
        loop {
            let start = self.start();
            self.expect(Kind::LeftParenthesis, "`(`")?;
            let exprs = self.expressions(Kind::RightParenthesis)?;
            self.expect(Kind::RightParenthesis, "`)`")?;
            sets.push(self.node(GroupingSet { exprs }, start)?);
            if !self.take(Kind::Comma) {
                break;
            }
        }
        self.expect(Kind::RightParenthesis, "`)`")?;
        Ok(sets)
    }

    fn windows(&mut self) -> Parsed<Named> {
        let mut windows = Vec::new();
        loop {
            let name = self.name()?;
            self.expect_keyword(Keyword::As, "`AS`")?;
            windows.push((name, self.window_in_parentheses()?));
            if !self.take(Kind::Comma) {
                return Ok(Named(windows));
            }
        }
    }

    // ORDER BY

    pub fn order_items(&mut self) -> Parsed<Vec<Node>> {
        let mut items = vec![self.order_item()?];
        while self.take(Kind::Comma) {
            items.push(self.order_item()?);
        }
        Ok(items)
    }

    pub fn order_item(&mut self) -> Parsed<Node> {
        let start = self.start();
        let expr = self.any_expression()?;
        let order = match self.kind() {
            Kind::Keyword(Keyword::Descending) => "DESC",
            _ => "ASC",
        };
        if matches!(self.kind(), Kind::Keyword(Keyword::Ascending | Keyword::Descending)) {
            self.advance();
        }
        let nulls = if self.take_keyword(Keyword::Nulls) {
            Some(match self.advance().kind {
                Kind::Keyword(Keyword::First) => "FIRST",
                Kind::Keyword(Keyword::Last) => "LAST",
                _ => return Err(self.wrong("Expected `FIRST` or `LAST`", start)),
            })
        } else {
            None
        };
        if self.take_keyword(Keyword::Collate) {
            self.expect(Kind::Text, "the name of a collation")?;
        }
        let with_fill = if self.is_keyword(Keyword::With) && self.is_keyword_ahead(1, Keyword::Fill) {
            Some(self.with_fill()?)
        } else {
            None
        };
        self.node(OrderExpr { expr, order, nulls, with_fill }, start)
    }

    fn with_fill(&mut self) -> Parsed<Node> {
        let start = self.start();
        self.advance();
        self.advance();
        let mut bound = |keyword| {
            if self.take_keyword(keyword) { self.any_expression().map(Some) } else { Ok(None) }
        };
        let from_value = bound(Keyword::From)?;
        let to_value = bound(Keyword::To)?;
        let step_value = bound(Keyword::Step)?;
        self.node(WithFillExpr { from_value, to_value, step_value }, start)
    }

    fn interpolations(&mut self) -> Parsed<Vec<Node>> {
        let mut interpolations = Vec::new();
        if !self.take(Kind::LeftParenthesis) {
            return Ok(interpolations);
        }
        while self.kind() != Kind::RightParenthesis {
            let start = self.start();
            let expr = self.any_expression()?;
            interpolations.push(self.node(InterpolateExpr { expr, value: None }, start)?);
            if !self.take(Kind::Comma) {
                break;
            }
        }
        self.expect(Kind::RightParenthesis, "`)`")?;
        Ok(interpolations)
    }

    // LIMIT

    /// Whether a `%` here is the one of `LIMIT 10 %`.
    pub fn ends_limit(&self) -> bool {
        match self.ahead(1) {
            Kind::End | Kind::RightParenthesis | Kind::Semicolon | Kind::Comma => true,
            Kind::Keyword(
                Keyword::Offset | Keyword::With | Keyword::Union | Keyword::Intersect | Keyword::Except,
            ) => self.ahead(2) != Kind::Dot && self.ahead(2) != Kind::LeftParenthesis,
            _ => false,
        }
    }

    fn limits(&mut self, select: &mut SelectQuery) -> Parsed<()> {
        let start = self.start();
        if !matches!(self.kind(), Kind::Keyword(Keyword::Limit | Keyword::Offset)) {
            return Ok(());
        }
        let mut limit = self.limit_or_limit_by(select, start)?;
        if select.limit_by.is_some() && matches!(self.kind(), Kind::Keyword(Keyword::Limit | Keyword::Offset))
        {
            limit = self.limit()?;
        }
        select.limit = limit.rows;
        select.limit_percent = limit.percent;
        select.limit_with_ties = limit.with_ties;
        select.offset = limit.offset;
        Ok(())
    }

    fn limit_or_limit_by(&mut self, select: &mut SelectQuery, start: u32) -> Parsed<Limit> {
        let mut limit = self.limit()?;
        if !(self.is_keyword(Keyword::By) && limit.rows.is_some()) {
            return Ok(limit);
        }
        if limit.percent || limit.with_ties {
            return Err(self.expected("the end of the query"));
        }
        self.advance();
        let exprs = self.open_expressions()?;
        let (n, offset_value) = if limit.by_comma {
            (limit.offset.take(), limit.rows.take())
        } else {
            (limit.rows.take(), limit.offset.take())
        };
        if let Some(n) = n {
            select.limit_by = Some(self.node(LimitByExpr { n, exprs, offset_value }, start)?);
        }
        Ok(Limit::default())
    }

    /// `LIMIT 10`, `LIMIT 10, 5`, `LIMIT 10 WITH TIES OFFSET 5`, `OFFSET 5`
    pub fn limit(&mut self) -> Parsed<Limit> {
        let mut limit = Limit::default();
        if self.take_keyword(Keyword::Limit) {
            limit.rows = Some(self.any_expression()?);
            limit.percent = self.take(Kind::Percent);
            if self.take(Kind::Comma) {
                limit.offset = Some(self.any_expression()?);
                limit.by_comma = true;
            }
            limit.with_ties = self.take_keywords(Keyword::With, Keyword::Ties);
        }
        if limit.offset.is_none() && self.take_keyword(Keyword::Offset) {
            limit.offset = Some(self.expression(Power::Any)?);
            // The standard's order of words.
            limit.with_ties |= limit.rows.is_some() && self.take_keywords(Keyword::With, Keyword::Ties);
        }
        Ok(limit)
    }
}
