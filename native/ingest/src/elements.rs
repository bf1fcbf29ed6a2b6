//! The elements chain: `$elements` of an autocaptured event as one line of text, and back.
//!
//! ```text
//! a.big.btn:attr__class="btn big"attr__href="/x"href="/x"nth-child="1"nth-of-type="2"text="Go";div:…
//! ```
//!
//! The target comes first. Each element is its tag, its sorted classes, and its attributes sorted by key with
//! double quotes escaped.

use std::collections::BTreeMap;
use std::fmt::Write;

use json::{Kind, Value};

/// Longer texts are cut.
const TEXT_CHARS_MAX: usize = 400;
/// Longer links are cut.
const HREF_CHARS_MAX: usize = 2048;

/// One element of a page.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Element {
    /// Its tag; empty where unknown.
    pub tag: String,
    /// Its classes, sorted.
    pub classes: Vec<String>,
    /// Everything else.
    pub attributes: BTreeMap<String, String>,
}

/// The chain of a `$elements` list. Items that are no objects are left out.
pub fn chain(elements: &Value<'_>) -> String {
    let mut out = String::new();
    for element in elements.items().filter(|item| item.kind == Kind::Object) {
        if !out.is_empty() {
            out.push(';');
        }
        Element::read(&element).write(&mut out);
    }
    out
}

impl Element {
    fn read(value: &Value<'_>) -> Self {
        let mut element = Self::default();
        let (mut nth_child, mut nth_of_type) = (None, None);
        for (key, value) in value.members() {
            let key = key.decode();
            match key.as_ref() {
                "tag_name" => element.tag = text(&value).unwrap_or_default(),
                "$el_text" => element.put_unless_empty("text", &value, TEXT_CHARS_MAX),
                "attr__href" => element.put_unless_empty("href", &value, HREF_CHARS_MAX),
                "attr__id" => element.put_unless_empty("attr_id", &value, usize::MAX),
                "attr__class" => element.classes = classes(&value),
                "nth_child" => nth_child = text(&value),
                "nth_of_type" => nth_of_type = text(&value),
                _ => {}
            }
            if key.starts_with("attr__") {
                element.put_cut(&key, &value, usize::MAX);
            }
        }
        for (name, value) in [("nth-child", nth_child), ("nth-of-type", nth_of_type)] {
            element.attributes.insert(name.to_string(), value.unwrap_or_else(|| "0".to_string()));
        }
        element
    }

    /// An element without text has `$el_text` all the same, an empty one; SDKs that make chains leave it out.
    fn put_unless_empty(&mut self, name: &str, value: &Value<'_>, chars_max: usize) {
        self.put_cut(name, value, chars_max);
        if self.attributes.get(name).is_some_and(String::is_empty) {
            self.attributes.remove(name);
        }
    }

    fn put_cut(&mut self, name: &str, value: &Value<'_>, chars_max: usize) {
        if let Some(mut text) = text(value) {
            if let Some((end, _)) = text.char_indices().nth(chars_max) {
                text.truncate(end);
            }
            self.attributes.insert(name.to_string(), text);
        }
    }

    fn write(&self, out: &mut String) {
        out.push_str(&self.tag);
        for class in &self.classes {
            out.push('.');
            out.extend(class.chars().filter(|character| *character != '"'));
        }
        out.push(':');
        for (key, value) in &self.attributes {
            let _ = write!(out, "{key}=\"");
            for character in value.chars() {
                if character == '"' {
                    out.push('\\');
                }
                out.push(character);
            }
            out.push('"');
        }
    }
}

/// A value as text; lists as their items joined by a space, `null` as nothing.
fn text(value: &Value<'_>) -> Option<String> {
    match value.kind {
        Kind::Null => None,
        Kind::String => value.string().map(std::borrow::Cow::into_owned),
        Kind::Array => Some(value.items().filter_map(|item| text(&item)).collect::<Vec<_>>().join(" ")),
        _ => Some(value.raw.to_string()),
    }
}

fn classes(value: &Value<'_>) -> Vec<String> {
    let all = text(value).unwrap_or_default();
    let mut classes: Vec<String> = all.split_whitespace().map(str::to_string).collect();
    classes.sort();
    classes
}

