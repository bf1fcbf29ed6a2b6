//! `appliance._native.flags`: requests read, flags evaluated, answers written, see the crate `flags` for its promises.
#![expect(
    clippy::needless_pass_by_value,
    reason = "arguments are made from Python's objects for the call alone"
)]

mod requests;

use ::flags::{Envelope, FlagSet as Set, Known};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedStr;
use pyo3::types::PyBytes;

use crate::errors::flags_failure;
use requests::Request;

/// A body up to this size keeps the interpreter: reading it takes less time than handing the lock over and back.
const ATTACHED_BYTES_MAX: usize = 4 << 10;

/// What so many flags need is found out sooner than the lock is handed over and back.
const ATTACHED_FLAGS_MAX: usize = 1_000;

/// Adds the submodule to the module.
pub fn register(parent: &Bound<'_, PyModule>) -> PyResult<()> {
    let module = PyModule::new(parent.py(), "flags")?;
    module.add_class::<requests::Refusal>()?;
    module.add_class::<Request>()?;
    module.add_class::<FlagSet>()?;
    module.add_function(wrap_pyfunction!(requests::read_request, &module)?)?;
    module.add_function(wrap_pyfunction!(requests::empty_answer, &module)?)?;
    module.add_function(wrap_pyfunction!(check, &module)?)?;
    module.add_function(wrap_pyfunction!(hash, &module)?)?;
    module.add_function(wrap_pyfunction!(hash_many, &module)?)?;
    module.add("FLAGS", FLAGS)?;
    module.add("DECIDE", DECIDE)?;
    parent.add_submodule(&module)
}

const FLAGS: u8 = 0;
const DECIDE: u8 = 1;

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
        let request = &request.inner;
        let is_small = self.inner.len() <= ATTACHED_FLAGS_MAX && request.bytes() <= ATTACHED_BYTES_MAX;
        let asked =
            if is_small { self.inner.asked(request) } else { py.detach(|| self.inner.asked(request)) };
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

#[pyfunction]
fn hash_many(py: Python<'_>, prefix: &str, identifiers: Vec<PyBackedStr>, salt: &str) -> Vec<f64> {
    let identifiers: Vec<&str> = identifiers.iter().map(|identifier| &**identifier).collect();
    py.detach(|| ::flags::bucket_many(prefix, &identifiers, salt))
}
