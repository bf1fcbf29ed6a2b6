//! Filters on dates, in time zones with their odd hours.

mod scene;

use flags::{PropertyFilter, Zone};
use jiff::Timestamp;
use scene::{NOW_US, assert_rows, compiled_in, passes};
use serde_json::{Value, json};

const SECOND_US: i64 = 1_000_000;
const HOUR_S: i64 = 3600;
const DAY_S: i64 = 24 * HOUR_S;
const NOW_S: i64 = NOW_US / SECOND_US;

fn microseconds(instant: &str) -> i64 {
    instant.parse::<Timestamp>().expect("the instant is one").as_microsecond()
}

/// Asserts that a filter's date is an instant: neither before nor after it, at a time and in a zone.
fn assert_instant(zone: &str, now: &str, date: &str, instant: &str) {
    let now_us = microseconds(now);
    for (operator, expected) in [("is_date_exact", true), ("is_date_before", false), ("is_date_after", false)]
    {
        let filter = compiled_in(zone, operator, &json!(date));
        assert_eq!(
            filter.matches(Some(&json!(instant)), now_us),
            expected,
            "{date} in {zone}, {operator} {instant}"
        );
    }
}

fn assert_never(zone: &str, now: &str, date: &str) {
    let now_us = microseconds(now);
    for operator in ["is_date_exact", "is_date_before", "is_date_after"] {
        let filter = compiled_in(zone, operator, &json!(date));
        for value in [json!(0), json!(4_000_000_000_u32)] {
            assert!(!filter.matches(Some(&value), now_us), "{date} is no instant in {zone}");
        }
    }
}

#[test]
fn spans_are_counted_back_from_now() {
    let day_ago = json!("-1d");
    assert_rows(&[
        ("is_date_before", day_ago.clone(), json!(NOW_S - 2 * DAY_S), true),
        ("is_date_before", day_ago.clone(), json!(NOW_S - HOUR_S), false),
        ("is_date_after", day_ago.clone(), json!(NOW_S - HOUR_S), true),
        ("is_date_before", json!("1d"), json!(NOW_S - 2 * DAY_S), true),
        ("is_date_after", json!("1d"), json!(NOW_S + HOUR_S), true),
        ("is_date_before", day_ago.clone(), json!((NOW_S - 2 * DAY_S).to_string()), true),
        ("is_date_before", day_ago, json!("-2d"), true),
    ]);
}

#[test]
fn months_and_years_are_gone_back_one_by_one() {
    assert_instant("UTC", "2024-03-31T10:20:30.5Z", "-1m", "2024-02-29T10:20:30.5Z");
    assert_instant("UTC", "2024-03-31T10:20:30.5Z", "2m", "2024-01-29T10:20:30.5Z");
    assert_instant("UTC", "2023-03-31T00:00:00Z", "2m", "2023-01-28T00:00:00Z");
    assert_instant("UTC", "2024-07-31T00:00:00Z", "1m", "2024-06-30T00:00:00Z");
    assert_instant("UTC", "2024-12-31T00:00:00Z", "13m", "2023-11-29T00:00:00Z");
    assert_instant("UTC", "2024-01-15T00:00:00Z", "1m", "2023-12-15T00:00:00Z");
    assert_instant("UTC", "2024-05-31T00:00:00Z", "0m", "2024-05-31T00:00:00Z");
    assert_instant("UTC", "2024-05-31T00:00:00Z", "9999m", "1191-02-28T00:00:00Z");
    assert_instant("UTC", "2024-02-29T00:00:00Z", "1y", "2023-02-28T00:00:00Z");
    assert_instant("UTC", "2024-02-29T00:00:00Z", "4y", "2020-02-28T00:00:00Z");
    assert_instant("UTC", "2024-06-15T12:00:00Z", "2w", "2024-06-01T12:00:00Z");
    assert_instant("UTC", "2024-06-15T12:00:00Z", "-30h", "2024-06-14T06:00:00Z");
}

/// Goes back the slow way, month by month.
#[test]
fn any_number_of_months_is_that_many_single_months() {
    let start = jiff::civil::date(2024, 12, 31).at(1, 2, 3, 0);
    let mut slow = start;
    let now = Zone::utc();
    for number in 1..200_u32 {
        let month = if slow.month() == 1 { 12 } else { slow.month() - 1 };
        let year = if slow.month() == 1 { slow.year() - 1 } else { slow.year() };
        let last = jiff::civil::date(year, month, 1).days_in_month();
        slow = jiff::civil::date(year, month, slow.day().min(last)).at(1, 2, 3, 0);
        let filter =
            PropertyFilter::compile("x", Some("is_date_exact"), Some(&json!(format!("{number}m"))), &now, 1);
        let matches = filter
            .expect("the operator is known")
            .matches(Some(&json!(format!("{slow}Z"))), microseconds("2024-12-31T01:02:03Z"));
        assert!(matches, "{number} months before {start} is {slow}");
    }
}

