use proptest::prelude::*;

use super::*;

const NOON_US: i64 = 1_758_110_400_000_000; // 2025-09-17T12:00:00Z

fn at(text: &str) -> i64 {
    text.parse::<jiff::Timestamp>().unwrap().as_microsecond()
}

#[test]
fn every_documented_form_is_read() {
    for (text, moment) in [
        ("2025-09-17T14:05:04.805Z", "2025-09-17T14:05:04.805Z"),
        ("2025-09-17t14:05:04z", "2025-09-17T14:05:04Z"),
        ("2025-09-17T14:05:04.805+03", "2025-09-17T11:05:04.805Z"),
        ("2025-09-17T14:05:04.805-0330", "2025-09-17T17:35:04.805Z"),
        ("2025-09-17T14:05:04.123456789+05:30", "2025-09-17T08:35:04.123456Z"),
        ("2025-09-17T14:05:04", "2025-09-17T14:05:04Z"),
        ("2025-09-17T14:05", "2025-09-17T14:05:00Z"),
        ("2025-09-17 14:05:04.5", "2025-09-17T14:05:04.5Z"),
        ("2025-09-17 14:05:04 UTC", "2025-09-17T14:05:04Z"),
        ("2025-09-17 14:05:04 +02:00", "2025-09-17T12:05:04Z"),
        ("2025-09-17", "2025-09-17T00:00:00Z"),
        ("2025/09/17", "2025-09-17T00:00:00Z"),
        ("2025/9/7 01:02:03", "2025-09-07T01:02:03Z"),
        ("09/17/2025", "2025-09-17T00:00:00Z"),
        ("9/7/2025 10:11:12", "2025-09-07T10:11:12Z"),
        ("Wed, 17 Sep 2025 14:05:04 +0200", "2025-09-17T12:05:04Z"),
        ("17 Sep 2025 14:05:04 GMT", "2025-09-17T14:05:04Z"),
        ("1758110400", "2025-09-17T12:00:00Z"),
        ("1758110400.25", "2025-09-17T12:00:00.25Z"),
        ("1758110400123", "2025-09-17T12:00:00.123Z"),
        ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z"),
        ("  2025-09-17  ", "2025-09-17T00:00:00Z"),
        ("+002025-09-17T00:00:00.000Z", "2025-09-17T00:00:00Z"),
    ] {
        assert_eq!(parse(text), Some(at(moment)), "{text}");
    }
}

#[test]
fn what_is_no_moment_is_refused() {
    for text in [
        "",
        " ",
        "not a date",
        "2025",
        "12",
        "2025-13-01",
        "2025-02-29",
        "2025-00-10",
        "2025-09-31T00:00:00Z",
        "2025-09-17T24:00:00Z",
        "2025-09-17T12:60:00Z",
        "2025-09-17T12:00:61Z",
        "2025-09-17T",
        "2025-09-17X1",
        "2025-09-17T12:00:00.Z",
        "2025-09-17T12:00:00+",
        "2025-09-17T12:00:00+3",
        "2025-09-17T12:00:00+25:00",
        "2025-09-17T12:00:00+02:0",
        "2025-09-17T12:00:00Zjunk",
        "13/45/2025",
        "99999999999999999999",
        "１758110400",
        "-",
        "+",
        "--",
        "2025-09-17T12:00:00.12a4567Z",
    ] {
        assert_eq!(parse(text), None, "{text}");
    }
}

#[test]
fn rfc3339_is_told_from_its_relatives() {
    for text in ["2025-09-17T12:00:00Z", "2025-09-17 12:00:00+00:00", "2025-09-17t12:00:00.5-07:30"] {
        assert!(parse_rfc3339(text).is_some(), "{text}");
    }
    for text in [
        "2025-09-17",
        "2025-09-17T12:00:00",
        "2025-09-17T12:00Z",
        "2025-09-17T12:00:00+03",
        "1758110400",
        "2025/09/17 12:00:00Z",
        "2025-09-17T12:00:00,5Z",
        "2025-09-17T12:00:00 Z",
        "yesterday",
        " 2025-09-17T12:00:00Z",
    ] {
        assert_eq!(parse_rfc3339(text), None, "{text}");
    }
    assert_eq!(parse_zoned("2025-09-17T12:00:00+03"), Some(at("2025-09-17T09:00:00Z")));
    assert_eq!(parse_zoned("2025-09-17T12:00:00"), None);
}

