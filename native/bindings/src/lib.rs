//! The door between Python and the kernels: `appliance._native`. This file only registers.

mod errors;
mod journal;
mod wire;

use pyo3::prelude::*;

#[pymodule(gil_used = false)]
fn _native(module: &Bound<'_, PyModule>) -> PyResult<()> {
    journal::register(module)?;
    wire::register(module)?;
    Ok(())
}
