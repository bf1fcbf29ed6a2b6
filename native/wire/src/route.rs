//! The endpoints of capture.

/// What an endpoint speaks. Several paths share one route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Route {
    /// `/e`, `/i/v0/e`, `/capture`, `/track`, `/batch`
    Capture = 0,
    /// `/engage`
    Engage = 1,
    /// `/i/v0/ai/batch`
    AiBatch = 2,
    /// `/s`
    Replay = 3,
    /// `/i/v1/analytics/events`
    V1Events = 4,
    /// `/i/v1/ai/events`
    V1Ai = 5,
    /// `/i/v0/ai`
    AiMultipart = 6,
    /// `/i/v0/ai/otel`
    OtelTraces = 7,
    /// `/i/v0/ai/otel/v1/logs`
    OtelLogs = 8,
    /// `/i/v1/logs`, `/v1/logs`
    Logs = 9,
    /// `/i/v1/traces`, `/v1/traces`
    Traces = 10,
    /// `/i/v1/metrics`, `/v1/metrics`
    Metrics = 11,
    /// `/report`
    Report = 12,
}

impl Route {
    /// Every route, in the order of their numbers.
    pub const ALL: [Self; 13] = [
        Self::Capture,
        Self::Engage,
        Self::AiBatch,
        Self::Replay,
        Self::V1Events,
        Self::V1Ai,
        Self::AiMultipart,
        Self::OtelTraces,
        Self::OtelLogs,
        Self::Logs,
        Self::Traces,
        Self::Metrics,
        Self::Report,
    ];

    /// Every path that capture serves, without the trailing slash that each may have.
    pub const PATHS: [(&'static str, Self); 21] = [
        ("/e", Self::Capture),
        ("/i/v0/e", Self::Capture),
        ("/capture", Self::Capture),
        ("/track", Self::Capture),
        ("/batch", Self::Capture),
        ("/engage", Self::Engage),
        ("/i/v0/ai/batch", Self::AiBatch),
        ("/s", Self::Replay),
        ("/i/v1/analytics/events", Self::V1Events),
        ("/i/v1/ai/events", Self::V1Ai),
        ("/i/v0/ai", Self::AiMultipart),
        ("/i/v0/ai/otel", Self::OtelTraces),
        ("/i/v0/ai/otel/v1/traces", Self::OtelTraces),
        ("/i/v0/ai/otel/v1/logs", Self::OtelLogs),
        ("/i/v1/logs", Self::Logs),
        ("/v1/logs", Self::Logs),
        ("/i/v1/traces", Self::Traces),
        ("/v1/traces", Self::Traces),
        ("/i/v1/metrics", Self::Metrics),
        ("/v1/metrics", Self::Metrics),
        ("/report", Self::Report),
    ];

    /// The route with this number.
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.get(usize::from(number)).copied()
    }
}
