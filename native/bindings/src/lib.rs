//! The door between Python and the kernels: `appliance._native`. This file only registers.

mod errors;
mod flags;
mod funnels;
mod hog;
mod ingest;
mod ingest_exceptions;
mod ingest_places;
mod ingest_rows;
mod ingest_table;
mod journal;
mod stacks;
mod wire;

use pyo3::prelude::*;

#[pymodule(gil_used = false)]
fn _native(module: &Bound<'_, PyModule>) -> PyResult<()> {
    flags::register(module)?;
    funnels::register(module)?;
    hog::register(module)?;
    ingest::register(module)?;
    journal::register(module)?;
    stacks::register(module)?;
    wire::register(module)?;
    Ok(())
}