#[test]
fn wrong_clocks_are_corrected_and_impossible_moments_replaced() {
    let now = NOON_US;
    let clues = |timestamp: &str, sent_at: Option<&str>| Clues {
        timestamp_us: parse(timestamp),
        sent_at_us: sent_at.and_then(parse),
        ..Clues::default()
    };
    let eleven = "2025-09-17T11:00:00Z";
    assert_eq!(clues(eleven, Some("2025-09-17T12:00:10Z")).settle(now), at("2025-09-17T10:59:50Z"));
    assert_eq!(clues(eleven, Some("2025-09-17T11:59:50Z")).settle(now), at("2025-09-17T11:00:10Z"));
    assert_eq!(clues(eleven, None).settle(now), at(eleven));
    assert_eq!(clues("", Some("2025-09-17T11:59:50Z")).settle(now), now);
    assert_eq!(clues("2025-09-19T12:00:00Z", None).settle(now), now);
    assert_eq!(clues("2025-09-18T11:00:00Z", None).settle(now), at("2025-09-18T11:00:00Z"));
    assert_eq!(clues("-000001-01-01", None).settle(now), 0);
    assert_eq!(clues("0000-01-01", None).settle(now), YEAR_0_US);
    let free = |text| Clues { future_allowed: true, ..clues(text, None) };
    assert_eq!(free("2025-09-19T12:00:00Z").settle(now), at("2025-09-19T12:00:00Z"));
    assert_eq!(free("+010000-01-01").settle(now), 0);
    let offset = |offset_ms| Clues { offset_ms: Some(offset_ms), ..clues(eleven, None) };
    assert_eq!(offset(5000).settle(now), now - 5_000_000);
    assert_eq!(offset(i64::MIN).settle(now), now);
    assert_eq!(offset(i64::MAX).settle(now), 0);
}

#[test]
fn sent_at_parameters_before_2021_are_noise() {
    assert_eq!(from_sent_at_ms(1_609_459_200_000), Some(1_609_459_200_000_000));
    assert_eq!(from_sent_at_ms(1_609_459_199_999), None);
    assert_eq!(from_sent_at_ms(i64::MAX), None);
}

proptest! {
    #[test]
    fn any_moment_is_read_back_from_rfc3339(moment_us in -62_135_596_800_000_000_i64..253_402_207_200_000_000) {
        let text = jiff::Timestamp::from_microsecond(moment_us).unwrap().to_string();
        prop_assert_eq!(parse(&text), Some(moment_us));
        prop_assert_eq!(parse_rfc3339(&text), Some(moment_us));
        prop_assert_eq!(parse_zoned(&text), Some(moment_us));
    }

    #[test]
    fn any_offset_is_taken_off(
        second in 0_i64..4_000_000_000, hours in -23_i64..=23, minutes in 0_i64..60, colon in any::<bool>(),
    ) {
        let local = jiff::Timestamp::from_second(second).unwrap().to_string().replace('Z', "");
        let (sign, colon) = (if hours < 0 { '-' } else { '+' }, if colon { ":" } else { "" });
        let text = format!("{local}{sign}{:02}{colon}{minutes:02}", hours.abs());
        let shift = (hours.abs() * 60 + minutes) * 60 * if hours < 0 { -1 } else { 1 };
        prop_assert_eq!(parse(&text), Some((second - shift) * 1_000_000));
    }

    #[test]
    fn any_date_jiff_prints_for_http_is_ours(second in -62_135_596_800_i64..253_402_207_200) {
        let theirs = jiff::fmt::rfc2822::DateTimePrinter::new()
            .timestamp_to_rfc9110_string(&jiff::Timestamp::from_second(second).unwrap())
            .unwrap();
        prop_assert_eq!(http_date(second * 1_000_000 + 999_999), theirs);
    }

    #[test]
    fn near_misses_are_judged_as_jiff_judges_them(text in "20[0-9]{2}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-6][0-9]:[0-5][0-9](\\.[0-9]{1,9})?(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])") {
        let theirs = text.parse::<jiff::Timestamp>().ok().map(|moment| moment.as_nanosecond().div_euclid(1000) as i64);
        prop_assert_eq!(parse_rfc3339(&text), theirs);
    }

    #[test]
    fn any_clues_settle_within_the_calendar(
        timestamp_us in any::<Option<i64>>(), sent_at_us in any::<Option<i64>>(), offset_ms in any::<Option<i64>>(),
        future_allowed in any::<bool>(), text in any::<String>(),
    ) {
        let settled = Clues { timestamp_us, sent_at_us, offset_ms, future_allowed }.settle(NOON_US);
        prop_assert!((YEAR_0_US..=YEAR_9999_END_US).contains(&settled));
        prop_assert!(future_allowed || settled <= NOON_US + FUTURE_MAX_US);
        let _ = (parse(&text), parse_rfc3339(&text), parse_zoned(&text));
    }
}
