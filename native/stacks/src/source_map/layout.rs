//! The bytes of a compiled source map.
//!
//! All numbers are little-endian `u32`; every section begins where the one before ends.
//!
//! ```text
//! header        16 numbers: magic (2), version, kind, then how many of each section there are, in their order
//! lines         (generated line, its first token) of lines that have tokens, ascending
//! columns       generated column of each token, ascending within a line
//! targets       (source, line, column, scope) of each token
//! names         (token, string) of tokens that have a name, ascending
//! renames       (string, string) of classes that a compiler renamed, ascending by the first one's bytes
//! sources       (string, content, content's bytes, first mark, marks) of each source
//! marks         offset in its source of every 16th line
//! string places (offset, bytes) of each string
//! strings       bytes
//! contents      bytes
//! ```
//!
//! Lines and columns are 0-based, as they are in source maps.

/// The first bytes of a compiled map: "HOGMAP" and the year of the format.
pub const MAGIC: [u32; 2] = [u32::from_le_bytes(*b"HOGM"), u32::from_le_bytes(*b"AP26")];
/// What changes when bytes mean something else: older ones are compiled anew.
pub const VERSION: u32 = 1;
/// Numbers in the header.
pub const HEADER: usize = 16;
/// A source's lines are marked every so many lines.
pub const LINES_PER_MARK: usize = 16;

/// The sections, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    /// See the module's layout; so for the others.
    Lines,
    Columns,
    Targets,
    Names,
    Renames,
    Sources,
    Marks,
    Places,
    Strings,
    Contents,
}

impl Section {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Lines,
        Self::Columns,
        Self::Targets,
        Self::Names,
        Self::Renames,
        Self::Sources,
        Self::Marks,
        Self::Places,
        Self::Strings,
        Self::Contents,
    ];

    /// Bytes of one element.
    pub const fn width(self) -> usize {
        match self {
            Self::Lines | Self::Names | Self::Renames | Self::Places => 8,
            Self::Columns | Self::Marks => 4,
            Self::Targets => 16,
            Self::Sources => 20,
            Self::Strings | Self::Contents => 1,
        }
    }
}

/// The number at an index; 0 beyond the end, which `open` has made impossible.
pub fn number(bytes: &[u8], index: usize) -> u32 {
    let at = index * 4;
    bytes.get(at..at + 4).map_or(0, |bytes| u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]))
}
