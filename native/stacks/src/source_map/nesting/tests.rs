//! What nests is counted, and what divides is told from what begins a pattern.

use super::{DEPTH_MAX, Refusal, check};

#[test]
fn what_nests_is_counted_whatever_it_nests_by() {
    let many = DEPTH_MAX + 1;
    for (before, after) in [
        ("(", ")"),
        ("[", "]"),
        ("{", "}"),
        ("!", ""),
        ("a+", ""),
        ("a=>", ""),
        ("function a(){", "}"),
        ("a?b:", ""),
        ("a=", ""),
        ("if(a)", ""),
        ("if(a){}else ", ""),
        ("if(a)b,c;else ", ""),
        ("`${", "}`"),
        ("x={a:", "}"),
        ("class a{b(){", "}}"),
        ("a(", ")"),
        ("a:", ""),
        ("typeof ", ""),
        ("for(;;)", ""),
        ("do ", ";while(1)"),
        ("new ", ""),
        ("a.", ""),
        ("a?.", ""),
        ("await ", ""),
        ("{a:", "}"),
        ("while(a,b)", ""),
        ("a\n.", ""),
    ] {
        let code = [&before.repeat(many), "a", &after.repeat(many)].concat();
        assert_eq!(check(&code), Err(Refusal::TooDeep), "{before}");
    }
    assert_eq!(check(&["a".to_owned(), "()".repeat(many)].concat()), Err(Refusal::TooDeep));
    assert_eq!(check(&["a".to_owned(), "``".repeat(many)].concat()), Err(Refusal::TooDeep));
}

#[test]
fn what_stands_side_by_side_is_not() {
    let many = 10 * DEPTH_MAX;
    for code in [
        "function a(){return b+c}",
        "a=b,",
        "a();",
        "if(a){b()}",
        "var a=b/c/d;",
        "x\n",
        "a(/[/\"]/);",
        "var {a,b}=c;",
        "if(a)/'/.test(b);",
        "// it's\n",
        "/* \" */",
        "\"\\\"\";",
        "`'`;",
        "i++/2;",
        "class a{b=1;c(){}}",
        "try{}catch{}",
    ] {
        assert_eq!(check(&code.repeat(many)), Ok(()), "{code}");
    }
}

#[test]
fn a_slash_behind_a_brace_divides_or_begins_a_pattern() {
    for code in [
        "if(a){}/'/.test(b)",
        "function a(){}/'/.test(b)",
        "{a}/'/.test(b)",
        "a:{b}/'/.test(b)",
        "switch(a){case b:{}/'/}",
        "class a extends b{}/'/.test(c)",
        "try{}catch{}/'/.test(b)",
        "a\nfunction b(){}/'/.test(c)",
        "a\n++/'/.b",
        "async function a(){}/'/",
        "do{}while(a)/'/",
        "for(;;){}/'/",
        "export function a(){}/'/",
        "if(a)b;else{}/'/",
        "function a(){}++/'/.b",
        "return a?{b:1}:c;{}/'/",
        "while(a){b?c:d}/'/",
        "for await(a of b){}/'/",
        "a={}/b/'c'",
        "a=function(){}/b/'c'",
        "a=[{}/b/'c']",
        "(class{}/b/'c')",
        "a?{}/b/'c':d",
        "a?b:{}/b/'c'",
        "return{}/b/'c'",
        "a={b:{}/c/'d'}",
        "a=async function(){}/b/'c'",
        "case{}/b/'c':",
        "x={a:b?c:{}/d/'e'}",
        "a++/b/'c'",
        "`${{}/b/'c'}`",
    ] {
        assert_eq!(check(code), Ok(()), "{code}");
    }
}

#[test]
fn what_only_a_parser_can_tell_is_refused() {
    for code in [
        "}",
        "'",
        "`",
        "\"\n\"",
        "/*",
        "a=>{}/'/;",
        "<!-- '",
        "(]",
        "for(a of/'/)b",
        "export default function(){}/'/",
    ] {
        assert_eq!(check(code), Err(Refusal::Unclear), "{code}");
    }
}
