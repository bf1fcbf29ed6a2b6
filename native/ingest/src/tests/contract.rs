//! Rows of the contract's conformance table and its section on the pipeline.

use serde_json::json;

use super::*;

#[test]
fn row_98_an_identify_without_a_person_is_dropped_with_a_warning() {
    let block = process(&mut ingest(), &[draft("$identify", r#"{"$process_person_profile":false}"#)]);
    assert!(rows(&block, "events").is_empty());
    let warning = &rows(&block, "ingestion_warnings")[0];
    assert_eq!(warning["type"], "invalid_event_when_process_person_profile_is_false");
    assert_eq!(block.drops[0].reason.name(), "invalid_event_when_process_person_profile_is_false");
}

#[test]
fn row_99_a_profile_flag_that_is_no_boolean_warns_and_the_person_is_processed() {
    let block = process(&mut ingest(), &[draft("e", r#"{"$process_person_profile":"false"}"#)]);
    assert_eq!(rows(&block, "ingestion_warnings")[0]["type"], "invalid_process_person_profile");
    assert_eq!(event(&block)["person_mode"], "0");
    assert_eq!(rows(&block, "person").len(), 1);
}

#[test]
fn row_100_a_personless_event_has_the_derived_id_and_no_person() {
    let sent = r#"{"$process_person_profile":false,"$set":{"a":1},"$set_once":{},"$unset":["b"],"$groups":{"g":"k"},"$group_0":"x","c":1}"#;
    let block = process(&mut ingest(), &[draft("e", sent)]);
    let row = event(&block);
    let person = uuid::Uuid::new_v5(&uuid::uuid!("932979b4-65c3-4424-8467-0b66ec27bc22"), b"1:d");
    assert_eq!((row["person_id"].as_str(), row["person_mode"].as_str()), (person.to_string().as_str(), "1"));
    assert_eq!(row["person_properties"], "{}");
    let stored = json!({"$process_person_profile": false, "$groups": {"g": "k"}, "c": 1});
    assert_eq!((properties(&row), row.get("$group_0")), (stored, None));
    assert!(rows(&block, "person").is_empty());
}

#[test]
fn row_102_top_level_set_wins_over_properties() {
    let draft = Draft { set: r#"{"a":1}"#, ..draft("e", r#"{"$set":{"a":2,"b":3}}"#) };
    let row = one(&draft);
    assert_eq!(properties(&row)["$set"], json!({"a": 1, "b": 3}));
    let person: Value = serde_json::from_str(&row["person_properties"]).unwrap();
    assert_eq!((&person["a"], &person["b"]), (&json!(1), &json!(3)));
}

#[test]
fn row_103_campaigns_are_lifted_to_the_person() {
    let row = one(&draft("e", r#"{"utm_source":"x","$os_name":"Linux","$browser":null}"#));
    let person: Value = serde_json::from_str(&row["person_properties"]).unwrap();
    assert_eq!((&person["utm_source"], &person["$initial_utm_source"]), (&json!("x"), &json!("x")));
    assert_eq!((&person["$os"], &person["$initial_os"]), (&json!("Linux"), &json!("Linux")));
    assert_eq!((row["mat_utm_source"].as_str(), row["mat_$os"].as_str()), ("x", "Linux"));
    assert_eq!(properties(&row)["$os"], "Linux");
}

#[test]
fn a_servers_own_system_is_nobodys() {
    let row = one(&draft("e", r#"{"$is_server":true,"$os_name":"Linux","$os_version":"6"}"#));
    let person: Value = serde_json::from_str(&row["person_properties"]).unwrap();
    assert_eq!((person.get("$os"), person.get("$os_version"), row.get("mat_$os")), (None, None, None));
}

#[test]
fn row_106_the_sixth_group_type_gets_no_column_and_the_event_is_stored() {
    let groups = r#"{"$groups":{"a":"1","b":2,"c":"3","d":"4","e":"5","f":"6"}}"#;
    let block = process(&mut ingest(), &[draft("e", groups)]);
    let row = event(&block);
    let keys: Vec<_> = (0..5).map(|index| row[&format!("$group_{index}")].clone()).collect();
    assert_eq!(keys, ["1", "2", "3", "4", "5"]);
    assert_eq!(properties(&row)["$group_4"], "5");
    assert_eq!((properties(&row).get("$group_5"), block.changes.group_types.len()), (None, 5));
}

#[test]
fn row_107_an_address_sent_by_the_client_stays() {
    let sent = Draft { client_address: "203.0.113.9", ..draft("e", r#"{"$ip":"198.51.100.1"}"#) };
    assert_eq!(properties(&one(&sent)), json!({"$ip": "198.51.100.1"}));
    let row = one(&Draft { client_address: "203.0.113.9", ..draft("e", "") });
    assert_eq!((properties(&row), row["mat_$ip"].as_str()), (json!({"$ip": "203.0.113.9"}), "203.0.113.9"));
}

#[test]
fn row_108_places_can_be_refused() {
    let address = "89.160.20.129";
    let place =
        one(&Draft { client_address: address, ..draft("e", r#"{"$geoip_country_code":"XX","a":1}"#) });
    assert_eq!(place["mat_$geoip_country_code"], "SE");
    assert_eq!(properties(&place)["$geoip_country_code"], "SE");
    let person: Value = serde_json::from_str(&place["person_properties"]).unwrap();
    assert_eq!(person["$initial_geoip_country_name"], "Sweden");
    let none = one(&Draft { client_address: address, ..draft("e", r#"{"$geoip_disable":true}"#) });
    assert!(!none["properties"].contains("$geoip_country"));
    assert!(!one(&Draft { client_address: "127.0.0.1", ..draft("e", "{}") })["properties"].contains("geoip"));
}

#[test]
fn row_109_heatmap_data_leaves_the_event_and_becomes_rows() {
    let sent = r#"{"$heatmap_data":{"http://a":[{"x":160,"y":320,"target_fixed":false,"type":"click"}]},"$viewport_width":1600,"$viewport_height":800,"$session_id":"s"}"#;
    let block = process(&mut ingest(), &[draft("$pageview", sent)]);
    assert!(!event(&block)["properties"].contains("$heatmap_data"));
    let point = &rows(&block, "heatmaps")[0];
    let numbers =
        ["x", "y", "viewport_width", "viewport_height", "scale_factor"].map(|name| point[name].as_str());
    assert_eq!(numbers, ["10", "20", "100", "50", "16"]);
    assert_eq!((point["type"].as_str(), point["session_id"].as_str()), ("click", "s"));
    let only = process(&mut ingest(), &[draft("$$heatmap", sent)]);
    assert_eq!((rows(&only, "events").len(), rows(&only, "heatmaps").len()), (0, 1));
}

#[test]
fn row_110_a_clients_warning_is_a_warning_and_no_event() {
    let sent = r#"{"$$client_ingestion_warning_message":"too \"big\""}"#;
    let block = process(&mut ingest(), &[draft("$$client_ingestion_warning", sent)]);
    assert!(rows(&block, "events").is_empty() && rows(&block, "person").is_empty());
    let warning = &rows(&block, "ingestion_warnings")[0];
    let details: Value = serde_json::from_str(&warning["details"]).unwrap();
    assert_eq!(
        (warning["type"].as_str(), &details["message"]),
        ("client_ingestion_warning", &json!("too \"big\""))
    );
}

#[test]
fn row_111_elements_become_a_chain() {
    let row = one(&draft("$autocapture", r#"{"$elements":[{"tag_name":"a","$el_text":"Go"}],"b":1}"#));
    assert_eq!(row["elements_chain"], r#"a:nth-child="0"nth-of-type="0"text="Go""#);
    assert_eq!(properties(&row), json!({"b": 1}));
    let row = one(&draft("$autocapture", r#"{"$elements_chain":"b:","$elements":[]}"#));
    assert_eq!((row["elements_chain"].as_str(), row["properties"].as_str()), ("b:", "{}"));
}

#[test]
fn row_112_the_same_event_twice_is_one_row() {
    let again = [draft("e", "{}"), draft("e", "{}"), Draft { distinct_id: "other", ..draft("e", "{}") }];
    let block = process(&mut ingest(), &again);
    assert_eq!(rows(&block, "events").len(), 2);
    assert_eq!((block.drops[0].reason.name(), block.drops[0].count), ("duplicate", 1));
}

#[test]
fn what_sdks_send_for_themselves_is_not_stored() {
    let row = one(&draft(
        "e",
        r#"{"$surveys_activated":1,"a":1, "ph_product_tours":[{}],"b":2,"$feature_flag_payloads":{}}"#,
    ));
    assert_eq!(row["properties"], r#"{"a":1,"b":2}"#);
}

#[test]
fn the_time_of_sending_is_stamped_over_the_clients() {
    let sent = Draft { sent_at_us: Some(NOW_US + 1_000), ..draft("e", r#"{"$sent_at":"never"}"#) };
    assert_eq!(properties(&one(&sent)), json!({"$sent_at": "2023-11-14T22:13:20.001Z"}));
}

#[test]
fn addresses_are_anonymised_after_the_place_is_known() {
    let mut ingest = ingest();
    ingest.set_projects(vec![ProjectSettings { anonymize_ips: true, ..settings() }]);
    let sent = Draft { client_address: "89.160.20.129", ..draft("e", r#"{"$ip":"89.160.20.129"}"#) };
    let row = event(&process(&mut ingest, &[sent]));
    assert_eq!((row.get("mat_$ip"), row["mat_$geoip_country_code"].as_str()), (None, "SE"));
    assert!(!row["properties"].contains("89.160"));
}

#[test]
fn a_group_is_described_and_its_properties_stand_on_later_events() {
    let describe = r#"{"$group_type":"company","$group_key":"acme","$group_set":{"plan":"pro"}}"#;
    let mut ingest = ingest();
    let later = draft("e", r#"{"$groups":{"company":"acme"}}"#);
    let block = process(&mut ingest, &[draft("$groupidentify", describe), later]);
    let groups = rows(&block, "groups");
    assert_eq!(
        (groups[0]["group_key"].as_str(), groups[0]["group_properties"].as_str()),
        ("acme", r#"{"plan":"pro"}"#)
    );
    let events = rows(&block, "events");
    assert_eq!(events[1]["group0_properties"], r#"{"plan":"pro"}"#);
    let kinds: Vec<_> = block.changes.property_definitions.iter().filter(|found| found.kind == 3).collect();
    assert_eq!((kinds[0].name.as_str(), kinds[0].group_type_index), ("plan", Some(0)));
}

#[test]
fn visitors_without_cookies_get_an_id_of_the_day_and_lose_what_names_them() {
    let sent = r#"{"$cookieless_mode":true,"$raw_user_agent":"ua","$host":"a.example","$ip":"89.160.20.129","$process_person_profile":false}"#;
    let draft = Draft { distinct_id: "$posthog_cookieless", ..draft("$pageview", sent) };
    let row = one(&draft);
    assert!(row["distinct_id"].starts_with("cookieless_"));
    assert_eq!(row["mat_$device_id"], row["distinct_id"]);
    assert_eq!(row["$session_id"].len(), 36);
    assert!(!row["properties"].contains("\"ua\"") && !row["properties"].contains("89.160"));
    let missing = Draft { properties: r#"{"$cookieless_mode":true,"$host":"h"}"#, ..draft };
    let block = process(&mut ingest(), &[missing]);
    assert_eq!(rows(&block, "ingestion_warnings")[0]["type"], "cookieless_missing_user_agent");
}

#[test]
fn events_older_than_the_project_wants_are_dropped_with_a_warning() {
    let mut ingest = ingest();
    ingest.set_projects(vec![ProjectSettings { drop_events_older_than_s: Some(60), ..settings() }]);
    let old = Draft { timestamp_us: NOW_US - 61_000_000, ..draft("e", "{}") };
    let block = process(&mut ingest, &[old, draft("f", "{}")]);
    assert_eq!(rows(&block, "events").len(), 1);
    assert_eq!(rows(&block, "ingestion_warnings")[0]["type"], "event_dropped_too_old");
}
