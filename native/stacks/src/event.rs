//! An `$exception` event: read, its frames' needs told, resolved, fingerprinted.

use std::borrow::Cow;

use uuid::Uuid;

use crate::debug_image::DebugImages;
use crate::exception::{Exception, Sent};
use crate::fingerprint::{Fingerprint, Listed, Version};
use crate::frame::Frame;
use crate::language;
use crate::properties::Properties;
use crate::raw_frame::{Platform, RawFrame};
use crate::record::Record;
use crate::symbols::{Need, Symbols};
use crate::wire_order::{self, Reversal};
use crate::written::{self, Outcome, PROPOSAL_BYTES_MAX, SEVERITIES};

/// Frames of all exceptions of an event.
pub const FRAMES_MAX: usize = 20_000;

/// An event whose frames are as they were sent, in our order.
#[derive(Debug)]
pub struct Event<'a> {
    properties: Properties<'a>,
    exceptions: Vec<Exception<'a, Sent<'a>>>,
    images: DebugImages<'a>,
    legacy: Option<Reversal>,
    needs: Vec<Need<'a>>,
    /// For each raw frame in order, its need.
    needed: Vec<Option<usize>>,
}

/// An event whose frames are resolved.
#[derive(Debug)]
pub struct Resolved<'a> {
    pub(crate) properties: Properties<'a>,
    pub(crate) exceptions: Vec<Exception<'a, Frame<'a>>>,
    pub(crate) ids: Vec<String>,
    legacy: Option<Reversal>,
}

/// Why an event is stored without an issue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invalid(pub String);

impl<'a> Event<'a> {
    /// Reads an event's properties, a JSON object.
    pub fn read(properties: &'a str) -> Result<Self, Invalid> {
        let properties = Properties::read(properties).map_err(|error| Invalid(error.to_string()))?;
        let list = properties.list.ok_or_else(|| Invalid("missing field `$exception_list`".into()))?;
        let mut exceptions = Exception::read_all(list.raw).map_err(Invalid)?;
        if exceptions.is_empty() {
            return Err(Invalid("the exception list is empty".into()));
        }
        let frames: usize =
            exceptions.iter().filter_map(|exception| exception.frames.as_ref()).map(Vec::len).sum();
        if frames > FRAMES_MAX {
            return Err(Invalid(format!("more than {FRAMES_MAX} frames")));
        }
        let (lib, version) = (properties.lib(), properties.lib_version());
        if let Some(reversal) = wire_order::reversal(lib.as_deref(), version.as_deref()) {
            reverse(&mut exceptions, reversal);
        }
        let images = properties.images.map(|images| DebugImages::read(images.raw)).unwrap_or_default();
        let mut event = Self {
            properties,
            exceptions,
            images,
            legacy: wire_order::legacy(lib.as_deref()),
            needs: Vec::new(),
            needed: Vec::new(),
        };
        event.find_needs();
        Ok(event)
    }

    fn find_needs(&mut self) {
        let mut places: rustc_hash::FxHashMap<Need, usize> = rustc_hash::FxHashMap::default();
        let frames = self.exceptions.iter().flat_map(|exception| exception.frames.iter().flatten());
        for frame in frames {
            let Sent::Raw(raw) = frame else { continue };
            let place = language::need(raw, &self.images).map(|need| {
                let next = self.needs.len();
                let place = *places.entry(need.clone()).or_insert(next);
                if place == next {
                    self.needs.push(need);
                }
                place
            });
            self.needed.push(place);
        }
    }

    /// The symbols to look for, each once.
    pub fn needs(&self) -> &[Need<'a>] {
        &self.needs
    }

    /// Resolves all frames with what was found for the needs, in their order. The ids of the exceptions follow from
    /// the event's and its time, so that a repeat of the event has the same.
    pub fn resolve(self, symbols: &[Symbols], event_id: Uuid, timestamp_ms: u64) -> Resolved<'a> {
        let mut needed = self.needed.iter();
        let images = &self.images;
        let mut exceptions = Vec::with_capacity(self.exceptions.len());
        for mut exception in self.exceptions {
            let is_minified = language::is_minified(&exception.kind);
            let mut class_symbols = None;
            let frames = exception.frames.take().map(|sent| {
                let mut frames: Vec<Frame> = Vec::with_capacity(sent.len());
                // A frame of machine code that was resolved: what the SDK expanded from it itself is left out.
                let mut outer: Option<Box<RawFrame>> = None;
                for (index, frame) in sent.into_iter().enumerate() {
                    match frame {
                        Sent::Raw(raw) => {
                            let place = needed.next().copied().flatten();
                            let found = place.and_then(|place| symbols.get(place));
                            let need = place.and_then(|place| self.needs.get(place));
                            let is_script = matches!(raw.platform, Platform::Web | Platform::Node);
                            let is_of_class = if is_minified {
                                class_symbols.is_none() && is_script && raw.fields.chunk_id.is_some()
                            } else {
                                index == 0 && raw.platform == Platform::Java
                            };
                            if is_of_class {
                                class_symbols = found;
                            }
                            if outer.as_ref().is_some_and(|outer| raw.is_inlined_in(outer)) {
                                continue;
                            }
                            frames.extend(language::resolve(&raw, need, found, images));
                            let is_machine = matches!(raw.platform, Platform::Native);
                            let is_resolved = frames.last().is_some_and(|frame| frame.failure.is_none());
                            outer = (is_machine && is_resolved && found.is_some()).then_some(raw);
                        }
                        Sent::Resolved(frame) => frames.push(*frame),
                    }
                }
                frames
            });
            let mut exception = exception.with_frames(frames);
            let original = class_symbols
                .zip(exception.module.as_deref())
                .and_then(|(symbols, module)| language::class_of_exception(symbols, module, &exception.kind));
            if let Some((module, kind)) = original {
                exception.rename(Some(module), kind);
            } else if let Some(kind) =
                class_symbols.and_then(|symbols| language::class_of_minified(symbols, &exception.kind))
            {
                exception.rename(None, kind);
            }
            exceptions.push(exception);
        }
        let ids = (0..exceptions.len()).map(|index| exception_id(event_id, timestamp_ms, index)).collect();
        Resolved { properties: self.properties, exceptions, ids, legacy: self.legacy }
    }
}

