//! The contract's rows about funnels (`query.md` §6.3), each actor's events at seconds of one day.

use funnels::{Actor, Attribution, Event, Funnel, Order, Shape, Tally, Trend};

const DAY_S: i64 = 86_400;

fn event(second: i64, mask: u64, breakdown: &[&str]) -> Event {
    Event {
        time_us: second * 1_000_000,
        mask,
        breakdown: breakdown.iter().map(ToString::to_string).collect(),
    }
}

/// Events one second apart; letters of `steps` are its steps, others match nothing.
fn line(id: &str, letters: &str, steps: &str) -> Actor {
    let events = letters
        .chars()
        .enumerate()
        .map(|(index, letter)| {
            let mask = steps.find(letter).map_or(0, |step| 1 << step);
            event(index as i64, mask, &[])
        })
        .collect();
    Actor { id: id.into(), events }
}

fn funnel(steps: usize, window_s: i64, order: Order) -> Funnel {
    with(steps, window_s, order, Attribution::None, 0)
}

fn with(steps: usize, window_s: i64, order: Order, attribution: Attribution, optional: u32) -> Funnel {
    Funnel::new(Shape { steps, window_us: window_s * 1_000_000, order, optional, attribution })
        .expect("valid")
}

type Steps = Vec<(u64, Option<f64>, Option<f64>)>;

fn tally(funnel: Funnel, actors: Vec<Actor>) -> Vec<(Vec<String>, Steps)> {
    let mut tally = Tally::new(funnel);
    for actor in actors {
        tally.add(actor);
    }
    let mut rows: Vec<_> = tally
        .finish()
        .into_iter()
        .map(|(value, steps)| {
            (value, steps.into_iter().map(|step| (step.count, step.average_s, step.median_s)).collect())
        })
        .collect();
    rows.sort_by(|one: &(Vec<String>, Steps), other| one.0.cmp(&other.0));
    rows
}

fn counts(funnel: Funnel, actors: Vec<Actor>) -> Vec<u64> {
    match tally(funnel, actors).as_slice() {
        [] => Vec::new(),
        [(_, steps)] => steps.iter().map(|step| step.0).collect(),
        more => panic!("{more:?}"),
    }
}

fn strict_lines() -> Vec<Actor> {
    ["S", "PS", "SPBI", "IBPS", "PSBPI", "BSBP", "BSPIB", "IP"]
        .iter()
        .map(|one| line(one, one, "SPI"))
        .collect()
}

#[test]
fn u2_times_are_averaged_over_those_who_took_some() {
    let hours = |hours: &[i64]| -> Vec<Event> {
        hours.iter().enumerate().map(|(step, hour)| event(hour * 3600, 1 << step, &[])).collect()
    };
    let actors = [[12, 13, 15], [38, 40, 0], [38, 40, 41]]
        .iter()
        .enumerate()
        .map(|(index, all)| {
            let done: Vec<i64> = all.iter().copied().filter(|hour| *hour > 0).collect();
            Actor { id: index.to_string(), events: hours(&done) }
        })
        .collect();
    let rows = tally(funnel(3, 7 * DAY_S, Order::Ordered), actors);
    let steps = vec![(3, None, None), (3, Some(6000.0), Some(7200.0)), (2, Some(5400.0), Some(5400.0))];
    assert_eq!(rows, vec![(vec![], steps)]);
}

#[test]
fn u3_and_u4_the_window_is_inclusive() {
    let actors = || {
        vec![
            Actor { id: "s1".into(), events: vec![event(50_400, 1, &[]), event(50_700, 2, &[])] },
            Actor { id: "s2".into(), events: vec![event(50_580, 1, &[])] },
            Actor { id: "s3".into(), events: vec![event(43_200, 1, &[]), event(44_100, 2, &[])] },
        ]
    };
    let steps = |one, seconds| vec![(3, None, None), (one, Some(seconds), Some(seconds))];
    assert_eq!(tally(funnel(2, 14 * DAY_S, Order::Ordered), actors()), [(vec![], steps(2, 600.0))]);
    assert_eq!(tally(funnel(2, 300, Order::Ordered), actors()), [(vec![], steps(1, 300.0))]);
}

#[test]
fn u5_strict_lets_nothing_come_between() {
    assert_eq!(counts(funnel(3, DAY_S, Order::Strict), strict_lines()), [7, 2, 1]);
}

#[test]
fn u6_ordered_lets_other_events_come_between() {
    assert_eq!(counts(funnel(3, DAY_S, Order::Ordered), strict_lines()), [7, 4, 3]);
}

#[test]
fn u7_unordered_counts_different_steps() {
    let lines = ["S", "PS", "SPBI", "IPS", "PSBI", "BI", "PB", "IP"];
    let actors = lines.iter().map(|one| line(one, one, "SPI")).collect();
    assert_eq!(counts(funnel(3, DAY_S, Order::Unordered), actors), [8, 5, 3]);
}

