//! Names of properties that definitions look at, numbered: an evaluation keeps their values in slots.

use rustc_hash::FxHashMap;

/// Numbered names.
#[derive(Debug, Default)]
pub struct Keys {
    slots: FxHashMap<Box<str>, u32>,
}

impl Keys {
    /// The slot of a name, a new one if need be.
    pub fn intern(&mut self, key: &str) -> u32 {
        if let Some(slot) = self.slots.get(key) {
            return *slot;
        }
        let slot = self.slots.len() as u32;
        self.slots.insert(key.into(), slot);
        slot
    }

    /// The slot of a name that somebody looks at.
    pub fn get(&self, key: &str) -> Option<usize> {
        self.slots.get(key).map(|slot| *slot as usize)
    }

    /// How many slots there are.
    pub fn len(&self) -> usize {
        self.slots.len()
    }
}
