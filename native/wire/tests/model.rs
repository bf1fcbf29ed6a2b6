//! The wire against a slow model of it, on random requests.
//!
//! `cargo test -p wire --release --test model` runs for two seconds; `FUZZ_SECONDS` makes it longer and
//! `FUZZ_SEED` repeats a run. A failure prints the seed of its request.
#![allow(clippy::unwrap_used, clippy::format_push_string, reason = "a test that cannot go on may stop")]

mod oracle;

use std::time::{Duration, Instant};

use oracle::Expected;
use oracle::generate::{self, Random};
use proptest::prelude::*;
use wire::Route;

fn variable(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|value| value.parse().ok())
}

#[test]
fn fuzz_smoke_random_requests_are_judged_as_the_model_judges_them() {
    let budget = Duration::from_secs(variable("FUZZ_SECONDS").unwrap_or(2));
    let first = variable("FUZZ_SEED").unwrap_or_else(|| {
        let clock = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        clock.map_or(0, |age| age.as_nanos() as u64 >> 10)
    });
    let projects = oracle::projects();
    let started = Instant::now();
    let mut seed = first;
    while started.elapsed() < budget {
        // Printed by the test harness if a check fails.
        #[expect(clippy::print_stdout, reason = "the seed of a failing request is what one needs")]
        {
            println!("FUZZ_SEED={seed}");
        }
        for _ in 0..64 {
            let mut random = Random::new(seed);
            let (route, body) = generate::request(&mut random);
            oracle::check(route, body.as_bytes(), &projects);
            oracle::check(route, &generate::mutate(&mut random, &body), &projects);
            seed = seed.wrapping_add(1);
        }
    }
}

#[test]
fn random_requests_meet_every_kind_of_outcome_often() {
    let mut met = [0; 4];
    for seed in 0..4000 {
        let (route, body) = generate::request(&mut Random::new(seed));
        match oracle::expect(route, &body) {
            Some(Expected::Kept(events)) if !events.is_empty() => met[0] += 1,
            Some(Expected::Judged(_, events)) if !events.is_empty() => met[1] += 1,
            Some(Expected::Recorded(groups)) if !groups.is_empty() => met[2] += 1,
            Some(Expected::Refused(..)) => met[3] += 1,
            _ => {}
        }
    }
    assert!(met.iter().all(|count| *count > 40), "{met:?}");
}

proptest! {
    #[test]
    fn no_bytes_whatever_make_it_panic(
        body in proptest::collection::vec(any::<u8>(), 0..300), query in "[a-z_=&%+0-9]{0,40}", route in 0_u8..13,
        encoding in proptest::option::of("gzip|gzip-js|lz64|base64|br|zstd|deflate"), is_form in any::<bool>(),
    ) {
        let projects = oracle::projects();
        let content_type = if is_form { "application/x-www-form-urlencoded" } else { "application/json" };
        let request = wire::Request {
            route: Route::from_number(route).unwrap(),
            is_get: false,
            query: &query,
            headers: wire::Headers {
                content_type: Some(content_type),
                content_encoding: encoding.as_deref(),
                authorization: Some("Bearer phc_a"),
                user_agent: Some(&query),
                sdk_info: Some(&query),
                attempt: Some("1"),
                request_id: Some("01890c2e-0000-7000-8000-00000000abcd"),
                request_timestamp: Some("2025-09-17T12:00:00Z"),
            },
            body: &body,
            client_address: "",
            received_at_us: oracle::NOW_US,
        };
        wire::accept(&request, &projects, &wire::Limits::default());
    }

    #[test]
    fn any_text_is_a_distinct_id_as_the_model_has_it(id in any::<String>()) {
        let id = serde_json::to_string(&id).unwrap();
        let body = format!("{{\"token\":\"phc_a\",\"event\":\"e\",\"distinct_id\":{id}}}");
        oracle::check(Route::Capture, body.as_bytes(), &oracle::projects());
    }
}
