//! Texts that are looked for: equal to a value's text, within it, or at one of its ends.
//!
//! Equality knows every letter's lower case; the others know that of ASCII only. Both as the field has it.

use std::borrow::Cow;

use aho_corasick::{AhoCorasick, AhoCorasickBuilder};
use rustc_hash::FxHashSet;

/// Texts of which one has to be equal, whatever the case.
#[derive(Debug, Clone)]
pub(crate) struct Equals {
    texts: Texts,
    longest_bytes: usize,
}

#[derive(Debug, Clone)]
enum Texts {
    Few(Box<[Box<str>]>),
    Many(FxHashSet<Box<str>>),
}

/// From so many texts on they are looked up rather than gone through.
const MANY: usize = 9;
/// How much shorter a text can become in lower case: the Kelvin sign has three bytes, and `k` one.
const SHRINKS_TO_ONE_OF: usize = 3;

impl Equals {
    pub(crate) fn new<'a>(texts: impl Iterator<Item = Cow<'a, str>>) -> Self {
        let texts: Box<[Box<str>]> = texts.map(|text| text.to_lowercase().into_boxed_str()).collect();
        let longest_bytes = texts.iter().map(|text| text.len()).max().unwrap_or(0);
        let texts =
            if texts.len() < MANY { Texts::Few(texts) } else { Texts::Many(texts.into_iter().collect()) };
        Self { texts, longest_bytes }
    }

    pub(crate) fn has(&self, text: &str) -> bool {
        if text.len() > self.longest_bytes * SHRINKS_TO_ONE_OF {
            return false;
        }
        match &self.texts {
            Texts::Few(texts) if text.is_ascii() => {
                texts.iter().any(|known| text.eq_ignore_ascii_case(known))
            }
            Texts::Few(texts) => {
                let lower = text.to_lowercase();
                texts.iter().any(|known| **known == *lower)
            }
            Texts::Many(texts) => texts.contains(&*lower_case(text)),
        }
    }
}

fn lower_case(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase()) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.to_lowercase())
    }
}

/// Texts of which one has to be found, in one pass however many they are.
#[derive(Debug, Clone)]
pub(crate) struct Needles(AhoCorasick);

impl Needles {
    /// None where the texts are too many for one automaton.
    pub(crate) fn new<'a>(texts: impl Iterator<Item = Cow<'a, str>>) -> Option<Self> {
        let texts: Vec<Cow<'_, str>> = texts.collect();
        let patterns = texts.iter().map(|text| text.as_bytes());
        AhoCorasickBuilder::new().ascii_case_insensitive(true).build(patterns).ok().map(Self)
    }

    pub(crate) fn are_in(&self, text: &str) -> bool {
        self.0.is_match(text)
    }
}

/// A text that has to stand at one end.
#[derive(Debug, Clone)]
pub(crate) struct Edge {
    text: Box<str>,
    is_start: bool,
}

impl Edge {
    pub(crate) fn start(text: &str) -> Self {
        Self { text: text.into(), is_start: true }
    }

    pub(crate) fn end(text: &str) -> Self {
        Self { text: text.into(), is_start: false }
    }

    pub(crate) fn is_of(&self, text: &str) -> bool {
        let bytes = text.as_bytes();
        let Some(beyond) = bytes.len().checked_sub(self.text.len()) else { return false };
        let edge = if self.is_start { &bytes[..self.text.len()] } else { &bytes[beyond..] };
        edge.eq_ignore_ascii_case(self.text.as_bytes())
    }
}
