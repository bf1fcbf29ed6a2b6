//! An exception between its two passes: a finished row of `events` as a record, and back.
//!
//! The first pass does all that is done to every event. The row then waits in a lane of its own until its frames are
//! resolved and its issue is found, which may take long and must not hold up other events. A block that is repeated
//! after a crash appends its records once more, so each says of which block it is, and which record of it.

use std::borrow::Cow;
use std::ops::Range;

use columns::tables::EventFacts;
use columns::{EventRow, GROUPS, GroupCell};
use json::{Value, push_key, push_string};
use record::{Draft, Encoder, Flags, Kind, Record};
use uuid::Uuid;

/// What the journal takes as one record.
const RECORD_BYTES_MAX: usize = 32 << 20;
/// Records are handed over in pieces of about this size; a larger one is a piece of its own.
const PIECE_BYTES: usize = 8 << 20;

/// Records of a block that go on to the second pass.
pub(crate) struct Outgoing<'t> {
    token: &'t str,
    encoder: Encoder,
    places: Vec<(usize, Range<usize>)>,
    detail: String,
}

impl<'t> Outgoing<'t> {
    /// None yet; `token` names the block.
    pub(crate) fn new(token: &'t str) -> Self {
        Self { token, encoder: Encoder::default(), places: Vec::new(), detail: String::new() }
    }

    /// Takes the row of the record at `at`; false where it is too large for the journal.
    pub(crate) fn push(&mut self, at: usize, record: &Record<'_>, row: &EventRow<'_>) -> bool {
        write_detail(&mut self.detail, self.token, at, row);
        let start = self.encoder.bytes().len();
        let texts = [record.event, row.facts.distinct_id, row.facts.properties, row.facts.person_properties];
        let bytes = texts.iter().map(|text| text.len()).sum::<usize>() + self.detail.len();
        if bytes + 1024 > RECORD_BYTES_MAX {
            return false;
        }
        self.encoder.push(&Draft {
            kind: Kind::Exception,
            source: record.source,
            flags: Flags(record.flags.0 & !Flags::REPLAYED),
            project_id: record.project_id,
            received_at_us: record.received_at_us,
            timestamp_us: record.timestamp_us,
            sent_at_us: record.sent_at_us,
            uuid: record.uuid,
            event: record.event,
            distinct_id: row.facts.distinct_id,
            client_address: "",
            properties: row.facts.properties,
            set: row.facts.person_properties,
            set_once: "",
            detail: &self.detail,
        });
        self.places.push((at, start..self.encoder.bytes().len()));
        true
    }

    /// The records in the order of their numbers, in pieces that the journal takes.
    pub(crate) fn finish(mut self) -> Vec<Vec<u8>> {
        self.places.sort_unstable_by_key(|(at, _)| *at);
        let bytes = self.encoder.bytes();
        let mut pieces: Vec<Vec<u8>> = Vec::new();
        for (_, place) in &self.places {
            match pieces.last_mut() {
                Some(piece) if piece.len() + place.len() <= PIECE_BYTES => {
                    piece.extend_from_slice(&bytes[place.clone()]);
                }
                _ => pieces.push(bytes[place.clone()].to_vec()),
            }
        }
        pieces
    }
}

fn write_detail(out: &mut String, token: &str, number: usize, row: &EventRow<'_>) {
    out.clear();
    out.push('{');
    push_key(out, "token");
    push_string(out, token);
    push_number(out, "number", number as i64);
    push_text(out, "person_id", &Uuid::from_bytes(row.facts.person_id).simple().to_string());
    push_number(out, "person_created_at", row.facts.person_created_at_us);
    push_number(out, "person_mode", row.facts.person_mode.into());
    push_text(out, "elements_chain", row.facts.elements_chain);
    push_key(out, "groups");
    out.push('[');
    for (place, group) in row.groups.iter().enumerate() {
        out.push_str(if place == 0 { "{" } else { ",{" });
        push_number(out, "index", group.index as i64);
        push_text(out, "key", group.key);
        push_number(out, "created_at", group.created_at_us);
        push_text(out, "properties", group.properties);
        out.push('}');
    }
    out.push_str("]}");
}

