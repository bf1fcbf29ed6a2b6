//! Rows of ingest as plain tuples, and tuples as rows.

use std::sync::Arc;

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::journal;

/// Id, anonymise addresses, heatmaps, cookieless mode, time zone, opt-out, oldest age in seconds.
pub type ProjectTuple = (u32, bool, bool, String, String, bool, Option<i64>);
/// Persons, projects without group types, groups, days without salts, cookieless visitors.
pub type NeedsTuple<'py> =
    (Vec<(u32, String)>, Vec<u32>, Vec<(u32, u8, String)>, Vec<i32>, Vec<(u32, i32, Bound<'py, PyBytes>)>);
/// Project, day, visitor, identifies, and, where there is one, the session and the time of its latest event.
pub type LoadedSessionTuple = (u32, i32, [u8; 16], u32, Option<([u8; 16], i64)>);
/// The same, to be saved.
pub type SessionTuple<'py> = (u32, i32, Bound<'py, PyBytes>, u32, Option<(Bound<'py, PyBytes>, i64)>);
/// Project, id, created at, properties, identified, version, distinct ids with versions, whether they are all.
pub type LoadedPersonTuple = (u32, [u8; 16], i64, String, bool, i64, Vec<(String, i64)>, bool);
/// Project, index of the type, key, and, where there is such a group, created at and properties.
pub type LoadedGroupTuple = (u32, u8, String, Option<(i64, String)>);
/// Project, id, created at, properties, identified, version, deleted.
pub type PersonTuple<'py> = (u32, Bound<'py, PyBytes>, i64, String, bool, i64, bool);
/// Project, distinct id, person id, version, deleted.
pub type DistinctIdTuple<'py> = (u32, String, Bound<'py, PyBytes>, i64, bool);
/// Project, index of the type, key, created at, properties.
pub type GroupTuple<'a> = (u32, u8, &'a str, i64, &'a str);
type EventDefinitionTuple<'a> = (u32, &'a str, i64);
type PropertyDefinitionTuple<'a> = (u32, &'a str, u8, Option<u8>, Option<&'static str>);
type EventPropertyTuple<'a> = (u32, &'a str, &'a str);
/// Events, properties, and which event has which property.
pub type DefinitionTuples<'a> =
    (Vec<EventDefinitionTuple<'a>>, Vec<PropertyDefinitionTuple<'a>>, Vec<EventPropertyTuple<'a>>);

/// A batch of the journal, or records each behind its length.
#[derive(FromPyObject)]
pub enum BatchArgument<'py> {
    /// `_native.journal.Batch`
    Journal(PyRef<'py, journal::Batch>),
    /// `bytes`
    Bytes(Bound<'py, PyBytes>),
}

/// A batch that can be read without the interpreter's lock.
pub enum BorrowedBatch<'a> {
    Journal(Arc<::journal::Batch>),
    Bytes(&'a [u8]),
}

impl BatchArgument<'_> {
    pub fn borrow(&self) -> BorrowedBatch<'_> {
        match self {
            Self::Journal(batch) => BorrowedBatch::Journal(batch.inner.clone()),
            Self::Bytes(bytes) => BorrowedBatch::Bytes(bytes.as_bytes()),
        }
    }
}

impl BorrowedBatch<'_> {
    pub fn records(&self) -> Vec<&[u8]> {
        match self {
            Self::Journal(batch) => batch.records().collect(),
            Self::Bytes(bytes) => record::Records::new(bytes).collect(),
        }
    }
}

pub fn project_settings(row: ProjectTuple) -> PyResult<ingest::ProjectSettings> {
    let (id, anonymize_ips, heatmaps_opt_in, mode, timezone, person_processing_opt_out, oldest_s) = row;
    let cookieless_mode = match mode.as_str() {
        "disabled" => ingest::CookielessMode::Disabled,
        "stateless" => ingest::CookielessMode::Stateless,
        "stateful" => ingest::CookielessMode::Stateful,
        other => return Err(PyValueError::new_err(format!("unknown cookieless mode {other:?}"))),
    };
    Ok(ingest::ProjectSettings {
        id,
        anonymize_ips,
        heatmaps_opt_in,
        cookieless_mode,
        timezone,
        person_processing_opt_out,
        drop_events_older_than_s: oldest_s,
    })
}

pub fn needs_tuple(py: Python<'_>, needs: ingest::Needs) -> NeedsTuple<'_> {
    let sessions = needs.sessions.iter().map(|key| (key.project_id, key.day, PyBytes::new(py, &key.hash)));
    (needs.persons, needs.group_types, needs.groups, needs.salt_days, sessions.collect())
}

pub fn load_session(salts: &mut ingest::Salts, row: LoadedSessionTuple) {
    let (project_id, day, hash, identifies, current) = row;
    let key = ingest::SessionKey { project_id, day, hash };
    salts.load_session(key, ingest::Session { identifies, current });
}

pub fn session_tuple<'py>(
    py: Python<'py>,
    (key, session): &(ingest::SessionKey, ingest::Session),
) -> SessionTuple<'py> {
    let current = session.current.map(|(id, latest_us)| (PyBytes::new(py, &id), latest_us));
    (key.project_id, key.day, PyBytes::new(py, &key.hash), session.identifies, current)
}

pub fn load_person(persons: &mut persons::Persons, row: &LoadedPersonTuple) {
    let (project_id, id, created_at_us, properties, is_identified, version, distinct_ids, complete) = row;
    let distinct_ids: Vec<_> = distinct_ids.iter().map(|(id, version)| (id.as_str(), *version)).collect();
    persons.load(&persons::LoadedPerson {
        project_id: *project_id,
        id: *id,
        created_at_us: *created_at_us,
        properties,
        is_identified: *is_identified,
        version: *version,
        distinct_ids: &distinct_ids,
        complete: *complete,
    });
}

pub fn load_group(groups: &mut ingest::Groups, row: LoadedGroupTuple) {
    let (project_id, index, key, group) = row;
    let group = group.map(|(created_at_us, properties)| ingest::Group { properties, created_at_us });
    groups.load(project_id, index, &key, group);
}

pub fn person_tuple<'py>(py: Python<'py>, row: &persons::PersonRow) -> PersonTuple<'py> {
    let id = PyBytes::new(py, &row.id);
    let properties = row.properties.to_string();
    (row.project_id, id, row.created_at_us, properties, row.is_identified, row.version, row.is_deleted)
}

pub fn distinct_id_tuple<'py>(py: Python<'py>, row: &persons::DistinctIdRow) -> DistinctIdTuple<'py> {
    let person_id = PyBytes::new(py, &row.person_id);
    (row.project_id, row.distinct_id.to_string(), person_id, row.version, row.is_deleted)
}

pub fn group_tuple(row: &ingest::GroupRow) -> GroupTuple<'_> {
    (row.project_id, row.group_type_index, &row.key, row.created_at_us, &row.properties)
}

pub fn definition_tuples(changes: &ingest::Changes) -> DefinitionTuples<'_> {
    let events = changes.event_definitions.iter();
    let properties = changes.property_definitions.iter();
    let pairs = changes.event_properties.iter();
    (
        events.map(|row| (row.project_id, row.event.as_str(), row.last_seen_at_us)).collect(),
        properties
            .map(|row| (row.project_id, row.name.as_str(), row.kind, row.group_type_index, row.property_type))
            .collect(),
        pairs.map(|row| (row.project_id, row.event.as_str(), row.property.as_str())).collect(),
    )
}
