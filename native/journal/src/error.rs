//! What can go wrong, by role: opening and reading in [`Error`], appending in [`AppendError`].

use std::{fmt, io, path::Path, path::PathBuf};

/// Why a stream could not be opened or read. Damaged bytes are no error: they are skipped and counted.
#[derive(Debug)]
pub enum Error {
    /// The operating system refused; usually permissions or a disk that is gone.
    Io {
        /// The file or directory.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// A later release wrote this; going on would lose it.
    Version {
        /// The file.
        path: PathBuf,
        /// The version it names.
        version: u32,
    },
    /// Every slot up to the limit is held by another process.
    NoFreeSlot,
    /// This process has the lane of this slot open already.
    LaneOpen(String),
    /// A lane is named by 1 to 32 of `a-z` and `_`.
    LaneName(String),
    /// A range that ends before it begins, or names a slot past the limit.
    Range,
}

impl Error {
    pub(crate) fn io(path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |error| Self::Io { path: path.to_owned(), error }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io { path, error } => write!(formatter, "{}: {error}", path.display()),
            Self::Version { path, version } => {
                write!(formatter, "{}: journal format {version} is newer than this release", path.display())
            }
            Self::NoFreeSlot => write!(formatter, "every journal slot is held by another process"),
            Self::LaneOpen(lane) => write!(formatter, "this process already writes the lane {lane:?}"),
            Self::LaneName(lane) => write!(formatter, "{lane:?} cannot name a lane: 1 to 32 of a-z and _ do"),
            Self::Range => write!(formatter, "the range ends before it begins or names an impossible slot"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io { error, .. } => Some(error),
            _ => None,
        }
    }
}

/// The limit that refused an append.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// Appended bytes wait for the disk faster than it takes them.
    Pending,
    /// The lane's budget over all slots is used up: ingest is behind.
    Lane,
    /// The file system has too few free bytes left.
    FreeBytes,
}

impl Limit {
    /// The limit's name, for metrics and messages.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Lane => "lane",
            Self::FreeBytes => "free_bytes",
        }
    }
}

/// Why nothing was appended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AppendError {
    /// Normal under pressure: ask the client to come back later.
    Full(Limit),
    /// A record past the record limit, or records that together could never fit.
    TooLarge,
    /// The bytes are not lengths and records; a mistake in the caller.
    Malformed,
    /// The writer was closed.
    Closed,
}

impl fmt::Display for AppendError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Full(Limit::Pending) => write!(formatter, "the disk cannot keep up with the journal"),
            Self::Full(Limit::Lane) => write!(formatter, "the journal has used up its disk budget"),
            Self::Full(Limit::FreeBytes) => write!(formatter, "the disk has too few free bytes left"),
            Self::TooLarge => write!(formatter, "the records are larger than the journal takes at once"),
            Self::Malformed => write!(formatter, "the bytes are not length-prefixed records"),
            Self::Closed => write!(formatter, "the journal is closed"),
        }
    }
}

impl std::error::Error for AppendError {}
