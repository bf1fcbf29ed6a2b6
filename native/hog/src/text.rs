//! What quoted texts mean.

/// The text between quotes that `quote` doubles, with its escapes resolved.
pub fn unquote(inner: &str, quote: char) -> Box<str> {
    if !inner.contains([quote, '\\']) {
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
                Some('0') | None => {}
                Some(escaped @ ('\\' | '\'' | '"' | '`' | '{')) => out.push(escaped),
                Some(other) => {
                    out.push('\\');
                    out.push(other);
                }
            },
            character if character == quote => {
                characters.next_if_eq(&quote);
                out.push(quote);
            }
            character => out.push(character),
        }
    }
    out.into()
}

#[cfg(test)]
mod tests {
    use super::unquote;

    #[test]
    fn quotes_and_known_escapes_are_resolved_and_others_kept() {
        assert_eq!(&*unquote(r"it''s \'so\'", '\''), "it's 'so'");
        assert_eq!(&*unquote(r"a\nb\\c\x41\0", '\''), "a\nb\\c\\x41");
        assert_eq!(&*unquote("a``b", '`'), "a`b");
    }
}
