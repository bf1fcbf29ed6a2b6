//! Queries: `select`, and what combines them.

use crate::keyword::Keyword;
use crate::parser::{Parsed, Parser};
use crate::token::Kind;
use crate::tree::{Alias, CTE, Kind as NodeKind, Node, SelectQuery, SelectSetNode, SelectSetQuery};

/// What may stand behind a query in parentheses, and is of the whole.
#[derive(Default)]
struct Trailing {
    order_by: Option<Vec<Node>>,
    limit: Option<Limit>,
}

/// `LIMIT` and `OFFSET`.
#[derive(Default)]
pub struct Limit {
    pub rows: Option<Node>,
    pub offset: Option<Node>,
    pub percent: bool,
    pub with_ties: bool,
    /// Whether a comma stood between the two.
    pub by_comma: bool,
}

impl Parser<'_> {
    /// One query, to the end of the text.
    pub fn whole_query(&mut self) -> Parsed<Node> {
        let node = if self.kind() == Kind::TagStart { self.tag()? } else { self.query()? };
        self.take(Kind::Semicolon);
        self.expect(Kind::End, "the end of the query")?;
        Ok(node)
    }

    /// Whether a query begins so many tokens further on.
    pub fn starts_query(&self, tokens: usize) -> bool {
        matches!(self.ahead(tokens), Kind::Keyword(Keyword::Select | Keyword::With))
            && (self.value_follows(tokens + 1) || self.is_keyword_ahead(tokens + 1, Keyword::From))
    }

    /// A query, be it several combined.
    pub fn query(&mut self) -> Parsed<Node> {
        self.nested(|parser| {
            let start = parser.start();
            let first = parser.query_term()?;
            parser.combined(first, start)
        })
    }

    /// What is read already may be the first of a query that goes on.
    pub fn more_of_query(&mut self, first: Node, start: u32) -> Parsed<Node> {
        let is_query = matches!(
            first.kind,
            NodeKind::SelectQuery(_) | NodeKind::SelectSetQuery(_) | NodeKind::Placeholder(_)
        );
        let goes_on = self.at_set_operator()
            || self.at_order_by()
            || matches!(self.kind(), Kind::Keyword(Keyword::Limit | Keyword::Offset));
        if is_query && goes_on { self.combined(first, start) } else { Ok(first) }
    }

    fn at_set_operator(&self) -> bool {
        matches!(self.kind(), Kind::Keyword(Keyword::Union | Keyword::Intersect | Keyword::Except))
    }

    fn query_term(&mut self) -> Parsed<Node> {
        match self.kind() {
            Kind::Keyword(Keyword::Select) => {
                let start = self.start();
                self.select(None, start)
            }
            Kind::Keyword(Keyword::With) => self.query_with(),
            Kind::LeftParenthesis => self.query_in_parentheses(),
            Kind::LeftBrace => {
                let start = self.start();
                let node = self.prefix()?;
                match node.kind {
                    NodeKind::Placeholder(_) => Ok(node),
                    _ => Err(self.wrong("A query cannot be a dictionary", start)),
                }
            }
            _ => Err(self.expected("`SELECT`")),
        }
    }

    fn query_in_parentheses(&mut self) -> Parsed<Node> {
        self.expect(Kind::LeftParenthesis, "`(`")?;
        let query = self.query()?;
        self.expect(Kind::RightParenthesis, "`)`")?;
        Ok(query)
    }

    fn combined(&mut self, first: Node, start: u32) -> Parsed<Node> {
        let mut others = Vec::new();
        while self.at_set_operator() {
            let set_operator = self.set_operator()?.into();
            let select_query = self.query_term()?;
            others.push(self.unplaced(SelectSetNode { select_query, set_operator })?);
        }
        let trailing = self.trailing()?;
        if others.is_empty() {
            return self.with_trailing(first, trailing);
        }
        let limit = trailing.limit.unwrap_or_default();
        let set = SelectSetQuery {
            initial_select_query: first,
            subsequent_select_queries: others,
            order_by: trailing.order_by,
            limit: limit.rows,
            limit_percent: limit.percent,
            limit_with_ties: limit.with_ties,
            offset: limit.offset,
        };
        self.node(set, start)
    }

    fn trailing(&mut self) -> Parsed<Trailing> {
        let order_by =
            if self.take_keywords(Keyword::Order, Keyword::By) { Some(self.order_items()?) } else { None };
        let limit = match self.kind() {
            Kind::Keyword(Keyword::Limit | Keyword::Offset) => Some(self.limit()?),
            _ => None,
        };
        Ok(Trailing { order_by, limit })
    }

    /// What stands behind a single query in parentheses replaces what it says itself.
    fn with_trailing(&mut self, query: Node, trailing: Trailing) -> Parsed<Node> {
        if trailing.order_by.is_none() && trailing.limit.is_none() {
            return Ok(query);
        }
        let span = query.span;
        let kind: NodeKind = match query.kind {
            NodeKind::SelectQuery(mut select) => {
                if trailing.order_by.is_some() {
                    select.order_by = trailing.order_by;
                }
                let limit = trailing.limit.unwrap_or_default();
                if limit.rows.is_some() {
                    select.limit = limit.rows;
                    select.limit_percent = limit.percent;
                    select.limit_with_ties = limit.with_ties;
                }
                if limit.offset.is_some() {
                    select.offset = limit.offset;
                }
                NodeKind::SelectQuery(select)
            }
            NodeKind::SelectSetQuery(mut set) => {
                if trailing.order_by.is_some() {
                    set.order_by = trailing.order_by;
                }
                let limit = trailing.limit.unwrap_or_default();
                if limit.rows.is_some() {
                    set.limit = limit.rows;
                    set.limit_percent = limit.percent;
                    set.limit_with_ties = limit.with_ties;
                }
                if limit.offset.is_some() {
                    set.offset = limit.offset;
                }
                NodeKind::SelectSetQuery(set)
            }
            _ => {
                let start = span.map_or(0, |span| span.0);
                let message = "A placeholder cannot be ordered or limited; put it in a subquery";
                return Err(self.wrong(message, start));
            }
        };
        self.replaced(kind, span)
    }

    fn set_operator(&mut self) -> Parsed<String> {
        let start = self.start();
        let keyword = self.advance().kind;
        let all = self.take_keyword(Keyword::All);
        let distinct = !all && self.take_keyword(Keyword::Distinct);
        let operator = match (keyword, all, distinct) {
            (Kind::Keyword(Keyword::Union), true, _) => "UNION ALL",
            (Kind::Keyword(Keyword::Union), ..) => "UNION DISTINCT",
            (Kind::Keyword(Keyword::Intersect), true, _) => "INTERSECT ALL",
            (Kind::Keyword(Keyword::Intersect), _, true) => "INTERSECT DISTINCT",
            (Kind::Keyword(Keyword::Intersect), ..) => "INTERSECT",
            (_, true, _) => "EXCEPT ALL",
            (_, _, true) => return Err(self.wrong("EXCEPT DISTINCT is not supported; use EXCEPT", start)),
            _ => "EXCEPT",
        };
        let by_name = self.take_keywords(Keyword::By, Keyword::Name);
        Ok(if by_name { format!("{operator} BY NAME") } else { operator.to_owned() })
    }

    // WITH

    fn query_with(&mut self) -> Parsed<Node> {
        let start = self.start();
        self.advance();
        let recursive = self.is_keyword(Keyword::Recursive) && self.ahead(1) != Kind::Dot;
        let recursive =
            recursive && !self.is_keyword_ahead(1, Keyword::As) && self.take_keyword(Keyword::Recursive);
        let mut ctes = Vec::new();
        loop {
            ctes.push(self.cte(recursive)?);
            if !self.take(Kind::Comma) || self.starts_query(0) {
                break;
            }
        }
        if self.kind() == Kind::LeftParenthesis {
            let query = self.query_in_parentheses()?;
            return self.with_ctes(query, ctes);
        }
        if !self.is_keyword(Keyword::Select) {
            return Err(self.expected("`SELECT`"));
        }
        self.select(Some(ctes), start)
    }

    /// Common tables before a query in parentheses belong to the first query in it.
    fn with_ctes(&mut self, query: Node, mut ctes: Vec<Node>) -> Parsed<Node> {
        let span = query.span;
        let kind = match query.kind {
            NodeKind::SelectQuery(mut select) => {
                ctes.extend(select.ctes.take().unwrap_or_default());
                select.ctes = Some(ctes);
                NodeKind::SelectQuery(select)
            }
            NodeKind::SelectSetQuery(set) => {
                let mut set = *set;
                set.initial_select_query =
                    self.nested(|parser| parser.with_ctes(set.initial_select_query, ctes))?;
                NodeKind::from(set)
            }
            _ => {
                let start = span.map_or(0, |span| span.0);
                return Err(self.wrong("A placeholder cannot have common tables", start));
            }
        };
        self.replaced(kind, span)
    }

    fn cte(&mut self, recursive: bool) -> Parsed<Node> {
        let start = self.start();
        if self.at_subquery_cte() {
            return self.subquery_cte(recursive);
        }
        let mut expr = self.expression_before_as()?;
        while self.is_keyword(Keyword::As) && self.is_keyword_ahead(2, Keyword::As) {
            expr = self.alias(expr, start)?;
        }
        self.expect_keyword(Keyword::As, "`AS`")?;
        let name = self.name()?;
        self.check_alias(&name, start)?;
        self.node(
            CTE {
                name,
                expr,
                cte_type: "column",
                columns: None,
                materialized: None,
                recursive: false,
                using_key: None,
            },
            start,
        )
    }

    /// `x as (`, `x(a, b) as (`, `x as materialized (`, `x using key (a) as (`
    fn at_subquery_cte(&self) -> bool {
        if !self.kind().is_name() {
            return false;
        }
        let mut ahead = 1;
        if self.ahead(ahead) == Kind::LeftParenthesis {
            ahead = self.closing(ahead) + 1 - self.position();
        }
        if self.is_keyword_ahead(ahead, Keyword::Using) {
            return true;
        }
        if !self.is_keyword_ahead(ahead, Keyword::As) {
            return false;
        }
        match self.ahead(ahead + 1) {
            Kind::LeftParenthesis | Kind::Keyword(Keyword::Materialized) => true,
            Kind::Keyword(Keyword::Not) => self.is_keyword_ahead(ahead + 2, Keyword::Materialized),
            _ => false,
        }
    }

    fn subquery_cte(&mut self, recursive: bool) -> Parsed<Node> {
        let start = self.start();
        let name = self.name()?;
        let columns = match self.kind() {
            Kind::LeftParenthesis => Some(self.names_in_parentheses()?),
            _ => None,
        };
        let using_key = if self.take_keywords(Keyword::Using, Keyword::Key) {
            Some(self.names_in_parentheses()?)
        } else {
            None
        };
        self.expect_keyword(Keyword::As, "`AS`")?;
        let not = self.take_keyword(Keyword::Not);
        let materialized = if not || self.is_keyword(Keyword::Materialized) {
            self.expect_keyword(Keyword::Materialized, "`MATERIALIZED`")?;
            Some(crate::tree::Truth(!not))
        } else {
            None
        };
        self.check_alias(&name, start)?;
        let expr = self.query_in_parentheses()?;
        self.node(
            CTE { name, expr, cte_type: "subquery", columns, materialized, recursive, using_key },
            start,
        )
    }

    // SELECT

    fn select(&mut self, ctes: Option<Vec<Node>>, start: u32) -> Parsed<Node> {
        self.advance();
        let distinct = self.is_keyword(Keyword::Distinct)
            && (self.value_follows(1) || self.is_keyword_ahead(1, Keyword::From));
        if distinct {
            self.advance();
        }
        if self.is_keyword(Keyword::Top) && self.ahead(1) == Kind::Digits {
            return Err(self.unsupported("TOP is not supported; use LIMIT", start));
        }
        let mut select = SelectQuery {
            ctes,
            select: self.select_items()?,
            distinct,
            select_from: None,
            array_join_op: None,
            array_join_list: None,
            prewhere: None,
            r#where: None,
            group_by: None,
            group_by_mode: None,
            with_totals: false,
            having: None,
            qualify: None,
            window_exprs: None,
            order_by: None,
            interpolate: None,
            limit_by: None,
            limit: None,
            limit_percent: false,
            limit_with_ties: false,
            offset: None,
        };
        self.clauses(&mut select, start)?;
        self.node(select, start)
    }

    fn select_items(&mut self) -> Parsed<Vec<Node>> {
        let mut items = vec![self.select_item()?];
        while self.take(Kind::Comma) {
            if self.ends_list(0) {
                break;
            }
            items.push(self.select_item()?);
        }
        Ok(items)
    }

    fn select_item(&mut self) -> Parsed<Node> {
        let start = self.start();
        if self.is_keyword(Keyword::From) && self.ahead(1) == Kind::Name {
            self.advance();
            return Err(self.wrong("Expected a column, found `from`", start));
        }
        if self.kind().is_name() && self.ahead(1) == Kind::Colon {
            let alias = self.name()?;
            self.advance();
            let expr = self.any_expression()?;
            self.check_alias(&alias, start)?;
            return self.node(Alias { alias, expr }, start);
        }
        let expr = self.any_expression()?;
        let has_alias = match self.kind() {
            Kind::Name | Kind::QuotedName => true,
            Kind::Keyword(keyword) => keyword.may_be_implicit_alias(),
            _ => false,
        };
        if !has_alias {
            return Ok(expr);
        }
        let token = self.advance();
        let alias = self.name_of(token);
        self.check_alias(&alias, start)?;
        self.node(Alias { alias, expr }, start)
    }
}
