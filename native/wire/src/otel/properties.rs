//! The properties of an AI event, gathered from several places of which the later ones win.

use std::borrow::Cow;
use std::collections::BTreeMap;

use opentelemetry_proto::tonic::common::v1::{AnyValue, InstrumentationScope, KeyValue};
use opentelemetry_proto::tonic::resource::v1::Resource;

use crate::otlp::value::{self, BytesAs};

/// Resource attributes that SDKs detect by themselves and that say nothing about AI.
const NOISE: [&str; 4] = ["host.", "process.", "os.", "telemetry."];
const LIBRARY: &str = "posthog-otel";

/// Values as JSON text, by key.
#[derive(Debug, Clone, Default)]
pub(super) struct Properties<'a> {
    members: BTreeMap<&'a str, Cow<'a, str>>,
}

impl<'a> Properties<'a> {
    /// What a resource contributes to each of its records.
    pub(super) fn of_resource(resource: Option<&'a Resource>) -> Self {
        let mut properties = Self::default();
        for (key, value) in value::latest(resource.map_or(&[], |resource| &resource.attributes)) {
            if !NOISE.iter().any(|prefix| key.starts_with(prefix)) {
                properties.set_value(key, value);
            }
        }
        properties
    }

    /// Lays a record's own attributes over what is there.
    pub(super) fn overlay(&mut self, attributes: &'a [KeyValue]) {
        for (key, value) in value::latest(attributes) {
            self.set_value(key, value);
        }
    }

    /// The stamps that every AI event made of OTLP carries.
    pub(super) fn stamp(&mut self, scope: Option<&'a InstrumentationScope>) {
        // Off unless asked for: the address is that of a server, not of a person.
        let geoip_disable = self.members.remove("posthog.geoip_disable").unwrap_or(Cow::Borrowed("true"));
        self.members.entry("$geoip_disable").or_insert(geoip_disable);
        self.set_text("$ai_ingestion_source", "otel");
        if !self.members.contains_key("$lib") {
            self.set_text("$lib", LIBRARY);
        }
        let version = scope.map_or("", |scope| &scope.version);
        if !version.is_empty() && !self.members.contains_key("$lib_version") {
            self.set_text("$lib_version", version);
        }
    }

    /// Sets a property; a value that is absent sets nothing.
    pub(super) fn set_value(&mut self, key: &'a str, value: Option<&AnyValue>) {
        if value::inner(value).is_some() {
            let mut text = String::new();
            value::push_value(&mut text, value, BytesAs::Hexadecimal);
            self.members.insert(key, Cow::Owned(text));
        }
    }

    /// Sets a property to a string.
    pub(super) fn set_text(&mut self, key: &'a str, text: &str) {
        let mut quoted = String::with_capacity(text.len() + 2);
        json::push_string(&mut quoted, text);
        self.members.insert(key, Cow::Owned(quoted));
    }

    /// Sets a property to true or false.
    pub(super) fn set_flag(&mut self, key: &'a str, flag: bool) {
        self.members.insert(key, Cow::Borrowed(if flag { "true" } else { "false" }));
    }

    /// Sets a property to a whole number.
    pub(super) fn set_integer(&mut self, key: &'a str, number: i64) {
        self.members.insert(key, Cow::Owned(number.to_string()));
    }

    /// Whether a property is set.
    pub(super) fn has(&self, key: &str) -> bool {
        self.members.contains_key(key)
    }

    /// Sets a property to a number.
    pub(super) fn set_number(&mut self, key: &'a str, number: f64) {
        let mut text = String::new();
        value::push_number(&mut text, number);
        self.members.insert(key, Cow::Owned(text));
    }

    /// Takes a property away.
    pub(super) fn remove(&mut self, key: &str) {
        self.members.remove(key);
    }

    /// As one JSON object.
    pub(super) fn into_json(self) -> String {
        let length: usize = self.members.iter().map(|(key, value)| key.len() + value.len() + 4).sum();
        let mut out = String::with_capacity(length + 2);
        out.push('{');
        for (key, value) in &self.members {
            json::push_key(&mut out, key);
            out.push_str(value);
        }
        out.push('}');
        out
    }
}
