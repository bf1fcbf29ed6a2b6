use super::*;

fn draft() -> Draft<'static> {
    Draft {
        kind: Kind::Event,
        source: Source::V1,
        flags: Flags(Flags::HISTORICAL | Flags::AI),
        project_id: 7,
        received_at_us: 1_700_000_000_000_000,
        timestamp_us: -5,
        sent_at_us: None,
        uuid: [9; 16],
        event: "$pageview",
        distinct_id: "é",
        client_address: "203.0.113.7",
        properties: "{\"a\":1}",
        set: "",
        set_once: "{}",
        detail: "d",
    }
}

#[test]
fn what_was_written_is_read_back() {
    let mut encoder = Encoder::default();
    encoder.push(&draft());
    encoder.push(&Draft { sent_at_us: Some(3), event: "", ..draft() });
    assert_eq!(encoder.count(), 2);
    let records: Vec<_> = Records::new(encoder.bytes()).map(|bytes| Record::read(bytes).unwrap()).collect();
    assert_eq!(records[0].event, "$pageview");
    assert_eq!(records[0].distinct_id, "é");
    assert_eq!(records[0].sent_at_us, None);
    assert_eq!(records[0].timestamp_us, -5);
    assert!(records[0].flags.has(Flags::AI) && !records[0].flags.has(Flags::FORCED_PERSONLESS));
    assert_eq!((records[1].sent_at_us, records[1].event, records[1].detail), (Some(3), "", "d"));
    assert_eq!(records.len(), 2);
}

#[test]
fn damaged_bytes_are_refused_and_never_crash() {
    let mut encoder = Encoder::default();
    encoder.push(&draft());
    let good = &encoder.bytes()[4..];
    assert_eq!(Record::read(&good[..good.len() - 1]).unwrap_err(), ReadError::Length);
    for at in 0..good.len() {
        for flip in [1_u8, 0x80] {
            let mut bad = good.to_vec();
            bad[at] ^= flip;
            let _ = Record::read(&bad);
        }
    }
    let mut newer = good.to_vec();
    newer[0] = 9;
    assert_eq!(Record::read(&newer).unwrap_err(), ReadError::Version(9));
}
