//! Whose span it is.

use std::borrow::Cow;

use opentelemetry_proto::tonic::common::v1::KeyValue;
use opentelemetry_proto::tonic::resource::v1::Resource;

use crate::distinct_id;
use crate::otlp::value;

/// Keys of one call, which therefore may tell users apart within one process; the most explicit first.
const RECORD_KEYS: [&str; 4] = [
    "ai.telemetry.metadata.posthog_distinct_id",
    "ai.settings.context.posthog_distinct_id",
    "posthog.distinct_id",
    "user.id",
];
/// Keys of the whole process.
const RESOURCE_KEYS: [&str; 2] = ["posthog.distinct_id", "user.id"];

/// The distinct id that the record names, or else its resource.
pub(super) fn named(attributes: &[KeyValue], resource: Option<&Resource>) -> Option<String> {
    let of_record = RECORD_KEYS.iter().find_map(|key| value::text(attributes, key));
    let of_resource = || {
        let attributes = &resource?.attributes;
        RESOURCE_KEYS.iter().find_map(|key| value::text(attributes, key))
    };
    distinct_id::from_text(Cow::Borrowed(of_record.or_else(of_resource)?)).map(Cow::into_owned)
}
