//! How many events a second one core applies: `cargo run --release -p persons --example speed`.
#![allow(clippy::print_stdout)]

use std::borrow::Cow;
use std::hint::black_box;
use std::time::Instant;

use persons::{Limits, Occurrence, Outcome, Persons, ProfileMode, Property};

const PEOPLE: usize = 20_000;
const EVENTS: usize = 400_000;
const LIFTED: [&str; 40] = [
    "$app_version",
    "$browser",
    "$browser_version",
    "$device_type",
    "$current_url",
    "$pathname",
    "$os",
    "$os_version",
    "$referring_domain",
    "$referrer",
    "$screen_height",
    "$screen_width",
    "$viewport_height",
    "$viewport_width",
    "$raw_user_agent",
    "utm_source",
    "utm_medium",
    "utm_campaign",
    "utm_content",
    "utm_term",
    "gclid",
    "gad_source",
    "gclsrc",
    "dclid",
    "gbraid",
    "wbraid",
    "fbclid",
    "msclkid",
    "twclid",
    "li_fat_id",
    "mc_cid",
    "igshid",
    "ttclid",
    "rdt_cid",
    "$geoip_country_name",
    "$geoip_country_code",
    "$geoip_city_name",
    "$geoip_latitude",
    "$geoip_longitude",
    "$geoip_time_zone",
];

fn main() {
    let ids: Vec<String> =
        (0..PEOPLE).map(|number| format!("018f3a2c-1f2e-7cc1-9d4e-{number:012x}")).collect();
    let urls: Vec<String> =
        (0..64).map(|page| format!("\"https://example.com/shop/page-{page}?from=start\"")).collect();
    let once_keys: Vec<String> =
        LIFTED.iter().map(|key| format!("$initial_{}", key.trim_start_matches('$'))).collect();
    let pages: Vec<(Vec<Property<'_>>, Vec<Property<'_>>)> = urls
        .iter()
        .map(|url| {
            let value = |key: &str| if key == "$current_url" { url.as_str() } else { "\"some value\"" };
            let set = LIFTED.iter().map(|key| (Cow::Borrowed(*key), value(key))).collect();
            let pairs = LIFTED.iter().zip(&once_keys);
            let once = pairs.map(|(key, once)| (Cow::Borrowed(once.as_str()), value(key))).collect();
            (set, once)
        })
        .collect();

    let mut persons = Persons::new(Limits::default());
    for id in &ids {
        persons.load_absent(1, id, false);
    }
    let empty: (Vec<Property<'_>>, Vec<Property<'_>>) = Default::default();
    run("the first pageview of each person", PEOPLE, &mut persons, &ids, |at| &pages[at % 64]);
    run("pageviews that change only the URL", EVENTS, &mut persons, &ids, |at| &pages[(at / 3) % 64]);
    run("pageviews that repeat the last", EVENTS, &mut persons, &ids[..64], |at| &pages[at % 64]);
    run("events without properties", EVENTS * 5, &mut persons, &ids, |_| &empty);

    let started = Instant::now();
    let changes = persons.take_changes();
    println!(
        "{} persons taken in {:?}; {} MiB held",
        changes.persons.len(),
        started.elapsed(),
        persons.bytes() >> 20
    );
}

fn run<'p>(
    what: &str,
    events: usize,
    persons: &mut Persons,
    ids: &[String],
    page: impl Fn(usize) -> &'p (Vec<Property<'p>>, Vec<Property<'p>>),
) {
    let started = Instant::now();
    for at in 0..events {
        let (set, set_once) = page(at);
        let outcome = persons.apply(&Occurrence {
            project_id: 1,
            distinct_id: &ids[at % ids.len()],
            event: "$pageview",
            uuid: [7; 16],
            timestamp_us: 1_750_000_000_000_000,
            mode: ProfileMode::Default,
            opt_out: false,
            has_groups: false,
            set,
            set_once,
            unset: &[],
            merge: None,
        });
        if let Ok(Outcome::Kept(kept)) = outcome {
            black_box(kept.person_properties);
        }
    }
    println!("{what}: {:.0} events/s", events as f64 / started.elapsed().as_secs_f64());
}
