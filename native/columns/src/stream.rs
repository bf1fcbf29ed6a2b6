//! Record batches of one table, one after the other as an Arrow IPC stream.

use arrow_array::{ArrayRef, RecordBatch};
use arrow_buffer::Buffer;
use arrow_ipc::writer::StreamEncoder;
use arrow_schema::{ArrowError, Field, Schema, SchemaRef};

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
    /// How many rows the stream holds.
    pub rows: usize,
    /// An Arrow IPC stream in pieces, which are the columns' own memory: it is copied once, by who sends it.
    chunks: Vec<Buffer>,
}

impl Table {
    /// Length of the stream.
    pub fn bytes_len(&self) -> usize {
        self.chunks.iter().map(Buffer::len).sum()
    }

    /// The stream's pieces in order.
    pub fn chunks(&self) -> impl Iterator<Item = &[u8]> {
        self.chunks.iter().map(Buffer::as_slice)
    }

    /// Copies the stream's bytes from `offset` on into `out`, as many as there are and fit; says how many.
    pub fn read(&self, offset: usize, out: &mut [u8]) -> usize {
        let (mut skipped, mut written) = (0, 0);
        for chunk in self.chunks() {
            let from = (offset + written - skipped).min(chunk.len());
            let length = (chunk.len() - from).min(out.len() - written);
            out[written..written + length].copy_from_slice(&chunk[from..from + length]);
            written += length;
            skipped += chunk.len();
            if written == out.len() {
                break;
            }
        }
        written
    }

    /// The stream.
    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.bytes_len());
        self.chunks().for_each(|chunk| bytes.extend_from_slice(chunk));
        bytes
    }
}

/// The stream of one table while it grows.
pub(crate) struct Stream {
    schema: SchemaRef,
    encoder: Result<StreamEncoder, Error>,
    chunks: Vec<Buffer>,
    rows: usize,
}

impl Stream {
    pub(crate) fn new(fields: Vec<Field>) -> Self {
        let schema = SchemaRef::new(Schema::new(fields));
        Self { encoder: StreamEncoder::try_new(&schema), schema, chunks: Vec::new(), rows: 0 }
    }

    /// Appends one record batch.
    pub(crate) fn write(&mut self, arrays: Vec<ArrayRef>) -> Result<(), Error> {
        let batch = RecordBatch::try_new(self.schema.clone(), arrays)?;
        if let Ok(encoder) = &mut self.encoder {
            self.chunks.extend(encoder.encode(&batch)?);
        }
        self.rows += batch.num_rows();
        Ok(())
    }

    pub(crate) fn finish(mut self, name: &'static str) -> Result<Table, Error> {
        self.chunks.extend(self.encoder?.finish()?);
        Ok(Table { name, rows: self.rows, chunks: self.chunks })
    }
}
