//! Symbols: compiled when they arrive, opened where they lie.

use std::path::PathBuf;
use std::sync::Arc;

use ::stacks::{
    Contents, Failure, HermesFailure, Image, ImageFailure, MapUrl, Mapping, ProguardFailure, ScriptFailure,
    SourceMap,
};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::errors::symbols_failure;

/// Opened symbols, or the failure to have any.
#[pyclass(frozen, module = "appliance._native.stacks")]
pub struct Symbols {
    pub inner: ::stacks::Symbols,
}

#[pymethods]
impl Symbols {
    /// Opens a file that [`compile`] made.
    #[staticmethod]
    fn open(py: Python<'_>, path: PathBuf) -> PyResult<Self> {
        py.detach(|| {
            if let Ok(map) = SourceMap::open(&path)? {
                return Ok(Self { inner: ::stacks::Symbols::Map(Arc::new(map)) });
            }
            let bytes = std::fs::read(&path)?;
            let image = Image::from_bytes(&bytes).map(|image| ::stacks::Symbols::Image(Arc::new(image)));
            let mapping = || {
                Mapping::from_bytes(bytes.clone())
                    .map(|mapping| ::stacks::Symbols::Mapping(Arc::new(mapping)))
            };
            let inner = image.or_else(mapping);
            inner
                .map(|inner| Self { inner })
                .ok_or_else(|| PyValueError::new_err("these are no symbols of ours"))
        })
    }

    /// A failure as it is stored.
    #[staticmethod]
    fn failed(failure: &str) -> PyResult<Self> {
        let failure =
            Failure::from_json(failure).ok_or_else(|| PyValueError::new_err("this is no failure"))?;
        Ok(Self { inner: ::stacks::Symbols::Failed(failure) })
    }

    /// Bytes that it takes.
    fn __len__(&self) -> usize {
        match &self.inner {
            ::stacks::Symbols::Map(map) => map.len(),
            ::stacks::Symbols::Mapping(mapping) => mapping.len(),
            ::stacks::Symbols::Image(image) => image.len(),
            ::stacks::Symbols::Failed(_) => 0,
        }
    }
}

/// Compiles an uploaded file; raises with the failure as it is stored.
#[pyfunction]
pub fn compile(py: Python<'_>, file: &[u8]) -> PyResult<Vec<u8>> {
    py.detach(|| {
        let contents = Contents::read(file);
        match contents.map_err(|why| Failure::JavaScript(ScriptFailure::JSDataError(why.to_string())))? {
            Contents::Script { code, map } => script(&code, &map),
            Contents::Hermes(map) => ::stacks::source_map::compile("", &map)
                .map(|compiled| compiled.bytes)
                .map_err(|flaw| Failure::Hermes(HermesFailure::InvalidMap(flaw.to_string()))),
            Contents::Mapping(text) => {
                Mapping::compile(&text).ok_or(Failure::Proguard(ProguardFailure::InvalidMapping))
            }
            Contents::Dsym(zip) => {
                Image::compile(&zip).map_err(|why| Failure::Apple(ImageFailure::ParseError(why)))
            }
            Contents::Elf(zip) => {
                Image::compile(&zip).map_err(|why| Failure::Native(ImageFailure::ParseError(why)))
            }
        }
    })
    .map_err(symbols_failure)
}

/// Compiles a script and its map that were fetched; raises as [`compile`] does.
#[pyfunction]
pub fn compile_script(py: Python<'_>, code: &str, map: &str) -> PyResult<Vec<u8>> {
    py.detach(|| script(code, map)).map_err(symbols_failure)
}

fn script(code: &str, map: &str) -> Result<Vec<u8>, Failure> {
    let compiled = ::stacks::source_map::compile(code, map);
    let compiled = compiled.map_err(|flaw| ScriptFailure::InvalidSourceMap(flaw.to_string()));
    Ok(compiled.map_err(Failure::JavaScript)?.bytes)
}

/// Where a script says that its map is: an address and whether it is the map itself.
#[pyfunction]
pub fn script_map_url(script_url: &str, body: &str) -> Option<(String, bool)> {
    ::stacks::script_map_url(script_url, body).map(|url| match url {
        MapUrl::Absolute(url) => (url, false),
        MapUrl::Inline(url) => (url, true),
    })
}

/// The id of a script's chunk.
#[pyfunction]
pub fn chunk_id(body: &str) -> Option<&str> {
    ::stacks::chunk_id(body)
}

/// The map in a data URL.
#[pyfunction]
pub fn data_url(url: &str) -> PyResult<String> {
    ::stacks::data_url(url).map_err(PyValueError::new_err)
}
