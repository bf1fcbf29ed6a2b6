//! Why a frame could not be resolved, as it is stored and as it is told.
//!
//! Stored as JSON in the shape that PostHog stores ([`Failure::to_json`]), so that a failure met once is not looked
//! for again; told in its words on the frame (`Display`).

use serde::{Deserialize, Serialize};
use std::fmt;

/// A failure, by what was to be resolved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Failure {
    /// A script's frame.
    JavaScript(ScriptFailure),
    /// A frame of React Native's engine.
    Hermes(HermesFailure),
    /// A frame of obfuscated Java.
    Proguard(ProguardFailure),
    /// A frame of Apple's systems.
    Apple(ImageFailure),
    /// A frame of other machine code.
    Native(ImageFailure),
    /// Nothing is known under a chunk id.
    MissingChunkIdData(String),
}

/// What goes wrong with scripts and their maps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ScriptFailure {
    /// The frame names neither a script nor a chunk.
    NoUrlOrChunkId,
    /// The frame names no script.
    NoSourceUrl,
    /// The map cannot be used, and why.
    InvalidSourceMap(String),
    /// The map says nothing about function, line and column.
    TokenNotFound(String, u32, u32),
    /// The script's address is none.
    InvalidSourceUrl(String),
    /// The script names no map.
    NoSourcemap(String),
    /// The header that should name the map is no text.
    InvalidSourceMapHeader(String),
    /// The map's address is none.
    InvalidSourceMapUrl(String),
    /// It took too long.
    Timeout(String),
    /// The site answered with this status.
    HttpStatus(u16, String),
    /// The site could not be reached.
    NetworkError(String),
    /// Too many redirects.
    RedirectError(String),
    /// The address must not be asked.
    BlockedUrl(String),
    /// The uploaded file is damaged.
    JSDataError(String),
    /// Script and map do not fit into the uploaded file's form.
    InvalidSourceAndMap,
    /// An inline map that cannot be read: where, and why.
    InvalidDataUrl(String, String),
    /// Nothing was uploaded for a chunk.
    NoSourcemapUploaded(String),
}

/// What goes wrong with React Native's maps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum HermesFailure {
    /// The uploaded file is damaged.
    DataError(String),
    /// The map cannot be used, and why.
    InvalidMap(String),
    /// Nothing was uploaded for a chunk.
    NoSourcemapUploaded(String),
    /// The frame names no chunk.
    NoChunkId,
    /// The map of a chunk says nothing about a column.
    NoTokenForColumn(u32, String),
}

/// What goes wrong with mappings of obfuscated Java.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ProguardFailure {
    /// The uploaded file is damaged.
    DataError(String),
    /// The mapping cannot be used.
    InvalidMapping,
    /// Nothing was uploaded for an id.
    MissingMap(String),
    /// The frame names no mapping.
    NoMapId,
    /// The mapping says nothing about the frame.
    NoOriginalFrames,
    /// The frame names no class.
    NoModuleProvided,
    /// The mapping does not have the class.
    MissingClass,
    /// The class cannot be read.
    InvalidClass,
}

/// What goes wrong with machine code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ImageFailure {
    /// The uploaded file is damaged.
    DataError(String),
    /// No dSYM was uploaded for an image of Apple's.
    MissingDsym(String),
    /// Nothing was uploaded for another image.
    MissingSymbolSet(String),
    /// The image has no id.
    NoDebugId,
    /// An address is none.
    InvalidAddress(String),
    /// No function lies at an address.
    SymbolNotFound(u64),
    /// The symbols cannot be read, and why.
    ParseError(String),
    /// No image of the event has the address.
    NoMatchingDebugImage,
}

