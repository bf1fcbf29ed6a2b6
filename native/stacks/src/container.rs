//! The file that `posthog-cli` uploads: symbols in a container.
//!
//! ```text
//! "posthog_error_tracking"   22 bytes
//! version                    u32, 1 or 2
//! type                       u32, see `Contents`
//! compression                u8, version 2 only: 0 none, 1 zstd
//! payload
//! ```
//!
//! Numbers are little-endian. The payload of a script and its map is each one's length, a u64, and its UTF-8 text.

use std::borrow::Cow;
use std::io::Read;

const MAGIC: &[u8; 22] = b"posthog_error_tracking";
/// Bytes of a payload after decompression, which is what may be uploaded uncompressed.
pub const PAYLOAD_BYTES_MAX: usize = 100 * 1024 * 1024;

/// What an uploaded file holds.
#[derive(Debug, PartialEq, Eq)]
pub enum Contents {
    /// A minified script and its map.
    Script {
        /// The script.
        code: String,
        /// Its map.
        map: String,
    },
    /// React Native's map.
    Hermes(String),
    /// The mapping of obfuscated Java.
    Mapping(Vec<u8>),
    /// Apple's symbols, a zip.
    Dsym(Vec<u8>),
    /// Other machine code's symbols.
    Elf(Vec<u8>),
}

/// Why a file is no container.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Container {
    /// It does not begin as one.
    Foreign,
    /// Another version.
    Version(u32),
    /// Another type.
    Type(u32),
    /// Another compression.
    Compression(u8),
    /// It cannot be decompressed.
    Compressed,
    /// The payload is larger than it may be.
    TooLarge,
    /// The payload ends too early, or goes on too long.
    Length,
    /// Text that is not UTF-8.
    Encoding,
}

impl Contents {
    /// Reads a file.
    pub fn read(file: &[u8]) -> Result<Self, Container> {
        let rest = file.strip_prefix(MAGIC).ok_or(Container::Foreign)?;
        let (version, rest) = number(rest)?;
        let (kind, rest) = number(rest)?;
        let payload = match version {
            1 => Cow::Borrowed(rest),
            2 => match rest.split_first().ok_or(Container::Length)? {
                (0, payload) => Cow::Borrowed(payload),
                (1, payload) => Cow::Owned(decompress(payload)?),
                (other, _) => return Err(Container::Compression(*other)),
            },
            other => return Err(Container::Version(other)),
        };
        if payload.len() > PAYLOAD_BYTES_MAX {
            return Err(Container::TooLarge);
        }
        Ok(match kind {
            2 => {
                let (code, rest) = text(&payload)?;
                let (map, rest) = text(rest)?;
                if !rest.is_empty() {
                    return Err(Container::Length);
                }
                Self::Script { code, map }
            }
            3 => Self::Hermes(utf8(&payload)?),
            4 => Self::Mapping(payload.into_owned()),
            5 => Self::Dsym(payload.into_owned()),
            6 => Self::Elf(payload.into_owned()),
            other => return Err(Container::Type(other)),
        })
    }

    /// Writes a script and its map as the tool does, for what was fetched from a site.
    pub fn write_script(code: &str, map: &str) -> std::io::Result<Vec<u8>> {
        let mut payload = Vec::with_capacity(code.len() + map.len() + 16);
        for text in [code, map] {
            payload.extend((text.len() as u64).to_le_bytes());
            payload.extend(text.as_bytes());
        }
        let mut file = MAGIC.to_vec();
        file.extend(2_u32.to_le_bytes());
        file.extend(2_u32.to_le_bytes());
        file.push(1);
        file.extend(zstd::bulk::compress(&payload, 3)?);
        Ok(file)
    }
}

fn number(bytes: &[u8]) -> Result<(u32, &[u8]), Container> {
    let (number, rest) = bytes.split_first_chunk().ok_or(Container::Length)?;
    Ok((u32::from_le_bytes(*number), rest))
}

fn text(bytes: &[u8]) -> Result<(String, &[u8]), Container> {
    let (length, rest) = bytes.split_first_chunk().ok_or(Container::Length)?;
    let length = usize::try_from(u64::from_le_bytes(*length)).map_err(|_| Container::Length)?;
    let (text, rest) = rest.split_at_checked(length).ok_or(Container::Length)?;
    Ok((utf8(text)?, rest))
}

fn utf8(bytes: &[u8]) -> Result<String, Container> {
    simdutf8::basic::from_utf8(bytes).map(str::to_owned).map_err(|_| Container::Encoding)
}

fn decompress(payload: &[u8]) -> Result<Vec<u8>, Container> {
    let decoder = zstd::stream::read::Decoder::new(payload).map_err(|_| Container::Compressed)?;
    let mut bytes = Vec::new();
    let limit = PAYLOAD_BYTES_MAX as u64 + 1;
    decoder.take(limit).read_to_end(&mut bytes).map_err(|_| Container::Compressed)?;
    if bytes.len() > PAYLOAD_BYTES_MAX { Err(Container::TooLarge) } else { Ok(bytes) }
}

impl std::fmt::Display for Container {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Foreign => out.write_str("not a file of symbols"),
            Self::Version(version) => write!(out, "unknown version {version}"),
            Self::Type(kind) => write!(out, "unknown type {kind}"),
            Self::Compression(compression) => write!(out, "unknown compression {compression}"),
            Self::Compressed => out.write_str("the payload cannot be decompressed"),
            Self::TooLarge => write!(out, "the payload is larger than {PAYLOAD_BYTES_MAX} bytes"),
            Self::Length => out.write_str("the payload has not the length that it says"),
            Self::Encoding => out.write_str("text that is not UTF-8"),
        }
    }
}

impl std::error::Error for Container {}
