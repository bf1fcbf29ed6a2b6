//! How deep minified code nests, told before it is parsed.
//!
//! The parser behind us calls itself for what is nested in the code, and so do those who walk its tree. What it would
//! have to do for a hostile script is bounded here: tokens are read without recursion, and [`check`] refuses code that
//! nests deeper than [`DEPTH_MAX`], counting everything that a parser may nest by: brackets, chains of operators, calls
//! and members, statements in statements. It counts rather too much than too little. Where a token cannot be told
//! without parsing (a `/` that may divide or begin a pattern), the code is refused too: its positions resolve all the
//! same, only the names of functions are lost.

mod skip;

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
    /// A statement begins here.
    Statement,
    /// An operator or an opening bracket: an operand follows.
    Operator,
    /// `=>`, behind which a brace begins a body.
    Arrow,
    /// A word of the language after which an operand follows.
    Keyword,
    /// Any other word.
    Name,
    /// The end of an operand: a literal, `]`, `}` of an object, or `)` of anything but a condition.
    Operand,
    /// `)` of `if` and the like: a statement or a block follows.
    Condition,
    /// `)` of a function's parameters.
    Parameters,
    /// `}` of which it is not known what it ends.
    Brace,
    /// `++` or `--` after an operand.
    Postfix,
    /// A full stop: whatever follows is a name.
    Dot,
}

