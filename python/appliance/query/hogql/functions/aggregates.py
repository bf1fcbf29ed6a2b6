"""Aggregations, their variants with suffixes, and functions of windows."""

from appliance.query.hogql.functions.signature import Function, listed

PLAIN = listed(
    """
count 0..1 Integer!
min 1 same
max 1 same
sum 1 number
avg 1 Float
any 1 same
any_value 1 same = any
first_value 1 same
last_value 1 same
anyHeavy 1 same
anyLast 1 same
argMin 2 same
argMax 2 same
avgWeighted 2 Float
corr 2 Float
covarPop 2 Float
covarSamp 2 Float
stddevPop 1 Float
stddevSamp 1 Float
varPop 1 Float
varSamp 1 Float
skewPop 1 Float
skewSamp 1 Float
kurtPop 1 Float
kurtSamp 1 Float
groupArray(0..1) 1 [same]
groupUniqArray(0..1) 1 [same]
groupArrayInsertAt(0..2) 2 [same]
groupArrayMovingAvg(0..1) 1 Array
groupArrayMovingSum(0..1) 1 Array
groupArraySample(1..2) 1 [same]
groupArraySorted(1) 1 [same]
groupConcat(0..2) 1 String
groupBitAnd 1 Integer
groupBitOr 1 Integer
groupBitXor 1 Integer
groupBitmap 1 Integer!
groupBitmapAnd 1 Integer!
groupBitmapOr 1 Integer!
groupBitmapXor 1 Integer!
sumWithOverflow 1 number
sumKahan 1 Float
sumCount 1 Tuple
sumMap 1..2 Unknown
minMap 1..2 Unknown
maxMap 1..2 Unknown
deltaSum 1 number
deltaSumTimestamp 2 number
uniq 1.. Integer!
uniqExact 1.. Integer!
uniqCombined(0..1) 1.. Integer!
uniqCombined64(0..1) 1.. Integer!
uniqHLL12 1.. Integer!
uniqTheta 1.. Integer! = uniqCombined64
uniqUpTo(1) 1.. Integer!
median 1 Float
medianExact 1 same
medianExactLow 1 same
medianExactHigh 1 same
medianExactWeighted 2 same
medianTiming 1 Float
medianTDigest 1 Float
medianDeterministic 2 Float
medianBFloat16 1 Float
quantile(0..1) 1 Float
quantiles(1..) 1 [Float]
quantileExact(0..1) 1 same
quantileExactLow(0..1) 1 same
quantileExactHigh(0..1) 1 same
quantileExactWeighted(0..1) 2 same
quantileTiming(0..1) 1 Float
quantileTimingWeighted(0..1) 2 Float
quantileTDigest(0..1) 1 Float
quantileTDigestWeighted(0..1) 2 Float
quantileDeterministic(0..1) 2 Float
quantileBFloat16(0..1) 1 Float
quantileInterpolatedWeighted(0..1) 2 Float
quantilesExact(1..) 1 [same]
quantilesTDigest(1..) 1 [Float]
topK(1..3) 1 [same]
topKWeighted(1..3) 2 [same]
simpleLinearRegression 2 Tuple
boundingRatio 2 Float
entropy 1.. Float
exponentialMovingAverage(1) 2 Float
contingency 2 Float
cramersV 2 Float
rankCorr 2 Float
intervalLengthSum 2 number
singleValueOrNull 1 same?
histogram(1) 1 Array
sequenceMatch(1) 3.. Boolean!
sequenceCount(1) 3.. Integer!
windowFunnel(1..) 2.. Integer!
retention 2.. [Integer]
""",
    "Aggregation",
)

