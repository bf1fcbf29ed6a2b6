//! What a batch needs that is not in memory yet.

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::LazyLock;

use json::Kind;
use memchr::memmem::Finder;
use record::{Kind as RecordKind, Record};
use rustc_hash::FxHashMap;

use crate::Ingest;
use crate::cookieless::{CookielessEvent, Refusal, visitor_id};
use crate::keys::Key;
use crate::objects::{id_text, storable};
use crate::scan::Scan;
use crate::sessions::SessionKey;

/// What to load before a batch is processed. Loading one thing can show that another is needed: ask again until
/// nothing is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Needs {
    /// Project and distinct id.
    pub persons: Vec<(u32, String)>,
    /// Projects whose group types are needed.
    pub group_types: Vec<u32>,
    /// Project, index of the type, and key.
    pub groups: Vec<(u32, u8, String)>,
    /// Days, counted from 1970-01-01, whose salts are needed.
    pub salt_days: Vec<i32>,
    /// Cookieless visitors of whom something may be remembered.
    pub sessions: Vec<SessionKey>,
}

impl Needs {
    /// Whether nothing is needed.
    pub fn is_empty(&self) -> bool {
        self.persons.is_empty()
            && self.group_types.is_empty()
            && self.groups.is_empty()
            && self.salt_days.is_empty()
            && self.sessions.is_empty()
    }
}

/// Goes through the batch without changing anything. Records that cannot be read need nothing.
pub(crate) fn gather(ingest: &Ingest, batch: &[&[u8]]) -> Needs {
    let mut gather = Gather {
        ingest,
        needs: Needs::default(),
        seen: HashSet::new(),
        scan: Scan::default(),
        identifies: FxHashMap::default(),
    };
    for bytes in batch {
        if let Ok(record) = Record::read(bytes) {
            gather.record(&record);
        }
    }
    let mut needs = gather.needs;
    needs.sessions.sort_unstable();
    needs.sessions.dedup();
    needs.group_types.sort_unstable();
    needs.group_types.dedup();
    needs.salt_days.sort_unstable();
    needs.salt_days.dedup();
    needs
}

struct Gather<'i, 'b> {
    ingest: &'i Ingest,
    needs: Needs,
    /// Project, 0 for distinct ids or one more than the index of a group type, and the id or key.
    seen: HashSet<(u32, u8, Cow<'b, str>)>,
    scan: Scan<'b>,
    /// How many identifies each cookieless visitor has in the batch so far. In whatever order they are processed,
    /// the last of the batch's events here asks for all that the visitor can become.
    identifies: FxHashMap<SessionKey, u32>,
}

impl<'b> Gather<'_, 'b> {
    fn record(&mut self, record: &Record<'b>) {
        let Some(settings) = self.ingest.projects.get(&record.project_id) else { return };
        if record.kind != RecordKind::Event || record.event == "$$client_ingestion_warning" {
            return;
        }
        let scanned = may_need_more(record) && self.scan.read(record.properties).is_ok();
        if scanned && CookielessEvent::is_one(&self.scan) {
            let scan = std::mem::take(&mut self.scan);
            let event = CookielessEvent {
                name: record.event,
                distinct_id: record.distinct_id,
                scan: &scan,
                client_address: record.client_address,
                timestamp_us: record.timestamp_us,
                received_at_us: record.received_at_us,
                settings,
            };
            if event.is_unwanted() {
                self.scan = scan;
                return;
            }
            let named = event.is_stateful() && !event.is_nameless();
            let asked = self.visitors(&event);
            self.scan = scan;
            match asked {
                Ok(()) if named => self.person(record.project_id, distinct_id(record)),
                Ok(()) => {}
                Err(Refusal::NoSalt(day)) => self.needs.salt_days.push(day),
                Err(_) => return,
            }
        } else {
            self.person(record.project_id, distinct_id(record));
        }
        if scanned {
            if let Some(other) = merge_id(record.event, &self.scan) {
                self.person(record.project_id, other);
            }
            self.groups(record);
        }
    }

