//! Ingestion warnings that capture raises: one record for each reason in a request, with an example.

use record::{Draft, Encoder, Flags, Kind, Source};

use crate::DropReason;
use crate::uuid7::Uuid7;

/// The warnings of one request.
#[derive(Debug, Default)]
pub struct Warnings {
    raised: Vec<Warning>,
}

#[derive(Debug)]
struct Warning {
    reason: DropReason,
    count: u32,
    event: String,
    distinct_id: String,
    uuid: String,
}

/// Texts of examples are cut to this many bytes.
const EXAMPLE_BYTES_MAX: usize = 200;

impl Warnings {
    /// Notes a dropped event. The first of each reason serves as the example.
    pub fn raise(&mut self, reason: DropReason, event: &str, distinct_id: &str, uuid: &str) {
        if let Some(warning) = self.raised.iter_mut().find(|warning| warning.reason == reason) {
            warning.count += 1;
            return;
        }
        let [event, distinct_id, uuid] = [event, distinct_id, uuid].map(shorten);
        self.raised.push(Warning { reason, count: 1, event, distinct_id, uuid });
    }

    /// Appends a record for each reason.
    pub fn write(self, records: &mut Encoder, project_id: u32, source: Source, received_at_us: i64) {
        let mut uuids = Uuid7::default();
        for warning in self.raised {
            let mut detail = String::from("{");
            for (key, text) in [
                ("event", &warning.event),
                ("distinctId", &warning.distinct_id),
                ("eventUuid", &warning.uuid),
            ] {
                json::push_key(&mut detail, key);
                json::push_string(&mut detail, text);
            }
            json::push_key(&mut detail, "count");
            detail.push_str(&warning.count.to_string());
            detail.push('}');
            records.push(&Draft {
                kind: Kind::Warning,
                source,
                flags: Flags::default(),
                project_id,
                received_at_us,
                timestamp_us: received_at_us,
                sent_at_us: None,
                uuid: uuids.at(received_at_us),
                event: warning.reason.name(),
                distinct_id: &warning.distinct_id,
                client_address: "",
                properties: "",
                set: "",
                set_once: "",
                detail: &detail,
            });
        }
    }
}

fn shorten(text: &str) -> String {
    text[..text.floor_char_boundary(EXAMPLE_BYTES_MAX)].to_owned()
}
