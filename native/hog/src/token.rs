//! The smallest parts of a text.

use crate::keyword::Keyword;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]

pub enum Kind {
    /// A bare name that is no keyword.
    Name,
    /// A name in backticks or double quotes.
    QuotedName,
    Keyword(Keyword),
    /// Digits alone.
    Digits,
    /// With a fraction and an exponent, or a hexadecimal one.
    Float,
    Hexadecimal,
    Binary,
    /// A string in single quotes.
    Text,
    /// `f'`
    TemplateStart,
    /// `F'`, the start of a text that is a template as a whole.
    FullTemplateStart,
    TemplateText,
    TemplateEnd,
    /// Text between tags.
    TagText,
    /// `<` before a tag.
    TagStart,
    /// `</`
    TagCloseStart,
    /// `>` of a tag.
    TagEnd,
    /// `/>`
    TagSelfClose,
    Arrow,
    Asterisk,
    Assign,
    Colon,
    Comma,
    Concat,
    Dash,
    Dot,
    DoubleColon,
    Equal,
    DoubleEqual,
    Greater,
    GreaterEqual,
    Hash,
    InsensitiveRegex,
    InsensitiveDoubleRegex,
    LeftBrace,
    LeftBracket,
    LeftParenthesis,
    Less,
    LessEqual,
    NotEqual,
    NotInsensitiveRegex,
    NotRegex,
    Nullish,
    NullProperty,
    NullSafeEqual,
    Percent,
    Plus,
    Question,
    Regex,
    DoubleRegex,
    RightBrace,
    RightBracket,
    RightParenthesis,
    Semicolon,
    Slash,
    /// The end of the text.
    End,
}

/// A part of the text; offsets are in bytes.
#[derive(Debug, Clone, Copy)]
pub struct Token {
    pub kind: Kind,
    pub start: u32,
    pub end: u32,
}

impl Kind {
    /// Whether it may stand for a name.
    pub fn is_name(self) -> bool {
        match self {
            Self::Name | Self::QuotedName => true,
            Self::Keyword(keyword) => keyword.may_be_name(),
            _ => false,
        }
    }

    /// Whether a value may end with it, keywords left out.
    pub fn ends_value(self) -> bool {
        matches!(
            self,
            Self::Name
                | Self::QuotedName
                | Self::Digits
                | Self::Float
                | Self::Hexadecimal
                | Self::Binary
                | Self::Text
                | Self::TemplateEnd
                | Self::TagEnd
                | Self::TagSelfClose
                | Self::RightParenthesis
                | Self::RightBracket
        )
    }

    /// Whether an expression may begin with it, for words that could be an infix but are not taken for one.
    pub fn starts_expression(self) -> bool {
        match self {
            Self::Name
            | Self::QuotedName
            | Self::Digits
            | Self::Float
            | Self::Hexadecimal
            | Self::Binary
            | Self::Text
            | Self::TemplateStart
            | Self::TagStart
            | Self::Asterisk
            | Self::Dash
            | Self::Plus
            | Self::Dot
            | Self::Hash
            | Self::LeftBrace
            | Self::LeftBracket
            | Self::LeftParenthesis => true,
            Self::Keyword(keyword) => {
                !keyword.is_infix()
                    && (keyword.may_be_name()
                        || matches!(keyword, Keyword::Null | Keyword::Inf | Keyword::Nan))
            }
            _ => false,
        }
    }
}
