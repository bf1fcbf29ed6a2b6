//! Dart compiled to scripts, whose classes are renamed.

use crate::symbols::Symbols;

/// What stands before the name of a class that Dart's compiler renamed.
const MINIFIED: &str = "minified:";

/// Whether an exception's class is one that Dart's compiler renamed.
pub fn is_minified(class: &str) -> bool {
    class.starts_with(MINIFIED)
}

/// The name that an exception's class had, by the map of a frame of its stack.
pub fn class_of_minified(symbols: &Symbols, class: &str) -> Option<String> {
    let Symbols::Map(map) = symbols else { return None };
    map.class(class.strip_prefix(MINIFIED)?).map(|class| class.replace('\0', "\u{fffd}"))
}
