"""Arrays, maps and tuples."""

from appliance.query.hogql.functions.signature import listed

ARRAYS = listed("""
array 0.. [common]
range 1..3 [Integer]
empty 1 Boolean
notEmpty 1 Boolean
length 1 Integer
reverse 1 same
arrayConcat 1.. same
arrayElement 2 element
arrayElementOrNull 2 element?
has 2 Boolean!
hasAll 2 Boolean!
hasAny 2 Boolean!
hasSubstr 2 Boolean!
indexOf 2 Integer!
arrayCount 1.. Integer!
countEqual 2 Integer!
arrayEnumerate 1 [Integer]
arrayEnumerateUniq 1.. [Integer]
arrayEnumerateDense 1.. [Integer]
arrayPopBack 1 same
arrayPopFront 1 same
arrayPushBack 2 same
arrayPushFront 2 same
arrayResize 2..3 same
arraySlice 2..3 same
arraySort 1.. Array
arrayReverseSort 1.. Array
arrayPartialSort 2.. Array
arrayUniq 1.. Integer!
arrayJoin 1 element
arrayDifference 1 same
arrayDistinct 1 same
arrayEnumerateDenseRanked 1.. Array
arrayIntersect 1.. same
arrayReduce 2.. Unknown
arrayReduceInRanges 3.. Array
arrayReverse 1 same
arrayFilter 2.. second
arrayFlatten 1 Array
arrayCompact 1 same
arrayZip 1.. Array
arrayAUC 2.. Float
arrayMap 2.. [body]
arrayFill 2.. second
arrayReverseFill 2.. second
arrayFold 3.. Unknown
arraySplit 2.. Array
arrayReverseSplit 2.. Array
arraySum 1.. Unknown
arrayAvg 1.. Unknown
arrayMin 1.. Unknown
arrayMax 1.. Unknown
arrayExists 1.. Boolean!
arrayAll 1.. Boolean!
arrayFirst 2.. Unknown
arrayFirstOrNull 2.. Unknown
arrayLast 2.. Unknown
arrayLastOrNull 2.. Unknown
arrayFirstIndex 2.. Integer!
arrayLastIndex 2.. Integer!
arrayCumSum 1.. Array
arrayCumSumNonNegative 1.. Array
arrayProduct 1.. Float
arrayWithConstant 2 [second]
arrayRotateLeft 2 same
arrayRotateRight 2 same
arrayShiftLeft 2..3 same
arrayShiftRight 2..3 same
arrayRandomSample 2 same
arrayNormalizedGini 2 Tuple
arrayJaccardIndex 2 Float
""")

MAPS = listed("""
map 0.. Map
mapFromArrays 2 Map
mapAdd 2.. same
mapSubtract 2.. same
mapPopulateSeries 1..3 same
mapContains 2 Boolean!
mapKeys 1 Array
mapValues 1 Array
mapContainsKeyLike 2 Boolean!
mapExtractKeyLike 2 same
mapApply 2 Map
mapFilter 2 second
mapUpdate 2 same
mapConcat 1.. same
""")

TUPLES = listed("""
tuple 0.. Tuple
tupleElement 2..3 Unknown
untuple 1 Unknown
tupleHammingDistance 2 Integer
tupleToNameValuePairs 1 Array
tuplePlus 2 Tuple
tupleMinus 2 Tuple
tupleMultiply 2 Tuple
tupleDivide 2 Tuple
tupleNegate 1 Tuple
tupleMultiplyByNumber 2 Tuple
tupleDivideByNumber 2 Tuple
tupleConcat 1.. Tuple
dotProduct 2 Float
""")

FUNCTIONS = ARRAYS | MAPS | TUPLES
