//! Reads texts from standard input, one JSON string array of goal and text a line, and prints trees or failures.
use std::io::BufRead;

fn main() {
    for line in std::io::stdin().lock().lines() {
        let Ok(line) = line else { return };
        let (goal, text) = line.split_at(1);
        let text = text.replace("\\u000a", "\n");
        let goal = match goal {
            "s" => hog::Goal::Select,
            "e" => hog::Goal::Expression,
            "o" => hog::Goal::Order,
            "p" => hog::Goal::Program,
            _ => hog::Goal::Template,
        };
        #[expect(clippy::print_stdout, reason = "this is what it is for")]
        match hog::parse(&text, goal) {
            Ok(tree) => println!("{}", hog::to_json(&tree, &text)),
            Err(failure) => println!("!{failure}"),
        }
    }
}
