//! Failures of the kernels, as Python exceptions. The only place where one becomes the other.

use pyo3::create_exception;
use pyo3::exceptions::{PyOSError, PyRuntimeError, PyValueError};
use pyo3::prelude::*;

create_exception!(
    appliance._native.journal,
    JournalFull,
    PyOSError,
    "The journal has no room; its second argument names the limit: pending, lane or free_bytes."
);

create_exception!(
    appliance._native.journal,
    RecordsTooLarge,
    PyValueError,
    "A record, or the records of one append, can never fit, however empty the journal is."
);

create_exception!(
    appliance._native.hog,
    HogParseError,
    PyValueError,
    "A text cannot be read; arguments are the message, its start and end in characters, and the kind."
);

create_exception!(
    appliance._native.stacks,
    SymbolsRefused,
    PyValueError,
    "An uploaded file cannot be used; arguments are the failure as it is stored, JSON, and in words."
);

/// Why a stream could not be opened or read.
#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err calls")]
pub fn journal_failure(error: journal::Error) -> PyErr {
    match &error {
        journal::Error::Io { error: source, path } => match source.raw_os_error() {
            Some(code) => PyOSError::new_err((code, source.to_string(), path.clone())),
            None => PyOSError::new_err(error.to_string()),
        },
        journal::Error::LaneName(_) | journal::Error::Range => PyValueError::new_err(error.to_string()),
        journal::Error::Version { .. } | journal::Error::NoFreeSlot | journal::Error::LaneOpen(_) => {
            PyOSError::new_err(error.to_string())
        }
    }
}

/// Why nothing was appended.
pub fn append_failure(error: journal::AppendError) -> PyErr {
    match error {
        journal::AppendError::Full(limit) => JournalFull::new_err((error.to_string(), limit.name())),
        journal::AppendError::TooLarge => RecordsTooLarge::new_err(error.to_string()),
        journal::AppendError::Malformed | journal::AppendError::Closed => {
            PyValueError::new_err(error.to_string())
        }
    }
}

/// Why a file of places could not be opened.
#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err calls")]
pub fn places_failure(error: ingest::PlacesError) -> PyErr {
    match &error {
        ingest::PlacesError::Io(_) => PyOSError::new_err(error.to_string()),
        _ => PyValueError::new_err(error.to_string()),
    }
}

/// Why a block could not be written: a mistake of ours.
#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err calls")]
pub fn columns_failure(error: columns::Error) -> PyErr {
    PyRuntimeError::new_err(error.to_string())
}

/// Why a funnel's rows could not be walked.
pub fn funnel_failure(error: funnels::Error) -> PyErr {
    PyValueError::new_err(error.to_string())
}

/// Why a document of flags is none.
pub fn flags_failure(flaw: String) -> PyErr {
    PyValueError::new_err(flaw)
}

/// Why a text of the `hog` crate could not be read.
pub fn hog_failure(failure: ::hog::Failure) -> PyErr {
    HogParseError::new_err((failure.message.into_owned(), failure.start, failure.end, failure.kind.name()))
}

/// Why symbols could not be compiled.
#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err calls")]
pub fn symbols_failure(failure: ::stacks::Failure) -> PyErr {
    SymbolsRefused::new_err((failure.to_json(), failure.to_string()))
}
