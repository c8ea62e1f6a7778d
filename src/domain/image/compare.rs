//! How one image differs from another.

use std::collections::{BTreeMap, HashMap};

use super::configuration::Configuration;
use super::details::Child;
use super::open::Image;
use super::steps::{Layer, Step};

/// What became of something on the way from the left to the right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Difference<T> {
    /// Nothing.
    Same(T),
    /// The right has it.
    Added(T),
    /// The left had it.
    Removed(T),
    /// Both have it, not the same.
    Changed {
        /// On the left.
        from: T,
        /// On the right.
        to: T,
    },
}

/// A difference of something that has a name: a variable, a label, a port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// Name.
    pub name: String,
    /// The value, and what became of it; empty where the name is all there is.
    pub value: Difference<String>,
}

/// How one image differs from another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// Bytes of both.
    pub total_size: (u64, u64),
    /// Layers and steps.
    pub layers: LayerComparison,
    /// What the configurations say; `None` if one of them could not be read.
    pub settings: Option<SettingsComparison>,
    /// Labels of the configurations, by key.
    pub labels: Vec<Named>,
    /// Annotations of the manifests, by key.
    pub annotations: Vec<Named>,
    /// Where they run.
    pub platforms: Option<Difference<Vec<String>>>,
}

/// What became of the layers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LayerComparison {
    /// How many steps from the first are the same on both sides.
    pub leading: usize,
    /// Layers among these.
    pub leading_layers: usize,
    /// The steps behind them: those the right has not, then those of the right in its order.
    pub rest: Vec<Difference<Step>>,
    /// Layers that both have, wherever they stand.
    pub common: Vec<Layer>,
    /// Layers that only the left has.
    pub only_left: Vec<Layer>,
    /// Layers that only the right has.
    pub only_right: Vec<Layer>,
}

/// What became of how the image is run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingsComparison {
    /// Variables: those of the left in their order, then new ones.
    pub env: Vec<Named>,
    /// The program.
    pub entrypoint: Option<Difference<Vec<String>>>,
    /// Its arguments.
    pub cmd: Option<Difference<Vec<String>>>,
    /// The user.
    pub user: Option<Difference<String>>,
    /// The folder it starts in.
    pub working_dir: Option<Difference<String>>,
    /// The signal that ends it.
    pub stop_signal: Option<Difference<String>>,
    /// Ports.
    pub exposed_ports: Vec<Named>,
    /// Volumes.
    pub volumes: Vec<Named>,
    /// When they were made, as written.
    pub created: Option<Difference<String>>,
    /// By whom.
    pub author: Option<Difference<String>>,
}

/// A platform and its manifests in two indexes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlatformPair {
    /// Such as `linux/amd64`.
    pub platform: String,
    /// What became of the manifest.
    pub manifest: Difference<Child>,
}

impl<T> Difference<T> {
    /// Whether there is any.
    pub fn is_any(&self) -> bool {
        !matches!(self, Difference::Same(_))
    }

    /// What became of a value that may be missing on either side; `None` if it is missing on both.
    fn between(left: Option<T>, right: Option<T>) -> Option<Difference<T>>
    where
        T: PartialEq,
    {
        Some(match (left, right) {
            (None, None) => return None,
            (None, Some(right)) => Difference::Added(right),
            (Some(left), None) => Difference::Removed(left),
            (Some(left), Some(right)) if left == right => Difference::Same(left),
            (Some(from), Some(to)) => Difference::Changed { from, to },
        })
    }
}

impl Comparison {
    /// How many bytes the right has more than the left.
    pub fn size_delta(&self) -> i64 {
        let (left, right) = self.total_size;
        let signed = |size: u64| i64::try_from(size).unwrap_or(i64::MAX);
        signed(right).saturating_sub(signed(left))
    }
}

impl SettingsComparison {
    /// How many variables are not the same.
    pub fn changed_variables(&self) -> usize {
        self.env.iter().filter(|variable| variable.value.is_any()).count()
    }
}

/// How `right` differs from `left`. For indexes see [`platform_pairs`]; of them this compares sizes and annotations.
pub fn compare(left: &Image, right: &Image) -> Comparison {
    let configurations = (left.configured.read(), right.configured.read());
    let labels = |read: Option<&Configuration>| read.map_or_else(BTreeMap::new, |read| read.labels.clone());
    let filled = |platforms: Vec<String>| Some(platforms).filter(|platforms| !platforms.is_empty());
    Comparison {
        total_size: (left.details.total_size, right.details.total_size),
        layers: compare_steps(&left.steps.steps, &right.steps.steps),
        settings: match configurations {
            (Some(left), Some(right)) => Some(compare_settings(left, right)),
            _ => None,
        },
        labels: compare_pairs(labels(configurations.0), labels(configurations.1)),
        annotations: compare_pairs(left.details.annotations().clone(), right.details.annotations().clone()),
        platforms: Difference::between(filled(left.platforms()), filled(right.platforms())),
    }
}

/// The manifests that two indexes list, by platform: those of the left in its order, then new ones. Attestations and
/// manifests without a platform are left out; of several for one platform the first counts, as clients take it.
pub fn platform_pairs(left: &[Child], right: &[Child]) -> Vec<PlatformPair> {
    let named = |children: &[Child]| {
        let mut named: Vec<(String, Child)> = Vec::new();
        for child in children {
            if let Some(platform) = child.runs_on()
                && !named.iter().any(|(known, _)| *known == platform)
            {
                named.push((platform, child.clone()));
            }
        }
        named
    };
    let is_same = |left: &Child, right: &Child| left.digest == right.digest;
    in_order(named(left), named(right), is_same)
        .into_iter()
        .map(|(platform, manifest)| PlatformPair { platform, manifest })
        .collect()
}

