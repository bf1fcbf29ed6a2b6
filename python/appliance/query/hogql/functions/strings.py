"""Texts: changing, searching, splitting."""

from appliance.query.hogql.functions.signature import listed

CHANGES = listed("""
lower 1 String
upper 1 String
lcase 1 String = lower
ucase 1 String = upper
lowerUTF8 1 String
upperUTF8 1 String
lengthUTF8 1 Integer
char_length 1 Integer = lengthUTF8
reverseUTF8 1 String
leftPad 2..3 String
rightPad 2..3 String
leftPadUTF8 2..3 String
rightPadUTF8 2..3 String
repeat 2 String
space 1 String
format 2.. String
concatWithSeparator 2.. String
substring 2..3 String
substr 2..3 String = substring
mid 2..3 String = substring
substringUTF8 2..3 String
substringIndex 3 String
left 2 String
right 2 String
leftUTF8 2 String
rightUTF8 2 String
trim 1..2 String = trimBoth
trimLeft 1..2 String
trimRight 1..2 String
trimBoth 1..2 String
ltrim 1..2 String = trimLeft
rtrim 1..2 String = trimRight
startsWith 2 Boolean
endsWith 2 Boolean
startsWithUTF8 2 Boolean
endsWithUTF8 2 Boolean
initcap 1 String
initcapUTF8 1 String
ascii 1 Integer
char 1.. String
soundex 1 String
appendTrailingCharIfAbsent 2 String
convertCharset 3 String
base58Encode 1 String
base58Decode 1 String
tryBase58Decode 1 String
base64Encode 1 String
base64Decode 1 String
tryBase64Decode 1 String
base64URLEncode 1 String
base64URLDecode 1 String
tryBase64URLDecode 1 String
encodeXMLComponent 1 String
decodeXMLComponent 1 String
decodeHTMLComponent 1 String
extractTextFromHTML 1 String
isValidUTF8 1 Boolean
toValidUTF8 1 String
normalizeUTF8NFC 1 String
normalizeUTF8NFD 1 String
normalizeUTF8NFKC 1 String
normalizeUTF8NFKD 1 String
replace 3 String = replaceAll
replaceAll 3 String
replaceOne 3 String
replaceRegexpAll 3 String
replaceRegexpOne 3 String
regexpQuoteMeta 1 String
translate 3 String
translateUTF8 3 String
""")

SEARCH = listed("""
position 2..3 Integer
positionUTF8 2..3 Integer
positionCaseInsensitive 2..3 Integer
positionCaseInsensitiveUTF8 2..3 Integer
locate 2..3 Integer
strpos 2 Integer = position
multiSearchAllPositions 2 [Integer]
multiSearchAllPositionsUTF8 2 [Integer]
multiSearchAllPositionsCaseInsensitive 2 [Integer]
multiSearchFirstPosition 2 Integer
multiSearchFirstIndex 2 Integer
multiSearchAny 2 Boolean
multiSearchAnyUTF8 2 Boolean
multiSearchAnyCaseInsensitive 2 Boolean
multiSearchAnyCaseInsensitiveUTF8 2 Boolean
match 2 Boolean
multiMatchAny 2 Boolean
multiMatchAnyIndex 2 Integer
multiMatchAllIndices 2 [Integer]
multiFuzzyMatchAny 3 Boolean
multiFuzzyMatchAnyIndex 3 Integer
multiFuzzyMatchAllIndices 3 [Integer]
extract 2 String
extractAll 2 [String]
extractGroups 2 [String]
extractAllGroupsHorizontal 2 Array
extractAllGroupsVertical 2 Array
extractAllGroups 2 Array = extractAllGroupsVertical
like 2 Boolean
ilike 2 Boolean
notLike 2 Boolean
notILike 2 Boolean
ngramDistance 2 Float
ngramDistanceUTF8 2 Float
ngramDistanceCaseInsensitive 2 Float
ngramSearch 2 Float
ngramSearchUTF8 2 Float
ngramSearchCaseInsensitive 2 Float
countSubstrings 2..3 Integer
countSubstringsCaseInsensitive 2..3 Integer
countSubstringsCaseInsensitiveUTF8 2..3 Integer
countMatches 2 Integer
countMatchesCaseInsensitive 2 Integer
regexpExtract 2..3 String
levenshteinDistance 2 Integer
editDistance 2 Integer
damerauLevenshteinDistance 2 Integer
jaroSimilarity 2 Float
jaroWinklerSimilarity 2 Float
hasToken 2 Boolean
hasTokenCaseInsensitive 2 Boolean
hasSubsequence 2 Boolean
hasSubsequenceCaseInsensitive 2 Boolean
""")

