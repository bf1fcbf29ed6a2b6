//! The table `events`: facts that every row has, and wide columns that most rows leave empty.

use arrow_array::ArrayRef;
use arrow_schema::Field;

use crate::column::{Column, Microseconds, Text};
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
    shredded: Vec<Text>,
    text_bytes: usize,
    stream: Stream,
}

impl Default for Events {
    fn default() -> Self {
        Self {
            facts: EventFactRows::default(),
            group_keys: Default::default(),
            group_properties: Default::default(),
            group_created_at: Default::default(),
            shredded: SHREDDED.iter().map(|_| Text::default()).collect(),
            text_bytes: 0,
            stream: Stream::new(Self::fields()),
        }
    }
}

impl Events {
    /// The columns' names and types, in the order of the stream.
    pub fn fields() -> Vec<Field> {
        let mut fields = EventFactRows::fields();
        let text = |name: String| Field::new(name, Text::data_type(), false);
        fields.extend((0..GROUPS).map(|index| text(format!("$group_{index}"))));
        fields.extend((0..GROUPS).map(|index| text(format!("group{index}_properties"))));
        fields.extend(
            (0..GROUPS).map(|index| {
                Field::new(format!("group{index}_created_at"), Microseconds::data_type(), false)
            }),
        );
        fields.extend(SHREDDED.iter().map(|shredded| text(shredded.column.to_string())));
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
                column.set(at, value);
                self.text_bytes += value.len();
            }
        }
        if self.text_bytes >= RECORD_BATCH_BYTES {
            self.close_record_batch()?;
        }
        Ok(())
    }

    /// The rows as a table for the store.
    pub fn finish(mut self) -> Result<Table, Error> {
        if self.facts.rows() > 0 {
            self.close_record_batch()?;
        }
        self.stream.finish(EventFactRows::NAME)
    }

    fn close_record_batch(&mut self) -> Result<(), Error> {
        let rows = self.facts.rows();
        let mut arrays = self.facts.arrays();
        let mut close = |column: &mut Text| -> ArrayRef {
            column.pad(rows);
            column.finish()
        };
        arrays.extend(self.group_keys.iter_mut().map(&mut close));
        arrays.extend(self.group_properties.iter_mut().map(&mut close));
        arrays.extend(self.group_created_at.iter_mut().map(|column| {
            column.pad(rows);
            column.finish()
        }));
        arrays.extend(self.shredded.iter_mut().map(&mut close));
        self.text_bytes = 0;
        self.stream.write(arrays)
    }
}
