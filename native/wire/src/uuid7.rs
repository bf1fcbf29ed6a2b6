//! Version 7 uuids whose time is the event's, for events that came without one.

use std::cell::Cell;

thread_local! {
    /// What this thread seeds from. The system is asked for randomness once a thread and not once a request: most
    /// requests bring a single event, and would pay for nothing else as much as for asking.
    static SEEDS: Cell<Option<[u64; 2]>> = const { Cell::new(None) };
}

/// Makes uuids for one request.
#[derive(Debug, Default)]
pub struct Uuid7 {
    state: Option<[u64; 2]>,
}

impl Uuid7 {
    /// A uuid for a moment in microseconds since 1970; earlier moments count as 1970.
    pub fn at(&mut self, time_us: i64) -> [u8; 16] {
        let milliseconds = (time_us / 1000).max(0) as u64 & 0xFFFF_FFFF_FFFF;
        let (high, low) = (self.random(), self.random());
        let high = milliseconds << 16 | 0x7000 | high >> 52;
        let low = 0x8000_0000_0000_0000 | low >> 2;
        (u128::from(high) << 64 | u128::from(low)).to_be_bytes()
    }

    /// The next 64 bits of xoroshiro128+, whose upper bits are the good ones.
    fn random(&mut self) -> u64 {
        let [a, b] = *self.state.get_or_insert_with(seed);
        let mixed = b ^ a;
        self.state = Some([a.rotate_left(24) ^ mixed ^ (mixed << 16), mixed.rotate_left(37)]);
        a.wrapping_add(b)
    }
}

fn seed() -> [u64; 2] {
    SEEDS.with(|seeds| {
        let [counter, secret] = seeds.get().unwrap_or_else(entropy);
        let counter = counter.wrapping_add(0x9E37_79B9_7F4A_7C15);
        seeds.set(Some([counter, secret]));
        let seed = [mix(counter), mix(counter ^ secret)];
        if seed == [0, 0] { [1, 2] } else { seed }
    })
}

/// The finish of splitmix64: counters in, numbers that look random out.
fn mix(counter: u64) -> u64 {
    let mixed = (counter ^ counter >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ mixed >> 31
}

fn entropy() -> [u64; 2] {
    let word = || getrandom::u64().unwrap_or_else(|_| fallback());
    [word(), word()]
}

/// The standard library's per-process hash keys, should the system have no randomness to give.
fn fallback() -> u64 {
    use std::hash::{BuildHasher, RandomState};
    RandomState::new().hash_one(std::time::Instant::now())
}
