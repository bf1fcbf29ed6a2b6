//! `HogQLX` tags: `<Kind name='text' other={expression} flag>children</Kind>`.

use crate::parser::{Parsed, Parser};
use crate::token::Kind;
use crate::tree::{AttributeValue, Constant, HogQLXAttribute, HogQLXTag, Node, Value};

impl Parser<'_> {
    pub fn tag(&mut self) -> Parsed<Node> {
        self.nested(Self::tag_here)
    }

    fn tag_here(&mut self) -> Parsed<Node> {
        let start = self.start();
        self.expect(Kind::TagStart, "a tag")?;
        let kind = self.name()?;
        let mut attributes = Vec::new();
        let mut has_children = false;
        while self.kind() == Kind::Name {
            has_children |= self.raw(self.token()) == "children";
            attributes.push(self.attribute()?);
        }
        if self.take(Kind::TagSelfClose) {
            return self.node(HogQLXTag { kind, attributes }, start);
        }
        self.expect(Kind::TagEnd, "`>`")?;
        let children = self.children()?;
        self.expect(Kind::TagCloseStart, "a closing tag")?;
        let closing = self.name()?;
        self.expect(Kind::TagEnd, "`>`")?;
        if closing != kind {
            let message = format!("Opening and closing HogQLX tags must match. Got {kind} and {closing}");
            return Err(self.wrong(message, start));
        }
        if !children.is_empty() {
            if has_children {
                let message = "Can't have a HogQLX tag with both children and a 'children' attribute";
                return Err(self.wrong(message, start));
            }
            let value = AttributeValue::Children(children);
            attributes.push(self.unplaced(HogQLXAttribute { name: "children".into(), value })?);
        }
        self.node(HogQLXTag { kind, attributes }, start)
    }

    fn attribute(&mut self) -> Parsed<Node> {
        let start = self.start();
        let name = self.name()?;
        let value = if !self.take(Kind::Equal) {
            self.unplaced(Constant { value: Value::Bool(true) })?
        } else if self.take(Kind::LeftBrace) {
            let value = self.any_expression()?;
            self.expect(Kind::RightBrace, "`}`")?;
            value
        } else {
            let value_start = self.start();
            let token = self.expect(Kind::Text, "a text in single quotes, or an expression in braces")?;
            let value = Value::Text(self.unquoted(token));
            self.node(Constant { value }, value_start)?
        };
        self.node(HogQLXAttribute { name, value: AttributeValue::One(value) }, start)
    }

    fn children(&mut self) -> Parsed<Vec<Node>> {
        let mut children = Vec::new();
        loop {
            let start = self.start();
            match self.kind() {
                Kind::TagText => {
                    let token = self.advance();
                    let value = Value::Text(self.raw(token).into());
                    children.push(self.node(Constant { value }, start)?);
                }
                Kind::LeftBrace => {
                    self.advance();
                    children.push(self.any_expression()?);
                    self.expect(Kind::RightBrace, "`}`")?;
                }
                Kind::TagStart => children.push(self.tag()?),
                _ => return Ok(children),
            }
        }
    }
}
