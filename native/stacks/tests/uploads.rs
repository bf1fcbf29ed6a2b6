//! What is uploaded, and what a script says of its map (contract rows 43 to 47, 65).

use stacks::{Container, Contents, MapUrl, chunk_id, data_url, map_url, script_map_url};

const VECTOR: &str =
    "706f7374686f675f6572726f725f747261636b696e67010000000200000001000000000000006102000000000000007b7d";

fn bytes(hexadecimal: &str) -> Vec<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16).expect("hexadecimal") as u8;
    hexadecimal.as_bytes().chunks(2).map(|pair| digit(pair[0]) << 4 | digit(pair[1])).collect()
}

fn script() -> Contents {
    Contents::Script { code: "a".into(), map: "{}".into() }
}

#[test]
fn both_versions_are_read() {
    let first = bytes(VECTOR);
    assert_eq!(first.len(), 49);
    assert_eq!(Contents::read(&first), Ok(script()));
    let mut second = first.clone();
    second[22] = 2;
    second.insert(30, 0);
    assert_eq!(Contents::read(&second), Ok(script()));
    assert_eq!(Contents::read(&Contents::write_script("a", "{}").expect("it is written")), Ok(script()));
}

#[test]
fn what_is_no_container_says_why() {
    let with = |at: usize, byte: u8| {
        let mut file = bytes(VECTOR);
        file[at] = byte;
        Contents::read(&file)
    };
    assert_eq!(with(22, 3), Err(Container::Version(3)));
    assert_eq!(with(26, 9), Err(Container::Type(9)));
    assert_eq!(with(0, 0), Err(Container::Foreign));
    assert_eq!(with(30, 200), Err(Container::Length));
    assert_eq!(with(37, 255), Err(Container::Length));
    assert_eq!(with(38, 255), Err(Container::Encoding));
    let mut file = bytes(VECTOR);
    file.push(0);
    assert_eq!(Contents::read(&file), Err(Container::Length));
    let mut file = bytes(VECTOR);
    file[22] = 2;
    file.insert(30, 7);
    assert_eq!(Contents::read(&file), Err(Container::Compression(7)));
    file[30] = 1;
    assert_eq!(Contents::read(&file), Err(Container::Compressed));
    for length in 0..49 {
        assert!(Contents::read(&bytes(VECTOR)[..length]).is_err());
    }
}

#[test]
fn a_payload_that_grows_beyond_all_bounds_is_refused() {
    let map = " ".repeat(101 * 1024 * 1024);
    let file = Contents::write_script("", &map).expect("it is written");
    assert!(file.len() < 100_000);
    assert_eq!(Contents::read(&file), Err(Container::TooLarge));
}

#[test]
fn other_types_are_told_apart() {
    let of = |kind: u8| {
        let mut file = bytes(VECTOR)[..30].to_vec();
        file[26] = kind;
        file.extend(b"x");
        Contents::read(&file)
    };
    assert_eq!(of(3), Ok(Contents::Hermes("x".into())));
    assert_eq!(of(4), Ok(Contents::Mapping(b"x".to_vec())));
    assert_eq!(of(5), Ok(Contents::Dsym(b"x".to_vec())));
    assert_eq!(of(6), Ok(Contents::Elf(b"x".to_vec())));
}

#[test]
fn maps_are_where_headers_and_comments_say() {
    let script = "https://x.io/static/a.js?v=1";
    let header = |url| map_url(script, url, false);
    assert_eq!(header("/maps/a.map").as_deref(), Some("https://x.io/maps/a.map"));
    assert_eq!(header("a.map").as_deref(), Some("https://x.io/a.map"));
    assert_eq!(header("https://y.io/a.map").as_deref(), Some("https://y.io/a.map"));
    let comment = |url: &str| script_map_url(script, &format!("code()\n//# sourceMappingURL={url}\n"));
    let at = |url: &str| Some(MapUrl::Absolute(url.into()));
    assert_eq!(comment("a.js.map"), at("https://x.io/static/a.js.map"));
    assert_eq!(comment("maps/a.js.map"), at("https://x.io/maps/a.js.map"));
    assert_eq!(comment("http://y.io/a.map"), at("http://y.io/a.map"));
    assert_eq!(comment("data:application/json,{}"), Some(MapUrl::Inline("data:application/json,{}".into())));
    assert_eq!(comment(""), None);
    assert_eq!(map_url("https://x.io", "a.map", true).as_deref(), Some("https://x.io/a.map"));
    assert_eq!(map_url("x", "a.map", true), None);
}

#[test]
fn the_last_comment_counts() {
    let body = "//# sourceMappingURL=a.map\n//# sourceMappingURL=b.map\ncode(\"//# sourceMappingURL=c.map\")";
    assert_eq!(
        script_map_url("https://x.io/a.js", body),
        Some(MapUrl::Absolute("https://x.io/b.map".into()))
    );
    assert_eq!(script_map_url("https://x.io/a.js", " //# sourceMappingURL=a.map"), None);
}

#[test]
fn inline_maps_are_decoded() {
    assert_eq!(data_url("data:application/json;base64,e30=").as_deref(), Ok("{}"));
    assert_eq!(data_url("data:application/json;charset=utf-8;base64,e30=").as_deref(), Ok("{}"));
    assert_eq!(data_url("data:application/json,%7B%7d").as_deref(), Ok("{}"));
    for url in [
        "data:text/plain,{}",
        "data:application/json;charset=latin1;base64,e30=",
        "data:application/json;gzip,e30=",
        "data:application/json;base64,!",
        "data:application/json,%7",
        "data:application/json",
        "data:application/json;base64,/w==",
    ] {
        assert!(data_url(url).is_err(), "{url}");
    }
}

#[test]
fn a_chunk_says_its_id_among_its_last_lines() {
    assert_eq!(chunk_id("code()\n//# chunkId=abc"), Some("abc"));
    assert_eq!(chunk_id("//@ chunkId=abc\n//# sourceMappingURL=x\n"), Some("abc"));
    assert_eq!(chunk_id("//# chunkId=a\n//# chunkId=b"), Some("b"));
    assert_eq!(chunk_id(&["//# chunkId=abc\n", &"x\n".repeat(32)].concat()), None);
    assert_eq!(chunk_id("//# chunkId="), None);
}
