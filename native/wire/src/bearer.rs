//! The project of requests whose token stands in their `Authorization` header.

use crate::capture::{no_token, resolve};
use crate::refusal::Refusal;
use crate::{Project, Projects, Request, query};

/// The project of the bearer token.
pub fn project(request: &Request<'_>, projects: &Projects) -> Result<Project, Refusal> {
    resolve(request.headers.bearer().flatten().ok_or_else(no_token)?, projects)
}

/// The project of the bearer token or, without one, of the query's `token`.
pub fn project_or_query(request: &Request<'_>, projects: &Projects) -> Result<Project, Refusal> {
    match request.headers.bearer().flatten() {
        Some(token) if !token.is_empty() => resolve(token, projects),
        _ => query_project(request, projects),
    }
}

/// The project of the query's `token`.
pub fn query_project(request: &Request<'_>, projects: &Projects) -> Result<Project, Refusal> {
    resolve(&query::value(request.query, "token").ok_or_else(no_token)?, projects)
}
