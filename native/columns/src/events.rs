//! The table `events`: facts that every row has, and wide columns that most rows leave empty.

use arrow_array::ArrayRef;
use arrow_schema::Field;

use crate::column::{Column, Microseconds, OptionalText, Text};
use crate::shredded::SHREDDED;
use crate::stream::Stream;
use crate::tables::{EventFactRows, EventFacts};
use crate::{Error, RECORD_BATCH_BYTES, Table};

/// Group types a project may have.
pub const GROUPS: usize = 5;

/// What an event's row says of one of its groups.
#[derive(Debug, Clone, Copy)]
pub struct GroupCell<'a> {
    /// 0 to 4.
    pub index: usize,
    /// The group's key.
    pub key: &'a str,
    /// The group's properties at that time; empty if nothing was ever said of it.
    pub properties: &'a str,
    /// When the group was first described, in microseconds since 1970; 0 if never.
    pub created_at_us: i64,
}

/// A row of `events`.
#[derive(Debug, Clone, Copy)]
pub struct EventRow<'a> {
    /// What every row has.
    pub facts: EventFacts<'a>,
    /// The groups, each index at most once.
    pub groups: &'a [GroupCell<'a>],
}

/// Gathers rows of `events`.
pub struct Events {
    facts: EventFactRows,
    group_keys: [Text; GROUPS],
    group_properties: [Text; GROUPS],
    group_created_at: [Microseconds; GROUPS],
    shredded: Vec<OptionalText>,
    text_bytes: usize,
    rows_expected: usize,
    stream: Option<Stream>,
}

impl Events {
    /// Room for `rows` rows, with so many bytes of properties and of persons' properties together. A wide column
    /// takes its room when a row first fills it.
    pub fn with_capacity(rows: usize, properties_bytes: usize, person_properties_bytes: usize) -> Self {
        let mut facts = EventFactRows::with_capacity(rows);
        facts.properties = Text::with_text_capacity(rows, properties_bytes.min(RECORD_BATCH_BYTES));
        facts.person_properties =
            Text::with_text_capacity(rows, person_properties_bytes.min(RECORD_BATCH_BYTES));
        Self {
            facts,
            rows_expected: rows,
            group_keys: Default::default(),
            group_properties: Default::default(),
            group_created_at: Default::default(),
            shredded: SHREDDED.iter().map(|_| OptionalText::default()).collect(),
            text_bytes: 0,
            stream: None,
        }
    }

    /// All columns' names and types, in the order of the stream.
    pub fn fields() -> Vec<Field> {
        EventFactRows::fields().into_iter().chain(Self::wide_fields()).collect()
    }

    fn wide_fields() -> Vec<Field> {
        let text = |name: String| Field::new(name, Text::data_type(), false);
        let mut fields: Vec<Field> = Vec::new();
        fields.extend((0..GROUPS).map(|index| text(format!("$group_{index}"))));
        fields.extend((0..GROUPS).map(|index| text(format!("group{index}_properties"))));
        fields.extend(
            (0..GROUPS).map(|index| {
                Field::new(format!("group{index}_created_at"), Microseconds::data_type(), false)
            }),
        );
        fields.extend(
            SHREDDED.iter().map(|shredded| Field::new(shredded.column, OptionalText::data_type(), true)),
        );
        fields
    }

    /// Appends one row. `shredded` gives the index into [`SHREDDED`] and the text of each property that the
    /// event has, each index at most once; an index that does not exist is ignored.
    pub fn push<'v>(
        &mut self,
        row: &EventRow<'_>,
        shredded: impl Iterator<Item = (usize, &'v str)>,
    ) -> Result<(), Error> {
        let at = self.facts.rows();
        self.facts.push(&row.facts);
        self.text_bytes += row.facts.properties.len() + row.facts.person_properties.len();
        for group in row.groups.iter().filter(|group| group.index < GROUPS) {
            self.group_keys[group.index].set(at, group.key);
            self.group_properties[group.index].set(at, group.properties);
            self.group_created_at[group.index].set(at, group.created_at_us);
            self.text_bytes += group.properties.len();
        }
        for (index, value) in shredded {
            if let Some(column) = self.shredded.get_mut(index) {
                if column.length() == 0 {
                    *column = OptionalText::with_capacity(self.rows_expected);
                }
                column.set(at, value);
                self.text_bytes += value.len();
            }
        }
        if self.text_bytes >= RECORD_BATCH_BYTES {
            self.close_record_batch(true)?;
        }
        Ok(())
    }

    /// The rows as a table for the store. Wide columns that no row filled are left out, where all rows fit one
    /// record batch: the store's defaults are what they would hold, and most blocks leave most of them empty.
    pub fn finish(mut self) -> Result<Table, Error> {
        let keep_all = self.stream.is_some();
        if self.facts.rows() > 0 {
            self.close_record_batch(keep_all)?;
        }
        self.stream.unwrap_or_else(|| Stream::new(Self::fields())).finish(EventFactRows::NAME)
    }

    fn close_record_batch(&mut self, keep_all: bool) -> Result<(), Error> {
        let rows = self.facts.rows();
        let facts = EventFactRows::fields().into_iter().zip(self.facts.arrays());
        let texts = self.group_keys.iter_mut().chain(&mut self.group_properties).map(Wide::Text);
        let times = self.group_created_at.iter_mut().map(Wide::Microseconds);
        let shredded = self.shredded.iter_mut().map(Wide::OptionalText);
        let wide = Self::wide_fields().into_iter().zip(texts.chain(times).chain(shredded));
        let kept = wide.filter(|(_, column)| keep_all || column.is_filled());
        let (fields, arrays): (Vec<Field>, Vec<ArrayRef>) =
            facts.chain(kept.map(|(field, column)| (field, column.close(rows)))).unzip();
        self.text_bytes = 0;
        self.stream.get_or_insert_with(|| Stream::new(fields)).write(arrays)
    }
}

/// A column that most rows leave empty.
enum Wide<'c> {
    Text(&'c mut Text),
    OptionalText(&'c mut OptionalText),
    Microseconds(&'c mut Microseconds),
}

impl Wide<'_> {
    fn is_filled(&self) -> bool {
        match self {
            Self::Text(column) => column.length() > 0,
            Self::OptionalText(column) => column.length() > 0,
            Self::Microseconds(column) => column.length() > 0,
        }
    }

    fn close(self, rows: usize) -> ArrayRef {
        match self {
            Self::Text(column) => {
                column.pad(rows);
                column.finish()
            }
            Self::OptionalText(column) => {
                column.pad(rows);
                column.finish()
            }
            Self::Microseconds(column) => {
                column.pad(rows);
                column.finish()
            }
        }
    }
}