#[test]
fn spans_are_counted_on_the_wall_clock() {
    // New York changed to summer time at 2:00 on the 10th of March 2024, so that day had 23 hours.
    assert_instant("America/New_York", "2024-03-10T16:00:00Z", "1d", "2024-03-09T17:00:00Z");
    assert_instant("America/New_York", "2024-03-11T16:00:00Z", "24h", "2024-03-10T16:00:00Z");
    assert_instant("America/New_York", "2024-03-10T16:00:00Z", "24h", "2024-03-09T17:00:00Z");
    assert_instant("Asia/Kolkata", "2024-03-10T20:00:00Z", "1m", "2024-02-10T20:00:00Z");
}

#[test]
fn an_hour_that_clocks_show_twice_is_the_first() {
    assert_instant("America/New_York", "2024-12-01T00:00:00Z", "2024-11-03 01:30", "2024-11-03T05:30:00Z");
    assert_instant("Europe/Berlin", "2024-12-01T00:00:00Z", "2024-10-27T02:30:00", "2024-10-27T00:30:00Z");
    assert_instant("Europe/Berlin", "2024-10-28T01:30:00Z", "1d", "2024-10-27T00:30:00Z");
}

#[test]
fn an_hour_that_clocks_leap_over_is_never() {
    assert_never("America/New_York", "2024-12-01T00:00:00Z", "2024-03-10 02:30");
    assert_never("America/New_York", "2024-03-11T06:30:00Z", "1d");
    assert_never("America/Santiago", "2024-12-01T00:00:00Z", "2024-09-08");
    let filter = compiled_in("America/New_York", "is_date_after", &json!("2024-03-10 02:30"));
    assert_eq!(filter.warning().map(flags::FilterError::code), Some("invalid_date"));
    let after = compiled_in("America/New_York", "is_date_after", &json!("2000-01-01"));
    assert!(!after.matches(Some(&json!("2024-03-10 02:30")), NOW_US));
    assert!(after.matches(Some(&json!("2024-03-10 03:30")), NOW_US));
}

#[test]
fn dates_without_an_offset_are_in_the_zone_of_the_project() {
    let new_york = "America/New_York";
    let now = "2024-12-01T00:00:00Z";
    assert_instant(new_york, now, "2024-06-01", "2024-06-01T04:00:00Z");
    assert_instant(new_york, now, "2024-6-1", "2024-06-01T04:00:00Z");
    assert_instant(new_york, now, "2024-01-01", "2024-01-01T05:00:00Z");
    assert_instant(new_york, now, "2024-06-01 10:20", "2024-06-01T14:20:00Z");
    assert_instant(new_york, now, "2024-06-01T10:20", "2024-06-01T14:20:00Z");
    assert_instant(new_york, now, "2024-06-01 10:20:30", "2024-06-01T14:20:30Z");
    assert_instant(new_york, now, "2024-06-01T10:20:30.25", "2024-06-01T14:20:30.25Z");
    let filter = compiled_in(new_york, "is_date_after", &json!("2024-06-01"));
    assert!(!filter.matches(Some(&json!("2024-06-01T03:00:00Z")), NOW_US));
    assert!(filter.matches(Some(&json!("2024-06-01T04:00:01Z")), NOW_US));
    assert!(filter.matches(Some(&json!("2024-06-01 00:01")), NOW_US), "a value is in that zone too");
}

#[test]
fn dates_with_an_offset_are_where_they_say() {
    let now = "2024-12-01T00:00:00Z";
    for date in [
        "2024-06-01T10:00:00Z",
        "2024-06-01t10:00:00z",
        "2024-06-01 10:00:00Z",
        "2024-06-01T12:00:00+02:00",
        "2024-06-01T05:30:00-04:30",
        "2024-06-01T12:00:00.000+0200",
        "2024-06-01 10:00:00 UTC",
        "2024-06-01 12:00+02",
    ] {
        assert_instant("America/New_York", now, date, "2024-06-01T10:00:00Z");
    }
}

