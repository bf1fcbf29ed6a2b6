//! A block's table as Python sees it: read in pieces, so that only a piece at a time is copied.

use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::errors::columns_failure;

#[pyclass(frozen, module = "appliance._native.ingest")]
pub struct Table {
    inner: columns::Table,
}

impl Table {
    pub fn new(inner: columns::Table) -> Self {
        Self { inner }
    }
}

#[pymethods]
impl Table {
    #[getter]
    fn name(&self) -> &'static str {
        self.inner.name
    }

    #[getter]
    fn rows(&self) -> usize {
        self.inner.rows
    }

    #[getter]
    fn size(&self) -> usize {
        self.inner.bytes_len()
    }

    fn read<'py>(&self, py: Python<'py>, offset: usize, length: usize) -> PyResult<Bound<'py, PyBytes>> {
        let length = length.min(self.inner.bytes_len().saturating_sub(offset));
        PyBytes::new_with(py, length, |bytes| {
            self.inner.read(offset, bytes);
            Ok(())
        })
    }

    fn part(&self, py: Python<'_>, first: usize, last: usize) -> PyResult<Self> {
        let inner = py.detach(|| self.inner.part(first..last)).map_err(columns_failure)?;
        Ok(Self { inner })
    }

    fn offsets(&self, py: Python<'_>, first: usize, last: usize) -> PyResult<Vec<u64>> {
        py.detach(|| self.inner.offsets(first..last)).map_err(columns_failure)
    }
}
