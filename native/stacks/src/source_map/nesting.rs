//! How deep minified code nests, told before it is parsed.
//!
//! The parser behind us calls itself for what is nested in the code, and so do those who walk its tree. What it would
//! have to do for a hostile script is bounded here: tokens are read without recursion, and [`check`] refuses code that
//! nests deeper than [`DEPTH_MAX`], counting everything that a parser may nest by: brackets, chains of operators, calls
//! and members, statements in statements. It counts rather too much than too little. Where a token cannot be told
//! without parsing (a `/` that may divide or begin a pattern), the code is refused too: its positions resolve all the
//! same, only the names of functions are lost.

/// Levels of nesting; bundles of large applications stay far below.
pub const DEPTH_MAX: usize = 2_000;
/// Labels in a row, for which the parser takes time by their square.
const LABELS_MAX: usize = 32;
/// Bytes of an identifier.
const IDENTIFIER_BYTES_MAX: usize = 4 * 1024;

/// Why code is not parsed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// It nests too deeply.
    TooDeep,
    /// Its tokens cannot be told, or it is no code.
    Unclear,
}

/// What stood before, as far as it matters for what comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Before {
    /// Nothing, an operator or an opening bracket: an operand follows.
    Operator,
    /// A word of the language after which an operand follows.
    Keyword,
    /// `else` and `do`, which do not end a statement.
    Name,
    /// The end of an operand: a literal, `]`, or `)` of anything but a condition.
    Operand,
    /// `)` of `if`, `for`, `while` or `with`.
    Condition,
    /// `}`, of a block or an object.
    Brace,
    /// `++` or `--` after an operand.
    Postfix,
    /// A full stop: whatever follows is a name.
    Dot,
}

/// What is open.
#[derive(Debug, Clone, Copy)]
struct Level {
    /// The bracket that closes it; a backtick stands for `${`.
    closes: u8,
    /// Whether it is the condition of a statement.
    is_condition: bool,
    operators: usize,
    statements: usize,
}

#[derive(Debug)]
struct Scan<'a> {
    text: &'a [u8],
    at: usize,
    levels: Vec<Level>,
    /// Of the innermost level, and of all together.
    operators: usize,
    statements: usize,
    depth: usize,
    before: Before,
    /// The last name is a keyword of a statement with a condition.
    is_conditional: bool,
    /// A statement ended, unless `else` follows.
    has_ended: bool,
    has_newline: bool,
    labels: usize,
}

/// Reads all tokens, or says why the code is not to be parsed.
pub fn check(code: &str) -> Result<(), Refusal> {
    let mut scan = Scan {
        text: code.as_bytes(),
        at: 0,
        levels: Vec::new(),
        operators: 0,
        statements: 0,
        depth: 0,
        before: Before::Operator,
        is_conditional: false,
        has_ended: false,
        has_newline: false,
        labels: 0,
    };
    if code.starts_with("#!") {
        scan.skip_line();
    }
    while let Some(byte) = scan.peek(0) {
        scan.token(byte, code)?;
        if scan.depth + scan.operators + scan.statements > DEPTH_MAX {
            return Err(Refusal::TooDeep);
        }
    }
    Ok(())
}

