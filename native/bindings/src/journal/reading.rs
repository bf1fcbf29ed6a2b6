//! The reading side of `appliance._native.journal`.

#![allow(clippy::needless_pass_by_value, reason = "arguments from Python are owned or borrowed from it")]

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use pyo3::prelude::*;
use pyo3::types::PyBytes;
use record::Record;

use crate::errors::journal_failure;

type CheckpointTuple = (u64, u64, u64);
type RangeTuple = (u32, u64, u64, u64, u64, u64, u64, u64);

#[pyclass(frozen, module = "appliance._native.journal")]
pub struct Reader {
    inner: Mutex<journal::Reader>,
}

impl Reader {
    /// Runs `work` without the interpreter's lock.
    fn with<T: Send>(
        &self,
        py: Python<'_>,
        work: impl FnOnce(&mut journal::Reader) -> Result<T, journal::Error> + Send,
    ) -> PyResult<T> {
        py.detach(|| work(&mut self.inner.lock().unwrap_or_else(PoisonError::into_inner)))
            .map_err(journal_failure)
    }
}

#[pymethods]
impl Reader {
    #[new]
    fn new(
        py: Python<'_>,
        root: PathBuf,
        lane: &str,
        checkpoints: BTreeMap<u32, CheckpointTuple>,
    ) -> PyResult<Self> {
        let checkpoints = checkpoints
            .into_iter()
            .map(|(slot, tuple)| (slot, checkpoint(tuple)))
            .collect::<BTreeMap<_, _>>();
        let inner =
            py.detach(|| journal::Reader::open(&root, lane, &checkpoints)).map_err(journal_failure)?;
        Ok(Self { inner: Mutex::new(inner) })
    }

    #[pyo3(signature = (records_max, bytes_max, held = None))]
    fn read(
        &self,
        py: Python<'_>,
        records_max: usize,
        bytes_max: usize,
        held: Option<(i64, i64)>,
    ) -> PyResult<Option<Batch>> {
        let key = Record::received_at_us_of;
        let batch = self.with(py, |reader| match held {
            Some((first, last)) => {
                reader.read_merged(records_max, bytes_max, &journal::Merge { key, held: first..=last })
            }
            None => reader.read(records_max, bytes_max),
        })?;
        Ok(batch.map(|batch| Batch { inner: Arc::new(batch) }))
    }

    fn read_ranges(&self, py: Python<'_>, ranges: Vec<RangeTuple>) -> PyResult<Batch> {
        let ranges: Vec<_> = ranges.into_iter().map(range).collect();
        let batch = self.with(py, |reader| reader.read_ranges(&ranges))?;
        Ok(Batch { inner: Arc::new(batch) })
    }

    fn release(&self, py: Python<'_>, slot: u32, until: CheckpointTuple) -> PyResult<usize> {
        self.with(py, |reader| reader.release(slot, checkpoint(until)))
    }

    fn backlog(&self, py: Python<'_>) -> PyResult<(u64, u64)> {
        self.with(py, |reader| reader.backlog().map(|backlog| (backlog.records, backlog.bytes)))
    }

    fn checkpoints(&self, py: Python<'_>) -> PyResult<BTreeMap<u32, CheckpointTuple>> {
        self.with(py, |reader| {
            Ok(reader.checkpoints().into_iter().map(|(slot, at)| (slot, checkpoint_tuple(at))).collect())
        })
    }

    fn take_warnings(&self, py: Python<'_>) -> PyResult<Vec<String>> {
        self.with(py, |reader| Ok(reader.take_warnings()))
    }
}

/// Shared with the kernels that read records: `inner` is what they borrow.
#[pyclass(frozen, module = "appliance._native.journal")]
pub struct Batch {
    pub inner: Arc<journal::Batch>,
}

#[pymethods]
impl Batch {
    fn __len__(&self) -> usize {
        self.inner.len()
    }

    #[getter]
    fn bytes(&self) -> usize {
        self.inner.bytes()
    }

    #[getter]
    fn ranges(&self) -> Vec<RangeTuple> {
        self.inner.ranges().iter().map(range_tuple).collect()
    }

    #[getter]
    fn checkpoints(&self) -> BTreeMap<u32, CheckpointTuple> {
        self.inner.ranges().iter().map(|range| (range.slot, checkpoint_tuple(range.end()))).collect()
    }

    #[getter]
    fn token(&self) -> String {
        self.inner.token()
    }

    #[getter]
    fn lost_records(&self) -> u64 {
        self.inner.lost_records()
    }

    #[getter]
    fn lost_bytes(&self) -> u64 {
        self.inner.lost_bytes()
    }

    fn records<'py>(&self, py: Python<'py>) -> Vec<Bound<'py, PyBytes>> {
        self.inner.records().map(|record| PyBytes::new(py, record)).collect()
    }
}

/// (slot, lane, segments, bytes, records, damaged bytes, lost records, tail bytes, first, last sequence)
type StreamTuple = (u32, String, usize, u64, u64, u64, u64, u64, Option<u64>, Option<u64>);

#[pyfunction]
pub fn inspect(py: Python<'_>, root: PathBuf) -> PyResult<Vec<StreamTuple>> {
    let reports = py.detach(|| journal::inspect(&root)).map_err(journal_failure)?;
    Ok(reports.into_iter().map(stream_tuple).collect())
}

fn stream_tuple(report: journal::StreamReport) -> StreamTuple {
    let sum = |of: fn(&journal::SegmentReport) -> u64| report.segments.iter().map(of).sum();
    (
        report.slot,
        report.lane.clone(),
        report.segments.len(),
        sum(|segment| segment.bytes),
        sum(|segment| segment.records),
        sum(|segment| segment.damage.iter().map(|damage| damage.bytes).sum()),
        sum(|segment| segment.damage.iter().map(|damage| damage.records).sum()),
        sum(|segment| segment.tail_bytes),
        report.segments.first().map(|segment| segment.first_sequence),
        report.committed_sequence,
    )
}

fn checkpoint((segment, offset, next_sequence): CheckpointTuple) -> journal::Checkpoint {
    journal::Checkpoint { segment, offset, next_sequence }
}

fn checkpoint_tuple(at: journal::Checkpoint) -> CheckpointTuple {
    (at.segment, at.offset, at.next_sequence)
}

fn range(tuple: RangeTuple) -> journal::Range {
    let (
        slot,
        first_segment,
        first_offset,
        last_segment,
        last_offset,
        first_sequence,
        last_sequence,
        records,
    ) = tuple;
    journal::Range {
        slot,
        first_segment,
        first_offset,
        last_segment,
        last_offset,
        first_sequence,
        last_sequence,
        records,
    }
}

fn range_tuple(range: &journal::Range) -> RangeTuple {
    (
        range.slot,
        range.first_segment,
        range.first_offset,
        range.last_segment,
        range.last_offset,
        range.first_sequence,
        range.last_sequence,
        range.records,
    )
}
