//! What a query reads from: tables, and how they are joined.

use crate::expression::Power;
use crate::keyword::Keyword;
use crate::parser::{Parsed, Parser};
use crate::token::Kind;
use crate::tree::{
    Constant, Field, JoinConstraint, JoinExpr, Kind as NodeKind, Node, PivotColumn, PivotExpr, RatioExpr,
    SampleExpr, Text, Tuple, UnpivotColumn, UnpivotExpr, Value, ValuesQuery,
};

/// A table of a chain, not yet linked to the next.
struct Joined {
    join: JoinExpr,
    span: Option<(u32, u32)>,
}

/// What parentheses may hold where a table is expected.
enum Inside {
    Query(Node),
    Tables(Vec<Joined>),
}

impl Parser<'_> {
    /// Tables up to the next clause, linked.
    pub fn tables(&mut self) -> Parsed<Node> {
        let chain = self.nested(Self::chain)?;
        self.linked(chain)
    }

    fn linked(&self, chain: Vec<Joined>) -> Parsed<Node> {
        let mut next_join = None;
        for Joined { mut join, span } in chain.into_iter().rev() {
            join.next_join = next_join;
            next_join = Some(self.replaced(join.into(), span)?);
        }
        next_join.ok_or_else(|| self.expected("a table"))
    }

    fn chain(&mut self) -> Parsed<Vec<Joined>> {
        let first = self.table()?;
        self.chain_from(first)
    }

    fn chain_from(&mut self, mut chain: Vec<Joined>) -> Parsed<Vec<Joined>> {
        // Joins that still may get their condition: `a join b join c on x on y`.
        let mut open = Vec::new();
        loop {
            if matches!(self.kind(), Kind::Keyword(Keyword::On | Keyword::Using)) {
                let using_sample = self.is_keyword_ahead(1, Keyword::Sample);
                let Some(index) = (if using_sample { None } else { open.pop() }) else {
                    return Ok(chain);
                };
                let constraint = self.constraint()?;
                let joined: Option<&mut Joined> = chain.get_mut(index);
                if let Some(joined) = joined {
                    joined.join.constraint = Some(constraint);
                }
                continue;
            }
            let join_type: Text =
                if self.take(Kind::Comma) || self.take_keywords(Keyword::Cross, Keyword::Join) {
                    "CROSS JOIN".into()
                } else if self.take_keywords(Keyword::Positional, Keyword::Join) {
                    open.push(chain.len());
                    "POSITIONAL JOIN".into()
                } else if let Some(join_type) = self.join_type() {
                    open.push(chain.len());
                    join_type
                } else {
                    return Ok(chain);
                };
            let mut right = self.table()?;
            if let Some(first) = right.first_mut() {
                first.join.join_type = Some(join_type);
            }
            chain.append(&mut right);
        }
    }

    /// Takes the words up to `JOIN`, if they are those of a join.
    fn join_type(&mut self) -> Option<Text> {
        let natural = usize::from(self.is_keyword(Keyword::Natural));
        let mut ahead = natural;
        let mut before = Vec::new();
        while let Some(strictness) = strictness(self.ahead(ahead)) {
            before.push(strictness);
            ahead += 1;
            if before.len() > 2 {
                return None;
            }
        }
        let side = match self.ahead(ahead) {
            Kind::Keyword(Keyword::Inner) => "INNER",
            Kind::Keyword(Keyword::Left) => "LEFT",
            Kind::Keyword(Keyword::Right) => "RIGHT",
            Kind::Keyword(Keyword::Full) => "FULL",
            _ => "",
        };
        ahead += usize::from(!side.is_empty());
        let outer = !matches!(side, "" | "INNER") && self.is_keyword_ahead(ahead, Keyword::Outer);
        ahead += usize::from(outer);
        let behind = if side.is_empty() || !before.is_empty() { None } else { strictness(self.ahead(ahead)) };
        ahead += usize::from(behind.is_some());
        if !self.is_keyword_ahead(ahead, Keyword::Join) {
            return None;
        }
        before.extend(behind);
        let join_type = join_type(side, outer, &before)?;
        for _ in 0..=ahead {
            self.advance();
        }
        Some(join_type)
    }

    fn constraint(&mut self) -> Parsed<Node> {
        let start = self.start();
        if self.advance().kind == Kind::Keyword(Keyword::On) {
            let mut exprs = self.open_expressions()?;
            return match (exprs.pop(), exprs.is_empty()) {
                (Some(expr), true) => self.node(JoinConstraint { expr, constraint_type: "ON" }, start),
                _ => Err(self.unsupported(
                    "JOIN … ON with several expressions is not supported; join them with AND",
                    start,
                )),
            };
        }
        let mut exprs = if self.take(Kind::LeftParenthesis) {
            let exprs = self.expressions(Kind::RightParenthesis)?;
            self.expect(Kind::RightParenthesis, "`)`")?;
            exprs
        } else {
            self.open_expressions()?
        };
        let expr = match exprs.len() {
            0 => return Err(self.expected("a column")),
            1 => exprs.remove(0),
            _ => self.unplaced(Tuple { exprs })?,
        };
        self.node(JoinConstraint { expr, constraint_type: "USING" }, start)
    }

    // One table

    fn table(&mut self) -> Parsed<Vec<Joined>> {
        let start = self.start();
        match self.kind() {
            Kind::LeftParenthesis => {
                self.advance();
                let inside = self.nested(Self::inside)?;
                self.expect(Kind::RightParenthesis, "`)`")?;
                match inside {
                    Inside::Query(query) => self.table_from(query, None, start),
                    Inside::Tables(chain) if self.at_pivot() => {
                        let tables = self.linked(chain)?;
                        self.table_from(tables, None, start)
                    }
                    Inside::Tables(chain) => Ok(chain),
                }
            }
            Kind::TagStart => {
                let tag = self.tag()?;
                self.table_from(tag, None, start)
            }
            Kind::LeftBrace => {
                let placeholder = self.table_placeholder()?;
                self.table_from(placeholder, None, start)
            }
            _ if self.kind().is_name() && self.ahead(1) == Kind::LeftParenthesis => {
                let chain = vec![self.name()?];
                self.advance();
                let table_args = self.expressions(Kind::RightParenthesis)?;
                self.expect(Kind::RightParenthesis, "`)`")?;
                let function = self.unplaced(Field { chain })?;
                self.table_from(function, Some(table_args), start)
            }
            _ => {
                let mut chain = vec![self.name().map_err(|_| self.expected("a table"))?];
                while self.take(Kind::Dot) {
                    chain.push(self.name()?);
                }
                let table = self.node(Field { chain }, start)?;
                self.table_from(table, None, start)
            }
        }
    }

    fn table_placeholder(&mut self) -> Parsed<Node> {
        let node = self.prefix()?;
        match node.kind {
            NodeKind::Placeholder(_) => Ok(node),
            _ => Err(self.wrong("A table cannot be a dictionary", node.span.map_or(0, |span| span.0))),
        }
    }

    /// Between parentheses: a query, values, or tables.
    fn inside(&mut self) -> Parsed<Inside> {
        let start = self.start();
        if self.starts_query(0) {
            return self.query().map(Inside::Query);
        }
        let query = match self.kind() {
            Kind::Keyword(Keyword::Values) if self.ahead(1) == Kind::LeftParenthesis => {
                return self.values().map(Inside::Query);
            }
            Kind::LeftBrace => self.table_placeholder()?,
            Kind::LeftParenthesis => {
                self.advance();
                let inside = self.nested(Self::inside)?;
                self.expect(Kind::RightParenthesis, "`)`")?;
                match inside {
                    Inside::Query(query) => query,
                    Inside::Tables(chain) => return self.chain_from(chain).map(Inside::Tables),
                }
            }
            _ => return self.chain().map(Inside::Tables),
        };
        let query = self.more_of_query(query, start)?;
        if self.kind() == Kind::RightParenthesis {
            return Ok(Inside::Query(query));
        }
        let first = self.table_from(query, None, start)?;
        self.chain_from(first).map(Inside::Tables)
    }

    fn values(&mut self) -> Parsed<Node> {
        let start = self.start();
        self.advance();
        let mut rows = Vec::new();
        loop {
            self.expect(Kind::LeftParenthesis, "`(`")?;
            if self.kind() == Kind::RightParenthesis {
                return Err(self.expected("a value"));
            }
            rows.push(self.expressions(Kind::RightParenthesis)?);
            self.expect(Kind::RightParenthesis, "`)`")?;
            if !self.take(Kind::Comma) {
                break;
            }
        }
        self.node(ValuesQuery { rows }, start)
    }

    /// A table with what may follow it: alias, pivots, `FINAL`, `SAMPLE`.
    fn table_from(&mut self, table: Node, table_args: Option<Vec<Node>>, start: u32) -> Parsed<Vec<Joined>> {
        let mut join = JoinExpr {
            table,
            alias: None,
            column_aliases: None,
            table_args,
            table_final: false,
            sample: None,
            join_type: None,
            constraint: None,
            next_join: None,
        };
        loop {
            if self.at_pivot() {
                let bare = join.alias.is_none() && join.table_args.is_none();
                let table = if bare { join.table } else { self.node(join, start)? };
                let table = self.pivot(table, start)?;
                join = JoinExpr {
                    table,
                    alias: None,
                    column_aliases: None,
                    table_args: None,
                    table_final: false,
                    sample: None,
                    join_type: None,
                    constraint: None,
                    next_join: None,
                };
                continue;
            }
            if join.alias.is_some() || !self.table_alias(&mut join, start)? {
                break;
            }
        }
        join.table_final = self.take_keyword(Keyword::Final);
        if self.is_keyword(Keyword::Sample) {
            join.sample = Some(self.sample()?);
        }
        let span = Some((start, self.previous_end()));
        Ok(vec![Joined { join, span }])
    }

    fn table_alias(&mut self, join: &mut JoinExpr, start: u32) -> Parsed<bool> {
        let bare = match self.kind() {
            Kind::Name | Kind::QuotedName => true,
            Kind::Keyword(keyword) => keyword.may_be_table_alias(),
            _ => false,
        };
        if !bare && !self.take_keyword(Keyword::As) {
            return Ok(false);
        }
        let alias = self.name()?;
        self.check_alias(&alias, start)?;
        join.alias = Some(alias);
        if self.kind() == Kind::LeftParenthesis {
            join.column_aliases = Some(self.names_in_parentheses()?);
        }
        Ok(true)
    }

    fn sample(&mut self) -> Parsed<Node> {
        let start = self.start();
        self.advance();
        let sample_value = self.ratio()?;
        let offset_value = if self.take_keyword(Keyword::Offset) { Some(self.ratio()?) } else { None };
        self.node(SampleExpr { sample_value, offset_value }, start)
    }

    fn ratio(&mut self) -> Parsed<Node> {
        if self.kind() == Kind::LeftBrace {
            return self.table_placeholder();
        }
        let start = self.start();
        let left = self.plain_number()?;
        let right = if self.take(Kind::Slash) { Some(self.plain_number()?) } else { None };
        self.node(RatioExpr { left, right }, start)
    }

    fn plain_number(&mut self) -> Parsed<Node> {
        let signed = usize::from(matches!(self.kind(), Kind::Plus | Kind::Dash));
        if !self.number_follows(signed) {
            return Err(self.expected("a number"));
        }
        let node = self.number()?;
        match &node.kind {
            NodeKind::Constant(constant) if matches!(**constant, Constant { value: Value::Null }) => {
                Err(self.expected("a number"))
            }
            _ => Ok(node),
        }
    }

    // Pivots

    fn at_pivot(&self) -> bool {
        match self.kind() {
            Kind::Keyword(Keyword::Pivot) => self.ahead(1) == Kind::LeftParenthesis,
            Kind::Keyword(Keyword::Unpivot) => {
                matches!(self.ahead(1), Kind::LeftParenthesis | Kind::Keyword(Keyword::Include))
            }
            _ => false,
        }
    }

    fn pivot(&mut self, table: Node, start: u32) -> Parsed<Node> {
        if self.advance().kind == Kind::Keyword(Keyword::Unpivot) {
            return self.unpivot(table, start);
        }
        self.expect(Kind::LeftParenthesis, "`(`")?;
        let aggregates = self.open_expressions()?;
        self.expect_keyword(Keyword::For, "`FOR`")?;
        let mut columns = Vec::new();
        while columns.is_empty()
            || !(self.kind() == Kind::RightParenthesis || self.is_keyword(Keyword::Group))
        {
            let column = self.tuple_or_single()?;
            let values = self.in_values()?;
            columns.push(self.unplaced(PivotColumn { column, values })?);
        }
        let group_by = if self.take_keywords(Keyword::Group, Keyword::By) {
            Some(self.open_expressions()?)
        } else {
            None
        };
        self.expect(Kind::RightParenthesis, "`)`")?;
        self.node(PivotExpr { table, aggregates, columns, group_by }, start)
    }

    fn unpivot(&mut self, table: Node, start: u32) -> Parsed<Node> {
        let include_nulls = self.take_keyword(Keyword::Include);
        if include_nulls {
            self.expect_keyword(Keyword::Nulls, "`NULLS`")?;
        }
        self.expect(Kind::LeftParenthesis, "`(`")?;
        let mut columns = Vec::new();
        while columns.is_empty() || self.kind() != Kind::RightParenthesis {
            let value_columns = self.tuple_or_single()?;
            self.expect_keyword(Keyword::For, "`FOR`")?;
            let name_columns = self.tuple_or_single()?;
            let unpivot_values = self.in_values()?;
            columns.push(self.unplaced(UnpivotColumn { value_columns, name_columns, unpivot_values })?);
            if !self.take(Kind::Comma) {
                break;
            }
        }
        self.expect(Kind::RightParenthesis, "`)`")?;
        self.node(UnpivotExpr { table, columns, include_nulls }, start)
    }

    fn in_values(&mut self) -> Parsed<Vec<Node>> {
        self.expect_keyword(Keyword::In, "`IN`")?;
        self.expect(Kind::LeftParenthesis, "`(`")?;
        let values = self.expressions(Kind::RightParenthesis)?;
        self.expect(Kind::RightParenthesis, "`)`")?;
        Ok(values)
    }

    fn tuple_or_single(&mut self) -> Parsed<Node> {
        if !self.take(Kind::LeftParenthesis) {
            return self.expression(Power::Add);
        }
        let exprs = self.expressions(Kind::RightParenthesis)?;
        self.expect(Kind::RightParenthesis, "`)`")?;
        self.unplaced(Tuple { exprs })
    }
}

