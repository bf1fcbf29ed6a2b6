//! Names and continents of countries by ISO 3166 code, for places known by their country alone.

/// A country's code, English name and continent code.
pub struct Country {
    /// ISO 3166-1 alpha-2.
    pub code: &'static str,
    /// In English.
    pub name: &'static str,
    /// Two letters; see [`continent_name`].
    pub continent: &'static str,
}

/// One continent a line: its code, then code and name of each country. Names as GeoIP databases write them.
const TABLE: &[(&str, &str)] = &[
    (
        "AF",
        "AO Angola|BF Burkina Faso|BI Burundi|BJ Benin|BW Botswana|CD DR Congo|CF Central African Republic|\
CG Congo Republic|CI Ivory Coast|CM Cameroon|CV Cabo Verde|DJ Djibouti|DZ Algeria|EG Egypt|EH Western Sahara|\
ER Eritrea|ET Ethiopia|GA Gabon|GH Ghana|GM Gambia|GN Guinea|GQ Equatorial Guinea|GW Guinea-Bissau|KE Kenya|\
KM Comoros|LR Liberia|LS Lesotho|LY Libya|MA Morocco|MG Madagascar|ML Mali|MR Mauritania|MU Mauritius|MW Malawi|\
MZ Mozambique|NA Namibia|NE Niger|NG Nigeria|RE Réunion|RW Rwanda|SC Seychelles|SD Sudan|SH Saint Helena|\
SL Sierra Leone|SN Senegal|SO Somalia|SS South Sudan|ST São Tomé and Príncipe|SZ Eswatini|TD Chad|TG Togo|\
TN Tunisia|TZ Tanzania|UG Uganda|YT Mayotte|ZA South Africa|ZM Zambia|ZW Zimbabwe",
    ),
    (
        "AN",
        "AQ Antarctica|BV Bouvet Island|GS South Georgia and the South Sandwich Islands|\
HM Heard and McDonald Islands|TF French Southern Territories",
    ),
    (
        "AS",
        "AE United Arab Emirates|AF Afghanistan|AM Armenia|AZ Azerbaijan|BD Bangladesh|BH Bahrain|BN Brunei|\
BT Bhutan|CC Cocos (Keeling) Islands|CN China|CX Christmas Island|GE Georgia|HK Hong Kong|ID Indonesia|IL Israel|\
IN India|IO British Indian Ocean Territory|IQ Iraq|IR Iran|JO Jordan|JP Japan|KG Kyrgyzstan|KH Cambodia|\
KP North Korea|KR South Korea|KW Kuwait|KZ Kazakhstan|LA Laos|LB Lebanon|LK Sri Lanka|MM Myanmar|MN Mongolia|\
MO Macao|MV Maldives|MY Malaysia|NP Nepal|OM Oman|PH Philippines|PK Pakistan|PS Palestine|QA Qatar|\
SA Saudi Arabia|SG Singapore|SY Syria|TH Thailand|TJ Tajikistan|TM Turkmenistan|TR Türkiye|TW Taiwan|\
UZ Uzbekistan|VN Vietnam|YE Yemen",
    ),
    (
        "EU",
        "AD Andorra|AL Albania|AT Austria|AX Åland Islands|BA Bosnia and Herzegovina|BE Belgium|BG Bulgaria|\
BY Belarus|CH Switzerland|CY Cyprus|CZ Czechia|DE Germany|DK Denmark|EE Estonia|ES Spain|FI Finland|\
FO Faroe Islands|FR France|GB United Kingdom|GG Guernsey|GI Gibraltar|GR Greece|HR Croatia|HU Hungary|IE Ireland|\
IM Isle of Man|IS Iceland|IT Italy|JE Jersey|LI Liechtenstein|LT Lithuania|LU Luxembourg|LV Latvia|MC Monaco|\
MD Moldova|ME Montenegro|MK North Macedonia|MT Malta|NL The Netherlands|NO Norway|PL Poland|PT Portugal|\
RO Romania|RS Serbia|RU Russia|SE Sweden|SI Slovenia|SJ Svalbard and Jan Mayen|SK Slovakia|SM San Marino|\
UA Ukraine|VA Vatican City|XK Kosovo",
    ),
    (
        "NA",
        "AG Antigua and Barbuda|AI Anguilla|AW Aruba|BB Barbados|BL Saint Barthélemy|BM Bermuda|\
BQ Bonaire, Sint Eustatius, and Saba|BS Bahamas|BZ Belize|CA Canada|CR Costa Rica|CU Cuba|CW Curaçao|DM Dominica|\
DO Dominican Republic|GD Grenada|GL Greenland|GP Guadeloupe|GT Guatemala|HN Honduras|HT Haiti|JM Jamaica|\
KN St Kitts and Nevis|KY Cayman Islands|LC Saint Lucia|MF Saint Martin|MQ Martinique|MS Montserrat|MX Mexico|\
NI Nicaragua|PA Panama|PM Saint Pierre and Miquelon|PR Puerto Rico|SV El Salvador|SX Sint Maarten|\
TC Turks and Caicos Islands|TT Trinidad and Tobago|US United States|VC St Vincent and Grenadines|\
VG British Virgin Islands|VI U.S. Virgin Islands",
    ),
    (
        "OC",
        "AS American Samoa|AU Australia|CK Cook Islands|FJ Fiji|FM Federated States of Micronesia|GU Guam|\
KI Kiribati|MH Marshall Islands|MP Northern Mariana Islands|NC New Caledonia|NF Norfolk Island|NR Nauru|NU Niue|\
NZ New Zealand|PF French Polynesia|PG Papua New Guinea|PN Pitcairn Islands|PW Palau|SB Solomon Islands|\
TK Tokelau|TL Timor-Leste|TO Tonga|TV Tuvalu|UM U.S. Outlying Islands|VU Vanuatu|WF Wallis and Futuna|WS Samoa",
    ),
    (
        "SA",
        "AR Argentina|BO Bolivia|BR Brazil|CL Chile|CO Colombia|EC Ecuador|FK Falkland Islands|\
GF French Guiana|GY Guyana|PE Peru|PY Paraguay|SR Suriname|UY Uruguay|VE Venezuela",
    ),
];

/// The country with this code.
pub fn country(code: &str) -> Option<Country> {
    TABLE.iter().find_map(|(continent, countries)| {
        countries.split('|').find_map(|entry| {
            let (entry_code, name) = entry.split_once(' ')?;
            (entry_code == code).then_some(Country { code: entry_code, name, continent })
        })
    })
}

/// The English name of a continent.
pub fn continent_name(code: &str) -> Option<&'static str> {
    Some(match code {
        "AF" => "Africa",
        "AN" => "Antarctica",
        "AS" => "Asia",
        "EU" => "Europe",
        "NA" => "North America",
        "OC" => "Oceania",
        "SA" => "South America",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn each_country_stands_once_and_has_a_continent() {
        let mut seen = HashSet::new();
        for (continent, countries) in TABLE {
            assert!(continent_name(continent).is_some());
            for entry in countries.split('|') {
                let (code, name) = entry.split_once(' ').unwrap();
                assert!(code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase()), "{entry}");
                assert!(!name.is_empty() && !name.contains("  ") && seen.insert(code), "{entry}");
            }
        }
        // ISO 3166-1 assigns 249 codes; Kosovo's is a customary one.
        assert_eq!(seen.len(), 250);
    }
}