impl Scan<'_> {
    fn peek(&self, ahead: usize) -> Option<u8> {
        self.text.get(self.at + ahead).copied()
    }

    fn starts_with(&self, text: &[u8]) -> bool {
        self.text[self.at..].starts_with(text)
    }

    fn token(&mut self, byte: u8, code: &str) -> Result<(), Refusal> {
        match byte {
            b'\n' | b'\r' => {
                self.has_newline = true;
                self.at += 1;
                return Ok(());
            }
            b' ' | b'\t' | 0x0b | 0x0c => {
                self.at += 1;
                return Ok(());
            }
            b'/' if self.peek(1) == Some(b'/') => {
                self.skip_line();
                return Ok(());
            }
            b'/' if self.peek(1) == Some(b'*') => return self.comment(),
            0x80.. if self.skip_wide_space(code) => return Ok(()),
            _ => {}
        }
        if self.starts_with(b"<!--") || self.has_newline && self.starts_with(b"-->") {
            return Err(Refusal::Unclear);
        }
        let is_name = matches!(byte, b'a'..=b'z' | b'A'..=b'Z' | b'_' | b'$' | b'\\' | b'#' | b'@' | 0x80..);
        if !is_name {
            self.begin(b"");
        }
        match byte {
            _ if is_name => self.name()?,
            b'0'..=b'9' => self.number(),
            b'.' if matches!(self.peek(1), Some(b'0'..=b'9')) => self.number(),
            b'"' | b'\'' => self.string(byte)?,
            b'`' => {
                self.operators += 1;
                self.at += 1;
                self.template()?;
            }
            b'/' => self.slash()?,
            b'(' | b'[' | b'{' => self.open(byte),
            b')' | b']' | b'}' => self.close(byte)?,
            b',' => {
                self.operators = 0;
                self.punctuate(1, Before::Operator);
            }
            b';' => {
                self.has_ended = true;
                self.punctuate(1, Before::Operator);
            }
            _ => self.operator(byte)?,
        }
        self.has_newline = false;
        Ok(())
    }

    /// A token begins: a statement that ended before it is forgotten, unless it goes on.
    fn begin(&mut self, word: &[u8]) {
        if std::mem::take(&mut self.has_ended) && !matches!(word, b"else" | b"while" | b"catch" | b"finally")
        {
            (self.operators, self.statements) = (0, 0);
        }
    }

    fn punctuate(&mut self, bytes: usize, before: Before) {
        self.at += bytes;
        self.before = before;
        self.labels = 0;
    }

    fn operator(&mut self, byte: u8) -> Result<(), Refusal> {
        if byte < 0x20 {
            return Err(Refusal::Unclear);
        }
        self.operators += 1;
        if matches!(byte, b'+' | b'-') && self.peek(1) == Some(byte) {
            let is_operand = matches!(self.before, Before::Name | Before::Operand | Before::Brace);
            if is_operand && (self.has_newline || self.before == Before::Brace) {
                return Err(Refusal::Unclear);
            }
            self.punctuate(2, if is_operand { Before::Postfix } else { Before::Operator });
            return Ok(());
        }
        if byte == b':' {
            let is_label = self.before == Before::Name;
            self.at += 1;
            self.before = Before::Operator;
            self.labels = if is_label { self.labels + 1 } else { 0 };
            return if self.labels > LABELS_MAX { Err(Refusal::TooDeep) } else { Ok(()) };
        }
        let is_dot = byte == b'.' && !self.starts_with(b"...");
        let is_chain = byte == b'?' && self.peek(1) == Some(b'.');
        if is_dot || is_chain {
            self.punctuate(if is_chain { 2 } else { 1 }, Before::Dot);
            // `a?.5:b` is no chain, `a?.[b]` is one.
            if is_chain && matches!(self.peek(0), Some(b'0'..=b'9')) {
                self.before = Before::Operator;
            }
            return Ok(());
        }
        self.punctuate(1, Before::Operator);
        Ok(())
    }

    fn open(&mut self, byte: u8) {
        self.operators += 1;
        let closes = match byte {
            b'(' => b')',
            b'[' => b']',
            _ => b'}',
        };
        self.push(closes, byte == b'(' && self.is_conditional && self.before == Before::Keyword);
        self.punctuate(1, Before::Operator);
    }

    fn push(&mut self, closes: u8, is_condition: bool) {
        let (operators, statements) = (self.operators, self.statements);
        self.levels.push(Level { closes, is_condition, operators, statements });
        self.depth += 1 + operators + statements;
        (self.operators, self.statements) = (0, 0);
    }

    fn close(&mut self, byte: u8) -> Result<(), Refusal> {
        let level = self.levels.pop().ok_or(Refusal::Unclear)?;
        self.depth -= 1 + level.operators + level.statements;
        (self.operators, self.statements) = (level.operators, level.statements);
        self.at += 1;
        if level.closes == b'`' && byte == b'}' {
            return self.template();
        }
        if level.closes != byte {
            return Err(Refusal::Unclear);
        }
        self.labels = 0;
        self.before = match byte {
            b')' if level.is_condition => Before::Condition,
            b'}' => Before::Brace,
            _ => Before::Operand,
        };
        Ok(())
    }

    /// The rest of a template, up to its end or the next `${`.
    fn template(&mut self) -> Result<(), Refusal> {
        loop {
            match self.peek(0) {
                None => return Err(Refusal::Unclear),
                Some(b'\\') => self.at += 2,
                Some(b'`') => {
                    self.punctuate(1, Before::Operand);
                    return Ok(());
                }
                Some(b'$') if self.peek(1) == Some(b'{') => {
                    self.push(b'`', false);
                    self.punctuate(2, Before::Operator);
                    return Ok(());
                }
                Some(_) => self.at += 1,
            }
        }
    }

    fn string(&mut self, quote: u8) -> Result<(), Refusal> {
        self.at += 1;
        loop {
            match self.peek(0) {
                None | Some(b'\n' | b'\r') => return Err(Refusal::Unclear),
                Some(b'\\') => self.at += if self.text[self.at..].starts_with(b"\\\r\n") { 3 } else { 2 },
                Some(byte) if byte == quote => {
                    self.punctuate(1, Before::Operand);
                    return Ok(());
                }
                Some(_) => self.at += 1,
            }
        }
    }

    fn number(&mut self) {
        while let Some(b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'_' | b'.') = self.peek(0) {
            self.at += 1;
        }
        self.punctuate(0, Before::Operand);
    }

    fn name(&mut self) -> Result<(), Refusal> {
        let start = self.at;
        while let Some(b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | b'$' | b'\\' | b'#' | b'@' | 0x80..) =
            self.peek(0)
        {
            // The braces of `\u{61}` belong to the name.
            if self.starts_with(b"\\u{") {
                let end = memchr::memchr(b'}', &self.text[self.at..]).ok_or(Refusal::Unclear)?;
                self.at += end;
            }
            self.at += 1;
        }
        if self.at - start > IDENTIFIER_BYTES_MAX {
            return Err(Refusal::Unclear);
        }
        let text = self.text;
        let word = &text[start..self.at];
        if self.before == Before::Dot || word.contains(&b'\\') {
            self.punctuate(0, Before::Name);
            return Ok(());
        }
        let continues =
            matches!(word, b"in" | b"of" | b"instanceof" | b"else" | b"while" | b"catch" | b"finally");
        if matches!(self.before, Before::Brace | Before::Name) && !continues {
            self.has_ended = true;
        }
        self.begin(word);
        let labels = self.labels;
        match word {
            b"if" | b"for" | b"while" | b"with" => {
                self.statements += 1;
                self.is_conditional = true;
                self.punctuate(0, Before::Keyword);
            }
            b"else" | b"do" | b"return" | b"throw" | b"case" | b"default" | b"try" => {
                self.statements += 1;
                self.is_conditional = false;
                self.punctuate(0, Before::Keyword);
            }
            b"new" | b"typeof" | b"void" | b"delete" | b"in" | b"instanceof" | b"yield" | b"extends" => {
                self.operators += 1;
                self.is_conditional = false;
                self.punctuate(0, Before::Keyword);
            }
            b"await" => {
                self.operators += 1;
                // `for await (…)` has a condition.
                self.punctuate(0, Before::Keyword);
            }
            _ => self.punctuate(0, Before::Name),
        }
        self.labels = labels;
        Ok(())
    }

    /// A division or a pattern, by what stood before.
    fn slash(&mut self) -> Result<(), Refusal> {
        match self.before {
            Before::Operator | Before::Keyword | Before::Condition => self.pattern(),
            Before::Operand | Before::Postfix => self.operator(b'/'),
            Before::Name if !self.is_word_before(b"of") && !self.is_word_before(b"let") => {
                self.operator(b'/')
            }
            Before::Name | Before::Brace | Before::Dot => Err(Refusal::Unclear),
        }
    }

    fn is_word_before(&self, word: &[u8]) -> bool {
        self.text[..self.at].trim_ascii_end().ends_with(word)
    }

    fn pattern(&mut self) -> Result<(), Refusal> {
        self.at += 1;
        let mut is_class = false;
        loop {
            match self.peek(0) {
                None | Some(b'\n' | b'\r') => return Err(Refusal::Unclear),
                // The line separators U+2028 and U+2029.
                Some(0xe2)
                    if matches!(self.text.get(self.at + 1..self.at + 3), Some([0x80, 0xa8 | 0xa9])) =>
                {
                    return Err(Refusal::Unclear);
                }
                Some(b'\\') if matches!(self.peek(1), None | Some(b'\n' | b'\r')) => {
                    return Err(Refusal::Unclear);
                }
                Some(b'\\') => self.at += 2,
                Some(b'[') => (is_class, self.at) = (true, self.at + 1),
                Some(b']') => (is_class, self.at) = (false, self.at + 1),
                Some(b'/') if !is_class => break,
                Some(_) => self.at += 1,
            }
        }
        self.at += 1;
        while let Some(b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | b'$') = self.peek(0) {
            self.at += 1;
        }
        self.punctuate(0, Before::Operand);
        Ok(())
    }

    fn comment(&mut self) -> Result<(), Refusal> {
        let end = memchr::memmem::find(&self.text[self.at + 2..], b"*/").ok_or(Refusal::Unclear)?;
        self.has_newline |= memchr::memchr2(b'\n', b'\r', &self.text[self.at..self.at + 2 + end]).is_some();
        self.at += end + 4;
        Ok(())
    }

    fn skip_line(&mut self) {
        let rest = &self.text[self.at..];
        // A line ends at the separators U+2028 and U+2029 too.
        let end = memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
        let separator = memchr::memmem::find(&rest[..end], b"\xe2\x80\xa8");
        let paragraph = memchr::memmem::find(&rest[..end], b"\xe2\x80\xa9");
        self.at += end.min(separator.unwrap_or(end)).min(paragraph.unwrap_or(end));
    }

    fn skip_wide_space(&mut self, code: &str) -> bool {
        let Some(character) = code.get(self.at..).and_then(|rest| rest.chars().next()) else { return false };
        let is_space = character.is_whitespace() || character == '\u{feff}';
        if is_space {
            self.at += character.len_utf8();
            self.has_newline |= matches!(character, '\u{2028}' | '\u{2029}');
        }
        is_space
    }
}

