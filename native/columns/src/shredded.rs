//! The properties that get a column of their own: the one list that Rust, the store's schema and the query
//! printer read.

/// How a shredded column is stored. All are text: a missing property and `null` are NULL, other values are their text
/// (strings unquoted). The columns that PostHog names after the property itself, without `mat_`, hold no NULL: there a
/// missing one is the empty string.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Storage {
    /// Few different values: `LowCardinality(Nullable(String))`.
    Few,
    /// Many different values: `Nullable(String) CODEC(ZSTD(1))`.
    Many,
}

/// A property of events with a column of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shredded {
    /// The property's name in `properties`.
    pub property: &'static str,
    /// The column's name in the table.
    pub column: &'static str,
    /// How it is stored.
    pub storage: Storage,
}

macro_rules! shredded {
    ($($property:literal $column:literal $storage:ident,)*) => {
        &[$(Shredded { property: $property, column: $column, storage: Storage::$storage },)*]
    };
}

/// In the order of the columns. The names of the first two are PostHog's own; the rest follow its `mat_` habit.
pub const SHREDDED: &[Shredded] = shredded![
    "$session_id" "$session_id" Many,
    "$window_id" "$window_id" Many,
    "$current_url" "mat_$current_url" Many,
    "$pathname" "mat_$pathname" Many,
    "$host" "mat_$host" Few,
    "$referrer" "mat_$referrer" Many,
    "$referring_domain" "mat_$referring_domain" Few,
    "$browser" "mat_$browser" Few,
    "$browser_version" "mat_$browser_version" Few,
    "$os" "mat_$os" Few,
    "$os_version" "mat_$os_version" Few,
    "$device_type" "mat_$device_type" Few,
    "$device_id" "mat_$device_id" Many,
    "$lib" "mat_$lib" Few,
    "$lib_version" "mat_$lib_version" Few,
    "$screen_name" "mat_$screen_name" Few,
    "$event_type" "mat_$event_type" Few,
    "$ip" "mat_$ip" Many,
    "$geoip_country_code" "mat_$geoip_country_code" Few,
    "$geoip_country_name" "mat_$geoip_country_name" Few,
    "$geoip_city_name" "mat_$geoip_city_name" Few,
    "$geoip_continent_code" "mat_$geoip_continent_code" Few,
    "$geoip_subdivision_1_code" "mat_$geoip_subdivision_1_code" Few,
    "$geoip_time_zone" "mat_$geoip_time_zone" Few,
    "utm_source" "mat_utm_source" Few,
    "utm_medium" "mat_utm_medium" Few,
    "utm_campaign" "mat_utm_campaign" Few,
    "utm_term" "mat_utm_term" Few,
    "utm_content" "mat_utm_content" Few,
    "gclid" "mat_gclid" Many,
    "$feature_flag" "mat_$feature_flag" Few,
    "$feature_flag_response" "mat_$feature_flag_response" Few,
    "$exception_fingerprint" "mat_$exception_fingerprint" Many,
    "$exception_issue_id" "mat_$exception_issue_id" Many,
    "$exception_types" "mat_$exception_types" Few,
    "$exception_values" "mat_$exception_values" Many,
    "$exception_sources" "mat_$exception_sources" Many,
    "$exception_functions" "mat_$exception_functions" Many,
    "$ai_trace_id" "mat_$ai_trace_id" Many,
    "$ai_model" "mat_$ai_model" Few,
];
