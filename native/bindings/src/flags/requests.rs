//! Requests for flags as Python sees them, and what is said to those that are none.

use flags::{Envelope, Options, Refusal as Refused, Sender, Shape};
use pyo3::IntoPyObjectExt;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use super::{ATTACHED_BYTES_MAX, DECIDE, FLAGS, text};

fn route(number: u8) -> PyResult<flags::Route> {
    match number {
        FLAGS => Ok(flags::Route::Flags),
        DECIDE => Ok(flags::Route::Decide),
        _ => Err(PyValueError::new_err(format!("no route {number}"))),
    }
}

#[pyclass(frozen, module = "appliance._native.flags")]
pub struct Refusal {
    #[pyo3(get)]
    status: u16,
    #[pyo3(get)]
    content_type: &'static str,
    #[pyo3(get)]
    reason: &'static str,
    body: String,
}

#[pymethods]
impl Refusal {
    #[getter]
    fn body<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, self.body.as_bytes())
    }
}

impl From<Refused> for Refusal {
    fn from(refused: Refused) -> Self {
        let Refused { status, content_type, body, reason } = refused;
        Self { status, content_type, reason, body }
    }
}

fn undecoded(failure: wire::flags::Failure) -> Refused {
    match failure {
        wire::flags::Failure::Undecodable(why) => Refused::undecodable(&why),
        wire::flags::Failure::TooLarge => Refused::too_large(wire::flags::BODY_BYTES_MAX),
    }
}

fn options(query: &wire::flags::Query) -> Options {
    let wire::flags::Query { version, config, only_survey_flags, only_given_properties, .. } = *query;
    Options { version, config, only_survey_flags, only_given_properties }
}

#[pyclass(frozen, module = "appliance._native.flags")]
pub struct Request {
    pub inner: flags::Request,
}

#[pymethods]
impl Request {
    #[getter]
    fn token(&self) -> &str {
        &self.inner.token
    }

    #[getter]
    fn distinct_id(&self) -> &str {
        &self.inner.distinct_id
    }

    #[getter]
    fn anonymous_distinct_id(&self) -> Option<&str> {
        self.inner.anonymous_distinct_id.as_deref()
    }

    #[getter]
    fn wants_config(&self) -> bool {
        self.inner.wants_config
    }

    #[getter]
    fn is_disabled(&self) -> bool {
        self.inner.is_disabled
    }

    #[getter]
    fn wants_place(&self) -> bool {
        self.inner.wants_place
    }
}

#[pyfunction]
#[expect(
    clippy::too_many_arguments,
    reason = "a request as the HTTP server has it, without an object between"
)]
pub fn read_request(
    py: Python<'_>,
    route: u8,
    query: &str,
    content_type: Option<&str>,
    content_encoding: Option<&str>,
    user_agent: Option<&str>,
    is_browser: bool,
    body: &Bound<'_, PyBytes>,
) -> PyResult<Py<PyAny>> {
    let route = self::route(route)?;
    let body = body.as_bytes();
    let read = || {
        let query = wire::flags::Query::read(query).map_err(undecoded)?;
        let body = wire::flags::json(&query, content_type, content_encoding, body).map_err(undecoded)?;
        let sender = Sender { user_agent, is_browser };
        flags::Request::read(route, &options(&query), &sender, &body)
    };
    let read = if body.len() <= ATTACHED_BYTES_MAX { read() } else { py.detach(read) };
    match read {
        Ok(inner) => Request { inner }.into_py_any(py),
        Err(refused) => Refusal::from(refused).into_py_any(py),
    }
}

#[pyfunction]
pub fn empty_answer(
    py: Python<'_>,
    route: u8,
    query: &str,
    config: Option<&[u8]>,
    request_id: &str,
    now_us: i64,
) -> PyResult<Py<PyAny>> {
    let route = self::route(route)?;
    let query = match wire::flags::Query::read(query) {
        Ok(query) => query,
        Err(failure) => return Refusal::from(undecoded(failure)).into_py_any(py),
    };
    let envelope = Envelope { config: text(config)?, request_id, now_us };
    let shape = Shape::of_get(route, &options(&query));
    PyBytes::new(py, flags::empty(shape, &envelope).as_bytes()).into_py_any(py)
}