#[cfg(test)]
mod tests {
    use super::{DEPTH_MAX, Refusal, check};

    #[test]
    fn what_nests_is_counted_whatever_it_nests_by() {
        let many = DEPTH_MAX + 1;
        for (before, after) in [
            ("(", ")"),
            ("[", "]"),
            ("{", "}"),
            ("!", ""),
            ("a+", ""),
            ("a=>", ""),
            ("function a(){", "}"),
            ("a?b:", ""),
            ("a=", ""),
            ("if(a)", ""),
            ("if(a){}else ", ""),
            ("if(a)b,c;else ", ""),
            ("`${", "}`"),
            ("x={a:", "}"),
            ("class a{b(){", "}}"),
            ("a(", ")"),
            ("a:", ""),
            ("typeof ", ""),
            ("for(;;)", ""),
            ("do ", ";while(1)"),
            ("new ", ""),
            ("a.", ""),
            ("a?.", ""),
            ("await ", ""),
            ("{a:", "}"),
            ("while(a,b)", ""),
            ("a\n.", ""),
        ] {
            let code = [&before.repeat(many), "a", &after.repeat(many)].concat();
            assert_eq!(check(&code), Err(Refusal::TooDeep), "{before}");
        }
        assert_eq!(check(&["a".to_owned(), "()".repeat(many)].concat()), Err(Refusal::TooDeep));
        assert_eq!(check(&["a".to_owned(), "``".repeat(many)].concat()), Err(Refusal::TooDeep));
    }

    #[test]
    fn what_stands_side_by_side_is_not() {
        let many = 10 * DEPTH_MAX;
        for code in [
            "function a(){return b+c}",
            "a=b,",
            "a();",
            "if(a){b()}",
            "var a=b/c/d;",
            "x\n",
            "a(/[/\"]/);",
            "var {a,b}=c;",
            "if(a)/'/.test(b);",
            "// it's\n",
            "/* \" */",
            "\"\\\"\";",
            "`'`;",
            "i++/2;",
            "class a{b=1;c(){}}",
            "try{}catch{}",
        ] {
            assert_eq!(check(&code.repeat(many)), Ok(()), "{code}");
        }
    }

    #[test]
    fn what_only_a_parser_can_tell_is_refused() {
        for code in ["}", "'", "`", "\"\n\"", "/*", "a={}/'/;", "<!-- '", "a\n++/'/", "(]", "for(a of/'/)b"] {
            assert_eq!(check(code), Err(Refusal::Unclear), "{code}");
        }
    }
}
