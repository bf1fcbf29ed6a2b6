//! Which value of a breakdown an actor counts for.

use rustc_hash::FxHashSet;

use crate::funnel::{Shape, Way};
use crate::row::{Event, Moment};

/// Which of the values on an actor's events counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attribution {
    /// There is no breakdown.
    None,
    /// The first that is not empty.
    FirstTouch,
    /// The last that is not empty.
    LastTouch,
    /// Each, and only the events that carry it take part.
    AllEvents,
    /// The one on the event that does this step, from 0.
    Step(usize),
}

/// The ways of an actor whose events, in time order, are these.
pub fn ways(events: &[Event], shape: &Shape) -> Vec<Way> {
    let all = || events.iter().map(moment).collect();
    match shape.attribution {
        Attribution::None => vec![Way { breakdown: Vec::new(), moments: all() }],
        Attribution::FirstTouch => {
            vec![Way { breakdown: touched(taking_part(events)), moments: all() }]
        }
        Attribution::LastTouch => {
            vec![Way { breakdown: touched(taking_part(events).rev()), moments: all() }]
        }
        Attribution::AllEvents => distinct(taking_part(events))
            .into_iter()
            .map(|value| Way {
                breakdown: value.to_vec(),
                moments: events.iter().filter(|event| event.breakdown == value).map(moment).collect(),
            })
            .collect(),
        Attribution::Step(step) => {
            let bit = 1 << step;
            distinct(events.iter().filter(|event| event.mask & bit != 0))
                .into_iter()
                .map(|value| Way {
                    breakdown: value.to_vec(),
                    // An event with another value stays, so that it still stands between others; only that step
                    // cannot be done by it.
                    moments: events
                        .iter()
                        .map(|event| {
                            let hidden = if event.breakdown == value { 0 } else { bit };
                            Moment { time_us: event.time_us, mask: event.mask & !hidden }
                        })
                        .collect(),
                })
                .collect()
        }
    }
}

fn moment(event: &Event) -> Moment {
    Moment { time_us: event.time_us, mask: event.mask }
}

fn taking_part(events: &[Event]) -> impl DoubleEndedIterator<Item = &Event> + Clone {
    events.iter().filter(|event| event.mask != 0)
}

fn touched<'a>(mut events: impl Iterator<Item = &'a Event> + Clone) -> Vec<String> {
    let first = events.clone().next();
    let filled = events.find(|event| event.breakdown.iter().any(|value| !value.is_empty()));
    filled.or(first).map(|event| event.breakdown.clone()).unwrap_or_default()
}

fn distinct<'a>(events: impl Iterator<Item = &'a Event>) -> Vec<&'a [String]> {
    let mut seen = FxHashSet::default();
    events.map(|event| event.breakdown.as_slice()).filter(|value| seen.insert(*value)).collect()
}
