//! What an event would change in a person's properties.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::Property;
use crate::event_kind::is_noisy;
use crate::properties::{Finder, Properties, clean, hash, is_same};

/// Where edits take their keys and values from.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Sources<'o, 'a> {
    pub(crate) set_once: &'o [Property<'a>],
    pub(crate) set: &'o [Property<'a>],
    pub(crate) unset: &'o [Cow<'a, str>],
}

/// Which property of the sources a value comes from. Indices instead of references let the lists be reused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Source {
    SetOnce(u32),
    Set(u32),
    Removed,
}

/// The difference between a person's properties and what an event wants them to be.
#[derive(Debug, Default)]
pub(crate) struct Edits {
    /// Places among the person's entries, in rising order once planned, each once.
    replaced: Vec<(u32, Source)>,
    /// Hash and origin of each new key.
    added: Vec<(u32, Source)>,
    /// For each entry of the person, whether `replaced` has it.
    touched: Vec<bool>,
    /// Something else than noisy keys with another value.
    weighty: bool,
    removes: bool,
}

impl<'a> Sources<'_, 'a> {
    fn property(&self, source: Source) -> Option<&Property<'a>> {
        match source {
            Source::SetOnce(at) => self.set_once.get(at as usize),
            Source::Set(at) => self.set.get(at as usize),
            Source::Removed => None,
        }
    }
}

impl Edits {
    /// Whether nothing would change.
    pub(crate) fn is_empty(&self) -> bool {
        self.replaced.is_empty() && self.added.is_empty()
    }

    /// Whether the person is to be rewritten, if noisy keys alone are no reason.
    pub(crate) fn is_weighty(&self) -> bool {
        self.weighty
    }

    /// Whether keys are removed, so that the event's own `$set` may differ from what is stored.
    pub(crate) fn removes(&self) -> bool {
        self.removes
    }

    /// Forgets edits of existing members; says whether there were any.
    pub(crate) fn keep_existing(&mut self) -> bool {
        let any = !self.replaced.is_empty();
        self.replaced.clear();
        any
    }

    /// Edited places in rising order, with the new value, or `None` for those to be removed.
    pub(crate) fn replaced<'s>(
        &'s self,
        sources: &'s Sources<'_, '_>,
    ) -> impl Iterator<Item = (usize, Option<&'s str>)> {
        self.replaced
            .iter()
            .map(|(at, source)| (*at as usize, sources.property(*source).map(|(_, value)| *value)))
    }

    /// New members: key, hash and value.
    pub(crate) fn added<'s>(
        &'s self,
        sources: &'s Sources<'_, '_>,
    ) -> impl Iterator<Item = (&'s str, u32, &'s str)> {
        self.added.iter().filter_map(|(hash, source)| {
            sources.property(*source).map(|(key, value)| (&**key, *hash, *value))
        })
    }

    /// Works out the edits: `$set_once`, over it `$set`, last `$unset`.
    pub(crate) fn plan(&mut self, properties: &Properties, sources: &Sources<'_, '_>) {
        self.replaced.clear();
        self.added.clear();
        self.touched.clear();
        self.touched.resize(properties.len(), false);
        (self.weighty, self.removes) = (false, false);
        let mut finder = Finder::new(properties);
        let mut additions = Additions::default();
        for (at, (key, value)) in sources.set_once.iter().enumerate() {
            let source = Source::SetOnce(at as u32);
            match finder.find(key) {
                Some(place) if properties.value(place) != "null" || *value == "null" => {}
                Some(place) => self.replace(place, source, true),
                None => self.add(&mut additions, sources, key, source),
            }
        }
        for (at, (key, value)) in sources.set.iter().enumerate() {
            let source = Source::Set(at as u32);
            match finder.find(key) {
                Some(place) if !is_same(properties.value(place), value) => {
                    self.replace(place, source, !is_noisy(key));
                }
                // `$set_once` has just changed what the person had, and `$set` wants it back.
                Some(place) if self.touched[place] => self.replace(place, source, false),
                Some(_) => {}
                None => self.add(&mut additions, sources, key, source),
            }
        }
        for key in sources.unset {
            match finder.find(key) {
                Some(place) => {
                    self.replace(place, Source::Removed, true);
                    self.removes = true;
                }
                None => self.drop_addition(&mut additions, sources, key),
            }
        }
        if self.replaced.len() > 1 {
            self.settle();
        }
    }

    fn replace(&mut self, place: usize, source: Source, weighty: bool) {
        self.replaced.push((place as u32, source));
        self.touched[place] = true;
        self.weighty |= weighty;
    }

    /// Of several edits of one place the last one counts.
    fn settle(&mut self) {
        self.replaced.sort_by_key(|(place, _)| *place);
        self.replaced.dedup_by(|later, earlier| {
            let same = later.0 == earlier.0;
            if same {
                earlier.1 = later.1;
            }
            same
        });
    }

    fn add<'o>(
        &mut self,
        known: &mut Additions<'o>,
        sources: &Sources<'o, '_>,
        key: &'o str,
        source: Source,
    ) {
        self.weighty = true;
        let key = clean(Cow::Borrowed(key));
        let hash = hash(&key);
        if let Some(at) = known.find(&self.added, sources, &key, hash) {
            self.added[at].1 = source;
        } else {
            known.note(&self.added, sources, key);
            self.added.push((hash, source));
        }
    }

    fn drop_addition<'o>(&mut self, known: &mut Additions<'o>, sources: &Sources<'o, '_>, key: &str) {
        let key = clean(Cow::Borrowed(key));
        if let Some(at) = known.find(&self.added, sources, &key, hash(&key)) {
            self.added[at].1 = Source::Removed;
            self.removes = true;
        }
    }
}

/// Finds a key among those already added: by their hashes while they are few, by an index after that.
#[derive(Default)]
struct Additions<'o> {
    index: Option<HashMap<Cow<'o, str>, usize>>,
}

const FEW_ADDITIONS: usize = 256;

impl<'o> Additions<'o> {
    fn find(
        &self,
        added: &[(u32, Source)],
        sources: &Sources<'o, '_>,
        key: &str,
        hash: u32,
    ) -> Option<usize> {
        if let Some(index) = &self.index {
            return index.get(key).copied();
        }
        let is_it = |(known, source): &(u32, Source)| {
            *known == hash
                && sources.property(*source).is_some_and(|(known, _)| clean(Cow::Borrowed(known)) == key)
        };
        added.iter().position(is_it)
    }

    /// Notes the key that is about to be added.
    fn note(&mut self, added: &[(u32, Source)], sources: &Sources<'o, '_>, key: Cow<'o, str>) {
        if self.index.is_none() && added.len() >= FEW_ADDITIONS {
            let keys = added.iter().enumerate().filter_map(|(at, (_, source))| {
                sources
                    .property(*source)
                    .map(|(key, _)| (Cow::Owned(clean(Cow::Borrowed(key)).into_owned()), at))
            });
            self.index = Some(keys.collect());
        }
        if let Some(index) = &mut self.index {
            index.insert(key, added.len());
        }
    }
}
