//! Mappings of obfuscated Java, compiled once and looked up where they lie.
//!
//! The bytes are those of the crate `proguard`'s own cache, which is made for this.

use proguard::{ProguardCache, ProguardMapping, StackFrame};

/// A compiled mapping.
#[derive(Debug)]
pub struct Mapping {
    bytes: Vec<u8>,
}

/// One frame that an obfuscated one stands for.
#[derive(Debug, PartialEq, Eq)]
pub struct Remapped {
    /// The class with its package.
    pub class: String,
    /// The method.
    pub method: String,
    /// The file, if it is known.
    pub file: Option<String>,
    /// The line, if it is known.
    pub line: Option<u32>,
}

impl Mapping {
    /// Compiles the text of a mapping; nothing if it has no line of one.
    pub fn compile(text: &[u8]) -> Option<Vec<u8>> {
        let mapping = ProguardMapping::new(text);
        if !mapping.is_valid() {
            return None;
        }
        let mut bytes = Vec::new();
        ProguardCache::write(&mapping, &mut bytes).ok()?;
        Some(bytes)
    }

    /// Opens what [`Mapping::compile`] made; nothing if it is something else.
    pub fn from_bytes(bytes: Vec<u8>) -> Option<Self> {
        ProguardCache::parse(&bytes).ok()?;
        Some(Self { bytes })
    }

    /// Bytes of the compiled mapping.
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// The frames that one stands for, several where methods were inlined.
    pub fn remap(&self, class: &str, method: &str, line: Option<u32>, file: Option<&str>) -> Vec<Remapped> {
        let Ok(cache) = ProguardCache::parse(&self.bytes) else { return Vec::new() };
        let line = line.unwrap_or(0) as usize;
        let frame = match file {
            Some(file) => StackFrame::with_file(class, method, line, file),
            None => StackFrame::new(class, method, line),
        };
        let frames = cache.remap_frame(&frame).map(|frame| Remapped {
            class: frame.class().to_owned(),
            method: frame.method().to_owned(),
            file: frame.file().map(str::to_owned),
            line: frame.line().map(|line| line as u32),
        });
        frames.collect()
    }

    /// The class that an obfuscated one stands for.
    pub fn class(&self, class: &str) -> Option<String> {
        let cache = ProguardCache::parse(&self.bytes).ok()?;
        cache.remap_class(class).map(str::to_owned)
    }
}
