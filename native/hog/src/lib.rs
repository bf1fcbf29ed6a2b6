//! `HogQL` and Hog as text, read into one syntax tree.
//!
//! One parser for both: `HogQL`'s expressions are Hog's expressions, and Hog adds statements. It is written by hand:
//! [`lexer`](lex) makes tokens, operators are read by precedence (Pratt), everything else by recursive descent without
//! ever going back. The language of the grammar and the shape of the tree are those of PostHog's published parser, an
//! oracle in the tests.
//!
//! Promises:
//! - Any text gets a tree or a [`Failure`] that says where it lies. Nothing panics, and the stack stays small.
//! - The time is linear in the length of the text, and both are bounded.
//! - Nothing is dropped in silence but what the tests list.
//!
//! Layout: `keyword`, `token`, `lexer`, `text` — what the text is made of; `parser` — where the parser stands;
//! `expression`, `prefix`, `call`, `literal`, `types`, `tag` — expressions; `query`, `clause`, `table` — queries;
//! `statement` — Hog; `tree`, `write` — the result.
//!
//! Bytecode for the virtual machine will be made from the same tree, beside `write`.

mod call;
mod clause;
mod expression;
mod failure;
mod keyword;
mod lexer;
mod literal;
mod parser;
mod prefix;
mod query;
mod statement;
mod table;
mod tag;
mod text;
mod token;
pub mod tree;
mod types;
mod write;

pub use failure::{Failure, FailureKind};
pub use write::to_json;

use parser::{Fault, Parsed, Parser};
use tree::Node;

/// The longest text that is read.
pub const SOURCE_BYTES_MAX: usize = 1 << 20;
/// How deep rules may nest. What this takes of the stack is tested.
pub const NESTING_MAX: u16 = 256;
/// How high a tree may grow. Python walks it by recursion, a few frames for each level, and allows a thousand; its JSON
/// nests at most thrice as deep.
pub const HEIGHT_MAX: u16 = 128;
/// The longest number, in bytes.
pub const NUMBER_BYTES_MAX: usize = 256;

/// What a text is read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Goal {
    /// A query: `select 1`.
    Select,
    /// An expression: `a + 1`.
    Expression,
    /// An item of `order by`: `a desc`.
    Order,
    /// A Hog program.
    Program,
    /// Text with expressions in braces: `Hello {name}`.
    Template,
}

/// Reads a text.
pub fn parse(source: &str, goal: Goal) -> Result<Node, Failure> {
    parse_bytes(source, goal).map_err(|fault| fault.in_characters(source))
}

fn parse_bytes(source: &str, goal: Goal) -> Parsed<Node> {
    if source.len() > SOURCE_BYTES_MAX {
        let message = format!("The text is longer than {SOURCE_BYTES_MAX} bytes");
        return Err(Fault::new(FailureKind::Syntax, message, 0, 0));
    }
    let tokens = lexer::lex(source, goal == Goal::Template).map_err(|no_token| {
        Fault::new(FailureKind::Syntax, no_token.message, no_token.start as u32, no_token.end as u32)
    })?;
    let mut parser = Parser::new(source, tokens);
    match goal {
        Goal::Select => parser.whole_query(),
        Goal::Expression => parser.whole(Parser::any_expression),
        Goal::Order => parser.whole(Parser::order_item),
        Goal::Program => parser.program(),
        Goal::Template => parser.full_template(),
    }
}
