//! Steps in any order: the largest number of different steps within one window.
//!
//! Each event joins the queue of one step it matches: an empty one, else the one that waits longest.

use std::collections::VecDeque;

use crate::STEPS_MAX;
use crate::best::Best;
use crate::funnel::Shape;
use crate::row::Moment;

/// The best window among `events`, which are in time order. `times_us` of the result are sorted: the first is when any
/// step was done first. With `only_first_entry` a window begins at the first event alone.
pub fn walk(events: &[Moment], shape: &Shape, only_first_entry: bool) -> Option<Best> {
    let mut queues: Vec<VecDeque<i64>> = vec![VecDeque::new(); shape.steps];
    let mut best: Vec<i64> = Vec::new();
    let first_us = events.first()?.time_us;
    for event in events {
        if only_first_entry && event.time_us.saturating_sub(first_us) > shape.window_us {
            break;
        }
        if event.excludes() != 0 {
            queues.iter_mut().for_each(VecDeque::clear);
            if only_first_entry {
                break;
            }
        }
        for queue in &mut queues {
            while queue
                .front()
                .is_some_and(|time_us| event.time_us.saturating_sub(*time_us) > shape.window_us)
            {
                queue.pop_front();
            }
        }
        let Some(step) = step_for(*event, &queues) else { continue };
        queues[step].push_back(event.time_us);
        let reached = queues.iter().filter(|queue| !queue.is_empty()).count();
        if reached > best.len() {
            best = queues.iter().filter_map(|queue| queue.front().copied()).collect();
        }
        if best.len() == shape.steps {
            break;
        }
    }
    result(best)
}

fn step_for(event: Moment, queues: &[VecDeque<i64>]) -> Option<usize> {
    (0..queues.len())
        .filter(|step| event.is_step(*step))
        .min_by_key(|step| queues[*step].front().copied().unwrap_or(i64::MIN))
}

fn result(mut times: Vec<i64>) -> Option<Best> {
    let step = times.len().checked_sub(1)?;
    times.sort_unstable();
    let mut times_us = [0; STEPS_MAX];
    times_us[..times.len()].copy_from_slice(&times);
    Some(Best { step, done: (1 << times.len()) - 1, times_us })
}
