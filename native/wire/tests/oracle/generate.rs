//! Random requests that are nearly right: known keys, plausible values, now and then a wrong one.

use wire::Route;

/// A small generator of random numbers (xorshift), so that a seed names a request.
pub struct Random {
    state: u64,
    /// Half of all requests hold no mistake on purpose, or hardly any would be accepted.
    careful: bool,
}

impl Random {
    pub fn new(seed: u64) -> Self {
        let mut random = Self { state: seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1, careful: false };
        random.careful = random.chance(2);
        random
    }

    pub fn below(&mut self, bound: usize) -> usize {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        (self.state >> 33) as usize % bound
    }

    fn chance(&mut self, one_in: usize) -> bool {
        self.below(one_in) == 0
    }

    /// A mistake, once in so many times.
    fn errs(&mut self, one_in: usize) -> bool {
        self.chance(one_in) && !self.careful
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len())]
    }
}

const ROUTES: [Route; 6] =
    [Route::Capture, Route::Engage, Route::AiBatch, Route::Replay, Route::V1Events, Route::V1Ai];
const ANY: [&str; 13] = [
    "null",
    "true",
    "false",
    "0",
    "5",
    "-1",
    "2.5",
    "\"\"",
    "\"x\"",
    "[]",
    "{}",
    "[1,{\"a\":[]}]",
    "{\"b\":1,\"a\":\"\\u00e9\"}",
];
const TOKENS: [&str; 7] =
    ["\"phc_a\"", "\"phc_a\"", "\" phc_a\\n\"", "\"phc_b\"", "\"phc_over\"", "\"phc_scoped\"", "\"phx_x\""];
const IDS: [&str; 10] = [
    "\"d\"",
    "\"d\"",
    "\"  d \"",
    "23",
    "23.40",
    "\"\\u0000\"",
    "\" \"",
    "\"undefined\"",
    "{\"z\":1,\"a\":2}",
    "\"\\ud83d\\ude00\"",
];
const NAMES: [&str; 10] = [
    "\"e\"",
    "\"e\"",
    "\"$ai_span\"",
    "\"$ai_trace\"",
    "\"$exception\"",
    "\"survey sent\"",
    "\"$performance_event\"",
    "\"\"",
    "\"$$heatmap\"",
    "5",
];
const TIMES: [&str; 6] = [
    "\"2025-09-17T11:00:00.000Z\"",
    "\"2025-09-17T11:59:59.123Z\"",
    "\"2025-09-30T00:00:00.000Z\"",
    "\"0001-01-01T00:00:00.000Z\"",
    "\"soon\"",
    "17",
];
const UUIDS: [&str; 5] = [
    "\"01890c2e-0000-7000-8000-00000000000a\"",
    "\"01890C2E00007000800000000000000B\"",
    "\"\"",
    "\"x\"",
    "\" 01890c2e-0000-7000-8000-00000000000c \"",
];

/// The route and body that `random` leads to.
pub fn request(random: &mut Random) -> (Route, String) {
    let route = ROUTES[random.below(ROUTES.len())];
    let is_v1 = matches!(route, Route::V1Events | Route::V1Ai);
    let body = match random.below(4) {
        0 if !is_v1 => list(random, is_v1),
        1 if !is_v1 => event(random, is_v1),
        _ if route == Route::Replay => list(random, is_v1),
        _ => batch(random, is_v1),
    };
    (route, body)
}

/// Changes a few bytes, so that most of it stays what it was.
pub fn mutate(random: &mut Random, text: &str) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    for _ in 0..=random.below(3) {
        let at = random.below(bytes.len().max(1)).min(bytes.len());
        match random.below(4) {
            0 => bytes.truncate(at),
            1 => bytes.insert(at, b"{}[]\",:\\u0 d8"[random.below(13)]),
            2 if at < bytes.len() => drop(bytes.remove(at)),
            _ if at < bytes.len() => bytes[at] ^= 1 << random.below(8),
            _ => {}
        }
    }
    bytes
}

fn object(random: &mut Random, members: &[(&str, String)]) -> String {
    let mut out = String::from("{");
    for (key, value) in members {
        if out.len() > 1 {
            out.push_str(random.pick(&[",", ",", ", ", ",\n"]));
        }
        if random.chance(40) {
            // The first character as an escape: the same key, spelled otherwise.
            let (first, rest) = key.split_at(1);
            out += &format!("\"\\u00{:02x}{rest}\"", first.as_bytes()[0]);
        } else {
            out += &format!("\"{key}\"");
        }
        out.push_str(random.pick(&[":", ":", " : "]));
        out.push_str(value);
    }
    out + random.pick(&["}", "}", " }"])
}

/// A value from `from`, or now and then any value.
fn value(random: &mut Random, from: &[&str]) -> String {
    if random.errs(25) {
        return random.pick(&ANY).to_owned();
    }
    // The first two of a list are right.
    let good = if random.careful { from.len().min(2) } else { from.len() };
    random.pick(&from[..good]).to_owned()
}