/// What became of named values: those of the left in their order, then new ones.
fn in_order<T>(
    left: Vec<(String, T)>,
    right: Vec<(String, T)>,
    is_same: impl Fn(&T, &T) -> bool,
) -> Vec<(String, Difference<T>)> {
    let order: Vec<String> = right.iter().map(|(name, _)| name.clone()).collect();
    let mut right: HashMap<String, T> = right.into_iter().collect();
    let mut all = Vec::with_capacity(left.len());
    for (name, from) in left {
        let difference = match right.remove(&name) {
            Some(to) if is_same(&from, &to) => Difference::Same(from),
            Some(to) => Difference::Changed { from, to },
            None => Difference::Removed(from),
        };
        all.push((name, difference));
    }
    all.extend(order.into_iter().filter_map(|name| right.remove(&name).map(|to| (name, Difference::Added(to)))));
    all
}

fn compare_pairs(left: BTreeMap<String, String>, right: BTreeMap<String, String>) -> Vec<Named> {
    let mut all = named(left.into_iter().collect(), right.into_iter().collect());
    all.sort_by(|a, b| a.name.cmp(&b.name));
    all
}

fn named(left: Vec<(String, String)>, right: Vec<(String, String)>) -> Vec<Named> {
    let all = in_order(left, right, |left, right| left == right);
    all.into_iter().map(|(name, value)| Named { name, value }).collect()
}

fn compare_settings(left: &Configuration, right: &Configuration) -> SettingsComparison {
    // Of equal variables the last one counts, as in a shell.
    let env = |read: &Configuration| -> Vec<(String, String)> {
        let mut all: Vec<(String, String)> = Vec::new();
        let mut known: HashMap<String, usize> = HashMap::new();
        for variable in &read.env {
            let value = variable.value.clone().unwrap_or_default();
            match known.get(&variable.name) {
                Some(at) => all[*at].1 = value,
                None => {
                    known.insert(variable.name.clone(), all.len());
                    all.push((variable.name.clone(), value));
                }
            }
        }
        all
    };
    let bare = |names: &[String]| names.iter().map(|name| (name.clone(), String::new())).collect();
    let words = |words: &[String]| Some(words.to_vec()).filter(|words| !words.is_empty());
    let text = |left: &Option<String>, right: &Option<String>| Difference::between(left.clone(), right.clone());
    SettingsComparison {
        env: named(env(left), env(right)),
        entrypoint: Difference::between(words(&left.entrypoint), words(&right.entrypoint)),
        cmd: Difference::between(words(&left.cmd), words(&right.cmd)),
        user: text(&left.user, &right.user),
        working_dir: text(&left.working_dir, &right.working_dir),
        stop_signal: text(&left.stop_signal, &right.stop_signal),
        exposed_ports: named(bare(&left.exposed_ports), bare(&right.exposed_ports)),
        volumes: named(bare(&left.volumes), bare(&right.volumes)),
        created: text(&left.created, &right.created),
        author: text(&left.author, &right.author),
    }
}

/// What makes two steps the same: the layer, or, without one, the instruction.
#[derive(PartialEq, Eq, Hash)]
enum Identity<'a> {
    Layer(&'a str),
    Instruction(Option<&'a str>),
}

fn identity(step: &Step) -> Identity<'_> {
    match &step.layer {
        Some(layer) => Identity::Layer(layer.digest.as_str()),
        None => Identity::Instruction(step.instruction.as_deref()),
    }
}

fn compare_steps(left: &[Step], right: &[Step]) -> LayerComparison {
    let leading = left.iter().zip(right).take_while(|(left, right)| identity(left) == identity(right)).count();
    let leading_layers = left[..leading].iter().filter(|step| step.layer.is_some()).count();
    let mut unmatched = counted(&right[leading..]);
    let mut rest = Vec::new();
    for step in &left[leading..] {
        if !take(step, &mut unmatched) {
            rest.push(Difference::Removed(step.clone()));
        }
    }
    let mut kept = counted(&left[leading..]);
    for step in &right[leading..] {
        let is_kept = take(step, &mut kept);
        rest.push(if is_kept { Difference::Same(step.clone()) } else { Difference::Added(step.clone()) });
    }
    let mut comparison =
        LayerComparison { leading, leading_layers, rest, common: vec![], only_left: vec![], only_right: vec![] };
    comparison.common.extend(left[..leading].iter().filter_map(|step| step.layer.clone()));
    for difference in &comparison.rest {
        match difference {
            Difference::Removed(step) => comparison.only_left.extend(step.layer.clone()),
            Difference::Added(step) => comparison.only_right.extend(step.layer.clone()),
            Difference::Same(step) | Difference::Changed { to: step, .. } => {
                comparison.common.extend(step.layer.clone());
            }
        }
    }
    comparison
}

/// Takes one of these steps; `false` if there is none left.
fn take<'a>(step: &'a Step, from: &mut HashMap<Identity<'a>, usize>) -> bool {
    from.get_mut(&identity(step)).filter(|left| **left > 0).map(|left| *left -= 1).is_some()
}

fn counted(steps: &[Step]) -> HashMap<Identity<'_>, usize> {
    let mut counts = HashMap::new();
    for step in steps {
        *counts.entry(identity(step)).or_insert(0) += 1;
    }
    counts
}

#[cfg(test)]
#[path = "compare_tests.rs"]
mod tests;