#[test]
fn other_forms_are_read_as_utc() {
    let now = "2024-12-01T00:00:00Z";
    for (date, instant) in [
        ("Sat, 01 Jun 2024 10:00:00 GMT", "2024-06-01T10:00:00Z"),
        ("Sat, 01 Jun 2024 12:00:00 +0200", "2024-06-01T10:00:00Z"),
        ("2024/06/01", "2024-06-01T00:00:00Z"),
        ("2024/06/01 10:20", "2024-06-01T10:20:00Z"),
        ("6/1/2024", "2024-06-01T00:00:00Z"),
        ("06/01/2024 10:20:30", "2024-06-01T10:20:30Z"),
        ("6/1/2024 1:20 PM", "2024-06-01T13:20:00Z"),
        ("June 1, 2024", "2024-06-01T00:00:00Z"),
        ("Jun 1, 2024, 1:20:30 PM", "2024-06-01T13:20:30Z"),
        ("1 June 2024 10:20", "2024-06-01T10:20:00Z"),
        ("Sat Jun 01 2024 10:20:30", "2024-06-01T10:20:30Z"),
        ("1717236000", "2024-06-01T10:00:00Z"),
        ("1717236000123", "2024-06-01T10:00:00.123Z"),
    ] {
        assert_instant("America/New_York", now, date, instant);
    }
}

#[test]
fn exact_is_an_instant_and_not_a_day() {
    assert_rows(&[
        ("is_date_exact", json!("2024-06-01"), json!("2024-06-01T10:00:00Z"), false),
        ("is_date_exact", json!("2024-06-01"), json!("2024-06-01T00:00:00Z"), true),
        ("is_date_exact", json!("2024-06-01"), json!(1_717_200_000), true),
        ("is_date_exact", json!("2024-06-01T00:00:00.5Z"), json!(1_717_200_000.5), true),
    ]);
}

#[test]
fn numbers_are_seconds_however_many() {
    assert_rows(&[
        ("is_date_after", json!("-1d"), json!(NOW_S * 1000), true),
        ("is_date_before", json!("1970-01-01"), json!(-0.5), true),
        ("is_date_after", json!("1969-12-31T23:59:59Z"), json!(-0.5), true),
        ("is_date_before", json!("-1d"), json!("20240601"), true),
        ("is_date_after", json!("-1d"), json!(1e300), false),
        ("is_date_before", json!("-1d"), json!(-1e300), false),
        ("is_date_before", json!("-1d"), json!("inf"), false),
        ("is_date_before", json!("-1d"), json!("nan"), false),
    ]);
}

#[test]
fn what_is_no_date_never_matches() {
    let values: Vec<Value> = vec![
        json!("soon"),
        json!(""),
        json!("-"),
        json!("d"),
        json!("-d"),
        json!("10000d"),
        json!("99999999999999999999d"),
        json!("1.5d"),
        json!("+1d"),
        json!("1D"),
        json!("2024-02-30"),
        json!("2024-13-01"),
        json!("2024-06-01T24:00:00Z"),
        json!("2024-06-01T10:00:00Zjunk"),
        json!("2024-06-01T10:00:00+99:00"),
        json!("2024-06-01T10:00:00+02:60"),
        json!("2024-06-01x"),
        json!("２０２４-06-01"),
        json!(true),
        json!(null),
        json!([]),
        json!({"a": 1}),
        json!("2024-06-01 ".repeat(100)),
    ];
    for value in &values {
        for operator in ["is_date_exact", "is_date_before", "is_date_after"] {
            for date in ["2024-06-01", "-1d"] {
                assert!(!passes(operator, &json!(date), value), "{value} {operator} {date}");
            }
            assert!(!passes(operator, value, &json!("2024-06-01")), "2024-06-01 {operator} {value}");
        }
    }
}

#[test]
fn a_clock_beyond_the_calendar_is_no_accident() {
    let filter = compiled_in("Europe/Berlin", "is_date_after", &json!("-9999y"));
    for now_us in [i64::MIN, 0, i64::MAX] {
        let _ = filter.matches(Some(&json!("-1d")), now_us);
    }
    assert!(filter.matches(Some(&json!("2024-06-01")), NOW_US));
}

#[test]
fn only_zones_that_exist_are_zones() {
    assert!(Zone::named("Europe/Berlin").is_some());
    assert!(Zone::named("Europe/Atlantis").is_none());
    assert!(Zone::named("").is_none());
}
