//! What a funnel shows: how many actors reached each step and how long it took, and who they are.

use rustc_hash::FxHashMap;

use crate::best::Best;
use crate::funnel::{Funnel, Shape};
use crate::row::Actor;

/// One step of one breakdown value.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct StepTally {
    /// Actors who reached it.
    pub count: u64,
    /// Seconds since the step before, of the actors to whom it took any; none if it did to nobody.
    pub average_s: Option<f64>,
    /// Their median.
    pub median_s: Option<f64>,
}

#[derive(Debug, Default)]
struct Step {
    count: u64,
    times_us: Vec<i64>,
}

/// Counts and times by breakdown value.
#[derive(Debug)]
pub struct Tally {
    funnel: Funnel,
    by_breakdown: FxHashMap<Vec<String>, Vec<Step>>,
}

impl Tally {
    /// Nothing counted yet.
    pub fn new(funnel: Funnel) -> Self {
        Self { funnel, by_breakdown: FxHashMap::default() }
    }

    /// Counts one actor.
    pub fn add(&mut self, mut actor: Actor) {
        let shape = self.funnel.shape();
        for way in self.funnel.ways(&mut actor) {
            let Some(best) = self.funnel.best(&way) else { continue };
            let tally = self
                .by_breakdown
                .entry(way.breakdown)
                .or_insert_with(|| (0..shape.steps).map(|_| Step::default()).collect());
            for (step, counted) in tally.iter_mut().enumerate() {
                let Some(time_us) = best.time_us(step) else { continue };
                counted.count += 1;
                if !shape.is_optional(step)
                    && let Some(before_us) = required_before(shape, &best, step)
                    && time_us > before_us
                {
                    counted.times_us.push(time_us - before_us);
                }
            }
        }
    }

    /// Every breakdown value with its steps, in no particular order.
    pub fn finish(self) -> Vec<(Vec<String>, Vec<StepTally>)> {
        let summed = |steps: Vec<Step>| steps.into_iter().map(summary).collect();
        self.by_breakdown.into_iter().map(|(value, steps)| (value, summed(steps))).collect()
    }
}

/// When the step before, leaving out optional ones, was done.
fn required_before(shape: &Shape, best: &Best, step: usize) -> Option<i64> {
    (0..step).rev().find(|before| !shape.is_optional(*before)).and_then(|before| best.time_us(before))
}

fn summary(mut step: Step) -> StepTally {
    let times = &mut step.times_us;
    let average_s = (!times.is_empty())
        .then(|| times.iter().map(|time_us| *time_us as f64).sum::<f64>() / times.len() as f64 / 1e6);
    StepTally { count: step.count, average_s, median_s: median_s(times) }
}

fn median_s(times: &mut [i64]) -> Option<f64> {
    let middle = times.len() / 2;
    let is_odd = times.len() % 2 == 1;
    if times.is_empty() {
        return None;
    }
    let (lower, upper, _) = times.select_nth_unstable(middle);
    let upper = *upper as f64;
    let other = if is_odd { upper } else { lower.iter().max().map_or(upper, |time_us| *time_us as f64) };
    Some(f64::midpoint(other, upper) / 1e6)
}

/// Times from one step to another, in seconds, of every actor who did both.
#[derive(Debug)]
pub struct Times {
    funnel: Funnel,
    from: usize,
    to: usize,
    seconds: Vec<f64>,
}

impl Times {
    /// Between two steps, from 0.
    pub fn new(funnel: Funnel, from: usize, to: usize) -> Self {
        Self { funnel, from, to, seconds: Vec::new() }
    }

    /// Takes one actor's time.
    pub fn add(&mut self, mut actor: Actor) {
        for way in self.funnel.ways(&mut actor) {
            if let Some(best) = self.funnel.best(&way)
                && let (Some(from_us), Some(to_us)) = (best.time_us(self.from), best.time_us(self.to))
            {
                self.seconds.push((to_us - from_us) as f64 / 1e6);
            }
        }
    }

    /// All times.
    pub fn finish(self) -> Vec<f64> {
        self.seconds
    }
}

/// Which actors somebody wants to see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// Those who reached this step, from 0.
    Reached(usize),
    /// Those who reached the step before this one and not this one.
    DroppedBefore(usize),
    /// Those who did exactly these steps: bit `k` for step `k`.
    Done(u32),
}

/// Collects actors.
#[derive(Debug)]
pub struct Selection {
    funnel: Funnel,
    wanted: Wanted,
    breakdown: Option<Vec<String>>,
    actors: Vec<String>,
    actors_max: usize,
}

impl Selection {
    /// At most `actors_max` of those wanted, for one breakdown value or for any.
    pub fn new(funnel: Funnel, wanted: Wanted, breakdown: Option<Vec<String>>, actors_max: usize) -> Self {
        Self { funnel, wanted, breakdown, actors: Vec::new(), actors_max }
    }

    /// Keeps the actor if wanted.
    pub fn add(&mut self, mut actor: Actor) {
        if self.actors.len() >= self.actors_max {
            return;
        }
        let is_wanted = self.funnel.ways(&mut actor).iter().any(|way| {
            self.breakdown.as_ref().is_none_or(|value| *value == way.breakdown)
                && self.funnel.best(way).is_some_and(|best| self.wants(&best))
        });
        if is_wanted {
            self.actors.push(actor.id);
        }
    }

    fn wants(&self, best: &Best) -> bool {
        match self.wanted {
            Wanted::Reached(step) => best.has(step),
            Wanted::DroppedBefore(step) => step > 0 && best.has(step - 1) && !best.has(step),
            Wanted::Done(steps) => best.done == steps,
        }
    }

    /// The actors, in the order they came.
    pub fn finish(self) -> Vec<String> {
        self.actors
    }
}