#[test]
fn u8_a_clean_second_attempt_counts_after_an_excluded_one() {
    let events = vec![event(100, 1, &[]), event(101, 1 << 32, &[]), event(131, 1, &[])];
    assert_eq!(counts(funnel(2, 10, Order::Ordered), vec![Actor { id: "a".into(), events }]), [1, 0]);
}

#[test]
fn u9_an_actor_whose_furthest_attempt_is_excluded_is_gone() {
    let events = vec![event(100, 1, &[]), event(101, 1, &[]), event(102, 1 << 32, &[])];
    assert!(counts(funnel(2, 10, Order::Ordered), vec![Actor { id: "a".into(), events }]).is_empty());
}

fn attributed() -> Vec<Actor> {
    let hour = 3600;
    let day = DAY_S;
    [
        ("p1", 12 * hour, "Chrome", 13 * hour, ""),
        ("p2", 13 * hour, "", day + 13 * hour, "Safari"),
        ("p3", day + 14 * hour, "Mac", day + 15 * hour, ""),
        ("p4", day + 15 * hour, "0", day + 16 * hour, "alakazam"),
        ("p5", day + 15 * hour, "", day + 16 * hour, ""),
    ]
    .map(|(id, first, one, second, two)| Actor {
        id: id.into(),
        events: vec![event(first, 1, &[one]), event(second, 2, &[two])],
    })
    .to_vec()
}

#[test]
fn u15_first_touch_is_the_first_value_that_is_not_empty() {
    let rows = tally(with(2, 7 * DAY_S, Order::Ordered, Attribution::FirstTouch, 0), attributed());
    let hour = |name: &str| (vec![name.to_owned()], vec![(1, None, None), (1, Some(3600.0), Some(3600.0))]);
    let mut wanted = vec![hour(""), hour("0"), hour("Chrome"), hour("Mac"), hour("Safari")];
    wanted[4].1[1] = (1, Some(86_400.0), Some(86_400.0));
    assert_eq!(rows, wanted);
}

#[test]
fn u16_a_step_attributes_by_its_own_event() {
    let mut actors = attributed();
    actors.pop();
    let rows = tally(with(2, 7 * DAY_S, Order::Ordered, Attribution::Step(1), 0), actors);
    let counted: Vec<(String, Vec<u64>)> = rows
        .into_iter()
        .map(|(value, steps)| (value.concat(), steps.iter().map(|step| step.0).collect()))
        .collect();
    assert_eq!(
        counted,
        [(String::new(), vec![2, 2]), ("Safari".into(), vec![1, 1]), ("alakazam".into(), vec![1, 1])]
    );
}

#[test]
fn u13_a_trend_counts_each_actor_once_in_the_interval_of_the_first_step() {
    let actor = |id: &str, days: &[i64]| Actor {
        id: id.into(),
        events: days.iter().enumerate().map(|(step, day)| event((day - 1) * DAY_S, 1 << step, &[])).collect(),
    };
    let actors = vec![
        actor("one", &[1, 3, 5]),
        actor("six", &[1, 3, 5]),
        actor("two", &[2, 4]),
        actor("seven", &[2, 4]),
        actor("three", &[6]),
        actor("five", &[1, 1, 1]),
    ];
    let starts = (0..7).map(|day| day * DAY_S * 1_000_000).collect();
    let mut trend = Trend::new(funnel(3, 7 * DAY_S, Order::Ordered), 0, 2, starts);
    for actor in actors {
        trend.add(actor);
    }
    let rows = trend.finish();
    let found: Vec<(u64, u64)> =
        rows[0].1.iter().map(|bucket| (bucket.reached_from, bucket.reached_to)).collect();
    assert_eq!(found, [(3, 3), (2, 0), (0, 0), (0, 0), (0, 0), (1, 0), (0, 0)]);
}

#[test]
fn one_event_of_a_moment_cannot_do_two_steps() {
    let twice = |masks: &[u64]| Actor {
        id: "a".into(),
        events: masks.iter().map(|mask| event(1, *mask, &[])).collect(),
    };
    let two = |masks: &[u64]| counts(funnel(2, DAY_S, Order::Ordered), vec![twice(masks)]);
    assert_eq!(two(&[3]), [1, 0]);
    assert_eq!(two(&[3, 3]), [1, 1]);
    assert_eq!(two(&[2, 1]), [1, 1]);
    assert_eq!(two(&[3, 1]), [1, 1]);
}

#[test]
fn an_optional_step_may_be_left_out() {
    let optional = with(3, DAY_S, Order::Ordered, Attribution::None, 0b010);
    let actors = ["SPI", "SI", "SP", "PI"].iter().map(|one| line(one, one, "SPI")).collect();
    assert_eq!(counts(optional, actors), [3, 2, 2]);
}
