//! Calls, and what may follow their arguments.

use crate::expression::Power;
use crate::keyword::Keyword;
use crate::parser::{Parsed, Parser};
use crate::token::{Kind, Token};
use crate::tree::{Call, Node, Text, WindowExpr, WindowFrameExpr, WindowFunction};

/// What stands between the parentheses of a call.
#[derive(Default)]
struct Arguments {
    args: Vec<Node>,
    distinct: bool,
    order_by: Option<Vec<Node>>,
}

impl Arguments {
    /// Whether only arguments stand there, so that they may turn out to be parameters.
    fn are_plain(&self) -> bool {
        !self.distinct && self.order_by.is_none()
    }
}

impl Parser<'_> {
    /// `name(…)`, `name(…)(…)`
    pub fn call(&mut self) -> Parsed<Node> {
        let name = self.advance();
        let first = self.arguments()?;
        self.finish_call(name, first)
    }

    /// A call whose first arguments are read already.
    pub fn call_from(&mut self, name: Token, mut args: Vec<Node>) -> Parsed<Node> {
        if let Some(first) = args.pop() {
            let first_start = first.span.map_or(name.end, |span| span.0);
            let first = self.infix_from(first, first_start)?;
            args.push(first);
            if self.take(Kind::Comma) {
                args.extend(self.expressions(Kind::RightParenthesis)?);
            }
        }
        self.expect(Kind::RightParenthesis, "`)`")?;
        self.finish_call(name, Arguments { args, ..Arguments::default() })
    }

    fn finish_call(&mut self, name: Token, first: Arguments) -> Parsed<Node> {
        let start = name.start;
        let name = self.name_of(name);
        let plain = first.are_plain();
        if plain && self.is_keyword(Keyword::Within) && self.is_keyword_ahead(1, Keyword::Group) {
            self.advance();
            self.advance();
            self.expect(Kind::LeftParenthesis, "`(`")?;
            self.expect_keyword(Keyword::Order, "`ORDER BY`")?;
            self.expect_keyword(Keyword::By, "`BY`")?;
            let within_group = Some(self.order_items()?);
            self.expect(Kind::RightParenthesis, "`)`")?;
            let params = Some(first.args);
            return self.node(
                Call {
                    name,
                    args: Vec::new(),
                    params,
                    distinct: false,
                    order_by: None,
                    filter_expr: None,
                    within_group,
                },
                start,
            );
        }
        let second = if plain && self.kind() == Kind::LeftParenthesis && !self.starts_query(1) {
            Some(self.arguments()?)
        } else {
            None
        };
        let filter_expr = self.filter()?;
        if self.is_keyword(Keyword::Over)
            && (self.ahead(1) == Kind::LeftParenthesis || self.ahead(1).is_name())
        {
            if !plain {
                return Err(self.expected("the end of the call"));
            }
            let args = second.map(|second| second.args).unwrap_or_default();
            return self.over(name, first.args, args, filter_expr, start);
        }
        let (arguments, params) = match second {
            Some(second) => (second, Some(first.args)),
            None => (first, None),
        };
        let Arguments { args, distinct, order_by } = arguments;
        self.node(Call { name, args, params, distinct, order_by, filter_expr, within_group: None }, start)
    }

    /// Arguments in parentheses: a list, or a query.
    fn arguments(&mut self) -> Parsed<Arguments> {
        self.expect(Kind::LeftParenthesis, "`(`")?;
        if self.starts_query(0) {
            let args = vec![self.query()?];
            self.expect(Kind::RightParenthesis, "`)`")?;
            return Ok(Arguments { args, ..Arguments::default() });
        }
        let distinct = self.is_keyword(Keyword::Distinct)
            && (self.value_follows(1) || self.ahead(1) == Kind::RightParenthesis);
        if distinct {
            self.advance();
        }
        let start = self.start();
        let mut args = Vec::new();
        while self.kind() != Kind::RightParenthesis && !self.at_order_by() {
            let arg = self.any_expression()?;
            let arg = if args.is_empty() { self.more_of_query(arg, start)? } else { arg };
            args.push(arg);
            if !self.take(Kind::Comma) {
                break;
            }
        }
        let order_by =
            if self.take_keywords(Keyword::Order, Keyword::By) { Some(self.order_items()?) } else { None };
        if self.is_keyword(Keyword::From) {
            return Err(self.unsupported("FROM within arguments is not supported", start));
        }
        self.expect(Kind::RightParenthesis, "`)`")?;
        Ok(Arguments { args, distinct, order_by })
    }

    /// Arguments of what is not a plain name.
    pub fn plain_arguments(&mut self) -> Parsed<Vec<Node>> {
        let arguments = self.arguments()?;
        if !arguments.are_plain() {
            return Err(self.expected("a function's name before such arguments"));
        }
        Ok(arguments.args)
    }

    fn filter(&mut self) -> Parsed<Option<Node>> {
        if !(self.is_keyword(Keyword::Filter) && self.ahead(1) == Kind::LeftParenthesis) {
            return Ok(None);
        }
        self.advance();
        self.advance();
        self.expect_keyword(Keyword::Where, "`WHERE`")?;
        let filter = self.any_expression()?;
        self.expect(Kind::RightParenthesis, "`)`")?;
        Ok(Some(filter))
    }

    // Windows

    fn over(
        &mut self,
        name: Text,
        exprs: Vec<Node>,
        args: Vec<Node>,
        filter_expr: Option<Node>,
        start: u32,
    ) -> Parsed<Node> {
        self.advance();
        let (over_expr, over_identifier) = if self.kind() == Kind::LeftParenthesis {
            (Some(self.window_in_parentheses()?), None)
        } else {
            (None, Some(self.name()?))
        };
        self.node(WindowFunction { name, exprs, args, over_expr, over_identifier, filter_expr }, start)
    }

    pub fn window_in_parentheses(&mut self) -> Parsed<Node> {
        self.expect(Kind::LeftParenthesis, "`(`")?;
        let start = self.start();
        let partition_by = if self.take_keywords(Keyword::Partition, Keyword::By) {
            Some(self.open_expressions()?)
        } else {
            None
        };
        let order_by =
            if self.take_keywords(Keyword::Order, Keyword::By) { Some(self.order_items()?) } else { None };
        let frame_method = match self.kind() {
            Kind::Keyword(Keyword::Rows) => Some("ROWS"),
            Kind::Keyword(Keyword::Range) => Some("RANGE"),
            _ => None,
        };
        let (mut frame_start, mut frame_end) = (None, None);
        if frame_method.is_some() {
            self.advance();
            if self.take_keyword(Keyword::Between) {
                frame_start = Some(self.frame_bound()?);
                self.expect_keyword(Keyword::And, "`AND`")?;
                frame_end = Some(self.frame_bound()?);
            } else {
                frame_start = Some(self.frame_bound()?);
            }
        }
        let window =
            self.node(WindowExpr { partition_by, order_by, frame_method, frame_start, frame_end }, start)?;
        self.expect(Kind::RightParenthesis, "`)`")?;
        Ok(window)
    }

    fn frame_bound(&mut self) -> Parsed<Node> {
        let start = self.start();
        if self.take_keywords(Keyword::Current, Keyword::Row) {
            return self.node(WindowFrameExpr { frame_type: "CURRENT ROW", frame_value: None }, start);
        }
        let unbounded = self.is_keyword(Keyword::Unbounded)
            && matches!(self.ahead(1), Kind::Keyword(Keyword::Preceding | Keyword::Following));
        let frame_value = if unbounded {
            self.advance();
            None
        } else {
            Some(self.expression(Power::Between)?)
        };
        let frame_type = match self.kind() {
            Kind::Keyword(Keyword::Preceding) => "PRECEDING",
            Kind::Keyword(Keyword::Following) => "FOLLOWING",
            _ => return Err(self.expected("`PRECEDING` or `FOLLOWING`")),
        };
        self.advance();
        self.node(WindowFrameExpr { frame_type, frame_value }, start)
    }
}