/// Reads a chain back. Tags and classes end at the first `:`, so a class that holds one is cut there, and a
/// value that ends in a backslash cannot be told from an escaped quote: the format has no escape for it.
pub fn parse(chain: &str) -> Vec<Element> {
    let mut elements = Vec::new();
    let mut rest = chain;
    while !rest.is_empty() {
        let (head, tail) = rest.split_once(':').unwrap_or((rest, ""));
        let mut names = head.split('.').map(str::to_string);
        let mut element = Element { tag: names.next().unwrap_or_default(), ..Element::default() };
        element.classes = names.collect();
        rest = tail;
        while let Some((key, tail)) = rest.split_once("=\"").filter(|_| !rest.starts_with(';')) {
            let (value, end) = quoted(tail);
            element.attributes.insert(key.to_string(), value);
            rest = &tail[end..];
        }
        elements.push(element);
        rest = rest.split_once(';').map_or("", |(_, next)| next);
    }
    elements
}

/// The value up to its closing quote, and where the text goes on after it.
fn quoted(text: &str) -> (String, usize) {
    let mut value = String::new();
    let mut characters = text.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        match character {
            '\\' if characters.peek().is_some_and(|(_, next)| *next == '"') => {
                value.push('"');
                characters.next();
            }
            '"' => return (value, at + 1),
            _ => value.push(character),
        }
    }
    (value, text.len())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(json: &str) -> String {
        chain(&Value::parse(json).unwrap())
    }

    #[test]
    fn the_contracts_example() {
        let elements = r#"[{"tag_name":"a","$el_text":"Go","attr__class":"btn big","attr__href":"/x","nth_child":1,"nth_of_type":2}]"#;
        assert_eq!(
            of(elements),
            r#"a.big.btn:attr__class="btn big"attr__href="/x"href="/x"nth-child="1"nth-of-type="2"text="Go""#
        );
    }

    #[test]
    fn quotes_are_escaped_in_values_and_leave_classes() {
        let elements = r#"[{"tag_name":"b","attr__class":["x\"y","a"],"attr__id":"i","$el_text":"say \"hi\";now"},5,{}]"#;
        assert_eq!(
            of(elements),
            concat!(
                r#"b.a.xy:attr__class="x\"y a"attr__id="i"attr_id="i"nth-child="0"nth-of-type="0"text="say \"hi\";now";"#,
                r#":nth-child="0"nth-of-type="0""#
            )
        );
    }

    #[test]
    fn empty_texts_links_and_ids_are_left_out_as_sdks_do() {
        let elements = r#"[{"tag_name":"a","$el_text":"","attr__href":"","attr__id":"","nth_child":3}]"#;
        assert_eq!(of(elements), r#"a:attr__href=""attr__id=""nth-child="3"nth-of-type="0""#);
    }

    #[test]
    fn long_texts_and_links_are_cut() {
        let long = "é".repeat(5000);
        let parsed =
            parse(&of(&format!(r#"[{{"tag_name":"a","$el_text":"{long}","attr__href":"{long}"}}]"#)));
        assert_eq!(parsed[0].attributes["text"].chars().count(), 400);
        assert_eq!(parsed[0].attributes["href"].chars().count(), 2048);
        assert_eq!(parsed[0].attributes["attr__href"].chars().count(), 5000);
    }

    #[test]
    fn what_is_no_list_makes_no_chain() {
        assert_eq!((of("{}"), of("5"), of("[]")), (String::new(), String::new(), String::new()));
    }

    proptest! {
        #[test]
        fn a_chain_reads_back_as_the_elements_it_was_made_of(
            elements in prop::collection::vec(
                ("[a-z]{1,8}", prop::collection::vec("[a-z0-9_-]{1,6}", 0..4), r#"[ -!#-\[\]-~é";:=.]{0,20}"#, 0..99_u8),
                0..5,
            )
        ) {
            let list: Vec<_> = elements
                .iter()
                .map(|(tag, classes, text, nth)| serde_json::json!({
                    "tag_name": tag, "attr__class": classes.join(" "), "$el_text": text, "nth_child": nth,
                }))
                .collect();
            let parsed = parse(&of(&serde_json::Value::from(list).to_string()));
            prop_assert_eq!(parsed.len(), elements.len());
            for (element, (tag, classes, text, nth)) in parsed.iter().zip(&elements) {
                let mut classes = classes.clone();
                classes.sort();
                prop_assert_eq!(&element.tag, tag);
                prop_assert_eq!(&element.classes, &classes);
                prop_assert_eq!(element.attributes.get("text"), Some(text).filter(|text| !text.is_empty()));
                prop_assert_eq!(&element.attributes["nth-child"], &nth.to_string());
            }
        }
    }
}
