//! The second pass, of exceptions, at `appliance._native.ingest`.

#![expect(
    clippy::needless_pass_by_value,
    reason = "arguments are made from Python's objects for the call alone"
)]

use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::errors::columns_failure;
use crate::ingest::Block;
use crate::journal::Batch;

/// Project, uuid, microseconds since 1970, distinct id, properties.
type ExceptionTuple<'py> = (u32, Bound<'py, PyBytes>, i64, String, String);

#[pyclass(frozen, module = "appliance._native.ingest")]
pub struct Exceptions {
    inner: Mutex<ingest::Exceptions>,
}

#[pymethods]
impl Exceptions {
    #[new]
    fn new() -> Self {
        Self { inner: Mutex::default() }
    }

    #[staticmethod]
    fn find(
        py: Python<'_>,
        batch: &Batch,
        projects: HashSet<u32>,
        taken: BTreeMap<String, u64>,
    ) -> WaitingExceptions {
        let batch = batch.inner.clone();
        let found = py.detach(|| ingest::Found::new(&batch.records().collect::<Vec<_>>(), &projects, &taken));
        WaitingExceptions { batch, found }
    }

    fn finish(
        &self,
        py: Python<'_>,
        waiting: &WaitingExceptions,
        properties: Vec<Option<String>>,
        now_us: i64,
    ) -> PyResult<Block> {
        let WaitingExceptions { batch, found } = waiting;
        let block = py.detach(|| {
            let mut exceptions = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
            exceptions.finish(&batch.records().collect::<Vec<_>>(), found, &properties, now_us)
        });
        block.map(Block::new).map_err(columns_failure)
    }
}

#[pyclass(frozen, module = "appliance._native.ingest")]
pub struct WaitingExceptions {
    batch: Arc<::journal::Batch>,
    found: ingest::Found,
}

#[pymethods]
impl WaitingExceptions {
    fn events<'py>(&self, py: Python<'py>) -> Vec<ExceptionTuple<'py>> {
        let records: Vec<&[u8]> = self.batch.records().collect();
        let exceptions = self.found.exceptions(&records).into_iter();
        exceptions
            .map(|one| {
                let uuid = PyBytes::new(py, &one.uuid);
                let (distinct_id, properties) = (one.distinct_id.to_string(), one.properties.to_string());
                (one.project_id, uuid, one.timestamp_us, distinct_id, properties)
            })
            .collect()
    }

    #[getter]
    fn taken(&self) -> BTreeMap<String, u64> {
        self.found.taken.clone()
    }

    #[getter]
    fn repeated(&self) -> u64 {
        self.found.repeated
    }
}
