//! Texts to moments.

use super::calendar::{DAY_US, days, days_in_month};

/// Any of the forms that SDKs send: RFC 3339 and its looser relatives, dates alone, dates with slashes, RFC
/// 2822, and seconds or milliseconds since 1970 as digits. Without a zone it is UTC.
pub fn parse(text: &str) -> Option<i64> {
    if let Some(moment_us) = parse_usual(text.as_bytes()) {
        return Some(moment_us);
    }
    let text = text.trim();
    let civil = Civil::read(text.as_bytes());
    civil.map(|civil| civil.moment_us()).or_else(|| parse_digits(text)).or_else(|| parse_rfc2822(text))
}

/// RFC 3339 and nothing else.
pub fn parse_rfc3339(text: &str) -> Option<i64> {
    if let Some(moment_us) = parse_usual(text.as_bytes()) {
        return Some(moment_us);
    }
    let civil = Civil::read(text.as_bytes())?;
    civil.is_rfc3339.then(|| civil.moment_us())
}

/// ISO 8601 with a zone.
pub fn parse_zoned(text: &str) -> Option<i64> {
    if let Some(moment_us) = parse_usual(text.as_bytes()) {
        return Some(moment_us);
    }
    let civil = Civil::read(text.trim().as_bytes())?;
    civil.offset_s.is_some().then(|| civil.moment_us())
}

/// The form that nearly every SDK sends, `2024-05-06T07:08:09.123Z`, without a look at any other.
fn parse_usual(bytes: &[u8]) -> Option<i64> {
    let (head, tail) = bytes.split_at_checked(19)?;
    let shape = [head[4], head[7], head[10], head[13], head[16]];
    if shape != *b"--T::" {
        return None;
    }
    let two = |at: usize| number(&head[at..at + 2]);
    let year = number(&head[..4])?;
    let (month, day, hour, minute, second) = (two(5)?, two(8)?, two(11)?, two(14)?, two(17)?);
    let fraction_us = match tail {
        b"Z" => 0,
        [b'.', digits @ .., b'Z'] => fraction(digits)?,
        _ => return None,
    };
    moment(year, month, day, (hour * 60 + minute) * 60 + second, fraction_us)
        .filter(|_| hour < 24 && minute < 60 && second < 60)
}

fn moment(year: i64, month: i64, day: i64, second_of_day: i64, fraction_us: i64) -> Option<i64> {
    let valid = (1..=12).contains(&month) && day >= 1 && day <= days_in_month(year, month);
    valid.then(|| days(year, month, day) * DAY_US + second_of_day * 1_000_000 + fraction_us)
}

/// Up to nine digits, and nothing else, as a number.
fn number(digits: &[u8]) -> Option<i64> {
    if digits.is_empty() || digits.len() > 9 {
        return None;
    }
    digits.iter().try_fold(0, |value, digit| {
        let digit = digit.wrapping_sub(b'0');
        (digit < 10).then(|| value * 10 + i64::from(digit))
    })
}

/// The digits after a decimal point as microseconds.
fn fraction(digits: &[u8]) -> Option<i64> {
    const SCALE: [i64; 7] = [1_000_000, 100_000, 10_000, 1000, 100, 10, 1];
    let kept = digits.len().min(6);
    let value = number(&digits[..kept])?;
    digits[kept..].iter().all(u8::is_ascii_digit).then(|| value * SCALE[kept])
}

/// A date and perhaps a time and a zone, as written.
struct Civil {
    local_us: i64,
    offset_s: Option<i64>,
    is_rfc3339: bool,
}

impl Civil {
    fn moment_us(&self) -> i64 {
        self.local_us - self.offset_s.unwrap_or(0) * 1_000_000
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let mut reader = Reader { rest: bytes };
        let (year, month, day, mut is_rfc3339) = reader.date()?;
        let mut offset_s = None;
        let (mut second_of_day, mut fraction_us) = (0, 0);
        if reader.rest.is_empty() {
            is_rfc3339 = false;
        } else {
            is_rfc3339 &= reader.separator()?;
            let (second, fraction, exact) = reader.time()?;
            (second_of_day, fraction_us) = (second, fraction);
            is_rfc3339 &= exact;
            let (offset, exact) = reader.zone()?;
            is_rfc3339 &= exact;
            offset_s = offset;
        }
        let local_us = moment(year, month, day, second_of_day, fraction_us)?;
        Some(Self { local_us, offset_s, is_rfc3339 })
    }
}

struct Reader<'a> {
    rest: &'a [u8],
}

