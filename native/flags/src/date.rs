//! Instants of dates: texts, numbers and spans back from now, in a project's time zone.

use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{Span, Timestamp};
use serde_json::Value;

use crate::date_text;
use crate::value::number_in;

/// A project's time zone.
#[derive(Debug, Clone)]
pub struct Zone(TimeZone);

impl Zone {
    /// The zone of a name of the time zone database, such as `Europe/Berlin`.
    pub fn named(name: &str) -> Option<Self> {
        TimeZone::get(name).ok().map(Self)
    }

    /// Coordinated universal time.
    pub fn utc() -> Self {
        Self(TimeZone::UTC)
    }

    /// When the zone's clocks show a time. The first time of two; never where they leap over it.
    fn instant(&self, clock: DateTime) -> Option<Instant> {
        let offset = match self.0.to_ambiguous_timestamp(clock).offset() {
            AmbiguousOffset::Unambiguous { offset } | AmbiguousOffset::Fold { before: offset, .. } => offset,
            AmbiguousOffset::Gap { .. } => return None,
        };
        offset.to_timestamp(clock).ok().map(Instant::from)
    }

    /// What the zone's clocks show.
    fn clock(&self, now_us: i64) -> Option<DateTime> {
        Timestamp::from_microsecond(now_us).ok().map(|now| self.0.to_datetime(now))
    }
}

/// A moment in time. Numbers reach further than any calendar here: seconds of a clock that counts milliseconds are a
/// late moment, not none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Instant {
    nanoseconds: i128,
}

/// 262 000 years, which is as far as the field's calendar goes.
const SECONDS_MAX: f64 = 262_000.0 * 365.2425 * 86_400.0;
const NANOSECONDS: i128 = 1_000_000_000;

impl Instant {
    /// The moment that a property's value names: seconds of the Unix clock, or a date.
    pub(crate) fn of(value: &Value, zone: &Zone, now_us: i64) -> Option<Self> {
        match value {
            Value::Number(number) => Self::from_seconds(number.as_f64()?),
            Value::String(text) => match number_in(text) {
                Some(seconds) => Self::from_seconds(seconds),
                None => Date::parse(text, zone)?.instant(zone, now_us),
            },
            _ => None,
        }
    }

    fn from_seconds(seconds: f64) -> Option<Self> {
        if seconds.is_nan() || seconds.abs() > SECONDS_MAX {
            return None;
        }
        let whole = seconds.floor();
        let fraction = ((seconds - whole) * NANOSECONDS as f64).round();
        Some(Self { nanoseconds: whole as i128 * NANOSECONDS + fraction as i128 })
    }
}

impl From<Timestamp> for Instant {
    fn from(timestamp: Timestamp) -> Self {
        Self { nanoseconds: timestamp.as_nanosecond() }
    }
}

/// A date as a filter gives it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Date {
    /// A moment.
    At(Instant),
    /// A span back from now.
    Ago(Ago),
}

impl Date {
    pub(crate) fn parse(text: &str, zone: &Zone) -> Option<Self> {
        if let Some(ago) = Ago::parse(text) {
            return Some(Self::Ago(ago));
        }
        match date_text::parse(text)? {
            date_text::Parsed::Instant(timestamp) => Some(Self::At(timestamp.into())),
            date_text::Parsed::Clock(clock) => zone.instant(clock).map(Self::At),
        }
    }

    pub(crate) fn instant(self, zone: &Zone, now_us: i64) -> Option<Instant> {
        match self {
            Self::At(instant) => Some(instant),
            Self::Ago(ago) => zone.instant(ago.before(zone.clock(now_us)?)?),
        }
    }
}

/// A span back from now, as the clocks on the wall count it: `-7d`, and `7d` too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ago {
    number: u16,
    unit: Unit,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    Hours,
    Days,
    Weeks,
    Months,
    Years,
}

/// No span has more digits than four.
const AGO_MAX: u32 = 10_000;
const MONTHS: i32 = 12;
/// Among so many months is the shortest of all, a February of a year that is no leap year: two years have one.
const MONTHS_TO_SHORTEST: u16 = 24;

impl Ago {
    fn parse(text: &str) -> Option<Self> {
        let (unit, number) = text.strip_prefix('-').unwrap_or(text).as_bytes().split_last()?;
        let unit = match unit {
            b'h' => Unit::Hours,
            b'd' => Unit::Days,
            b'w' => Unit::Weeks,
            b'm' => Unit::Months,
            b'y' => Unit::Years,
            _ => return None,
        };
        if number.is_empty() {
            return None;
        }
        let number = number.iter().try_fold(0_u32, |sum, byte| {
            let digit = byte.is_ascii_digit().then(|| u32::from(byte - b'0'))?;
            Some(sum * 10 + digit).filter(|sum| *sum < AGO_MAX)
        })?;
        Some(Self { number: number as u16, unit })
    }

    fn before(self, clock: DateTime) -> Option<DateTime> {
        let number = i64::from(self.number);
        match self.unit {
            Unit::Hours => clock.checked_sub(Span::new().hours(number)).ok(),
            Unit::Days => clock.checked_sub(Span::new().days(number)).ok(),
            Unit::Weeks => clock.checked_sub(Span::new().weeks(number)).ok(),
            Unit::Months => months_before(clock, self.number),
            Unit::Years => years_before(clock, self.number),
        }
    }
}

/// Goes back month by month; a day that one of them lacks is its last, and stays that.
fn months_before(clock: DateTime, number: u16) -> Option<DateTime> {
    let mut day = clock.day();
    for step in 1..=number.min(MONTHS_TO_SHORTEST) {
        let (year, month) = month_before(clock, step);
        day = day.min(days_in(year, month)?);
    }
    let (year, month) = month_before(clock, number);
    clock.with().year(year).month(month).day(day).build().ok()
}

/// Goes back year by year; after a leap day comes the 28th, and stays.
fn years_before(clock: DateTime, number: u16) -> Option<DateTime> {
    let is_leap_day = clock.month() == 2 && clock.day() == 29;
    let day = if is_leap_day && number > 0 { 28 } else { clock.day() };
    clock.with().year(clock.year() - number as i16).day(day).build().ok()
}

fn month_before(clock: DateTime, number: u16) -> (i16, i8) {
    let months = i32::from(clock.year()) * MONTHS + i32::from(clock.month()) - 1 - i32::from(number);
    (months.div_euclid(MONTHS) as i16, (months.rem_euclid(MONTHS) + 1) as i8)
}

fn days_in(year: i16, month: i8) -> Option<i8> {
    jiff::civil::Date::new(year, month, 1).ok().map(jiff::civil::Date::days_in_month)
}
