//! Every size that a request may have.

use crate::Route;

const KIB: usize = 1024;
const MIB: usize = 1024 * KIB;

/// Limits in bytes unless the name says otherwise. A size exactly at its limit is accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Body on the wire, v0 analytics paths.
    pub v0_body_bytes: usize,
    /// Body on the wire, `/s`.
    pub replay_body_bytes: usize,
    /// Body on the wire, v1.
    pub v1_body_bytes: usize,
    /// Body on the wire, multipart AI events: 110 % of all parts.
    pub multipart_body_bytes: usize,
    /// Body on the wire and after gunzip, OTLP turned into AI events.
    pub otel_body_bytes: usize,
    /// Body on the wire and after gunzip, plain OTLP.
    pub telemetry_body_bytes: usize,
    /// Body of a browser report.
    pub report_body_bytes: usize,
    /// Payload after decompression, v0 and `/s`.
    pub v0_payload_bytes: usize,
    /// Payload after decompression, v1.
    pub v1_payload_bytes: usize,
    /// One event's JSON text.
    pub event_bytes: usize,
    /// One event's JSON text on an AI lane.
    pub ai_event_bytes: usize,
    /// All parts of a multipart AI event.
    pub multipart_parts_bytes: usize,
    /// A multipart AI event with its parts inside; a journal record may have 32 MiB.
    pub multipart_event_bytes: usize,
    /// Properties of all records that one OTLP request becomes: what is said once is stored in each record.
    pub otlp_expanded_bytes: usize,
    /// Events in one request, so that a payload of tiny events cannot fill the memory.
    pub events_per_request: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            v0_body_bytes: 20 * MIB,
            replay_body_bytes: 25 * MIB,
            v1_body_bytes: 10 * MIB,
            multipart_body_bytes: 25 * MIB * 110 / 100,
            otel_body_bytes: 4 * MIB,
            telemetry_body_bytes: 2 * MIB,
            report_body_bytes: MIB,
            v0_payload_bytes: 100 * MIB,
            v1_payload_bytes: 50 * MIB,
            event_bytes: MIB,
            ai_event_bytes: 8 * MIB,
            multipart_parts_bytes: 25 * MIB,
            multipart_event_bytes: 31 * MIB,
            otlp_expanded_bytes: 64 * MIB,
            events_per_request: 500_000,
        }
    }
}

impl Limits {
    /// How large a body of this route may be on the wire.
    pub fn body_bytes(&self, route: Route) -> usize {
        match route {
            Route::Capture | Route::Engage | Route::AiBatch => self.v0_body_bytes,
            Route::Replay => self.replay_body_bytes,
            Route::V1Events | Route::V1Ai => self.v1_body_bytes,
            Route::AiMultipart => self.multipart_body_bytes,
            Route::OtelTraces | Route::OtelLogs => self.otel_body_bytes,
            Route::Logs | Route::Traces | Route::Metrics => self.telemetry_body_bytes,
            Route::Report => self.report_body_bytes,
        }
    }

    /// How large one event may be on this route.
    pub fn event_bytes(&self, route: Route) -> usize {
        match route {
            Route::AiBatch | Route::V1Ai | Route::OtelTraces | Route::OtelLogs => self.ai_event_bytes,
            Route::AiMultipart => self.multipart_event_bytes,
            _ => self.event_bytes,
        }
    }
}
