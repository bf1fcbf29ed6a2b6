//! Random actors against slow models that try every beginning, and random bytes against the reader.

use funnels::{Actor, Attribution, Event, Funnel, Order, Rows, Shape, Tally};
use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence;

/// Seconds since the event before, and the step it matches, if any.
fn steps_of(count: usize) -> impl Strategy<Value = Vec<(i64, Option<usize>)>> {
    proptest::collection::vec((1..20_i64, proptest::option::weighted(0.8, 0..count)), 0..40)
}

fn moments(gaps: &[(i64, Option<usize>)]) -> Vec<(i64, Option<usize>)> {
    gaps.iter()
        .scan(0, |now, (gap, step)| {
            *now += gap;
            Some((*now, *step))
        })
        .collect()
}

fn reached(all: &[(i64, Option<usize>)], steps: usize, window_s: i64, order: Order) -> usize {
    let events = all
        .iter()
        .map(|(second, step)| Event {
            time_us: second * 1_000_000,
            mask: step.map_or(0, |step| 1 << step),
            breakdown: vec![],
        })
        .collect();
    let shape =
        Shape { steps, window_us: window_s * 1_000_000, order, optional: 0, attribution: Attribution::None };
    let mut tally = Tally::new(Funnel::new(shape).expect("valid"));
    tally.add(Actor { id: "a".into(), events });
    tally.finish().first().map_or(0, |(_, steps)| steps.iter().filter(|step| step.count == 1).count())
}

/// The longest chain from any beginning, each step done as early as it can be.
fn ordered_model(all: &[(i64, Option<usize>)], steps: usize, window_s: i64) -> usize {
    let chain = |start: usize| {
        let (entry, _) = all[start];
        let mut next = 0;
        for (second, step) in &all[start..] {
            if next < steps && *step == Some(next) && second - entry <= window_s {
                next += 1;
            }
        }
        next
    };
    (0..all.len()).map(chain).max().unwrap_or(0)
}

/// Nothing may come between, except the step just done once more.
fn strict_model(all: &[(i64, Option<usize>)], steps: usize, window_s: i64) -> usize {
    let run = |start: usize| {
        let (entry, _) = all[start];
        let mut next = 0;
        for (second, step) in &all[start..] {
            match step {
                Some(step) if *step == next && next < steps && second - entry <= window_s => next += 1,
                Some(step) if *step + 1 == next => {}
                _ => break,
            }
        }
        next
    };
    (0..all.len()).map(run).max().unwrap_or(0)
}

fn unordered_model(all: &[(i64, Option<usize>)], steps: usize, window_s: i64) -> usize {
    let within = |start: usize| {
        let (entry, _) = all[start];
        let near = all[start..].iter().take_while(|(second, _)| second - entry <= window_s);
        let mut done: Vec<usize> = near.filter_map(|(_, step)| *step).collect();
        done.sort_unstable();
        done.dedup();
        done.len().min(steps)
    };
    (0..all.len()).map(within).max().unwrap_or(0)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: Some(Box::new(FileFailurePersistence::WithSource("regressions"))), ..ProptestConfig::default() })]

    #[test]
    fn every_order_reaches_what_the_model_reaches(gaps in steps_of(4), steps in 1..=4_usize, window_s in 0..100_i64) {
        let all = moments(&gaps);
        prop_assert_eq!(reached(&all, steps, window_s, Order::Ordered), ordered_model(&all, steps, window_s));
        prop_assert_eq!(reached(&all, steps, window_s, Order::Strict), strict_model(&all, steps, window_s));
        let own: Vec<_> = all.iter().map(|(at, step)| (*at, step.filter(|step| *step < steps))).collect();
        prop_assert_eq!(reached(&own, steps, window_s, Order::Unordered), unordered_model(&own, steps, window_s));
    }

    #[test]
    fn rows_cut_anywhere_are_the_same_rows(
        actors in proptest::collection::vec(("[a-z]{0,200}", proptest::collection::vec((any::<i64>(), any::<u64>(), "[a-zé]{0,9}"), 0..5)), 0..6),
        cuts in proptest::collection::vec(0..2_000_usize, 0..6),
    ) {
        let mut bytes = Vec::new();
        let mut wanted = Vec::new();
        for (id, events) in actors {
            text(&mut bytes, &id);
            length(&mut bytes, events.len());
            for (time_us, mask, value) in &events {
                bytes.extend(time_us.to_le_bytes());
                bytes.extend(mask.to_le_bytes());
                length(&mut bytes, 1);
                text(&mut bytes, value);
            }
            let events = events
                .into_iter()
                .map(|(time_us, mask, value)| Event { time_us, mask, breakdown: vec![value] })
                .collect();
            wanted.push(Actor { id, events });
        }
        let mut cuts: Vec<_> = cuts.into_iter().filter(|cut| *cut <= bytes.len()).chain([0, bytes.len()]).collect();
        cuts.sort_unstable();
        let mut rows = Rows::default();
        let mut found = Vec::new();
        for pair in cuts.windows(2) {
            rows.feed(&bytes[pair[0]..pair[1]], |actor| found.push(actor)).expect("well formed");
        }
        rows.finish().expect("whole");
        prop_assert_eq!(found, wanted);
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let mut rows = Rows::default();
        let shape = Shape { steps: 3, window_us: 1 << 40, order: Order::Ordered, optional: 2, attribution: Attribution::AllEvents };
        let mut tally = Tally::new(Funnel::new(shape).expect("valid"));
        let _ = rows.feed(&bytes, |actor| tally.add(actor));
    }
}

fn length(bytes: &mut Vec<u8>, mut value: usize) {
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
}

fn text(bytes: &mut Vec<u8>, value: &str) {
    length(bytes, value.len());
    bytes.extend(value.as_bytes());
}