/// What a bracket is that was opened.
#[derive(Debug, Clone, Copy)]
struct Level {
    /// The bracket that closes it; a backtick stands for `${`.
    closes: u8,
    /// What stands before whatever comes behind it.
    behind: Before,
    /// Whether there are statements in it.
    is_block: bool,
    /// What its function's braces end with, if it is a list of parameters.
    function: Before,
    operators: usize,
    statements: usize,
    questions: usize,
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
    questions: usize,
    before: Before,
    /// The last word, from where to where.
    word: (usize, usize),
    /// The last word is one of a statement with a condition.
    is_conditional: bool,
    /// What the braces of a function, of a class, and of a function behind `async` end with, which has begun.
    function: Before,
    class: Option<(usize, Before)>,
    asynchronous: Before,
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
        questions: 0,
        before: Before::Statement,
        word: (0, 0),
        is_conditional: false,
        function: Before::Brace,
        class: None,
        asynchronous: Before::Brace,
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
                self.class = None;
                self.punctuate(1, Before::Operator);
            }
            b';' => {
                (self.has_ended, self.questions, self.class) = (true, 0, None);
                self.punctuate(1, Before::Statement);
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
        self.is_conditional = false;
    }

    fn operator(&mut self, byte: u8) -> Result<(), Refusal> {
        if byte < 0x20 {
            return Err(Refusal::Unclear);
        }
        self.operators += 1;
        if matches!(byte, b'+' | b'-') && self.peek(1) == Some(byte) {
            return self.step();
        }
        if byte == b':' {
            self.colon();
            return if self.labels > LABELS_MAX { Err(Refusal::TooDeep) } else { Ok(()) };
        }
        if byte == b'=' && self.peek(1) == Some(b'>') {
            self.punctuate(2, Before::Arrow);
            return Ok(());
        }
        if byte == b'?' && self.peek(1) == Some(b'?') {
            self.punctuate(2, Before::Operator);
            return Ok(());
        }
        let is_dot = byte == b'.' && !self.starts_with(b"...");
        let is_chain = byte == b'?' && self.peek(1) == Some(b'.');
        if is_dot || is_chain {
            self.punctuate(if is_chain { 2 } else { 1 }, Before::Dot);
            // `a?.5:b` is no chain, `a?.[b]` is one.
            if is_chain && matches!(self.peek(0), Some(b'0'..=b'9')) {
                self.at -= 1;
                self.questions += 1;
                self.before = Before::Operator;
            }
            return Ok(());
        }
        self.questions += usize::from(byte == b'?');
        self.punctuate(1, Before::Operator);
        Ok(())
    }

    /// `++` or `--`, which stands behind an operand on the same line, or else before one.
    fn step(&mut self) -> Result<(), Refusal> {
        match self.before {
            Before::Brace | Before::Dot | Before::Parameters => return Err(Refusal::Unclear),
            Before::Name | Before::Operand if !self.has_newline => self.punctuate(2, Before::Postfix),
            Before::Name | Before::Operand => {
                self.operators = 1;
                self.punctuate(2, Before::Operator);
            }
            _ => self.punctuate(2, Before::Operator),
        }
        Ok(())
    }

    /// A colon of a condition, of a member, or behind a label.
    fn colon(&mut self) {
        let labels = if self.before == Before::Name { self.labels + 1 } else { 0 };
        self.class = None;
        let is_block = self.levels.last().is_none_or(|level| level.is_block);
        if self.questions == 0 && is_block {
            self.punctuate(1, Before::Statement);
        } else {
            self.questions = self.questions.saturating_sub(1);
            self.punctuate(1, Before::Operator);
        }
        self.labels = labels;
    }

    fn open(&mut self, byte: u8) {
        self.operators += 1;
        let (closes, behind, is_block) = match byte {
            b'(' if self.is_conditional => (b')', Before::Condition, false),
            b'(' if self.function != Before::Brace => (b')', Before::Parameters, false),
            b'(' => (b')', Before::Operand, false),
            b'[' => (b']', Before::Operand, false),
            _ => {
                let (behind, is_block) = self.brace();
                (b'}', behind, is_block)
            }
        };
        self.push(closes, behind, is_block);
        self.punctuate(1, if is_block { Before::Statement } else { Before::Operator });
    }

    /// What a brace that opens here ends with, and whether there are statements in it.
    fn brace(&mut self) -> (Before, bool) {
        let class = self.class.filter(|(level, _)| *level == self.levels.len());
        match self.before {
            Before::Statement | Before::Condition => (Before::Statement, true),
            Before::Parameters => (std::mem::replace(&mut self.function, Before::Brace), true),
            Before::Arrow => (Before::Brace, true),
            // Behind `return` and the like a new line ends the statement.
            Before::Keyword if self.has_newline => (Before::Brace, true),
            Before::Operator | Before::Keyword => (Before::Operand, false),
            Before::Name | Before::Operand if class.is_some() => {
                self.class = None;
                (class.map_or(Before::Brace, |(_, behind)| behind), false)
            }
            // The body of a method, and whatever else.
            _ => (Before::Brace, self.before == Before::Operand),
        }
    }

    fn push(&mut self, closes: u8, behind: Before, is_block: bool) {
        let (operators, statements, questions) = (self.operators, self.statements, self.questions);
        let function = std::mem::replace(&mut self.function, Before::Brace);
        self.levels.push(Level { closes, behind, is_block, function, operators, statements, questions });
        self.depth += 1 + operators + statements;
        (self.operators, self.statements, self.questions) = (0, 0, 0);
    }

    fn close(&mut self, byte: u8) -> Result<(), Refusal> {
        let level = self.levels.pop().ok_or(Refusal::Unclear)?;
        self.depth -= 1 + level.operators + level.statements;
        (self.operators, self.statements, self.questions) =
            (level.operators, level.statements, level.questions);
        (self.has_ended, self.function) = (false, Before::Brace);
        self.at += 1;
        if level.closes == b'`' && byte == b'}' {
            return self.template();
        }
        if level.closes != byte {
            return Err(Refusal::Unclear);
        }
        self.punctuate(0, level.behind);
        match level.behind {
            Before::Statement => self.has_ended = true,
            Before::Parameters => self.function = level.function,
            _ => {}
        }
        Ok(())
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
        // Two words, or an operand and a word: the statement before has ended without a semicolon.
        let is_new = matches!(self.before, Before::Brace | Before::Name | Before::Operand | Before::Postfix);
        self.has_ended |= is_new && !continues;
        self.begin(word);
        let labels = self.labels;
        let was_conditional = self.is_conditional;
        match word {
            b"if" | b"for" | b"while" | b"with" | b"switch" => {
                self.statements += 1;
                self.punctuate(0, Before::Keyword);
                self.is_conditional = true;
            }
            b"catch" => {
                self.punctuate(0, Before::Statement);
                self.is_conditional = true;
            }
            b"else" | b"do" | b"try" | b"finally" => {
                self.statements += 1;
                self.punctuate(0, Before::Statement);
            }
            b"return" | b"throw" | b"case" | b"default" => {
                self.statements += 1;
                self.punctuate(0, Before::Keyword);
            }
            b"new" | b"typeof" | b"void" | b"delete" | b"in" | b"instanceof" | b"yield" | b"extends" => {
                self.operators += 1;
                self.punctuate(0, Before::Keyword);
            }
            b"await" => {
                self.operators += 1;
                self.punctuate(0, Before::Keyword);
                // `for await (…)`
                self.is_conditional = was_conditional;
            }
            b"function" => {
                self.function = self.behind_braces();
                self.punctuate(0, Before::Name);
            }
            b"class" => {
                self.class = Some((self.levels.len(), self.behind_braces()));
                self.punctuate(0, Before::Name);
            }
            _ => {
                if word == b"async" {
                    self.asynchronous = self.behind_braces();
                }
                self.punctuate(0, Before::Name);
            }
        }
        self.labels = labels;
        self.word = (start, self.at);
        Ok(())
    }

    /// What the braces of a function or class end with that begins here: a statement, or an operand.
    fn behind_braces(&self) -> Before {
        let word = &self.text[self.word.0..self.word.1];
        match self.before {
            Before::Operator | Before::Arrow => Before::Operand,
            Before::Keyword if word != b"default" => Before::Operand,
            Before::Name if word == b"async" => self.asynchronous,
            Before::Name if word == b"export" || self.has_newline && word != b"of" => Before::Statement,
            Before::Statement | Before::Condition | Before::Operand | Before::Postfix => Before::Statement,
            _ => Before::Brace,
        }
    }

    /// A division or a pattern, by what stood before.
    fn slash(&mut self) -> Result<(), Refusal> {
        match self.before {
            Before::Operand | Before::Postfix => self.operator(b'/'),
            Before::Name if !self.is_word_before(b"of") && !self.is_word_before(b"let") => {
                self.operator(b'/')
            }
            Before::Name | Before::Brace | Before::Dot | Before::Parameters => Err(Refusal::Unclear),
            _ => self.pattern(),
        }
    }

    fn is_word_before(&self, word: &[u8]) -> bool {
        self.text[..self.at].trim_ascii_end().ends_with(word)
    }
}

#[cfg(test)]
mod tests;
