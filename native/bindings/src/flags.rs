//! `appliance._native.flags`: requests read, flags evaluated, answers written, see the crate `flags` for its promises.
#![expect(
    clippy::needless_pass_by_value,
    reason = "arguments are made from Python's objects for the call alone"
)]

use ::flags::{Envelope, FlagSet as Set, Known, Options, Refusal as Refused, Sender, Shape};
use pyo3::IntoPyObjectExt;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::errors::flags_failure;

/// A body up to this size keeps the interpreter: reading it takes less time than handing the lock over and back.
const ATTACHED_BYTES_MAX: usize = 4 << 10;

/// Adds the submodule to the module.
pub fn register(parent: &Bound<'_, PyModule>) -> PyResult<()> {
    let module = PyModule::new(parent.py(), "flags")?;
    module.add_class::<Refusal>()?;
    module.add_class::<Request>()?;
    module.add_class::<FlagSet>()?;
    module.add_function(wrap_pyfunction!(read_request, &module)?)?;
    module.add_function(wrap_pyfunction!(empty_answer, &module)?)?;
    module.add_function(wrap_pyfunction!(check, &module)?)?;
    module.add_function(wrap_pyfunction!(hash, &module)?)?;
    module.add("FLAGS", FLAGS)?;
    module.add("DECIDE", DECIDE)?;
    parent.add_submodule(&module)
}

const FLAGS: u8 = 0;
const DECIDE: u8 = 1;

fn route(number: u8) -> PyResult<::flags::Route> {
    match number {
        FLAGS => Ok(::flags::Route::Flags),
        DECIDE => Ok(::flags::Route::Decide),
        _ => Err(PyValueError::new_err(format!("no route {number}"))),
    }
}

#[pyclass(frozen, module = "appliance._native.flags")]
struct Refusal {
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
    Options {
        version: query.version,
        config: query.config,
        only_survey_flags: query.only_survey_flags,
        only_given_properties: query.only_given_properties,
    }
}

#[pyclass(frozen, module = "appliance._native.flags")]
struct Request {
    inner: ::flags::Request,
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
fn read_request(
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
        ::flags::Request::read(route, &options(&query), &sender, &body)
    };
    let read = if body.len() <= ATTACHED_BYTES_MAX { read() } else { py.detach(read) };
    match read {
        Ok(inner) => Request { inner }.into_py_any(py),
        Err(refused) => Refusal::from(refused).into_py_any(py),
    }
}

#[pyfunction]
fn empty_answer(
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
    let (shape, _) = Shape::asked(route, &options(&query));
    PyBytes::new(py, ::flags::empty(shape, &envelope).as_bytes()).into_py_any(py)
}

type NeedsTuple = (bool, Vec<i64>, bool, Vec<(i64, String)>);

#[pyclass(frozen, module = "appliance._native.flags")]
struct FlagSet {
    inner: Set,
}

#[pymethods]
impl FlagSet {
    #[new]
    fn new(py: Python<'_>, definitions: &[u8]) -> PyResult<Self> {
        let inner = py.detach(|| Set::compile(definitions)).map_err(flags_failure)?;
        Ok(Self { inner })
    }

    #[getter]
    fn project_id(&self) -> i64 {
        self.inner.project_id()
    }

    #[getter]
    fn has_active_flags(&self) -> bool {
        self.inner.has_active_flags()
    }

    #[getter]
    fn continuity_keys(&self) -> Vec<&str> {
        self.inner.continuity_keys().collect()
    }

    fn needs(&self, py: Python<'_>, request: &Request) -> Option<NeedsTuple> {
        let asked = py.detach(|| self.inner.asked(&request.inner));
        let is_empty = asked.is_empty();
        (!is_empty).then_some((asked.person, asked.cohorts, asked.hash_keys, asked.groups))
    }

    #[pyo3(signature = (
        request, *, person_properties, memberships, hash_keys, group_properties, is_catalog_away,
        is_continuity_broken, place, config, request_id, now_us
    ))]
    #[expect(clippy::too_many_arguments, reason = "all that is known, each by its name")]
    fn answer<'py>(
        &self,
        py: Python<'py>,
        request: &Request,
        person_properties: Option<&str>,
        memberships: Vec<(i64, i64)>,
        hash_keys: Vec<(String, String)>,
        group_properties: Vec<(i64, String)>,
        is_catalog_away: bool,
        is_continuity_broken: bool,
        place: Option<&str>,
        config: Option<&[u8]>,
        request_id: &str,
        now_us: i64,
    ) -> PyResult<Bound<'py, PyBytes>> {
        let known = Known {
            person_properties,
            memberships: &memberships,
            hash_keys: &hash_keys,
            group_properties: &group_properties,
            is_away: is_catalog_away,
            is_continuity_broken,
            place,
        };
        let envelope = Envelope { config: text(config)?, request_id, now_us };
        let answer = py.detach(|| self.inner.answer(&request.inner, &known, &envelope));
        Ok(PyBytes::new(py, answer.as_bytes()))
    }

    fn take_counts(&self) -> Vec<(i64, String, u64)> {
        self.inner.take_counts()
    }
}

fn text(bytes: Option<&[u8]>) -> PyResult<Option<&str>> {
    let text = bytes.map(std::str::from_utf8).transpose();
    text.map_err(|_| PyValueError::new_err("the configuration is not UTF-8"))
}

#[pyfunction]
fn check(py: Python<'_>, definitions: &[u8]) -> PyResult<Vec<(i64, &'static str, String)>> {
    py.detach(|| ::flags::check(definitions)).map_err(flags_failure)
}

#[pyfunction]
fn hash(prefix: &str, identifier: &str, salt: &str) -> f64 {
    ::flags::bucket(prefix, identifier, salt)
}