fn list(random: &mut Random, is_v1: bool) -> String {
    let count = random.below(4);
    let mut events: Vec<_> = (0..count).map(|_| event(random, is_v1)).collect();
    if random.errs(40) {
        events.push(value(random, &ANY));
    }
    format!("[{}]", events.join(random.pick(&[",", " , "])))
}

fn batch(random: &mut Random, is_v1: bool) -> String {
    let mut members = vec![("batch", list(random, is_v1))];
    if is_v1 {
        members.push(("created_at", value(random, &TIMES[..3])));
    } else if !random.errs(20) {
        members.push((random.pick(&["token", "api_key"]), value(random, &TOKENS)));
    }
    for (key, from) in [
        ("historical_migration", &["true", "false", "null"][..]),
        ("sent_at", &TIMES),
        ("capture_internal", &["true"]),
        ("batch", &ANY),
        ("event", &NAMES),
        ("token", &TOKENS),
    ] {
        let one_in = if ["historical_migration", "sent_at"].contains(&key) { 3 } else { 30 };
        let stands = if one_in == 30 { random.errs(one_in) } else { random.chance(one_in) };
        if stands {
            members.push((key, value(random, from)));
        }
    }
    if random.chance(2) {
        members.reverse();
    }
    object(random, &members)
}

fn event(random: &mut Random, is_v1: bool) -> String {
    let mut members = Vec::new();
    let mut put = |random: &mut Random, one_in: usize, key, from: &[&str]| {
        if !random.errs(one_in) {
            members.push((key, value(random, from)));
        }
    };
    put(random, 30, "event", &NAMES);
    put(random, if is_v1 { 30 } else { 3 }, "distinct_id", if is_v1 { &IDS[..3] } else { &IDS });
    put(random, if is_v1 { 30 } else { 2 }, "timestamp", &TIMES);
    let fresh = format!("\"01890c2e-0000-7000-8000-{:012x}\"", random.below(1000));
    let odd = if random.careful { fresh.as_str() } else { random.pick(&UUIDS) };
    put(random, if is_v1 { 40 } else { 2 }, "uuid", &[&fresh, &fresh, &fresh, odd]);
    let rarely = |random: &mut Random| !random.errs(6);
    for (key, from) in [
        ("token", &TOKENS[..]),
        ("$token", &TOKENS),
        ("api_key", &TOKENS),
        ("$distinct_id", &IDS),
        ("offset", &["5000", "-5", "null", "9223372036854775807"]),
        ("$set", &["{}", "null", "{\"a\" : 1}"]),
        ("$set_once", &["{}", "{\"b\":[]}"]),
        ("session_id", &["\"s1\"", "\"\"", "null"]),
        ("window_id", &["\"w1\""]),
        ("junk", &ANY),
        ("event", &NAMES),
        ("sent_at", &TIMES),
    ] {
        if !rarely(random) && (key == "offset" || random.chance(2)) {
            members.push((key, value(random, from)));
        }
    }
    if is_v1 && random.chance(2) {
        members.push(("options", options(random)));
    }
    if !random.errs(6) {
        let properties = if random.errs(30) { value(random, &ANY) } else { properties(random) };
        members.push(("properties", properties));
    }
    object(random, &members)
}

fn properties(random: &mut Random) -> String {
    let mut members = Vec::new();
    for (key, from, one_in) in [
        ("token", &TOKENS[..], 2),
        ("distinct_id", &IDS, 2),
        ("$session_id", &["\"s1\"", "\"s1\"", "\"s-2\"", "\"a_b\"", "null"], 2),
        ("$window_id", &["\"w1\"", "\"w2\"", "5"], 2),
        ("$snapshot_data", &["[]", "[1, {\"type\":3}]", "{\"type\": 2}", " [ 5 ] "], 2),
        ("$snapshot_source", &["\"mobile\"", "5"], 5),
        ("$ignore_sent_at", &["true", "false", "\"true\""], 6),
        ("$cookieless_mode", &["true", "false"], 8),
        ("$product_tour_id", &["\"t\"", "null"], 8),
        ("$process_person_profile", &ANY, 8),
        ("$lib", &["\"web\""], 3),
        ("plain", &ANY, 2),
        ("distinct_id", &IDS, 20),
    ] {
        if random.chance(one_in) || (random.careful && one_in == 2) {
            members.push((key, value(random, from)));
        }
    }
    object(random, &members)
}

fn options(random: &mut Random) -> String {
    let said = ["true", "false", "\" TRUE \"", "\"0\"", "1", "0.0", "null"];
    let mut members = Vec::new();
    for (key, from) in [
        ("cookieless_mode", &said[..]),
        ("disable_skew_correction", &said),
        ("process_person_profile", &said),
        ("product_tour_id", &["\"t\"", "7", "null", "\"\""]),
        ("junk", &ANY),
    ] {
        if random.chance(3) {
            members.push((key, value(random, from)));
        }
    }
    if random.errs(30) { value(random, &ANY) } else { object(random, &members) }
}
