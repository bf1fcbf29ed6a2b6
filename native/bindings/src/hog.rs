//! `appliance._native.hog`: text to syntax trees, see the crate `hog` for its promises.

use ::hog::Goal;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::errors::{HogParseError, hog_failure};

/// Adds the submodule to the module.
pub fn register(parent: &Bound<'_, PyModule>) -> PyResult<()> {
    let module = PyModule::new(parent.py(), "hog")?;
    module.add("HogParseError", parent.py().get_type::<HogParseError>())?;
    module.add("SOURCE_BYTES_MAX", ::hog::SOURCE_BYTES_MAX)?;
    module.add_function(wrap_pyfunction!(parse_select, &module)?)?;
    module.add_function(wrap_pyfunction!(parse_expr, &module)?)?;
    module.add_function(wrap_pyfunction!(parse_order_expr, &module)?)?;
    module.add_function(wrap_pyfunction!(parse_program, &module)?)?;
    module.add_function(wrap_pyfunction!(parse_template, &module)?)?;
    parent.add_submodule(&module)
}

fn parse<'py>(py: Python<'py>, text: &str, goal: Goal) -> PyResult<Bound<'py, PyBytes>> {
    let json = py.detach(|| ::hog::parse(text, goal).map(|tree| ::hog::to_json(&tree, text)));
    json.map(|json| PyBytes::new(py, json.as_bytes())).map_err(hog_failure)
}

#[pyfunction]
fn parse_select<'py>(py: Python<'py>, text: &str) -> PyResult<Bound<'py, PyBytes>> {
    parse(py, text, Goal::Select)
}

#[pyfunction]
fn parse_expr<'py>(py: Python<'py>, text: &str) -> PyResult<Bound<'py, PyBytes>> {
    parse(py, text, Goal::Expression)
}

#[pyfunction]
fn parse_order_expr<'py>(py: Python<'py>, text: &str) -> PyResult<Bound<'py, PyBytes>> {
    parse(py, text, Goal::Order)
}

#[pyfunction]
fn parse_program<'py>(py: Python<'py>, text: &str) -> PyResult<Bound<'py, PyBytes>> {
    parse(py, text, Goal::Program)
}

#[pyfunction]
fn parse_template<'py>(py: Python<'py>, text: &str) -> PyResult<Bound<'py, PyBytes>> {
    parse(py, text, Goal::Template)
}