fn strictness(kind: Kind) -> Option<&'static str> {
    Some(match kind {
        Kind::Keyword(Keyword::All) => "ALL",
        Kind::Keyword(Keyword::Any) => "ANY",
        Kind::Keyword(Keyword::Asof) => "ASOF",
        Kind::Keyword(Keyword::Semi) => "SEMI",
        Kind::Keyword(Keyword::Anti) => "ANTI",
        _ => return None,
    })
}

/// The one spelling of a join, `None` if there is no such join.
fn join_type(side: &str, outer: bool, strictness: &[&str]) -> Option<Text> {
    let outer = if outer { "OUTER " } else { "" };
    Some(match (side, strictness) {
        ("", []) => "JOIN".into(),
        ("", [one @ ("SEMI" | "ANTI")]) => format!("{one} JOIN").into(),
        ("", ["ASOF", two @ ("SEMI" | "ANTI")]) => format!("ASOF {two} JOIN").into(),
        ("INNER", []) => "INNER JOIN".into(),
        ("" | "INNER", [one @ ("ALL" | "ANY" | "ASOF")]) => format!("{one} INNER JOIN").into(),
        ("FULL" | "LEFT" | "RIGHT", []) => format!("{side} {outer}JOIN").into(),
        ("FULL", [one @ ("ALL" | "ANY" | "ASOF")]) | ("LEFT" | "RIGHT", [one]) => {
            format!("{side} {outer}{one} JOIN").into()
        }
        ("LEFT" | "RIGHT", ["ASOF", two @ ("SEMI" | "ANTI")]) => {
            format!("{side} {outer}{two} ASOF JOIN").into()
        }
        _ => return None,
    })
}
