//! `appliance._native.journal`: the durable log, see the crate `journal` for its promises.

#![allow(clippy::needless_pass_by_value, reason = "arguments from Python are owned or borrowed from it")]

mod reading;

use std::os::fd::AsRawFd;
use std::path::PathBuf;
use std::sync::Arc;

use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::errors::{JournalFull, RecordsTooLarge, append_failure, journal_failure};

pub use reading::Batch;

/// What a writer takes: what capture decoded, or the same layout as bytes, for records that are sent again.
#[derive(FromPyObject)]
enum Appended<'py> {
    Records(PyRef<'py, crate::wire::Records>),
    Bytes(Bound<'py, PyBytes>),
}

/// Appends up to this size keep the interpreter: copying them takes less time than handing the lock over and back.
const ATTACHED_BYTES_MAX: usize = 16 << 10;

/// Adds the submodule to the module.
pub fn register(parent: &Bound<'_, PyModule>) -> PyResult<()> {
    let module = PyModule::new(parent.py(), "journal")?;
    module.add_class::<Slot>()?;
    module.add_class::<Writer>()?;
    module.add_class::<reading::Reader>()?;
    module.add_class::<Batch>()?;
    module.add_function(wrap_pyfunction!(claim_slot, &module)?)?;
    module.add_function(wrap_pyfunction!(reading::inspect, &module)?)?;
    module.add("JournalFull", parent.py().get_type::<JournalFull>())?;
    module.add("RecordsTooLarge", parent.py().get_type::<RecordsTooLarge>())?;
    parent.add_submodule(&module)
}

#[pyclass(frozen, module = "appliance._native.journal")]
struct Slot {
    inner: Arc<journal::Slot>,
}

#[pymethods]
impl Slot {
    #[getter]
    fn number(&self) -> u32 {
        self.inner.number()
    }

    #[getter]
    fn directory(&self) -> PathBuf {
        self.inner.directory()
    }
}

#[pyfunction]
fn claim_slot(py: Python<'_>, root: PathBuf) -> PyResult<Slot> {
    let inner = py.detach(|| journal::claim_slot(&root)).map_err(journal_failure)?;
    Ok(Slot { inner })
}

#[pyclass(frozen, module = "appliance._native.journal")]
struct Writer {
    inner: journal::Writer,
}

#[pymethods]
impl Writer {
    #[new]
    #[pyo3(signature = (slot, lane, *, segment_bytes_max, budget_bytes_max, minimum_free_bytes,
                        pending_bytes_max = 64 << 20))]
    fn new(
        py: Python<'_>,
        slot: &Slot,
        lane: &str,
        segment_bytes_max: u64,
        budget_bytes_max: u64,
        minimum_free_bytes: u64,
        pending_bytes_max: usize,
    ) -> PyResult<Self> {
        let options = journal::Options {
            segment_bytes_max,
            budget_bytes_max,
            minimum_free_bytes,
            pending_bytes_max,
            first_sequence: None,
        };
        let slot = &slot.inner;
        let inner = py.detach(|| journal::Writer::open(slot, lane, &options)).map_err(journal_failure)?;
        Ok(Self { inner })
    }

    fn append(&self, py: Python<'_>, records: Appended<'_>) -> PyResult<u64> {
        let records = match &records {
            Appended::Records(records) => records.bytes(),
            Appended::Bytes(bytes) => bytes.as_bytes(),
        };
        let appended = if records.len() <= ATTACHED_BYTES_MAX {
            self.inner.append(records)
        } else {
            py.detach(|| self.inner.append(records))
        };
        appended.map_err(append_failure)
    }

    #[getter]
    fn event_fd(&self) -> i32 {
        self.inner.signal().as_raw_fd()
    }

    fn progress(&self) -> (u64, Vec<(u64, u64, String)>) {
        let progress = self.inner.progress();
        let failed = progress.failed.into_iter().map(|group| (group.first, group.last, group.message));
        (progress.committed_through, failed.collect())
    }

    fn close(&self, py: Python<'_>) {
        py.detach(|| self.inner.close());
    }

    #[getter]
    fn bytes(&self, py: Python<'_>) -> u64 {
        py.detach(|| self.inner.bytes())
    }

    #[getter]
    fn last_sequence(&self) -> u64 {
        self.inner.statistics().last_sequence
    }

    #[getter]
    fn pending_bytes(&self) -> u64 {
        self.inner.statistics().pending_bytes
    }

    #[getter]
    fn commits(&self) -> u64 {
        self.inner.statistics().commits
    }

    #[getter]
    fn syncs(&self) -> u64 {
        self.inner.statistics().syncs
    }
}
