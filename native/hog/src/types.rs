//! Names of types, which the tree keeps as text in lower case.

use crate::keyword::Keyword;
use crate::parser::{Parsed, Parser};
use crate::token::Kind;
use crate::tree::Text;

impl Parser<'_> {
    /// What follows `::`: one word, perhaps with a time zone.
    pub fn cast_type(&mut self) -> Parsed<Text> {
        let fits = match self.kind() {
            Kind::Name
            | Kind::QuotedName
            | Kind::Keyword(Keyword::Date | Keyword::Time | Keyword::Timestamp | Keyword::Interval) => true,
            Kind::Keyword(keyword) => keyword.interval_function().is_some(),
            _ => false,
        };
        if !fits {
            return Err(self.expected("a type"));
        }
        let mut name = self.name()?.to_lowercase();
        let local = self.is_keyword_ahead(1, Keyword::Local);
        let zoned = self.is_keyword(Keyword::With)
            && self.is_keyword_ahead(1 + usize::from(local), Keyword::Time)
            && self.is_keyword_ahead(2 + usize::from(local), Keyword::Zone);
        if zoned {
            name.push_str(if local { " with local time zone" } else { " with time zone" });
            for _ in 0..3 + usize::from(local) {
                self.advance();
            }
        }
        Ok(name.into())
    }

    /// What follows `AS` in a cast: `Array(Nullable(String))`, `decimal(10, 2)`, `double precision`, `int[]`.
    pub fn type_name(&mut self) -> Parsed<Text> {
        self.nested(|parser| {
            let mut name = parser.name()?.to_lowercase();
            if parser.kind() == Kind::LeftParenthesis {
                let parameters = if parser.type_parameters_are_types() {
                    parser.type_list()?
                } else {
                    parser.type_expressions()?
                };
                name = format!("{name}({parameters})");
            } else {
                while parser.kind().is_name() {
                    name.push(' ');
                    name.push_str(&parser.name()?.to_lowercase());
                }
            }
            while parser.take(Kind::LeftBracket) {
                let length = match parser.kind() {
                    Kind::Digits => {
                        let token = parser.advance();
                        parser.raw(token)
                    }
                    _ => "",
                };
                parser.expect(Kind::RightBracket, "`]`")?;
                name = format!("{name}[{length}]");
            }
            Ok(name.into())
        })
    }

    /// Whether only names (and types within types) stand between the parentheses here.
    fn type_parameters_are_types(&self) -> bool {
        let close = self.closing(0);
        let mut index = self.position() + 1;
        let mut any = false;
        while index < close {
            match self.token_at(index).kind {
                Kind::LeftParenthesis => index = self.closing(index - self.position()).max(index),
                Kind::Comma | Kind::LeftBracket | Kind::RightBracket => {}
                kind if kind.is_name() => any = true,
                _ => return false,
            }
            index += 1;
        }
        any
    }

    /// `String, Int` or, with names, `a Int, b Array(String)`
    fn type_list(&mut self) -> Parsed<String> {
        self.advance();
        let mut types = Vec::new();
        while self.kind() != Kind::RightParenthesis {
            let named = self.kind().is_name() && self.ahead(1).is_name();
            let name = if named { Some(self.name()?) } else { None };
            let type_name = self.type_name()?;
            types.push(match name {
                Some(name) => format!("{} {type_name}", name.to_lowercase()),
                None => type_name.into(),
            });
            if !self.take(Kind::Comma) {
                break;
            }
        }
        self.expect(Kind::RightParenthesis, "`)`")?;
        Ok(types.join(", "))
    }

    fn type_expressions(&mut self) -> Parsed<String> {
        let start = self.start();
        self.advance();
        if self.kind() == Kind::Text && self.ahead(1) == Kind::Equal {
            return Err(self.unsupported("Enum types are not supported", start));
        }
        let mut texts = Vec::new();
        while self.kind() != Kind::RightParenthesis {
            let from = self.start() as usize;
            self.any_expression()?;
            texts.push(self.source.get(from..self.previous_end() as usize).unwrap_or(""));
            if !self.take(Kind::Comma) {
                break;
            }
        }
        self.expect(Kind::RightParenthesis, "`)`")?;
        Ok(texts.join(", "))
    }
}
