//! Which variables must be known before which.

use super::{Variable, find_references};
use crate::notice::Notice;

/// The order in which variables find their values.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct VariableOrder {
    /// Groups of names; those of a group do not need each other and can be asked for at once.
    pub levels: Vec<Vec<String>>,
    /// For each variable, the names of those it needs.
    pub parents: Vec<(String, Vec<String>)>,
    /// Rings, in which every variable needs the next: their members come last, as they are.
    pub notices: Vec<Notice>,
}

/// Orders variables by what their queries and patterns mention.
pub fn order_variables(variables: &[Variable]) -> VariableOrder {
    let known = |name: &String| variables.iter().any(|variable| variable.name == *name);
    let parents: Vec<(String, Vec<String>)> = variables
        .iter()
        .map(|variable| {
            let mut names: Vec<String> = variable
                .depends_on
                .iter()
                .flat_map(|text| find_references(text))
                .filter(|name| known(name) && *name != variable.name)
                .collect();
            names.sort();
            names.dedup();
            (variable.name.clone(), names)
        })
        .collect();
    let mut levels: Vec<Vec<String>> = Vec::new();
    let mut done: Vec<&String> = Vec::new();
    let mut notices = Vec::new();
    while done.len() < parents.len() {
        let ready: Vec<&String> = parents
            .iter()
            .filter(|(name, needs)| {
                !done.contains(&name) && needs.iter().all(|need| done.contains(&need))
            })
            .map(|(name, _)| name)
            .collect();
        if ready.is_empty() {
            let ring: Vec<&String> = parents
                .iter()
                .map(|(name, _)| name)
                .filter(|name| !done.contains(name))
                .collect();
            let names = ring
                .iter()
                .map(|name| format!("`{name}`"))
                .collect::<Vec<_>>()
                .join(", ");
            notices.push(Notice::new(
                "variables",
                format!("{names} need each other; they are asked for in the dashboard's order"),
            ));
            for name in ring {
                levels.push(vec![name.clone()]);
                done.push(name);
            }
            break;
        }
        levels.push(ready.iter().map(|name| (*name).clone()).collect());
        done.extend(ready);
    }
    VariableOrder {
        levels,
        parents,
        notices,
    }
}

impl VariableOrder {
    /// The variables that need `name`, directly or through others, in the order of asking.
    pub fn children(&self, name: &str) -> Vec<String> {
        let mut changed = vec![name.to_owned()];
        for level in &self.levels {
            for candidate in level {
                let needs = self
                    .parents
                    .iter()
                    .find(|(known, _)| known == candidate)
                    .map_or(&[][..], |(_, needs)| needs.as_slice());
                if !changed.contains(candidate) && needs.iter().any(|need| changed.contains(need)) {
                    changed.push(candidate.clone());
                }
            }
        }
        changed.remove(0);
        changed
    }
}
