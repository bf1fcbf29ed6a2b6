//! Rows to typed columns, and columns to one Arrow IPC stream per table.
//!
//! Promises:
//! - The columns of each table stand in one place, [`tables`] and [`shredded`], with the names and types of the
//!   store. Nothing is null: a missing text is empty, a missing time is 1970.
//! - The bytes depend on the rows alone.
//! - No column outgrows Arrow's 2 GiB of text: a table closes its record batch at [`RECORD_BATCH_BYTES`] and
//!   starts the next one in the same stream.
//!
//! A column that most rows leave empty costs nothing for those rows: it is padded when its next value comes, and
//! left out of the stream if none comes.

mod column;
mod events;
mod part;
pub mod shredded;
mod stream;
#[macro_use]
mod table;
pub mod tables;

pub use events::{EventRow, Events, GROUPS, GroupCell};
pub use stream::{Error, RECORD_BATCH_BYTES, Table};

#[cfg(test)]
mod tests;
