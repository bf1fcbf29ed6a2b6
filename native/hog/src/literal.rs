//! Numbers, intervals and templates.

use crate::NUMBER_BYTES_MAX;
use crate::expression::Power;
use crate::failure::FailureKind;
use crate::keyword::Keyword;
use crate::parser::{Fault, Parsed, Parser};
use crate::text::{unescape, unquote};
use crate::token::{Kind, Token};
use crate::tree::{ArithmeticOperation, Constant, Node, Text, Value};

impl Parser<'_> {
    /// Whether a number begins so many tokens further on.
    pub fn number_follows(&self, tokens: usize) -> bool {
        match self.ahead(tokens) {
            Kind::Digits
            | Kind::Float
            | Kind::Hexadecimal
            | Kind::Binary
            | Kind::Keyword(Keyword::Inf | Keyword::Nan) => true,
            Kind::Dot => self.ahead(tokens + 1) == Kind::Digits,
            _ => false,
        }
    }

    /// `-a` is `0 - a`.
    pub fn negative(&mut self) -> Parsed<Node> {
        let start = self.start();
        self.advance();
        let left = self.unplaced(Constant { value: Value::Integer(0) })?;
        let right = self.expression(Power::Negate)?;
        self.node(ArithmeticOperation { left, right, op: "-" }, start)
    }

    /// A number with its sign, or null.
    pub fn number(&mut self) -> Parsed<Node> {
        let start = self.start();
        let signed = matches!(self.kind(), Kind::Dash | Kind::Plus);
        if signed && !self.number_follows(1) {
            return Err(self.expected("an expression"));
        }
        let negative = signed && self.advance().kind == Kind::Dash;
        let token = self.advance();
        let value = match token.kind {
            Kind::Keyword(Keyword::Null) => Value::Null,
            Kind::Keyword(Keyword::Inf) => Value::Float(f64::INFINITY),
            Kind::Keyword(Keyword::Nan) => Value::Float(f64::NAN),
            Kind::Digits => self.decimal(token)?,
            Kind::Dot => {
                let fraction = self.expect(Kind::Digits, "an expression")?;
                self.fraction("0", fraction)?
            }
            _ => self.special(token)?,
        };
        let value = match value {
            value if !negative => value,
            Value::Integer(number) => Value::Integer(number.wrapping_neg()),
            Value::Float(number) => Value::Float(-number),
            // The one integer whose absolute value has 64 bits.
            Value::BigInteger(digits) if &*digits == "9223372036854775808" => Value::Integer(i64::MIN),
            Value::BigInteger(digits) => Value::BigInteger(format!("-{digits}").into()),
            value => value,
        };
        self.node(Constant { value }, start)
    }

    fn short_enough(&self, token: Token) -> Parsed<&str> {
        let raw = self.raw(token);
        if raw.len() > NUMBER_BYTES_MAX {
            return Err(self.wrong("The number is too long", token.start));
        }
        Ok(raw)
    }

    /// Digits, perhaps with a fraction: `1`, `1.5`, `1.`.
    fn decimal(&mut self, token: Token) -> Parsed<Value> {
        if self.kind() == Kind::Dot {
            let behind = self.token_at(self.position() + 1);
            if behind.kind == Kind::Digits {
                self.advance();
                let fraction = self.advance();
                let whole = self.short_enough(token)?.to_owned();
                return self.fraction(&whole, fraction);
            }
            // `1.a` is a member of 1, `1.` a number.
            if !behind.kind.is_name() {
                self.advance();
                return float(self.short_enough(token)?)
                    .ok_or_else(|| self.wrong("Not a number", token.start));
            }
        }
        let raw = self.short_enough(token)?;
        Ok(match raw.parse() {
            Ok(number) => Value::Integer(number),
            Err(_) => Value::BigInteger(raw.trim_start_matches('0').into()),
        })
    }

    fn fraction(&self, whole: &str, fraction: Token) -> Parsed<Value> {
        let text = format!("{whole}.{}", self.short_enough(fraction)?);
        float(&text).ok_or_else(|| self.wrong("Not a number", fraction.start))
    }

    /// Numbers with an exponent or another base.
    fn special(&self, token: Token) -> Parsed<Value> {
        let raw = self.short_enough(token)?;
        let value = match token.kind {
            Kind::Hexadecimal => Some(match i64::from_str_radix(&raw[2..], 16) {
                Ok(number) => Value::Integer(number),
                Err(_) => Value::BigInteger(raw.to_ascii_lowercase().into()),
            }),
            Kind::Binary => match u64::from_str_radix(&raw[2..], 2) {
                Ok(number) => Some(
                    i64::try_from(number)
                        .map_or_else(|_| Value::BigInteger(number.to_string().into()), Value::Integer),
                ),
                Err(_) => return Err(self.wrong("Binary numbers have at most 64 bits", token.start)),
            },
            Kind::Float if raw.starts_with("0x") || raw.starts_with("0X") => hexadecimal_float(raw),
            Kind::Float => float(raw),
            _ => None,
        };
        value.ok_or_else(|| self.wrong("Expected an expression", token.start))
    }

    // Intervals

    /// Whether the word `interval` here begins an interval.
    pub fn interval_follows(&self) -> bool {
        match self.ahead(1) {
            Kind::Text | Kind::Name | Kind::QuotedName | Kind::LeftBrace | Kind::TemplateStart => true,
            Kind::LeftParenthesis => {
                let behind = self.token_at(self.closing(1) + 1).kind;
                !matches!(behind, Kind::End | Kind::Comma | Kind::RightParenthesis | Kind::RightBracket)
                    && !ends_operand(behind)
            }
            Kind::Dash | Kind::Plus => self.unit_within(3),
            _ => self.number_follows(1),
        }
    }

    /// Whether a unit stands within so many tokens.
    fn unit_within(&self, tokens: usize) -> bool {
        (1..=tokens).any(|ahead| is_unit(self.ahead(ahead)))
    }

    pub fn interval(&mut self) -> Parsed<Node> {
        let start = self.start();
        self.advance();
        if self.kind() == Kind::Text && !is_unit(self.ahead(1)) {
            return self.interval_in_words(start);
        }
        let count = self.any_expression()?;
        let Kind::Keyword(keyword) = self.kind() else {
            return Err(self.expected("a unit of time"));
        };
        let Some(function) = keyword.interval_function() else {
            return Err(self.expected("a unit of time"));
        };
        self.advance();
        self.call_node(function, vec![count], start)
    }

    /// `interval '7 days'`
    fn interval_in_words(&mut self, start: u32) -> Parsed<Node> {
        let token = self.advance();
        let text = self.unquoted(token);
        let Some((count, unit)) = text.split_once(' ') else {
            return Err(self.unsupported_interval("an interval is '<count> <unit>'", start));
        };
        let count = count.bytes().all(|byte| byte.is_ascii_digit()).then(|| count.parse().ok()).flatten();
        let Some(count) = count else {
            return Err(self.unsupported_interval("the count is not an integer", start));
        };
        let singular = unit.strip_suffix('s').unwrap_or(unit);
        let keyword =
            unit.bytes().all(|byte| byte.is_ascii_lowercase()).then(|| Keyword::of(singular.as_bytes()));
        let Some(function) = keyword.flatten().and_then(Keyword::interval_function) else {
            return Err(self.unsupported_interval("unknown unit", start));
        };
        let count = self.unplaced(Constant { value: Value::Integer(count) })?;
        self.call_node(function, vec![count], start)
    }

    fn unsupported_interval(&self, why: &str, start: u32) -> Fault {
        let message = format!("Unsupported interval: {why}");
        let kind = FailureKind::NotImplemented;
        Fault::new(kind, message, start, self.previous_end())
    }

    // Templates

    /// A string or a template.
    pub fn string(&mut self) -> Parsed<Node> {
        match self.kind() {
            Kind::Text | Kind::TemplateStart => self.prefix(),
            _ => Err(self.expected("a string")),
        }
    }

    /// `f'text {expression}'`
    pub fn template(&mut self) -> Parsed<Node> {
        let start = self.start();
        self.advance();
        let parts = self.template_parts(Kind::TemplateEnd, false)?;
        self.expect(Kind::TemplateEnd, "the end of the template")?;
        self.joined(parts, start)
    }

    /// A text that is a template as a whole.
    pub fn full_template(&mut self) -> Parsed<Node> {
        let parts = self.template_parts(Kind::End, true)?;
        self.expect(Kind::End, "the end of the template")?;
        self.joined(parts, 0)
    }

    fn template_parts(&mut self, end: Kind, full: bool) -> Parsed<Vec<Node>> {
        let mut parts = Vec::new();
        while self.kind() != end {
            let start = self.start();
            if self.take(Kind::LeftBrace) {
                parts.push(self.any_expression()?);
                self.expect(Kind::RightBrace, "`}`")?;
                continue;
            }
            let token = self.expect(Kind::TemplateText, "text")?;
            let raw = self.raw(token);
            let text: Text = if full { unescape(raw) } else { unquote(raw, '\'') };
            parts.push(self.node(Constant { value: Value::Text(text) }, start)?);
        }
        Ok(parts)
    }

    /// Parts as one text; a single part is itself.
    fn joined(&mut self, mut parts: Vec<Node>, start: u32) -> Parsed<Node> {
        match parts.len() {
            0 => self.node(Constant { value: Value::Text("".into()) }, start),
            1 => Ok(parts.remove(0)),
            _ => self.call_node("concat", parts, start),
        }
    }
}

/// Whether what was read before it is all there is.
fn ends_operand(kind: Kind) -> bool {
    matches!(kind, Kind::Keyword(keyword) if keyword.interval_function().is_none())
        || matches!(kind, Kind::Semicolon | Kind::RightBrace | Kind::Equal | Kind::Colon | Kind::Dot)
}

fn is_unit(kind: Kind) -> bool {
    matches!(kind, Kind::Keyword(keyword) if keyword.interval_function().is_some())
}

fn float(text: &str) -> Option<Value> {
    text.parse().ok().map(Value::Float)
}

/// `0x1.8p3`
fn hexadecimal_float(raw: &str) -> Option<Value> {
    let (mantissa, exponent) = raw.get(2..)?.split_once(['p', 'P'])?;
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let mut value = 0.0_f64;
    for digit in whole.chars().chain(fraction.chars()) {
        value = value.mul_add(16.0, f64::from(digit.to_digit(16)?));
    }
    let exponent = exponent.parse::<i32>().unwrap_or(if exponent.starts_with('-') {
        i32::MIN / 2
    } else {
        i32::MAX / 2
    });
    let exponent = exponent.saturating_sub(4 * fraction.len() as i32);
    Some(Value::Float(value * 2.0_f64.powi(exponent)))
}
