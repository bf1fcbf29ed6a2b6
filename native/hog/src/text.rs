//! What quoted texts mean.

/// The text between quotes that `quote` doubles, with its escapes resolved.
pub fn unquote(inner: &str, quote: char) -> Box<str> {
    resolve(inner, Some(quote))
}

/// A text that stands between no quotes, with its escapes resolved.
pub fn unescape(text: &str) -> Box<str> {
    resolve(text, None)
}

fn resolve(inner: &str, quote: Option<char>) -> Box<str> {
    if !inner.contains('\\') && !quote.is_some_and(|quote| inner.contains(quote)) {
        return inner.into();
    }
    let mut out = String::with_capacity(inner.len());
    let mut characters = inner.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\\' => match characters.next() {
                Some('b') => out.push('\u{8}'),
                Some('f') => out.push('\u{c}'),
                Some('r') => out.push('\r'),
                Some('n') => out.push('\n'),
                Some('t') => out.push('\t'),
                Some('a') => out.push('\u{7}'),
                Some('v') => out.push('\u{b}'),
                // Zero bytes are left out: neither the store nor JSON clients fare well with them.
                Some('0') => {}
                None => out.push('\\'),
                Some(escaped @ ('\\' | '{')) => out.push(escaped),
                Some(escaped @ ('\'' | '"' | '`')) if quote.is_some() => out.push(escaped),
                Some(other) => {
                    out.push('\\');
                    out.push(other);
                }
            },
            character if Some(character) == quote => {
                characters.next_if_eq(&character);
                out.push(character);
            }
            character => out.push(character),
        }
    }
    out.into()
}

#[cfg(test)]
mod tests {
    use super::{unescape, unquote};

    #[test]
    fn quotes_and_known_escapes_are_resolved_and_others_kept() {
        assert_eq!(&*unquote(r"it''s \'so\'", '\''), "it's 'so'");
        assert_eq!(&*unquote(r"a\nb\\c\x41\0", '\''), "a\nb\\c\\x41");
        assert_eq!(&*unquote("a``b", '`'), "a`b");
        assert_eq!(&*unescape(r"it''s \'so\'\n \{"), "it''s \\'so\\'\n {");
    }
}
