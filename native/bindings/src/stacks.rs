//! `appliance._native.stacks`: exceptions resolved and grouped, see the crate `stacks` for its promises.
#![expect(
    clippy::needless_pass_by_value,
    reason = "arguments are made from Python's objects for the call alone"
)]

mod symbols;

use ::stacks::{Event, Fingerprint, Need, Outcome, Record};
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedStr;
use uuid::Uuid;

use crate::errors::SymbolsRefused;
use symbols::Symbols;

/// Adds the submodule to the module.
pub fn register(parent: &Bound<'_, PyModule>) -> PyResult<()> {
    let module = PyModule::new(parent.py(), "stacks")?;
    module.add_class::<Symbols>()?;
    module.add_class::<Exceptions>()?;
    module.add("SymbolsRefused", parent.py().get_type::<SymbolsRefused>())?;
    module.add_function(wrap_pyfunction!(symbols::compile, &module)?)?;
    module.add_function(wrap_pyfunction!(symbols::compile_script, &module)?)?;
    module.add_function(wrap_pyfunction!(symbols::script_map_url, &module)?)?;
    module.add_function(wrap_pyfunction!(symbols::chunk_id, &module)?)?;
    module.add_function(wrap_pyfunction!(symbols::data_url, &module)?)?;
    module.add_function(wrap_pyfunction!(needs, &module)?)?;
    module.add_function(wrap_pyfunction!(resolve, &module)?)?;
    module.add_function(wrap_pyfunction!(complete, &module)?)?;
    module.add_function(wrap_pyfunction!(write_error, &module)?)?;
    module.add_function(wrap_pyfunction!(rule_fingerprint, &module)?)?;
    parent.add_submodule(&module)
}

/// Kind, chunk id or other id, script's address.
type NeedTuple = (&'static str, Option<String>, Option<String>);
/// Value, version, record.
type FingerprintTuple = (String, Option<&'static str>, String);
/// Raw id, part, contents, whether it is resolved, context, reference of its symbols.
type RecordTuple = (String, u32, String, bool, Option<String>, Option<String>);

/// Properties, id, time in milliseconds, what was found for its needs.
type EventTuple = (PyBackedStr, [u8; 16], u64, Vec<Py<Symbols>>);
/// What came of an event, or the reason why nothing did.
type Answer<T> = (Option<T>, Option<String>);

/// A processed event.
#[pyclass(frozen, get_all, module = "appliance._native.stacks")]
struct Exceptions {
    properties: String,
    fingerprints: Vec<FingerprintTuple>,
    issue_name: String,
    issue_description: String,
    issue_severity: Option<&'static str>,
    records: Vec<RecordTuple>,
}

/// The needs of each event, or why it is invalid.
#[pyfunction]
fn needs(py: Python<'_>, events: Vec<PyBackedStr>) -> Vec<Answer<Vec<NeedTuple>>> {
    let read = |properties: &PyBackedStr| match Event::read(properties) {
        Ok(event) => (Some(event.needs().iter().map(need_tuple).collect()), None),
        Err(invalid) => (None, Some(invalid.0)),
    };
    py.detach(|| events.iter().map(read).collect())
}

/// Each event with the symbols found for its needs, resolved, or why it is invalid.
#[pyfunction]
fn resolve(
    py: Python<'_>,
    events: Vec<EventTuple>,
    known: std::collections::HashSet<String>,
) -> Vec<Answer<Exceptions>> {
    let resolve = |(properties, id, timestamp_ms, found): &EventTuple| {
        let event = match Event::read(properties) {
            Ok(event) => event,
            Err(invalid) => return (None, Some(invalid.0)),
        };
        let found: Vec<::stacks::Symbols> = found.iter().map(|symbols| symbols.get().inner.clone()).collect();
        let event = event.resolve(&found, Uuid::from_bytes(*id), *timestamp_ms);
        let records = event.records(|id| !known.contains(id));
        let exceptions = Exceptions {
            properties: event.write(&Outcome::default()),
            fingerprints: event.fingerprints().into_iter().map(fingerprint_tuple).collect(),
            issue_name: event.issue_name().into_owned(),
            issue_description: event.issue_description(),
            issue_severity: event.issue_severity(),
            records: records.into_iter().map(record_tuple).collect(),
        };
        (Some(exceptions), None)
    };
    py.detach(|| events.iter().map(resolve).collect())
}

/// The properties of [`resolve`] with what was found out since.
#[pyfunction]
fn complete(
    py: Python<'_>,
    properties: PyBackedStr,
    fingerprint: (String, Option<String>, String),
    issue_id: PyBackedStr,
    release: Option<PyBackedStr>,
) -> String {
    py.detach(|| {
        let (value, version, record) = fingerprint;
        let version =
            ["v1", "v2", "v1_legacy", "v2_legacy"].into_iter().find(|name| Some(*name) == version.as_deref());
        let fingerprint = Fingerprint { value, version, record };
        let outcome = Outcome {
            fingerprint: Some(&fingerprint),
            issue_id: Some(&issue_id),
            release: release.as_deref(),
        };
        ::stacks::complete(&properties, &outcome)
    })
}

/// The properties of an event that is invalid, with the reason.
#[pyfunction]
fn write_error(properties: &str, reason: &str) -> String {
    ::stacks::write_error(properties, reason)
}

/// The fingerprint that a rule chooses.
#[pyfunction]
fn rule_fingerprint(rule_id: [u8; 16]) -> FingerprintTuple {
    fingerprint_tuple(Fingerprint::of_rule(Uuid::from_bytes(rule_id)))
}

fn need_tuple(need: &Need) -> NeedTuple {
    let own = |text: &::stacks::Text| Some(text.as_ref().to_owned());
    match need {
        Need::Web { chunk_id, url } => ("web", chunk_id.as_ref().and_then(own), url.as_ref().and_then(own)),
        Need::Chunk(id) => ("chunk", own(id), None),
        Need::Hermes(id) => ("hermes", own(id), None),
        Need::Mapping(id) => ("mapping", own(id), None),
        Need::Image(id) => ("image", own(id), None),
    }
}

fn fingerprint_tuple(print: Fingerprint) -> FingerprintTuple {
    (print.value, print.version, print.record)
}

fn record_tuple(record: Record) -> RecordTuple {
    let Record { raw_id, part, contents, resolved, context, symbol_ref } = record;
    (raw_id, part, contents, resolved, context, symbol_ref)
}
