//! `appliance._native.wire`: requests to answers and records, see the crate `wire` for its promises.

use std::borrow::Cow;
use std::sync::LazyLock;

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBytes, PyDict, PyTuple};

/// The limits of every request; the contract's own.
static LIMITS: LazyLock<wire::Limits> = LazyLock::new(wire::Limits::default);

/// A body up to this size keeps the interpreter: judging it takes less time than handing the lock over and back.
const ATTACHED_BYTES_MAX: usize = 4 << 10;

/// Adds the submodule to the module.
pub fn register(parent: &Bound<'_, PyModule>) -> PyResult<()> {
    let py = parent.py();
    let module = PyModule::new(py, "wire")?;
    module.add_class::<Projects>()?;
    module.add_class::<Answer>()?;
    module.add_class::<Records>()?;
    module.add_function(wrap_pyfunction!(accept, &module)?)?;
    module.add_function(wrap_pyfunction!(body_bytes_max, &module)?)?;
    let routes = PyDict::new(py);
    for (path, route) in wire::Route::PATHS {
        routes.set_item(path, route as u8)?;
    }
    module.add("ROUTES", routes)?;
    module
        .add("DROP_REASONS", PyTuple::new(py, wire::DropReason::ALL.iter().map(|reason| reason.name()))?)?;
    parent.add_submodule(&module)
}

#[pyclass(frozen, module = "appliance._native.wire")]
struct Projects {
    inner: wire::Projects,
}

#[pymethods]
impl Projects {
    #[new]
    fn new(rows: Vec<(String, u32, u8)>) -> Self {
        let project = |(token, id, exceeded)| (token, wire::Project { id, exceeded: wire::Quotas(exceeded) });
        Self { inner: wire::Projects::new(rows.into_iter().map(project)) }
    }

    fn __len__(&self) -> usize {
        self.inner.len()
    }
}

/// Encoded records on their way to the journal.
#[pyclass(frozen, module = "appliance._native.wire")]
pub struct Records {
    bytes: Vec<u8>,
    count: usize,
}

impl Records {
    /// The records, each behind its length.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.count
    }
}

#[pymethods]
impl Records {
    fn __len__(&self) -> usize {
        self.count
    }

    fn __bytes__<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.bytes)
    }
}

#[pyclass(frozen, module = "appliance._native.wire")]
struct Answer {
    #[pyo3(get)]
    status: u16,
    #[pyo3(get)]
    content_type: Option<&'static str>,
    #[pyo3(get)]
    lane: u8,
    #[pyo3(get)]
    records: Option<Py<Records>>,
    body: Cow<'static, [u8]>,
    headers: Vec<(&'static str, String)>,
    dropped: Vec<(wire::DropReason, u32)>,
}

/// The v0 success, which nearly every answer is: one object for all of them.
static OK: PyOnceLock<Py<PyBytes>> = PyOnceLock::new();

#[pymethods]
impl Answer {
    #[getter]
    fn body(&self, py: Python<'_>) -> Py<PyBytes> {
        match &self.body {
            Cow::Borrowed(wire::OK_BODY) => {
                OK.get_or_init(py, || PyBytes::new(py, wire::OK_BODY).unbind()).clone_ref(py)
            }
            body => PyBytes::new(py, body).unbind(),
        }
    }

    #[getter]
    fn headers(&self) -> Vec<(&'static str, &str)> {
        self.headers.iter().map(|(name, value)| (*name, value.as_str())).collect()
    }

    #[getter]
    fn dropped<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.dropped.iter().map(|(reason, count)| (reason.name(), *count)))
    }
}

#[pyfunction]
#[expect(
    clippy::too_many_arguments,
    reason = "a request as the HTTP server has it, without an object between"
)]
fn accept(
    py: Python<'_>,
    projects: &Projects,
    route: u8,
    is_get: bool,
    query: &str,
    content_type: Option<&str>,
    content_encoding: Option<&str>,
    user_agent: Option<&str>,
    authorization: Option<&str>,
    sdk_info: Option<&str>,
    attempt: Option<&str>,
    request_id: Option<&str>,
    request_timestamp: Option<&str>,
    body: &Bound<'_, PyBytes>,
    client_address: &str,
    received_at_us: i64,
) -> PyResult<Answer> {
    let headers = wire::Headers {
        content_type,
        content_encoding,
        user_agent,
        authorization,
        sdk_info,
        attempt,
        request_id,
        request_timestamp,
    };
    let route = route_numbered(route)?;
    let body = body.as_bytes();
    let request = wire::Request { route, is_get, query, headers, body, client_address, received_at_us };
    let answer = if body.len() <= ATTACHED_BYTES_MAX {
        wire::accept(&request, &projects.inner, &LIMITS)
    } else {
        py.detach(|| wire::accept(&request, &projects.inner, &LIMITS))
    };
    let records = if answer.records.is_empty() {
        None
    } else {
        let count = answer.records.count();
        Some(Py::new(py, Records { bytes: answer.records.into_bytes(), count })?)
    };
    let lane = answer.lane as u8;
    let wire::Answer { status, content_type, body, headers, dropped, .. } = answer;
    Ok(Answer { status, content_type, lane, records, body, headers, dropped })
}

#[pyfunction]
fn body_bytes_max(route: u8) -> PyResult<usize> {
    Ok(LIMITS.body_bytes(route_numbered(route)?))
}

fn route_numbered(route: u8) -> PyResult<wire::Route> {
    wire::Route::from_number(route).ok_or_else(|| PyValueError::new_err(format!("no route {route}")))
}