impl<'a> Resolved<'a> {
    /// The exceptions, in our order.
    pub fn exceptions(&self) -> &[Exception<'a, Frame<'a>>] {
        &self.exceptions
    }

    /// The fingerprint that the client chose, as it was sent.
    pub fn manual_fingerprint(&self) -> Option<Cow<'a, str>> {
        self.properties.fingerprint()
    }

    /// The fingerprints to look for, the one that makes a new issue first, then older ones.
    pub fn fingerprints(&self) -> Vec<Fingerprint> {
        if let Some(manual) = self.manual_fingerprint() {
            return vec![Fingerprint::manual(&manual)];
        }
        let list = self.ordered(None);
        let mut all = vec![
            Fingerprint::automatic(Version::V2, "v2", &list),
            Fingerprint::automatic(Version::V1, "v1", &list),
        ];
        if self.legacy.is_some() {
            let list = self.ordered(self.legacy);
            all.push(Fingerprint::automatic(Version::V2, "v2_legacy", &list));
            all.push(Fingerprint::automatic(Version::V1, "v1_legacy", &list));
        }
        all
    }

    /// The name for a new issue.
    pub fn issue_name(&self) -> Cow<'_, str> {
        let first = || Cow::Borrowed(self.exceptions.first().map_or("", |one| &*one.kind));
        self.properties.issue_name().map_or_else(first, proposal)
    }

    /// The description of a new issue.
    pub fn issue_description(&self) -> String {
        let description = self.properties.issue_description().map(proposal);
        let description = description
            .unwrap_or_else(|| Cow::Borrowed(self.exceptions.first().map_or("", |one| &one.value)));
        description.chars().take(PROPOSAL_BYTES_MAX).collect()
    }

    /// How bad the client says that it is.
    pub fn issue_severity(&self) -> Option<&'static str> {
        let text = self.properties.issue_severity()?;
        SEVERITIES.into_iter().find(|severity| *severity == text)
    }

    /// The event's properties with what is known of it.
    pub fn write(&self, outcome: &Outcome) -> String {
        written::write(self, outcome)
    }

    /// What is kept of each raw frame that is wanted, which is told by its id and part: once, whatever the event.
    pub fn records(&self, is_wanted: impl Fn(&str) -> bool) -> Vec<Record> {
        let mut seen = rustc_hash::FxHashSet::default();
        let frames = self.exceptions.iter().flat_map(|exception| exception.frames.iter().flatten());
        let wanted = frames.filter(|frame| !frame.is_kept()).filter_map(|frame| {
            let id = frame.id();
            (is_wanted(&id) && seen.insert(id)).then(|| Record::of(frame))
        });
        wanted.collect()
    }

    /// The exceptions with their ids and frames, turned round if an older version of the SDK would have sent them so.
    fn ordered(&self, reversal: Option<Reversal>) -> Vec<Listed<'_, 'a>> {
        let mut list: Vec<_> = self
            .exceptions
            .iter()
            .zip(&self.ids)
            .map(|(exception, id)| {
                let frames = exception.frames.as_deref().map(|frames| match reversal {
                    Some(Reversal::Frames) => reversed(frames),
                    _ => frames.iter().collect(),
                });
                Listed { exception, id, frames }
            })
            .collect();
        if reversal == Some(Reversal::Exceptions) {
            list.reverse();
        }
        list
    }
}

fn proposal(text: Cow<'_, str>) -> Cow<'_, str> {
    crate::text::truncate(text, PROPOSAL_BYTES_MAX)
}

/// Frames the other way round, those that came from one raw frame staying as they are.
fn reversed<'f, 'a>(frames: &'f [Frame<'a>]) -> Vec<&'f Frame<'a>> {
    let groups: Vec<&[Frame]> = frames.chunk_by(|_, next| next.part > 0 && !next.is_kept()).collect();
    groups.into_iter().rev().flatten().collect()
}

fn reverse(exceptions: &mut [Exception<Sent>], reversal: Reversal) {
    match reversal {
        Reversal::Exceptions => exceptions.reverse(),
        Reversal::Frames => {
            exceptions.iter_mut().filter_map(|one| one.frames.as_mut()).for_each(|frames| frames.reverse());
        }
    }
}

/// A UUID of version 7 with the event's time, its other bits from the event's id and the exception's place.
fn exception_id(event_id: Uuid, timestamp_ms: u64, index: usize) -> String {
    let mixed = Uuid::new_v5(&event_id, &(index as u64).to_le_bytes());
    let mut random = [0; 10];
    random.copy_from_slice(&mixed.as_bytes()[6..]);
    uuid::Builder::from_unix_timestamp_millis(timestamp_ms, &random).into_uuid().to_string()
}

impl std::fmt::Display for Invalid {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for Invalid {}