impl Failure {
    /// As it is stored.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// As it was stored.
    pub fn from_json(json: &str) -> Option<Self> {
        serde_json::from_str(json).ok()
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::JavaScript(failure) => failure.fmt(out),
            Self::Hermes(failure) => failure.fmt(out),
            Self::Proguard(failure) => failure.fmt(out),
            Self::Apple(ImageFailure::ParseError(why)) => write!(out, "Failed to parse dSYM: {why}"),
            Self::Apple(failure) | Self::Native(failure) => failure.fmt(out),
            Self::MissingChunkIdData(id) => write!(out, "No symbol set for chunk id: {id}"),
        }
    }
}

impl fmt::Display for ScriptFailure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoUrlOrChunkId => out.write_str("This frame had no source url or chunk id"),
            Self::NoSourceUrl => out.write_str("No source url found"),
            Self::InvalidSourceMap(why) => write!(out, "Invalid source map: {why}"),
            Self::TokenNotFound(name, line, column) => {
                write!(out, "Token not found for frame: {name}:{line}:{column}")
            }
            Self::InvalidSourceUrl(url) | Self::InvalidSourceMapUrl(url) => {
                write!(out, "Invalid source url: {url}")
            }
            Self::NoSourcemap(url) => write!(out, "Could not find sourcemap for source url: {url}"),
            Self::InvalidSourceMapHeader(url) => {
                write!(out, "Could not parse source-map header from url {url}")
            }
            Self::Timeout(what) => write!(out, "Request timed out while fetching: {what}"),
            Self::HttpStatus(status, what) => write!(out, "HTTP error {status} while fetching: {what}"),
            Self::NetworkError(what) => write!(out, "Network error while fetching: {what}"),
            Self::RedirectError(what) => write!(out, "Redirect error while fetching: {what}"),
            Self::BlockedUrl(what) => write!(out, "This address must not be fetched: {what}"),
            Self::JSDataError(why) => write!(out, "JSDataError: {why}"),
            Self::InvalidSourceAndMap => out.write_str("Invalid Source and Map"),
            Self::InvalidDataUrl(place, why) => write!(out, "Invalid data url found at {place}. {why}"),
            Self::NoSourcemapUploaded(id) => write!(out, "No sourcemap uploaded for chunk id: {id}"),
        }
    }
}

impl fmt::Display for HermesFailure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::DataError(why) => write!(out, "Data error: {why}"),
            Self::InvalidMap(why) => write!(out, "Invalid map: {why}"),
            Self::NoSourcemapUploaded(id) => write!(out, "No sourcemap uploaded for chunk id: {id}"),
            Self::NoChunkId => out.write_str("No chunk id sent with frame"),
            Self::NoTokenForColumn(column, id) => write!(out, "No token for column {column} on chunk {id}"),
        }
    }
}

impl fmt::Display for ProguardFailure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::DataError(why) => write!(out, "Data error: {why}"),
            Self::InvalidMapping => out.write_str("Invalid mapping"),
            Self::MissingMap(id) => write!(out, "No proguard map uploaded for id: {id}"),
            Self::NoMapId => out.write_str("No map ID sent with frame"),
            Self::NoOriginalFrames => {
                out.write_str("No original frames could be derived from this raw frame")
            }
            Self::NoModuleProvided => out.write_str("No module provided"),
            Self::MissingClass => out.write_str("No class matched"),
            Self::InvalidClass => out.write_str("Invalid class format"),
        }
    }
}

impl fmt::Display for ImageFailure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::DataError(why) => write!(out, "Data error: {why}"),
            Self::MissingDsym(id) => write!(out, "No dSYM uploaded for debug_id: {id}"),
            Self::MissingSymbolSet(id) => write!(out, "No debug symbols uploaded for debug_id: {id}"),
            Self::NoDebugId => out.write_str("No debug_id found for frame"),
            Self::InvalidAddress(text) => write!(out, "Invalid address format: {text}"),
            Self::SymbolNotFound(address) => write!(out, "Symbol not found at address: {address:#x}"),
            Self::ParseError(why) => write!(out, "Failed to parse debug symbols: {why}"),
            Self::NoMatchingDebugImage => out.write_str("No matching debug image found for frame"),
        }
    }
}
