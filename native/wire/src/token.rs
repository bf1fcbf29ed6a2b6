//! The shape of a project token, judged before any look-up.

/// Why a text cannot be a project token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenShape {
    /// Nothing but whitespace.
    Empty,
    /// Over [`TOKEN_BYTES_MAX`].
    TooLong,
    /// Other characters than ASCII.
    NotAscii,
    /// A personal key, which must not travel in events.
    PersonalApiKey,
    /// A NUL.
    NullByte,
}

/// Tokens are no longer than this.
pub const TOKEN_BYTES_MAX: usize = 64;

impl TokenShape {
    /// The word that answers use.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TooLong => "too_long",
            Self::NotAscii => "not_ascii",
            Self::PersonalApiKey => "personal_api_key",
            Self::NullByte => "null_byte",
        }
    }
}

/// The token without the whitespace around it, or what is wrong with it.
pub fn check(token: &str) -> Result<&str, TokenShape> {
    let token = token.trim();
    if token.is_empty() {
        Err(TokenShape::Empty)
    } else if token.len() > TOKEN_BYTES_MAX {
        Err(TokenShape::TooLong)
    } else if !token.is_ascii() {
        Err(TokenShape::NotAscii)
    } else if token.starts_with("phx_") {
        Err(TokenShape::PersonalApiKey)
    } else if token.contains('\0') {
        Err(TokenShape::NullByte)
    } else {
        Ok(token)
    }
}
