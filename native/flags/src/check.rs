//! What is wrong in definitions, for those who write them: an evaluation goes on around all of it.

use crate::cohort::Cohort;
use crate::compile::Compiler;
use crate::definition::{
    self, ConditionDefinition, Document, FilterDefinition, Filters, FlagDefinition, Flaw, shown,
};
use crate::failure::Failure;
use crate::flag::Wanted;
use crate::graph::{Graph, Standing};

/// A flag's id, what kind of problem it has, and a sentence about it.
pub type Problem = (i64, &'static str, String);

/// Problems that one flag reports at most.
const PROBLEMS_MAX: usize = 20;

/// Finds what is wrong in a document. The error says why it is none.
pub fn check(document: &[u8]) -> Result<Vec<Problem>, Flaw> {
    let document = definition::parse(document)?;
    let document = Document::read(&document)?;
    let mut compiler = Compiler::new(&document);
    let cohorts = compiler.cohorts();
    let graph = Graph::new(&compiler.flag_dependencies());
    let mut problems = Vec::new();
    for (place, flag) in document.flags.iter().enumerate() {
        let mut found = Found { id: flag.id, problems: Vec::new() };
        match &flag.filters {
            Err(flaw) => found.add("unreadable", format!("The filters cannot be understood: {flaw}.")),
            Ok(filters) => found.filters(filters, &compiler, &cohorts),
        }
        found.standing(flag, graph.standings[place]);
        problems.append(&mut found.problems);
    }
    Ok(problems)
}

struct Found {
    id: i64,
    problems: Vec<Problem>,
}

impl Found {
    fn add(&mut self, code: &'static str, sentence: String) {
        if self.problems.len() < PROBLEMS_MAX {
            self.problems.push((self.id, code, sentence));
        }
    }

    fn standing(&mut self, flag: &FlagDefinition<'_>, standing: Standing) {
        let key = shown(flag.key);
        match standing {
            Standing::Sound => {}
            Standing::Missing => {
                self.add(
                    "missing_flag",
                    format!("“{key}” depends, if through others, on a flag that does not exist."),
                );
            }
            Standing::Cyclic => {
                self.add(
                    "flag_cycle",
                    format!("“{key}” depends on itself, or on flags that depend on themselves."),
                );
            }
        }
    }

    fn filters(&mut self, filters: &Filters<'_>, compiler: &Compiler<'_>, cohorts: &[Cohort]) {
        for condition in filters.conditions.iter().chain(&filters.super_condition) {
            self.percentage("rollout percentage", condition.rollout_percentage);
            self.condition(condition, compiler, cohorts);
        }
        for (variant, percentage) in &filters.variants {
            self.percentage(&format!("percentage of the variant “{}”", shown(variant)), Some(*percentage));
        }
        let shares: f64 = filters.variants.iter().map(|(_, percentage)| percentage).sum();
        if shares > 100.0 + 1e-9 {
            self.add("variants_over_100", format!("The variants add up to {shares} %; 100 are the most."));
        }
        self.variants(filters);
        if let Some((_, excluded)) = filters.holdout {
            self.percentage("percentage of the holdout", Some(excluded));
        }
    }

    fn variants(&mut self, filters: &Filters<'_>) {
        let is_known = |variant: &str| filters.variants.iter().any(|(known, _)| *known == variant);
        for (place, (variant, _)) in filters.variants.iter().enumerate() {
            if filters.variants[..place].iter().any(|(earlier, _)| earlier == variant) {
                self.add("duplicate_variant", format!("There are two variants “{}”.", shown(variant)));
            }
        }
        let overrides = filters.conditions.iter().filter_map(|condition| condition.variant);
        for variant in overrides.filter(|variant| !is_known(variant)) {
            self.add(
                "unknown_variant",
                format!("A condition names the variant “{}”, which the flag does not have.", shown(variant)),
            );
        }
    }

    fn percentage(&mut self, what: &str, percentage: Option<f64>) {
        if percentage.is_some_and(|percentage| !(0.0..=100.0).contains(&percentage)) {
            self.add("invalid_percentage", format!("The {what} is not between 0 and 100."));
        }
    }

    fn condition(
        &mut self,
        condition: &ConditionDefinition<'_>,
        compiler: &Compiler<'_>,
        cohorts: &[Cohort],
    ) {
        for filter in &condition.filters {
            match filter {
                FilterDefinition::Person(property) | FilterDefinition::Group(property, _) => {
                    let filter = compiler.compile(property);
                    let error = filter.as_ref().map_or_else(Some, |filter| filter.warning());
                    if let Some(error) = error {
                        self.add(error.code(), format!("Filter on “{}”: {error}", shown(&property.key)));
                    }
                }
                FilterDefinition::Cohort { id, operator } => {
                    if !matches!(operator, None | Some("in" | "not_in")) {
                        self.add("unknown_operator", "People are in a cohort or not_in it.".to_owned());
                    }
                    match compiler.cohort_place(*id).map(|place| &cohorts[place as usize]) {
                        None => self.add("missing_cohort", format!("There is no cohort {id}.")),
                        Some(Cohort::Broken(failure)) => self.add(code(*failure), sentence(*failure, *id)),
                        Some(_) => {}
                    }
                }
                FilterDefinition::Flag { operator, value, .. } => {
                    if Wanted::read(*operator, *value).is_none() {
                        let sentence = "A filter on a flag says flag_evaluates_to true, false or a variant.";
                        self.add("invalid_flag_filter", sentence.to_owned());
                    }
                }
            }
        }
    }
}

fn code(failure: Failure) -> &'static str {
    match failure {
        Failure::CohortNotFound => "missing_cohort",
        Failure::CohortCycle => "cohort_cycle",
        _ => "unreadable_cohort",
    }
}

fn sentence(failure: Failure, id: i64) -> String {
    match failure {
        Failure::CohortNotFound => {
            format!("Cohort {id} refers, if through others, to a cohort that does not exist.")
        }
        Failure::CohortCycle => {
            format!("Cohort {id} refers to itself, or to cohorts that refer to themselves.")
        }
        _ => format!("The criteria of cohort {id}, or of one that it refers to, cannot be understood."),
    }
}
