//! When an event happened: what clients write, corrected by how wrong their clocks are.
//!
//! Moments are microseconds since 1970, UTC. Digits beyond the microsecond are cut.

mod calendar;
mod parse;
#[cfg(test)]
mod tests;

pub use calendar::http_date;
pub use parse::{parse, parse_rfc3339, parse_zoned};

/// An event may lie this far in the future before it counts as happening now.
const FUTURE_MAX_US: i64 = 23 * 3600 * 1_000_000;
/// The first moment of the year 0.
const YEAR_0_US: i64 = calendar::days(0, 1, 1) * calendar::DAY_US;
/// The last moment of the year 9999.
const YEAR_9999_END_US: i64 = calendar::days(10_000, 1, 1) * calendar::DAY_US - 1;
/// The first moment of the year 2021: older "sent at" parameters are noise.
const YEAR_2021_MS: i64 = 1_609_459_200_000;

/// What is known about the moment of an event.
#[derive(Debug, Clone, Copy, Default)]
pub struct Clues {
    /// The event's own time.
    pub timestamp_us: Option<i64>,
    /// When the client sent it, by the client's clock; absent if the client's clock is to be trusted.
    pub sent_at_us: Option<i64>,
    /// How long before receipt it happened. Outweighs the others.
    pub offset_ms: Option<i64>,
    /// Leave moments in the future alone.
    pub future_allowed: bool,
}

impl Clues {
    /// The moment they add up to for a request received at `now_us`.
    pub fn settle(&self, now_us: i64) -> i64 {
        let moment_us = match (self.offset_ms, self.timestamp_us, self.sent_at_us) {
            (Some(offset_ms), _, _) => now_us.saturating_sub(offset_ms.saturating_mul(1000)),
            (None, Some(timestamp_us), Some(sent_at_us)) => {
                timestamp_us.saturating_sub(sent_at_us.saturating_sub(now_us))
            }
            (None, Some(timestamp_us), None) => timestamp_us,
            (None, None, _) => now_us,
        };
        if !self.future_allowed && moment_us > now_us.saturating_add(FUTURE_MAX_US) {
            return now_us;
        }
        if (YEAR_0_US..=YEAR_9999_END_US).contains(&moment_us) { moment_us } else { 0 }
    }
}

/// The moment of a `sent_at` query parameter in milliseconds, unless it lies before 2021.
pub fn from_sent_at_ms(milliseconds: i64) -> Option<i64> {
    let moment_us = milliseconds.checked_mul(1000)?;
    (milliseconds >= YEAR_2021_MS && moment_us <= YEAR_9999_END_US).then_some(moment_us)
}