impl Reader<'_> {
    fn take(&mut self, byte: u8) -> bool {
        let found = self.rest.first() == Some(&byte);
        if found {
            self.rest = &self.rest[1..];
        }
        found
    }

    /// Between `min` and `max` digits, as many as there are.
    fn digits(&mut self, min: usize, max: usize) -> Option<i64> {
        let length = self.rest.iter().take(max).take_while(|byte| byte.is_ascii_digit()).count();
        if length < min {
            return None;
        }
        let (digits, rest) = self.rest.split_at(length);
        self.rest = rest;
        number(digits)
    }

    /// Year, month, day, and whether RFC 3339 would write the date like that.
    fn date(&mut self) -> Option<(i64, i64, i64, bool)> {
        if let [b'+' | b'-', ..] = self.rest {
            let sign = if self.take(b'-') { -1 } else { i64::from(self.take(b'+')) };
            let year = sign * self.digits(4, 6)?;
            return self.month_and_day(b'-').map(|(month, day)| (year, month, day, false));
        }
        if self.rest.iter().take(3).any(|byte| *byte == b'/') {
            let month = self.digits(1, 2)?;
            let day = self.take(b'/').then(|| self.digits(1, 2))??;
            let year = self.take(b'/').then(|| self.digits(4, 4))??;
            return Some((year, month, day, false));
        }
        let year = self.digits(4, 4)?;
        if self.rest.first() == Some(&b'/') {
            return self.month_and_day(b'/').map(|(month, day)| (year, month, day, false));
        }
        self.month_and_day(b'-').map(|(month, day)| (year, month, day, true))
    }

    fn month_and_day(&mut self, separator: u8) -> Option<(i64, i64)> {
        let digits_min = if separator == b'/' { 1 } else { 2 };
        let month = self.take(separator).then(|| self.digits(digits_min, 2))??;
        let day = self.take(separator).then(|| self.digits(digits_min, 2))??;
        Some((month, day))
    }

    /// What stands between date and time; says whether RFC 3339 allows it.
    fn separator(&mut self) -> Option<bool> {
        if self.take(b'T') || self.take(b't') {
            return Some(true);
        }
        let spaces = self.rest.iter().take_while(|byte| **byte == b' ').count();
        self.rest = &self.rest[spaces..];
        (spaces > 0).then_some(spaces == 1)
    }

    /// Second of the day, microseconds of the second, and whether RFC 3339 would write them like that.
    fn time(&mut self) -> Option<(i64, i64, bool)> {
        let hour = self.digits(2, 2)?;
        let minute = self.take(b':').then(|| self.digits(2, 2))??;
        let has_seconds = self.take(b':');
        let second = if has_seconds { self.digits(2, 2)? } else { 0 };
        let mut fraction_us = 0;
        let comma = self.rest.first() == Some(&b',');
        if has_seconds && (self.take(b'.') || self.take(b',')) {
            let length = self.rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
            fraction_us = fraction(&self.rest[..length])?;
            self.rest = &self.rest[length..];
        }
        // 60 is a leap second: the first moment of the next minute.
        (hour < 24 && minute < 60 && second <= 60).then_some((
            (hour * 60 + minute) * 60 + second,
            fraction_us,
            has_seconds && !comma,
        ))
    }

    /// The zone's offset in seconds if one is written, and whether RFC 3339 would write it like that.
    fn zone(&mut self) -> Option<(Option<i64>, bool)> {
        let tight = self.rest.first() != Some(&b' ');
        while self.take(b' ') {}
        match self.rest {
            [] => return Some((None, false)),
            [b'Z' | b'z'] => return Some((Some(0), tight)),
            b"UTC" | b"GMT" => return Some((Some(0), false)),
            _ => {}
        }
        let sign = if self.take(b'-') { -1 } else { self.take(b'+').then_some(1)? };
        let hours = self.digits(2, 2)?;
        let colon = self.take(b':');
        let minutes = if self.rest.is_empty() && !colon { None } else { Some(self.digits(2, 2)?) };
        let valid = self.rest.is_empty() && hours < 24 && minutes.unwrap_or(0) < 60;
        valid.then_some((Some(sign * (hours * 60 + minutes.unwrap_or(0)) * 60), tight && colon))
    }
}

/// Seconds (9 to 11 digits) or milliseconds (12 to 14 digits) since 1970, with or without a fraction. Fewer
/// digits are more likely a year or a counter than a moment.
fn parse_digits(text: &str) -> Option<i64> {
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |digits| (-1, digits));
    let (whole, decimals) = digits.split_once('.').unwrap_or((digits, "0"));
    if whole.len() > 14 || !whole.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let value: i64 = whole.parse().ok()?;
    let fraction_us = fraction(decimals.as_bytes())?;
    match whole.len() {
        9..=11 => Some(sign * (value * 1_000_000 + fraction_us)),
        12..=14 => Some(sign * (value * 1000 + fraction_us / 1000)),
        _ => None,
    }
}

fn parse_rfc2822(text: &str) -> Option<i64> {
    static PARSER: jiff::fmt::rfc2822::DateTimeParser = jiff::fmt::rfc2822::DateTimeParser::new();
    Some(PARSER.parse_timestamp(text).ok()?.as_microsecond())
}