fn push_number(out: &mut String, key: &str, number: i64) {
    push_key(out, key);
    out.push_str(&number.to_string());
}

fn push_text(out: &mut String, key: &str, text: &str) {
    push_key(out, key);
    push_string(out, text);
}

/// A row that waits for its second pass.
pub(crate) struct Waiting<'b> {
    pub(crate) record: Record<'b>,
    /// The block it is of; empty where nobody said.
    pub(crate) token: Cow<'b, str>,
    /// Its place in that block.
    pub(crate) number: u64,
    person_id: [u8; 16],
    person_created_at_us: i64,
    person_mode: i8,
    elements_chain: Cow<'b, str>,
    groups: Vec<Group<'b>>,
}

struct Group<'b> {
    index: usize,
    key: Cow<'b, str>,
    created_at_us: i64,
    properties: Cow<'b, str>,
}

impl<'b> Waiting<'b> {
    /// Reads a record; the error says why it is none of ours.
    pub(crate) fn read(bytes: &'b [u8]) -> Result<Self, String> {
        let record = Record::read(bytes).map_err(|error| error.to_string())?;
        if record.kind != Kind::Exception {
            return Err(format!("a record of kind {:?} does not belong to this lane", record.kind));
        }
        let detail =
            Value::parse(record.detail).map_err(|error| format!("its details cannot be read: {error}"))?;
        Self::with_detail(record, &detail).ok_or_else(|| "its details are not whole".to_string())
    }

    fn with_detail(record: Record<'b>, detail: &Value<'b>) -> Option<Self> {
        let groups = detail.get("groups")?.items().map(|group| Group::read(&group));
        Some(Self {
            record,
            token: detail.get("token")?.string()?,
            number: u64::try_from(detail.get("number")?.integer()?).ok()?,
            person_id: *Uuid::try_parse(&detail.get("person_id")?.string()?).ok()?.as_bytes(),
            person_created_at_us: detail.get("person_created_at")?.integer()?,
            person_mode: i8::try_from(detail.get("person_mode")?.integer()?).ok()?,
            elements_chain: detail.get("elements_chain")?.string()?,
            groups: groups.collect::<Option<_>>()?,
        })
    }

    /// What the row says of its groups.
    pub(crate) fn cells(&self) -> Vec<GroupCell<'_>> {
        self.groups.iter().map(Group::cell).collect()
    }

    /// What the row says besides, with the properties as they are now.
    pub(crate) fn facts<'r>(&'r self, properties: &'r str, at: usize, now_us: i64) -> EventFacts<'r> {
        EventFacts {
            uuid: self.record.uuid,
            event: self.record.event,
            properties,
            timestamp_us: self.record.timestamp_us,
            team_id: i64::from(self.record.project_id),
            distinct_id: self.record.distinct_id,
            elements_chain: &self.elements_chain,
            created_at_us: self.record.received_at_us,
            person_id: self.person_id,
            person_created_at_us: self.person_created_at_us,
            person_properties: self.record.set,
            person_mode: self.person_mode,
            historical_migration: self.record.flags.has(Flags::HISTORICAL),
            received_s: self.record.received_at_us.div_euclid(1_000_000),
            offset: at as u64,
            inserted_at_us: now_us,
        }
    }
}

impl<'b> Group<'b> {
    fn read(group: &Value<'b>) -> Option<Self> {
        Some(Self {
            index: usize::try_from(group.get("index")?.integer()?).ok().filter(|index| *index < GROUPS)?,
            key: group.get("key")?.string()?,
            created_at_us: group.get("created_at")?.integer()?,
            properties: group.get("properties")?.string()?,
        })
    }

    fn cell(&self) -> GroupCell<'_> {
        GroupCell {
            index: self.index,
            key: &self.key,
            properties: &self.properties,
            created_at_us: self.created_at_us,
        }
    }
}
