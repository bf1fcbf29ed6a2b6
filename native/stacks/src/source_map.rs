//! Source maps: where minified code came from.
//!
//! A map is compiled once, when it arrives, into bytes of our own ([`compile`]); these lie on disk, are mapped into
//! memory and looked up as they are ([`SourceMap`]). See `layout` for the bytes.
//!
//! What a position resolves to is what PostHog says of it, that is what Sentry's `symbolic` does: names of functions
//! come from the minified code, renamed through the map. A test compares the two token by token.

mod bounds;
mod compile;
mod layout;
mod nesting;
mod open;
mod scopes;
mod strings;

pub use bounds::{NAME_BYTES_MAX, SECTIONS_MAX, SEGMENTS_MAX, SOURCES_MAX};
pub use compile::{Compiled, Flaw, Kind, compile};
pub use nesting::DEPTH_MAX;
pub use open::{Damage, Location, SourceMap};
pub use scopes::Scope;

/// No index: a token without source, a scope without name, a token without name.
const NONE: u32 = u32::MAX;
/// The scope of a function that has no name.
const ANONYMOUS: u32 = u32::MAX - 1;