    /// Asks for what is remembered of a cookieless visitor, and for the person of each that the visitor can become.
    fn visitors(&mut self, event: &CookielessEvent<'_, 'b>) -> Result<(), Refusal> {
        let salts = &self.ingest.state.salts;
        let base = salts.base(event)?;
        let identifies = self.identifies.entry(base).or_default();
        *identifies += u32::from(event.name == "$identify");
        for key in salts.visitors(event, *identifies)? {
            if event.is_stateful() && !salts.sessions.has(&key) {
                self.needs.sessions.push(key);
            }
            let distinct_id = visitor_id(&key.hash);
            if !self.ingest.persons.is_loaded(key.project_id, &distinct_id)
                && self.seen.insert((key.project_id, 0, Cow::Owned(distinct_id.clone())))
            {
                self.needs.persons.push((key.project_id, distinct_id));
            }
        }
        Ok(())
    }

    fn person(&mut self, project_id: u32, distinct_id: Cow<'b, str>) {
        let known = self.ingest.persons.is_loaded(project_id, &distinct_id);
        if !known && self.seen.insert((project_id, 0, distinct_id.clone())) {
            self.needs.persons.push((project_id, distinct_id.into_owned()));
        }
    }

    fn groups(&mut self, record: &Record<'b>) {
        let project_id = record.project_id;
        let groups = self.scan.get(Key::Groups).filter(|groups| groups.kind == Kind::Object);
        let described = (record.event == "$groupidentify")
            .then(|| {
                Some((storable(self.scan.string(Key::GroupType)?), id_text(&self.scan.get(Key::GroupKey)?)?))
            })
            .flatten();
        let named = groups.iter().flat_map(json::Value::members);
        let pairs: Vec<_> = named
            .filter_map(|(name, key)| Some((storable(name.decode()), id_text(&key)?)))
            .chain(described)
            .collect();
        if !pairs.is_empty() && !self.ingest.state.groups.has_types(project_id) {
            self.needs.group_types.push(project_id);
            return;
        }
        for (name, key) in pairs {
            // A type without an index has no groups yet.
            let Some(index) = self.ingest.state.groups.index(project_id, &name) else { continue };
            if !self.ingest.state.groups.has(project_id, index, &key)
                && self.seen.insert((project_id, index + 1, key.clone()))
            {
                self.needs.groups.push((project_id, index, key.into_owned()));
            }
        }
    }
}

/// Whether the properties must be walked: most events say nothing of merges, groups or cookieless visitors.
/// Escapes could hide a key, so a text with unicode escapes is walked too.
fn may_need_more(record: &Record<'_>) -> bool {
    let named =
        matches!(record.event, "$identify" | "$create_alias" | "$merge_dangerously" | "$groupidentify");
    named || FINDERS.iter().any(|finder| finder.find(record.properties.as_bytes()).is_some())
}

static FINDERS: LazyLock<[Finder<'static>; 3]> =
    LazyLock::new(|| ["$groups", "$cookieless_mode", "\\u00"].map(|part| Finder::new(part.as_bytes())));

/// The distinct id as it is stored.
pub(crate) fn distinct_id<'b>(record: &Record<'b>) -> Cow<'b, str> {
    if record.distinct_id.contains('\0') {
        Cow::Owned(record.distinct_id.replace('\0', "\u{fffd}"))
    } else {
        Cow::Borrowed(record.distinct_id)
    }
}

/// The distinct id that an event asks to merge into its own.
pub(crate) fn merge_id<'b>(event: &str, scan: &Scan<'b>) -> Option<Cow<'b, str>> {
    let key = match event {
        "$identify" => Key::AnonymousDistinctId,
        "$create_alias" | "$merge_dangerously" => Key::Alias,
        _ => return None,
    };
    let value = scan.get(key).filter(crate::scan::truthy)?;
    id_text(&value)
}
