//! Rows 83 to 85 of the flags contract's table, and all the ways in which a body comes.

use std::io::Write;

use super::*;

const BODY: &str = r#"{"token":"phc_x","distinct_id":"a","person_properties":{"n":1}}"#;

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn read(
    query: &str,
    content_type: Option<&str>,
    encoding: Option<&str>,
    body: &[u8],
) -> Result<String, Failure> {
    json(&Query::read(query)?, content_type, encoding, body).map(Cow::into_owned)
}

fn plain(body: &[u8]) -> Result<String, Failure> {
    read("v=2", Some("application/json"), None, body)
}

fn base64(text: &str) -> String {
    BASE64.encode(text)
}

#[test]
fn json_is_taken_as_it_stands() {
    for content_type in
        [None, Some("application/json; charset=utf-8"), Some("text/plain"), Some("TEXT/PLAIN")]
    {
        assert_eq!(read("", content_type, None, BODY.as_bytes()).unwrap(), BODY);
    }
    let lone = r#"{"a":"\ud800"}"#;
    assert_eq!(plain(lone.as_bytes()).unwrap(), lone);
}

#[test]
fn gzip_is_known_by_parameter_header_or_its_first_bytes() {
    let packed = gzip(BODY.as_bytes());
    let cases = [("compression=gzip", None), ("compression=gzip-js", None), ("", Some("GZIP")), ("", None)];
    for (query, encoding) in cases {
        assert_eq!(read(query, None, encoding, &packed).unwrap(), BODY);
    }
    assert!(read("compression=gzip", None, None, BODY.as_bytes()).is_err());
    assert!(read("", None, None, &packed[..packed.len() / 2]).is_err());
}

#[test]
fn base64_of_json_is_found_where_json_is_not() {
    let (whole, unpadded) = (base64(BODY), base64(BODY).trim_end_matches('=').to_owned());
    for text in
        [whole.clone(), unpadded, whole.replace('=', "%3D"), format!(" {} {}", &whole[..8], &whole[8..])]
    {
        assert_eq!(plain(text.as_bytes()).unwrap(), BODY, "{text}");
    }
    assert!(plain(base64("not json").as_bytes()).is_err());
}

#[test]
fn forms_carry_base64_and_no_gzip() {
    let form = Some("application/x-www-form-urlencoded");
    let question = base64(r#"{"token":"phc_x","distinct_id":"???>>>"}"#);
    assert!(question.contains('/'));
    for body in [
        format!("data={question}"),
        format!("data={}", question.replace('/', "%2F").replace('+', "%2B")),
        format!("_=1&data={question}"),
        question.clone(),
    ] {
        assert!(
            read("compression=base64", form, None, body.as_bytes()).unwrap().contains("???>>>"),
            "{body}"
        );
    }
    assert!(read("", form, None, b" {\"token\":\"phc_1\",\"distinct_id\":\"a b\"}").unwrap().contains("a b"));
    assert!(read("compression=gzip", form, None, question.as_bytes()).is_err());
    assert!(read("", form, Some("gzip"), question.as_bytes()).is_err());
    assert!(read("", form, None, &gzip(BODY.as_bytes())).is_err());
    assert!(read("", form, None, b"a=1&b=2").is_err());
}

#[test]
fn what_interpreters_write_is_json_too() {
    let lenient = [
        (r#"{"n": NaN, "m": -Infinity, "o": Infinity}"#, r#"{"n":null,"m":null,"o":null}"#),
        ("{a: 'b', /* c */ d: [1, 2,],}", r#"{"a":"b","d":[1,2]}"#),
        ("// first\n{\"a\": +1.5}", r#"{"a":1.5}"#),
    ];
    for (text, json) in lenient {
        assert_eq!(plain(text.as_bytes()).unwrap(), json);
    }
    assert_eq!(plain(b"{\"a\":\"\xff\"}").unwrap(), "{\"a\":\"\u{fffd}\"}");
    for text in ["{a: 1} x", "{a: 1}}", "", "{", "{\"a\":}", "undefined"] {
        assert!(plain(text.as_bytes()).is_err(), "{text}");
    }
}

#[test]
fn what_cannot_be_decoded_is_refused() {
    assert!(Query::read("compression=lz64").is_err());
    assert!(Query::read("compression=GZIP").is_err());
    assert!(Query::read("compression=").is_ok());
    assert!(read("", Some("multipart/form-data"), None, BODY.as_bytes()).is_err());
}

#[test]
fn sizes_and_depths_are_bounded() {
    let bomb = gzip(&vec![b' '; BODY_BYTES_MAX + 1]);
    assert_eq!(read("", None, None, &bomb), Err(Failure::TooLarge));
    assert_eq!(read("", None, None, &vec![b' '; BODY_BYTES_MAX + 1]), Err(Failure::TooLarge));
    for (open, close) in [("[", "]"), ("{a:", "}"), ("{\"a\":", "}"), ("[NaN,", "]")] {
        for depth in [127, 100_000] {
            let deep = format!("{}1{}", open.repeat(depth), close.repeat(depth));
            assert_eq!(plain(deep.as_bytes()).is_ok(), depth == 127, "{open} {depth}");
        }
    }
}

#[test]
fn queries_say_which_shape_and_more() {
    let read = |text| Query::read(text).unwrap();
    assert_eq!(
        read("v=2&config=true&ip=1&_=17&ver=1.2"),
        Query { version: Some(2), config: Some(true), ..Query::default() }
    );
    assert_eq!(read("version=3").version, Some(3));
    assert_eq!(read("v=x").version, Some(1));
    assert_eq!(read("v=&config=&compression=").version, None);
    assert_eq!(read("config=false").config, Some(false));
    assert!(read("only_evaluate_survey_feature_flags=true").only_survey_flags);
    assert!(read("only_use_override_person_properties=1").only_given_properties);
}
