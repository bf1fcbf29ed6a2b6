//! `appliance._native.ingest.Places`: where an address is, for whoever asks outside of ingest.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use pyo3::prelude::*;

use crate::errors::places_failure;

#[pyclass(frozen, module = "appliance._native.ingest")]
pub struct Places {
    inner: Mutex<ingest::Places>,
}

#[pymethods]
impl Places {
    #[new]
    #[pyo3(signature = (path = None))]
    #[expect(clippy::needless_pass_by_value, reason = "made from Python's object for the call alone")]
    fn new(py: Python<'_>, path: Option<PathBuf>) -> PyResult<Self> {
        let inner = py.detach(|| ingest::Places::open(path.as_deref())).map_err(places_failure)?;
        Ok(Self { inner: Mutex::new(inner) })
    }

    fn find(&self, address: &str) -> Option<String> {
        let mut places = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        places.find(address).map(|place| place.members.clone())
    }
}
