//! Operators, by precedence.

use crate::keyword::Keyword;
use crate::parser::{Parsed, Parser};
use crate::token::Kind;
use crate::tree::{
    Alias, And, ArithmeticOperation, ArrayAccess, ArraySlice, BetweenExpr, Call, CompareOperation, Constant,
    ExprCall, IsDistinctFrom, Kind as NodeKind, Node, Or, TupleAccess, TypeCast, Value,
};

/// How tightly operators bind, loosest first. All but the ternary group from the left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Power {
    /// Anything at all.
    Any,
    Alias,
    Ternary,
    Or,
    And,
    Not,
    Between,
    Nullish,
    DistinctFrom,
    IsNull,
    Compare,
    Add,
    Multiply,
    Negate,
    Postfix,
    /// Nothing binds tighter.
    Value,
}

impl Power {
    /// What the right side of an operator that groups from the left may hold.
    fn tighter(self) -> Self {
        match self {
            Self::Any => Self::Alias,
            Self::Alias => Self::Ternary,
            Self::Ternary => Self::Or,
            Self::Or => Self::And,
            Self::And => Self::Not,
            Self::Not => Self::Between,
            Self::Between => Self::Nullish,
            Self::Nullish => Self::DistinctFrom,
            Self::DistinctFrom => Self::IsNull,
            Self::IsNull => Self::Compare,
            Self::Compare => Self::Add,
            Self::Add => Self::Multiply,
            Self::Multiply => Self::Negate,
            Self::Negate => Self::Postfix,
            Self::Postfix | Self::Value => Self::Value,
        }
    }
}

