//! Conversion over time: of those who reached one step in an interval, how many went on to another.

use rustc_hash::FxHashMap;

use crate::funnel::{Funnel, Order};
use crate::row::{Actor, Moment};

/// One interval of one breakdown value.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Bucket {
    /// Actors who reached the step it starts from.
    pub reached_from: u64,
    /// Those of them who reached the step it leads to.
    pub reached_to: u64,
}

/// Counts by breakdown value and interval.
#[derive(Debug)]
pub struct Trend {
    funnel: Funnel,
    from: usize,
    to: usize,
    starts_us: Vec<i64>,
    by_breakdown: FxHashMap<Vec<String>, Vec<Bucket>>,
}

impl Trend {
    /// From step to step, both from 0. `starts_us` are the starts of the intervals, ascending; the last interval is
    /// open, earlier times count for none.
    pub fn new(funnel: Funnel, from: usize, to: usize, starts_us: Vec<i64>) -> Self {
        Self { funnel, from, to, starts_us, by_breakdown: FxHashMap::default() }
    }

    /// Counts one actor, once for each interval.
    pub fn add(&mut self, mut actor: Actor) {
        for way in self.funnel.ways(&mut actor) {
            let reached = self.reached(&way.moments);
            if reached.is_empty() {
                continue;
            }
            let intervals = self.starts_us.len();
            let buckets =
                self.by_breakdown.entry(way.breakdown).or_insert_with(|| vec![Bucket::default(); intervals]);
            for (index, has_converted) in reached {
                buckets[index].reached_from += 1;
                buckets[index].reached_to += u64::from(has_converted);
            }
        }
    }

    /// Intervals in which an attempt reached the first step asked for, and whether one of them went on.
    fn reached(&self, moments: &[Moment]) -> FxHashMap<usize, bool> {
        let mut reached = FxHashMap::default();
        for start in 0..moments.len() {
            if !self.begins(moments[start]) {
                continue;
            }
            let Some(best) = self.funnel.walk(&moments[start..], true) else { continue };
            let Some(index) = best.time_us(self.from).and_then(|time_us| self.interval(time_us)) else {
                continue;
            };
            *reached.entry(index).or_default() |= best.has(self.to);
        }
        reached
    }

    fn begins(&self, moment: Moment) -> bool {
        match self.funnel.shape().order {
            Order::Unordered => moment.mask as u32 != 0,
            Order::Ordered | Order::Strict => moment.is_step(0),
        }
    }

    fn interval(&self, time_us: i64) -> Option<usize> {
        self.starts_us.partition_point(|start_us| *start_us <= time_us).checked_sub(1)
    }

    /// Every breakdown value with its intervals, in no particular order.
    pub fn finish(self) -> Vec<(Vec<String>, Vec<Bucket>)> {
        self.by_breakdown.into_iter().collect()
    }
}

/// Collects the actors of one interval of a trend.
#[derive(Debug)]
pub struct Entrants {
    trend: Trend,
    has_converted: bool,
    breakdown: Option<Vec<String>>,
    actors: Vec<String>,
    actors_max: usize,
}

impl Entrants {
    /// Those who entered in the first interval of `trend`, and went on or did not; at most `actors_max`, for one
    /// breakdown value or for any.
    pub fn new(trend: Trend, has_converted: bool, breakdown: Option<Vec<String>>, actors_max: usize) -> Self {
        Self { trend, has_converted, breakdown, actors: Vec::new(), actors_max }
    }

    /// Keeps the actor if wanted.
    pub fn add(&mut self, mut actor: Actor) {
        if self.actors.len() >= self.actors_max {
            return;
        }
        let ways = self.trend.funnel.ways(&mut actor);
        let is_wanted = ways.iter().any(|way| {
            self.breakdown.as_ref().is_none_or(|value| *value == way.breakdown)
                && self.trend.reached(&way.moments).get(&0) == Some(&self.has_converted)
        });
        if is_wanted {
            self.actors.push(actor.id);
        }
    }

    /// The actors, in the order they came.
    pub fn finish(self) -> Vec<String> {
        self.actors
    }
}
