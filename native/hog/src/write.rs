//! Trees as JSON. Parts that say nothing (null, false) are left out; offsets are in characters.

use crate::tree::{AttributeValue, Named, Node, Text, Truth, Value};

/// The JSON of a tree of this text.
pub fn to_json(tree: &Node, source: &str) -> String {
    let mut out = Out { json: String::with_capacity(source.len() * 8 + 64), characters: characters(source) };
    tree.write(&mut out);
    out.json
}

/// The number of characters before each byte, unless every character is one byte.
fn characters(source: &str) -> Option<Vec<u32>> {
    if source.is_ascii() {
        return None;
    }
    let mut count = 0;
    let mut table = Vec::with_capacity(source.len() + 1);
    for (_, character) in source.char_indices() {
        table.extend(std::iter::repeat_n(count, character.len_utf8()));
        count += 1;
    }
    table.push(count);
    Some(table)
}

/// The number of characters before a byte.
pub fn character_offset(source: &str, byte: u32) -> u32 {
    let before = source.char_indices().take_while(|(at, _)| *at < byte as usize);
    before.count() as u32
}

/// What is written so far.
pub struct Out {
    json: String,
    characters: Option<Vec<u32>>,
}

impl Out {
    /// A part of the node that was opened last.
    pub fn part(&mut self, name: &'static str, part: &impl Part) {
        if part.is_absent() {
            return;
        }
        self.key(name.strip_prefix("r#").unwrap_or(name));
        part.write(self);
    }

    /// Keys of ours need no escapes.
    fn key(&mut self, key: &'static str) {
        if !self.json.ends_with('{') {
            self.json.push(',');
        }
        self.json.push('"');
        self.json.push_str(key);
        self.json.push_str("\":");
    }

    fn number(&mut self, number: impl std::fmt::Display) {
        use std::fmt::Write as _;
        let _ = write!(self.json, "{number}");
    }

    fn offset(&mut self, byte: u32) {
        let offset = match &self.characters {
            None => byte,
            Some(table) => table.get(byte as usize).or(table.last()).copied().unwrap_or(0),
        };
        self.number(offset);
    }

    fn list<'a, P: Part + 'a>(&mut self, parts: impl IntoIterator<Item = &'a P>) {
        self.json.push('[');
        for (index, part) in parts.into_iter().enumerate() {
            if index > 0 {
                self.json.push(',');
            }
            part.write(self);
        }
        self.json.push(']');
    }
}

/// What may be a part of a node.
pub trait Part {
    /// Appends it.
    fn write(&self, out: &mut Out);

    /// Whether it says nothing.
    fn is_absent(&self) -> bool {
        false
    }

    /// How high the tree under it is.
    fn height(&self) -> u16 {
        0
    }
}

impl Part for Node {
    fn write(&self, out: &mut Out) {
        out.json.push('{');
        out.key("node");
        out.json.push('"');
        out.json.push_str(self.kind.name());
        out.json.push('"');
        if let Some((start, end)) = self.span {
            out.key("start");
            out.offset(start);
            out.key("end");
            out.offset(end);
        }
        self.kind.write(out);
        out.json.push('}');
    }

    fn height(&self) -> u16 {
        Node::height(self)
    }
}

impl<P: Part> Part for Option<P> {
    fn write(&self, out: &mut Out) {
        if let Some(part) = self {
            part.write(out);
        }
    }

    fn is_absent(&self) -> bool {
        self.is_none()
    }

    fn height(&self) -> u16 {
        self.as_ref().map_or(0, Part::height)
    }
}

impl<P: Part> Part for Vec<P> {
    fn write(&self, out: &mut Out) {
        out.list(self);
    }

    fn height(&self) -> u16 {
        self.iter().map(Part::height).max().unwrap_or(0)
    }
}

impl Part for (Node, Node) {
    fn write(&self, out: &mut Out) {
        out.list([&self.0, &self.1]);
    }

    fn height(&self) -> u16 {
        self.0.height().max(self.1.height())
    }
}

impl Part for Named {
    fn write(&self, out: &mut Out) {
        out.json.push('{');
        for (name, node) in &self.0 {
            json::push_key(&mut out.json, name);
            node.write(out);
        }
        out.json.push('}');
    }

    fn height(&self) -> u16 {
        self.0.iter().map(|(_, node)| node.height()).max().unwrap_or(0)
    }
}

impl Part for AttributeValue {
    fn write(&self, out: &mut Out) {
        match self {
            Self::One(node) => node.write(out),
            Self::Children(nodes) => nodes.write(out),
        }
    }

    fn height(&self) -> u16 {
        match self {
            Self::One(node) => node.height(),
            Self::Children(nodes) => nodes.height(),
        }
    }
}

impl Part for Text {
    fn write(&self, out: &mut Out) {
        json::push_string(&mut out.json, self);
    }
}

impl Part for &'static str {
    fn write(&self, out: &mut Out) {
        json::push_string(&mut out.json, self);
    }
}

impl Part for bool {
    fn write(&self, out: &mut Out) {
        out.number(self);
    }

    fn is_absent(&self) -> bool {
        !self
    }
}

impl Part for Truth {
    fn write(&self, out: &mut Out) {
        out.number(self.0);
    }
}

impl Part for i64 {
    fn write(&self, out: &mut Out) {
        out.number(self);
    }
}

impl Part for Value {
    /// Numbers that JSON does not have are strings, told apart by their type.
    fn write(&self, out: &mut Out) {
        match self {
            Self::Null => out.json.push_str("null"),
            Self::Bool(truth) => out.number(truth),
            Self::Integer(number) => out.number(number),
            Self::Float(number) if number.is_finite() => out.number(format_args!("{number:?}")),
            Self::Float(number) => {
                let name = match (number.is_nan(), number.is_sign_negative()) {
                    (true, _) => "NaN",
                    (false, true) => "-Infinity",
                    (false, false) => "Infinity",
                };
                out.number(format_args!("\"{name}\",\"value_type\":\"number\""));
            }
            Self::BigInteger(digits) => {
                json::push_string(&mut out.json, digits);
                out.json.push_str(",\"value_type\":\"number\"");
            }
            Self::Text(text) => json::push_string(&mut out.json, text),
        }
    }
}
