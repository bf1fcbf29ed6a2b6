//! Record batches of one table, written one after the other as an Arrow IPC stream.

use std::sync::Arc;

use arrow_array::{ArrayRef, RecordBatch};
use arrow_ipc::writer::StreamWriter;
use arrow_schema::{ArrowError, Field, Schema, SchemaRef};

use crate::column::array_bytes;

/// A table starts a new record batch once its rows hold this many bytes of text. Far below Arrow's limit of
/// 2 GiB a column, far above what a block of ordinary events holds.
pub const RECORD_BATCH_BYTES: usize = 256 << 20;

/// Columns that could not be written as Arrow; a mistake of ours, never of the data.
pub type Error = ArrowError;

/// A table's rows, ready for the store.
#[derive(Debug, Clone)]
pub struct Table {
    /// The table's name in the store.
    pub name: &'static str,
    /// How many rows the bytes hold.
    pub rows: usize,
    /// An Arrow IPC stream.
    pub bytes: Vec<u8>,
}

/// The stream of one table while it grows.
pub(crate) struct Stream {
    schema: SchemaRef,
    writer: Option<StreamWriter<Vec<u8>>>,
    rows: usize,
}

impl Stream {
    pub(crate) fn new(fields: Vec<Field>) -> Self {
        Self { schema: Arc::new(Schema::new(fields)), writer: None, rows: 0 }
    }

    /// Appends one record batch.
    pub(crate) fn write(&mut self, arrays: Vec<ArrayRef>) -> Result<(), Error> {
        let bytes: usize = arrays.iter().map(array_bytes).sum();
        let batch = RecordBatch::try_new(self.schema.clone(), arrays)?;
        self.rows += batch.num_rows();
        let mut writer = match self.writer.take() {
            Some(writer) => writer,
            None => StreamWriter::try_new(Vec::with_capacity(bytes + bytes / 16 + 65_536), &self.schema)?,
        };
        writer.write(&batch)?;
        self.writer = Some(writer);
        Ok(())
    }

    pub(crate) fn finish(self, name: &'static str) -> Result<Table, Error> {
        let mut writer = match self.writer {
            Some(writer) => writer,
            None => StreamWriter::try_new(Vec::new(), &self.schema)?,
        };
        writer.finish()?;
        Ok(Table { name, rows: self.rows, bytes: writer.into_inner()? })
    }
}