impl Parser<'_> {
    /// A rule over the whole text.
    pub fn whole(&mut self, rule: impl FnOnce(&mut Self) -> Parsed<Node>) -> Parsed<Node> {
        let node = rule(self)?;
        self.expect(Kind::End, "the end of the expression")?;
        Ok(node)
    }

    pub fn any_expression(&mut self) -> Parsed<Node> {
        let before_as = self.set_before_as(false);
        let node = self.expression(Power::Any);
        self.set_before_as(before_as);
        node
    }

    /// An expression behind which `AS` is not an alias: it belongs to what the expression stands in.
    pub fn expression_before_as(&mut self) -> Parsed<Node> {
        let before_as = self.set_before_as(true);
        let node = self.expression(Power::Ternary);
        self.set_before_as(before_as);
        node
    }

    /// An expression whose operators all bind at least as tightly as `least`.
    pub fn expression(&mut self, least: Power) -> Parsed<Node> {
        self.nested(|parser| {
            let start = parser.start();
            let left = parser.prefix()?;
            parser.infixes(left, least, start)
        })
    }

    /// The operators behind an expression that began at `start`.
    fn infixes(&mut self, mut left: Node, least: Power, start: u32) -> Parsed<Node> {
        let mut most = Power::Value;
        while let Some(power) = self.infix_power() {
            if power < least || power > most {
                break;
            }
            left = self.infix(left, power, start)?;
            if power == Power::Alias {
                // An alias is no operand of what binds tighter than `and`.
                most = Power::And;
            }
        }
        Ok(left)
    }

    /// An expression whose beginning is read already.
    pub fn infix_from(&mut self, left: Node, start: u32) -> Parsed<Node> {
        self.infixes(left, Power::Any, start)
    }

    /// Expressions with commas between them, and perhaps behind the last, up to a token that ends the list.
    pub fn expressions(&mut self, end: Kind) -> Parsed<Vec<Node>> {
        let mut expressions = Vec::new();
        while self.kind() != end {
            expressions.push(self.any_expression()?);
            if !self.take(Kind::Comma) {
                break;
            }
        }
        Ok(expressions)
    }

    /// Expressions where nothing tells the end of the list.
    pub fn open_expressions(&mut self) -> Parsed<Vec<Node>> {
        let mut expressions = vec![self.any_expression()?];
        while self.kind() == Kind::Comma && !self.ends_list(1) {
            self.advance();
            expressions.push(self.any_expression()?);
        }
        self.take(Kind::Comma);
        Ok(expressions)
    }

    /// How tightly the operator here binds, if here is one.
    fn infix_power(&self) -> Option<Power> {
        Some(match self.kind() {
            Kind::LeftParenthesis
            | Kind::LeftBracket
            | Kind::Dot
            | Kind::NullProperty
            | Kind::DoubleColon => Power::Postfix,
            Kind::Percent if self.ends_limit() => return None,
            Kind::Asterisk | Kind::Slash | Kind::Percent => Power::Multiply,
            Kind::Plus | Kind::Dash | Kind::Concat => Power::Add,
            Kind::Nullish => Power::Nullish,
            Kind::NullSafeEqual => Power::DistinctFrom,
            Kind::Question => Power::Ternary,
            Kind::Keyword(keyword) => return self.keyword_power(keyword),
            kind => {
                comparison(kind)?;
                Power::Compare
            }
        })
    }

    fn keyword_power(&self, keyword: Keyword) -> Option<Power> {
        Some(match keyword {
            Keyword::And => Power::And,
            Keyword::Or => Power::Or,
            Keyword::Between => Power::Between,
            Keyword::In | Keyword::Like | Keyword::Ilike => Power::Compare,
            Keyword::Ignore if self.is_keyword_ahead(1, Keyword::Nulls) => Power::IsNull,
            Keyword::Not => match self.ahead(1) {
                Kind::Keyword(Keyword::Between) => Power::Between,
                Kind::Keyword(Keyword::In | Keyword::Like | Keyword::Ilike) => Power::Compare,
                _ => return None,
            },
            Keyword::Is => {
                let negated = usize::from(self.is_keyword_ahead(1, Keyword::Not));
                match self.ahead(1 + negated) {
                    Kind::Keyword(Keyword::Distinct) => Power::DistinctFrom,
                    _ => Power::IsNull,
                }
            }
            Keyword::As => Power::Alias,
            _ => return None,
        })
    }

    fn infix(&mut self, left: Node, power: Power, start: u32) -> Parsed<Node> {
        match power {
            Power::Postfix => self.postfix(left, start),
            Power::Add if self.kind() == Kind::Concat => self.concat(left, start),
            Power::Multiply | Power::Add => {
                let op = match self.advance().kind {
                    Kind::Asterisk => "*",
                    Kind::Slash => "/",
                    Kind::Percent => "%",
                    Kind::Plus => "+",
                    _ => "-",
                };
                let right = self.expression(power.tighter())?;
                self.node(ArithmeticOperation { left, right, op }, start)
            }
            Power::Compare => self.compare(left, start),
            Power::IsNull => self.is_null(left, start),
            Power::DistinctFrom => self.distinct_from(left, start),
            Power::Nullish => {
                self.advance();
                let right = self.expression(power.tighter())?;
                self.call_node("ifNull", vec![left, right], start)
            }
            Power::Between => self.between(left, start),
            Power::And => {
                let exprs = self.operands(left, Keyword::And, power)?;
                self.node(And { exprs }, start)
            }
            Power::Or => {
                let exprs = self.operands(left, Keyword::Or, power)?;
                self.node(Or { exprs }, start)
            }
            Power::Ternary => {
                self.advance();
                let then = self.any_expression()?;
                self.expect(Kind::Colon, "`:`")?;
                let otherwise = self.expression(Power::Ternary)?;
                self.call_node("if", vec![left, then, otherwise], start)
            }
            _ => self.alias(left, start),
        }
    }

    /// A call that an operator stands for.
    pub fn call_node(&self, name: &str, args: Vec<Node>, start: u32) -> Parsed<Node> {
        self.node(plain_call(name, args), start)
    }

    /// What `and` or `or` join, in one list however it was grouped.
    fn operands(&mut self, left: Node, keyword: Keyword, power: Power) -> Parsed<Vec<Node>> {
        let mut operands = Vec::new();
        let mut add = |node: Node| match (node.kind, keyword) {
            (NodeKind::And(inner), Keyword::And) => operands.extend(inner.exprs),
            (NodeKind::Or(inner), Keyword::Or) => operands.extend(inner.exprs),
            (kind, _) => operands.push(Node::new(kind, node.span)),
        };
        add(left);
        while self.take_keyword(keyword) {
            add(self.expression(power.tighter())?);
        }
        Ok(operands)
    }

    fn concat(&mut self, left: Node, start: u32) -> Parsed<Node> {
        let mut args = Vec::new();
        let mut add = |node: Node| match node.kind {
            NodeKind::Call(call) if &*call.name == "concat" && call.params.is_none() => {
                args.extend(call.args);
            }
            kind => args.push(Node::new(kind, node.span)),
        };
        add(left);
        while self.take(Kind::Concat) {
            add(self.expression(Power::Add.tighter())?);
        }
        self.call_node("concat", args, start)
    }

    fn compare(&mut self, left: Node, start: u32) -> Parsed<Node> {
        let negated = self.take_keyword(Keyword::Not);
        let op = match (self.advance().kind, negated) {
            (Kind::Keyword(Keyword::Like), false) => "like",
            (Kind::Keyword(Keyword::Like), true) => "not like",
            (Kind::Keyword(Keyword::Ilike), false) => "ilike",
            (Kind::Keyword(Keyword::Ilike), true) => "not ilike",
            (Kind::Keyword(_), negated) => {
                let of_cohort = self.is_keyword(Keyword::Cohort) && self.value_follows(1);
                if of_cohort {
                    self.advance();
                }
                match (of_cohort, negated) {
                    (false, false) => "in",
                    (false, true) => "not in",
                    (true, false) => "in cohort",
                    (true, true) => "not in cohort",
                }
            }
            (kind, _) => comparison(kind).unwrap_or("=="),
        };
        let right = self.expression(Power::Compare.tighter())?;
        self.node(CompareOperation { left, right, op, is_null_comparison_style: false }, start)
    }

    fn is_null(&mut self, left: Node, start: u32) -> Parsed<Node> {
        if self.take_keywords(Keyword::Ignore, Keyword::Nulls) {
            // What aggregates do anyway.
            return Ok(left);
        }
        self.advance();
        let op = if self.take_keyword(Keyword::Not) { "!=" } else { "==" };
        self.expect_keyword(Keyword::Null, "`NULL` or `DISTINCT FROM`")?;
        let right = self.unplaced(Constant { value: Value::Null })?;
        self.node(CompareOperation { left, right, op, is_null_comparison_style: true }, start)
    }

    fn distinct_from(&mut self, left: Node, start: u32) -> Parsed<Node> {
        let mut negated = true;
        if !self.take(Kind::NullSafeEqual) {
            self.advance();
            negated = self.take_keyword(Keyword::Not);
            self.expect_keyword(Keyword::Distinct, "`DISTINCT`")?;
            self.expect_keyword(Keyword::From, "`FROM`")?;
        }
        let right = self.expression(Power::DistinctFrom.tighter())?;
        self.node(IsDistinctFrom { left, right, negated }, start)
    }

    fn between(&mut self, expr: Node, start: u32) -> Parsed<Node> {
        let negated = self.take_keyword(Keyword::Not);
        self.advance();
        let low = self.between_bound()?;
        self.expect_keyword(Keyword::And, "`AND`")?;
        let high = self.between_bound()?;
        self.node(BetweenExpr { expr, low, high, negated }, start)
    }

    fn between_bound(&mut self) -> Parsed<Node> {
        let start = self.start();
        let bound = self.expression(Power::Between.tighter())?;
        // In parentheses they are.
        let bare = bound.span.is_some_and(|span| span.0 == start);
        if bare && matches!(bound.kind, NodeKind::Lambda(_) | NodeKind::NamedArgument(_)) {
            return Err(self.wrong("A lambda or named argument is not a valid BETWEEN bound", start));
        }
        Ok(bound)
    }

    pub fn alias(&mut self, expr: Node, start: u32) -> Parsed<Node> {
        self.advance();
        let alias = match self.kind() {
            Kind::Text => {
                let token = self.advance();
                self.unquoted(token)
            }
            _ => self.name()?,
        };
        self.check_alias(&alias, start)?;
        self.node(Alias { alias, expr }, start)
    }

    // Behind a value

    fn postfix(&mut self, left: Node, start: u32) -> Parsed<Node> {
        match self.kind() {
            Kind::LeftParenthesis => {
                let args = self.plain_arguments()?;
                self.node(ExprCall { expr: left, args }, start)
            }
            Kind::LeftBracket => self.subscript(left, start),
            Kind::DoubleColon => {
                self.advance();
                let type_name = self.cast_type()?;
                self.node(TypeCast { expr: left, type_name }, start)
            }
            kind => {
                self.advance();
                self.member(left, kind == Kind::NullProperty, start)
            }
        }
    }

    fn subscript(&mut self, array: Node, start: u32) -> Parsed<Node> {
        self.advance();
        let first = if self.kind() == Kind::Colon { None } else { Some(self.any_expression()?) };
        if let Some(property) = first {
            if !self.take(Kind::Colon) {
                self.expect(Kind::RightBracket, "`]`")?;
                return self.node(ArrayAccess { array, property, nullish: false }, start);
            }
            return self.slice(array, Some(property), start);
        }
        self.advance();
        self.slice(array, None, start)
    }

    fn slice(&mut self, array: Node, start_expr: Option<Node>, start: u32) -> Parsed<Node> {
        let end_expr = if self.kind() == Kind::RightBracket { None } else { Some(self.any_expression()?) };
        self.expect(Kind::RightBracket, "`]`")?;
        self.node(ArraySlice { array, start_expr, end_expr }, start)
    }

    /// What follows `.` or `?.`.
    fn member(&mut self, left: Node, nullish: bool, start: u32) -> Parsed<Node> {
        match self.kind() {
            Kind::LeftBracket if nullish => {
                self.advance();
                let property = self.any_expression()?;
                self.expect(Kind::RightBracket, "`]`")?;
                self.node(ArrayAccess { array: left, property, nullish }, start)
            }
            Kind::Digits => {
                let token = self.advance();
                let Ok(index) = self.raw(token).parse() else {
                    return Err(self.wrong("No tuple is that long", token.start));
                };
                self.node(TupleAccess { tuple: left, index, nullish }, start)
            }
            _ => {
                let name = self.name()?;
                let property = self.unplaced(Constant { value: Value::Text(name) })?;
                self.node(ArrayAccess { array: left, property, nullish }, start)
            }
        }
    }
}

/// A call that says no more than its arguments.
pub fn plain_call(name: &str, args: Vec<Node>) -> Call {
    Call {
        name: name.into(),
        args,
        params: None,
        distinct: false,
        order_by: None,
        filter_expr: None,
        within_group: None,
    }
}

/// The operator that a sign compares with.
fn comparison(kind: Kind) -> Option<&'static str> {
    Some(match kind {
        Kind::Equal | Kind::DoubleEqual => "==",
        Kind::NotEqual => "!=",
        Kind::Less => "<",
        Kind::LessEqual => "<=",
        Kind::Greater => ">",
        Kind::GreaterEqual => ">=",
        Kind::Regex | Kind::DoubleRegex => "=~",
        Kind::NotRegex => "!~",
        Kind::InsensitiveRegex | Kind::InsensitiveDoubleRegex => "=~*",
        Kind::NotInsensitiveRegex => "!~*",
        _ => return None,
    })
}
