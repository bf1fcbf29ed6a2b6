//! Some rows of a table, for a store that refuses them all together.

use std::io::Cursor;
use std::ops::Range;

use arrow_array::RecordBatch;
use arrow_array::cast::AsArray;
use arrow_array::types::UInt64Type;
use arrow_ipc::reader::StreamReader;

use crate::stream::Stream;
use crate::{Error, Table};

impl Table {
    /// A table of these rows alone; no rows make a stream that tells the columns and nothing else.
    pub fn part(&self, rows: Range<usize>) -> Result<Self, Error> {
        let reader = self.reader()?;
        let fields = reader.schema().fields().iter().map(|field| field.as_ref().clone()).collect();
        let mut stream = Stream::new(fields);
        for piece in slices(reader, rows) {
            stream.write(piece?.columns().to_vec())?;
        }
        stream.finish(self.name)
    }

    /// What `_offset` says of these rows; 0 for rows of a table without that column.
    pub fn offsets(&self, rows: Range<usize>) -> Result<Vec<u64>, Error> {
        let mut offsets = Vec::new();
        for piece in slices(self.reader()?, rows) {
            let piece = piece?;
            match piece.column_by_name("_offset").and_then(|column| column.as_primitive_opt::<UInt64Type>()) {
                Some(column) => offsets.extend_from_slice(column.values()),
                None => offsets.resize(offsets.len() + piece.num_rows(), 0),
            }
        }
        Ok(offsets)
    }

    fn reader(&self) -> Result<StreamReader<Cursor<Vec<u8>>>, Error> {
        StreamReader::try_new(Cursor::new(self.bytes()), None)
    }
}

/// The rows, as they lie in the stream's record batches.
fn slices(
    batches: impl Iterator<Item = Result<RecordBatch, Error>>,
    rows: Range<usize>,
) -> impl Iterator<Item = Result<RecordBatch, Error>> {
    let mut first = 0;
    batches.filter_map(move |batch| {
        let batch = match batch {
            Ok(batch) => batch,
            Err(error) => return Some(Err(error)),
        };
        let own = first..first + batch.num_rows();
        first = own.end;
        let (from, to) = (rows.start.max(own.start), rows.end.min(own.end));
        (from < to).then(|| Ok(batch.slice(from - own.start, to - from)))
    })
}
