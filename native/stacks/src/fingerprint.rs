//! What makes two exceptions the same issue.
//!
//! A version, once published, never changes: an issue that was made by it is found by it for ever. Each digests the
//! exceptions in their order into one SHA-512, and notes what went into it.

mod normal;

use std::borrow::Cow;

use crate::exception::Exception;
use crate::frame::Frame;
use crate::raw_id::Digest;

pub use normal::{normal_message, normal_module, normal_source};

/// Bytes of a fingerprint that a client may choose.
const MANUAL_BYTES_MAX: usize = 64;

/// How a fingerprint is computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Version {
    /// The first one, over frames as they are.
    V1,
    /// What makes the issues of today: all frames, without what a build changes.
    V2,
}

/// A fingerprint, and what went into it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fingerprint {
    /// What it is.
    pub value: String,
    /// The name of the version, unless somebody chose it.
    pub version: Option<&'static str>,
    /// The parts that went into it, as JSON.
    pub record: String,
}

impl Fingerprint {
    /// What the client chose.
    pub fn manual(value: &str) -> Self {
        let value = if value.len() <= MANUAL_BYTES_MAX {
            value.to_owned()
        } else {
            let mut digest = Digest::default();
            digest.bytes(value.as_bytes());
            digest.finish()
        };
        Self { value, version: None, record: "[{\"type\":\"manual\"}]".to_owned() }
    }

    /// What a rule of the project chose.
    pub fn of_rule(rule_id: uuid::Uuid) -> Self {
        let record = format!("[{{\"type\":\"custom\",\"rule_id\":\"{rule_id}\"}}]");
        Self { value: format!("custom-rule:{rule_id}"), version: None, record }
    }

    /// What a version makes of exceptions.
    pub fn automatic(version: Version, name: &'static str, list: &[Listed]) -> Self {
        let mut print = Print { version, digest: Digest::default(), record: String::from("[") };
        for listed in list {
            print.exception(listed);
        }
        print.record.push(']');
        Self { value: print.digest.finish(), version: Some(name), record: print.record }
    }
}

/// An exception in the order that counts.
#[derive(Debug)]
pub struct Listed<'l, 'a> {
    /// The exception.
    pub exception: &'l Exception<'a, Frame<'a>>,
    /// Its id.
    pub id: &'l str,
    /// Its frames in the order that counts, if it has a stack.
    pub frames: Option<Vec<&'l Frame<'a>>>,
}

struct Print {
    version: Version,
    digest: Digest,
    record: String,
}

impl Print {
    fn exception(&mut self, Listed { exception, id, frames }: &Listed) {
        self.digest.bytes(exception.kind.as_bytes());
        let Some(frames) = frames else {
            let value = match self.version {
                Version::V1 => Cow::Borrowed(&*exception.value),
                Version::V2 => Cow::Owned(normal_message(&exception.value)),
            };
            self.digest.bytes(value.as_bytes());
            self.note("exception", "id", id, &["Exception Type", "Exception Message"]);
            return;
        };
        self.note("exception", "id", id, &["Exception Type"]);
        match self.version {
            Version::V1 => self.selected(frames),
            Version::V2 => frames.iter().for_each(|frame| self.frame(frame)),
        }
    }

    /// The frames of the application that are resolved, or all of its own if none is; the first of all if it has none.
    fn selected(&mut self, frames: &[&Frame]) {
        if !frames.iter().any(|frame| frame.in_app) {
            frames.first().iter().for_each(|frame| self.frame(frame));
            return;
        }
        let is_any_resolved = frames.iter().any(|frame| frame.resolved);
        for frame in frames.iter().filter(|frame| frame.in_app && (frame.resolved || !is_any_resolved)) {
            self.frame(frame);
        }
    }

    fn frame(&mut self, frame: &Frame) {
        let is_normal = self.version == Version::V2;
        let mut pieces = Vec::with_capacity(6);
        if let Some(source) = frame.source.as_deref() {
            let source = if is_normal { Cow::Owned(normal_source(source)) } else { Cow::Borrowed(source) };
            self.digest.bytes(source.as_bytes());
            pieces.push("Source file name");
        }
        if let Some(module) = frame.module.as_deref() {
            self.digest.bytes(if is_normal { normal_module(module) } else { module }.as_bytes());
            pieces.push("Module name");
        }
        if let Some(name) = frame.resolved_name.as_deref() {
            self.digest.bytes(name.as_bytes());
            pieces.push("Resolved function name");
            self.note("frame", "raw_id", &frame.id(), &pieces);
            return;
        }
        self.digest.bytes(frame.mangled_name.as_bytes());
        pieces.push("Mangled function name");
        if !is_normal {
            self.digest.decimal(frame.line).decimal(frame.column);
            pieces.extend(frame.line.map(|_| "Line number"));
            pieces.extend(frame.column.map(|_| "Column number"));
        }
        self.digest.bytes(frame.lang.as_bytes());
        pieces.push("Language");
        self.note("frame", "raw_id", &frame.id(), &pieces);
    }

    fn note(&mut self, kind: &str, id_name: &str, id: &str, pieces: &[&str]) {
        if self.record.len() > 1 {
            self.record.push(',');
        }
        self.record.push('{');
        crate::frame::push(&mut self.record, "type", kind);
        crate::frame::push(&mut self.record, id_name, id);
        json::push_key(&mut self.record, "pieces");
        crate::written::push_strings(&mut self.record, pieces.iter().copied());
        self.record.push('}');
    }
}
