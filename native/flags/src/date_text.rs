//! Dates that are written out.
//!
//! The usual forms are read by hand, digit for digit; what else people and programs write, as well as it goes.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::fmt::rfc2822;
use jiff::fmt::strtime::BrokenDownTime;
use jiff::tz::Offset;

/// Longer texts are no dates.
const DATE_BYTES_MAX: usize = 64;

/// What a text says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Parsed {
    /// A moment.
    Instant(Timestamp),
    /// What clocks show somewhere.
    Clock(DateTime),
}

/// Reads a date, with or without a time, with or without an offset.
pub(crate) fn parse(text: &str) -> Option<Parsed> {
    if text.len() > DATE_BYTES_MAX || !text.is_ascii() {
        return None;
    }
    Reader { rest: text.as_bytes() }.date().or_else(|| in_other_forms(text).map(Parsed::Instant))
}

/// Walks `YYYY-MM-DD`, then maybe `T` or a space and `HH:MM[:SS[.fraction]]`, then maybe an offset.
struct Reader<'a> {
    rest: &'a [u8],
}

impl Reader<'_> {
    fn date(mut self) -> Option<Parsed> {
        let year = self.digits(4, 4)?;
        self.byte(b"-")?;
        let month = self.digits(1, 2)?;
        self.byte(b"-")?;
        let day = self.digits(1, 2)?;
        let mut clock = DateTime::new(year as i16, month as i8, day as i8, 0, 0, 0, 0).ok()?;
        if self.rest.is_empty() {
            return Some(Parsed::Clock(clock));
        }
        self.byte(b"Tt ")?;
        let hour = self.digits(1, 2)?;
        self.byte(b":")?;
        let minute = self.digits(1, 2)?;
        let (second, nanosecond) = if self.byte(b":").is_some() { self.second()? } else { (0, 0) };
        clock = clock.with().hour(hour as i8).minute(minute as i8).build().ok()?;
        clock = clock.with().second(second).subsec_nanosecond(nanosecond).build().ok()?;
        if self.rest.is_empty() {
            return Some(Parsed::Clock(clock));
        }
        let offset = self.offset()?;
        if self.rest.is_empty() { offset.to_timestamp(clock).ok().map(Parsed::Instant) } else { None }
    }

    /// Seconds and nanoseconds. A leap second is the last moment of the one before.
    fn second(&mut self) -> Option<(i8, i32)> {
        let second = self.digits(1, 2)?;
        let nanosecond = if self.byte(b".").is_some() { self.fraction()? } else { 0 };
        match second {
            60 => Some((59, 999_999_999)),
            second => Some((second as i8, nanosecond)),
        }
    }

    /// Digits after a point, as nanoseconds. What is finer is cut off.
    fn fraction(&mut self) -> Option<i32> {
        const PLACES: usize = 9;
        let count = self.rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (digits, rest) = self.rest.split_at(count);
        self.rest = rest;
        let places = digits.iter().copied().chain(std::iter::repeat(b'0')).take(PLACES);
        (count > 0).then(|| places.fold(0, |sum, digit| sum * 10 + i32::from(digit - b'0')))
    }

    /// `Z`, `UTC`, or `+HH:MM` with less of it.
    fn offset(&mut self) -> Option<Offset> {
        if matches!(self.rest, b"Z" | b"z" | b" Z" | b" UTC" | b" GMT") {
            self.rest = &[];
            return Some(Offset::UTC);
        }
        let _ = self.byte(b" ");
        let sign = if self.byte(b"+").is_some() {
            1
        } else {
            self.byte(b"-")?;
            -1
        };
        let hours = self.digits(2, 2)?;
        let minutes = if self.byte(b":").is_some() || !self.rest.is_empty() { self.digits(2, 2)? } else { 0 };
        if minutes > 59 {
            return None;
        }
        Offset::from_seconds(sign * (hours * 60 + minutes) * 60).ok()
    }

    fn byte(&mut self, any_of: &[u8]) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        any_of.contains(first).then(|| {
            self.rest = rest;
            *first
        })
    }

    fn digits(&mut self, least: usize, most: usize) -> Option<i32> {
        let count = self.rest.iter().take(most).take_while(|byte| byte.is_ascii_digit()).count();
        if count < least {
            return None;
        }
        let (digits, rest) = self.rest.split_at(count);
        self.rest = rest;
        Some(digits.iter().fold(0, |sum, digit| sum * 10 + i32::from(digit - b'0')))
    }
}

/// Forms of a date.
const DATES: [&str; 10] = [
    "%Y/%m/%d",
    "%m/%d/%Y",
    "%Y.%m.%d",
    "%b %d, %Y",
    "%B %d, %Y",
    "%b %d %Y",
    "%B %d %Y",
    "%d %b %Y",
    "%d %B %Y",
    "%a %b %d %Y",
];
/// Forms of what may follow it.
const TIMES: [&str; 4] = ["%H:%M:%S%.f", "%H:%M", "%I:%M:%S %p", "%I:%M %p"];

fn in_other_forms(text: &str) -> Option<Timestamp> {
    if !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return of_unix_clock(text);
    }
    if let Ok(timestamp) = rfc2822::DateTimeParser::new().parse_timestamp(text) {
        return Some(timestamp);
    }
    let text = text.strip_suffix(" UTC").or_else(|| text.strip_suffix('Z')).unwrap_or(text);
    DATES.iter().find_map(|form| {
        let (date, end) = BrokenDownTime::parse_prefix(form, text).ok()?;
        let date = date.to_date().ok()?;
        let clock = match text.get(end..)?.trim_start_matches([',', ' ', 'T']) {
            "" => date.to_datetime(jiff::civil::Time::midnight()),
            rest => {
                let time =
                    TIMES.iter().find_map(|form| BrokenDownTime::parse(form, rest).ok()?.to_time().ok())?;
                date.to_datetime(time)
            }
        };
        Offset::UTC.to_timestamp(clock).ok()
    })
}

/// Ten digits are seconds, thirteen milliseconds, sixteen microseconds, nineteen nanoseconds.
fn of_unix_clock(digits: &str) -> Option<Timestamp> {
    let number: i64 = digits.parse().ok()?;
    match digits.len() {
        10 => Timestamp::from_second(number).ok(),
        13 => Timestamp::from_millisecond(number).ok(),
        16 => Timestamp::from_microsecond(number).ok(),
        19 => Timestamp::from_nanosecond(i128::from(number)).ok(),
        _ => None,
    }
}
