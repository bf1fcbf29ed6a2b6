//! The strings of a map while it is compiled, each kept once.

use rustc_hash::FxHashMap;

use super::compile::Flaw;

/// Strings by their number.
#[derive(Debug, Default)]
pub struct Strings {
    places: Vec<[u32; 2]>,
    bytes: Vec<u8>,
    known: FxHashMap<Box<str>, u32>,
}

impl Strings {
    /// The string's number.
    pub fn add(&mut self, text: &str) -> Result<u32, Flaw> {
        if let Some(index) = self.known.get(text) {
            return Ok(*index);
        }
        let index = self.places.len() as u32;
        let offset = u32::try_from(self.bytes.len()).map_err(|_| Flaw::TooLarge("strings"))?;
        self.places.push([offset, text.len() as u32]);
        self.bytes.extend_from_slice(text.as_bytes());
        self.known.insert(text.into(), index);
        Ok(index)
    }

    /// Offset and length of each.
    pub fn places(&self) -> &[[u32; 2]] {
        &self.places
    }

    /// All of them.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}