SPLITS = listed("""
splitByChar 2..3 [String]
splitByString 2..3 [String]
splitByRegexp 2..3 [String]
splitByWhitespace 1..2 [String]
splitByNonAlpha 1..2 [String]
arrayStringConcat 1..2 String!
alphaTokens 1..2 [String]
ngrams 2 [String]
tokens 1..4 [String]
""")

URLS = listed("""
protocol 1 String
domain 1 String
domainWithoutWWW 1 String
topLevelDomain 1 String
firstSignificantSubdomain 1 String
cutToFirstSignificantSubdomain 1 String
cutToFirstSignificantSubdomainWithWWW 1 String
port 1..2 Integer
path 1 String
pathFull 1 String
queryString 1 String
fragment 1 String
queryStringAndFragment 1 String
extractURLParameter 2 String
extractURLParameters 1 [String]
extractURLParameterNames 1 [String]
URLHierarchy 1 [String]
URLPathHierarchy 1 [String]
encodeURLComponent 1 String
decodeURLComponent 1 String
encodeURLFormComponent 1 String
decodeURLFormComponent 1 String
netloc 1 String
cutWWW 1 String
cutQueryString 1 String
cutFragment 1 String
cutQueryStringAndFragment 1 String
cutURLParameter 2 String
""")

DOCUMENTS = listed("""
isValidJSON 1 Boolean
JSONHas 1.. Boolean!
JSONLength 1.. Integer!
JSONArrayLength 1 Integer?
JSONType 1.. Unknown
JSONExtractUInt 1.. Integer!
JSONExtractInt 1.. Integer!
JSONExtractFloat 1.. Float!
JSONExtractBool 1.. Boolean!
JSONExtractString 1.. String!
JSONExtract 2.. Unknown
JSONExtractRaw 1.. String!
JSONExtractArrayRaw 1.. [String]
JSONExtractKeys 1.. [String]
JSONExtractKeysAndValues 2.. Array
JSONExtractKeysAndValuesRaw 1.. Array
JSON_VALUE 2 String
""")

ADDRESSES = listed("""
IPv4NumToString 1 String
IPv4StringToNum 1 Integer
IPv4StringToNumOrDefault 1 Integer
IPv4StringToNumOrNull 1 Integer?
IPv4NumToStringClassC 1 String
IPv6NumToString 1 String
IPv6StringToNum 1 String
IPv6StringToNumOrDefault 1 String
IPv6StringToNumOrNull 1 String?
IPv4ToIPv6 1 Unknown
cutIPv6 3 String
IPv4CIDRToRange 2 Tuple
IPv6CIDRToRange 2 Tuple
toIPv4 1 Unknown
toIPv4OrDefault 1 Unknown
toIPv4OrNull 1 Unknown
toIPv6 1 Unknown
toIPv6OrDefault 1 Unknown
toIPv6OrNull 1 Unknown
isIPv4String 1 Boolean
isIPv6String 1 Boolean
isIPAddressInRange 2 Boolean
""")

FUNCTIONS = CHANGES | SEARCH | SPLITS | URLS | DOCUMENTS | ADDRESSES