_IF = (
    "count", "min", "max", "sum", "avg", "any", "anyLast", "anyHeavy", "argMin", "argMax", "avgWeighted", "corr",
    "covarPop", "covarSamp", "stddevPop", "stddevSamp", "varPop", "varSamp", "skewPop", "skewSamp", "kurtPop",
    "kurtSamp", "groupArray", "groupUniqArray", "groupArraySample", "groupBitAnd", "groupBitOr", "groupBitXor",
    "groupBitmap", "sumMap", "minMap", "maxMap", "deltaSum", "uniq", "uniqExact", "uniqCombined", "uniqCombined64",
    "uniqHLL12", "uniqTheta", "median", "medianExact", "medianExactWeighted", "medianTDigest", "quantile", "quantiles",
    "quantileExact", "quantileExactWeighted", "quantileTDigest", "topK", "topKWeighted", "simpleLinearRegression",
    "boundingRatio", "sumWithOverflow", "first_value", "last_value", "groupConcat", "sumKahan", "entropy",
)  # fmt: skip
_OR_NULL = (
    "min",
    "max",
    "sum",
    "avg",
    "any",
    "anyLast",
    "argMin",
    "argMax",
    "median",
    "quantile",
    "uniq",
    "count",
)
_STATES = (
    "count", "min", "max", "sum", "avg", "any", "anyLast", "argMin", "argMax", "uniq", "uniqExact", "uniqCombined",
    "uniqHLL12", "groupArray", "groupUniqArray", "quantile", "quantiles", "median", "sumMap", "topK",
)  # fmt: skip
_ARRAYS = ("sum", "min", "max", "avg", "count", "uniq", "uniqExact", "groupArray", "groupUniqArray", "any")


def _variants() -> dict[str, Function]:
    found: dict[str, Function] = {}

    def add(base: str, suffix: str, more: int, result: str) -> None:
        one = PLAIN[base]
        # What counts without an argument counts with the condition alone.
        least, most = one.least + more, None if one.most is None else one.most + more
        name = one.name + suffix
        found[name] = Function(
            name, one.clickhouse + suffix, least, most, result, "Aggregation", one.parameters
        )

    for base in _IF:
        add(base, "If", 1, PLAIN[base].result)
    for base in _OR_NULL:
        add(base, "OrNull", 0, PLAIN[base].result.rstrip("!") + "?")
        add(base, "OrDefault", 0, PLAIN[base].result)
        add(base, "OrNullIf", 1, PLAIN[base].result.rstrip("!") + "?")
        add(base, "IfOrNull", 1, PLAIN[base].result.rstrip("!") + "?")
        add(base, "OrDefaultIf", 1, PLAIN[base].result)
    for base in _STATES:
        add(base, "State", 0, "Unknown!")
        add(base, "StateIf", 1, "Unknown!")
        found[f"{base}Merge"] = Function(
            f"{base}Merge", f"{base}Merge", 1, 1, "Unknown", "Aggregation", PLAIN[base].parameters
        )
        found[f"{base}MergeIf"] = Function(
            f"{base}MergeIf", f"{base}MergeIf", 2, 2, "Unknown", "Aggregation", PLAIN[base].parameters
        )
    for base in _ARRAYS:
        add(base, "Array", 0, "Unknown")
        add(base, "ArrayIf", 1, "Unknown")
        add(base, "Distinct", 0, PLAIN[base].result)
        add(base, "DistinctIf", 1, PLAIN[base].result)
    for base in ("sum", "min", "max", "avg"):
        add(base, "ForEach", 0, "Array")
        add(base, "Map", 0, "Map")
    return found


WINDOWS = listed(
    """
row_number 0 Integer!
rank 0 Integer!
dense_rank 0 Integer!
percent_rank 0 Float!
cume_dist 0 Float!
ntile 1 Integer!
nth_value 2 same?
lagInFrame 1..3 same
leadInFrame 1..3 same
lag 1..3 same?
lead 1..3 same?
""",
    "Aggregation",
    is_window=True,
)

NAMED_OTHERWISE = listed(
    """
countDistinct 1.. Integer! = countDistinct
countDistinctIf 2.. Integer! = countDistinctIf
array_agg 1 [same] = groupArray
arrayAgg 1 [same] = groupArray
stddev_pop 1 Float = stddevPop
stddev_samp 1 Float = stddevSamp
var_pop 1 Float = varPop
var_samp 1 Float = varSamp
variance 1 Float = varSamp
stddev 1 Float = stddevSamp
covar_pop 2 Float = covarPop
covar_samp 2 Float = covarSamp
bool_and 1 Boolean = min
bool_or 1 Boolean = max
every 1 Boolean = min
avgArray 1 Float? = avgArrayOrNull
medianArray 1 Float? = medianArrayOrNull
sumArrayOrNull 1 Float? = sumArrayOrNull
""",
    "Aggregation",
)

AGGREGATIONS = PLAIN | _variants() | NAMED_OTHERWISE
"""Also with OVER."""
