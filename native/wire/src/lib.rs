//! Bytes from SDKs to an answer and records: the whole of capture but for sockets and disks.
//!
//! One entry, [`accept`]: it takes a request as an HTTP server has it and returns what to say and what to keep.
//! Everything between is pure: no clock, no file, no lock, so that each row of the capture contract is a test.
//!
//! Promises:
//! - No request makes it panic, and none makes it use more memory than [`Limits`] allow: payloads are inflated
//!   up to their limit and not a byte further.
//! - A v0 request is stored whole or not at all; a v1 request names the fate of each of its events.
//! - Each refused request and each dropped event is counted once, under one [`DropReason`].
//! - Properties are stored as the exact JSON text that was sent. Two things are changed: unpaired surrogate
//!   escapes become U+FFFD, and the v1 protocol's own properties are written over the client's copies.

mod answer;
mod bearer;
mod capture;
mod distinct_id;
mod drop_reason;
mod event;
mod facts;
pub mod flags;
mod inflate;
mod limits;
mod lz64;
mod multipart;
mod otel;
mod otlp;
mod payload;
mod projects;
mod query;
mod quota;
mod refusal;
mod replay;
mod report;
mod request;
mod route;
mod shape;
mod telemetry;
mod timestamp;
mod token;
mod uuid7;
mod v1;
mod warning;

pub use answer::{Answer, Lane, OK_BODY};
pub use drop_reason::DropReason;
pub use limits::Limits;
pub use projects::{Project, Projects, Quotas};
pub use request::{Headers, Request};
pub use route::Route;

/// Judges one request: what to answer, and which records to keep before answering.
pub fn accept(request: &Request<'_>, projects: &Projects, limits: &Limits) -> Answer {
    match request.route {
        Route::Capture | Route::Engage | Route::AiBatch => capture::accept(request, projects, limits),
        Route::Replay => replay::accept(request, projects, limits),
        Route::V1Events | Route::V1Ai => v1::accept(request, projects, limits),
        Route::AiMultipart => multipart::accept(request, projects, limits),
        Route::OtelTraces => otel::traces(request, projects, limits),
        Route::OtelLogs => otel::logs(request, projects, limits),
        Route::Logs => telemetry::logs(request, projects, limits),
        Route::Traces => telemetry::traces(request, projects, limits),
        Route::Metrics => telemetry::metrics(request, projects, limits),
        Route::Report => report::accept(request, projects, limits),
    }
}
