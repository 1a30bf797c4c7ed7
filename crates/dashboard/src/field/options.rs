//! The options of fields: defaults of a panel and its overrides.

use super::{ColorChoice, FieldMatcher, Link, Mapping, Thresholds};
use crate::json::{Object, Reading, flag_of, number_of, text_of, with_object};
use crate::notice::Notice;
use serde_json::Value;

/// How a field is shown.
#[derive(Debug, Clone, Default)]
pub struct FieldOptions {
    /// Id of the unit.
    pub unit: Option<String>,
    /// Decimals; `None` keeps about three telling digits.
    pub decimals: Option<u8>,
    /// Least value of scales.
    pub min: Option<f64>,
    /// Greatest value of scales.
    pub max: Option<f64>,
    /// Whether least and greatest are looked for in the field alone, not in all fields.
    pub own_range: bool,
    /// Name to show; may hold variables.
    pub display_name: Option<String>,
    /// Name that the query's legend gives.
    pub legend: Option<String>,
    /// What stands for nothing.
    pub no_value: Option<String>,
    /// For people.
    pub description: Option<String>,
    /// Where the colour comes from.
    pub color: Option<ColorChoice>,
    /// Borders between colours.
    pub thresholds: Option<Thresholds>,
    /// Values shown as something else.
    pub mappings: Vec<Mapping>,
    /// Links of values.
    pub links: Vec<Link>,
    /// Whether the table offers a filter.
    pub filterable: Option<bool>,
    /// What the kind of panel asks for itself.
    pub custom: Object,
}

/// Options for some of the fields.
#[derive(Debug, Clone)]
pub struct Override {
    /// Which fields.
    pub matcher: FieldMatcher,
    /// Ordering: later ones win.
    pub properties: Vec<(String, Value)>,
    /// What wrote it, if not a person: `hideSeriesFrom` keeps what a click in the legend hid.
    pub system: Option<String>,
}

/// The options of all fields of a panel.
#[derive(Debug, Clone, Default)]
pub struct FieldConfig {
    /// For all.
    pub defaults: FieldOptions,
    /// For some. Ordering: later ones win.
    pub overrides: Vec<Override>,
}

impl FieldConfig {
    /// Reads `{defaults, overrides}`.
    pub fn read(value: Option<&Value>, path: &str, notices: &mut Vec<Notice>) -> Self {
        let Some(value) = value else {
            return Self::default();
        };
        let defaults = value
            .object("defaults")
            .map(|defaults| FieldOptions::read(defaults, path, notices))
            .unwrap_or_default();
        let overrides = value
            .list("overrides")
            .iter()
            .enumerate()
            .map(|(i, item)| {
                let path = format!("{path} › override {}", i + 1);
                Override {
                    matcher: item.field("matcher").map_or(FieldMatcher::None, |matcher| {
                        FieldMatcher::read(matcher, &path, notices)
                    }),
                    properties: item
                        .list("properties")
                        .iter()
                        .map(|property| {
                            let value = property.field("value").cloned().unwrap_or(Value::Null);
                            (property.str_or_empty("id").to_owned(), value)
                        })
                        .collect(),
                    system: item.text("__systemRef"),
                }
            })
            .collect();
        Self {
            defaults,
            overrides,
        }
    }
}

impl FieldOptions {
    /// Reads the options of an object.
    pub fn read(object: &Object, path: &str, notices: &mut Vec<Notice>) -> Self {
        let mut options = Self::default();
        for (key, value) in object {
            if key == "custom" {
                if let Value::Object(custom) = value {
                    options.custom.clone_from(custom);
                }
            } else {
                options.set(key, value, path, notices);
            }
        }
        options
    }

    /// Sets one property, by the id that overrides use. What is not known is told.
    pub fn set(&mut self, id: &str, value: &Value, path: &str, notices: &mut Vec<Notice>) {
        let text = || text_of(value).filter(|text| !text.is_empty());
        match id {
            "unit" => self.unit = text(),
            "decimals" => {
                self.decimals = number_of(value)
                    .and_then(|n| u8::try_from(crate::number::to_i64(n.max(0.0))).ok());
            }
            "min" => self.min = number_of(value),
            "max" => self.max = number_of(value),
            "fieldMinMax" => self.own_range = flag_of(value).unwrap_or(false),
            "displayName" => self.display_name = text(),
            "displayNameFromDS" => self.legend = text(),
            "noValue" => self.no_value = text(),
            "description" => self.description = text(),
            "color" => self.color = ColorChoice::read(value),
            "thresholds" => self.thresholds = Thresholds::read(value),
            "mappings" => {
                self.mappings = Mapping::read_list(value.as_array().map_or(&[], Vec::as_slice));
            }
            "links" => self.links = Link::read_list(value.as_array().map_or(&[], Vec::as_slice)),
            "filterable" => self.filterable = flag_of(value),
            // The server's own bookkeeping, and things that only the editor uses.
            "interval" | "path" | "writeable" | "type" | "entityLocation" | "nullValueMode" => {}
            "actions" => {
                if value.as_array().is_some_and(|actions| !actions.is_empty()) {
                    notices.push(Notice::new(
                        path,
                        "actions of values are kept, but not offered",
                    ));
                }
            }
            _ => {
                if let Some(inner) = id.strip_prefix("custom.") {
                    set_path(&mut self.custom, inner, value);
                } else {
                    notices.push(Notice::new(
                        path,
                        format!("the field option `{id}` is kept, but does nothing here"),
                    ));
                }
            }
        }
    }

    /// Takes what is not set here from `defaults`.
    pub fn fill_from(&mut self, defaults: &Self) {
        fn fill<T: Clone>(slot: &mut Option<T>, default: Option<&T>) {
            if slot.is_none() {
                *slot = default.cloned();
            }
        }
        fill(&mut self.unit, defaults.unit.as_ref());
        fill(&mut self.decimals, defaults.decimals.as_ref());
        fill(&mut self.min, defaults.min.as_ref());
        fill(&mut self.max, defaults.max.as_ref());
        self.own_range |= defaults.own_range;
        fill(&mut self.display_name, defaults.display_name.as_ref());
        fill(&mut self.no_value, defaults.no_value.as_ref());
        fill(&mut self.description, defaults.description.as_ref());
        fill(&mut self.color, defaults.color.as_ref());
        fill(&mut self.thresholds, defaults.thresholds.as_ref());
        fill(&mut self.filterable, defaults.filterable.as_ref());
        if self.mappings.is_empty() {
            self.mappings.clone_from(&defaults.mappings);
        }
        if self.links.is_empty() {
            self.links.clone_from(&defaults.links);
        }
        for (key, value) in &defaults.custom {
            self.custom
                .entry(key.clone())
                .or_insert_with(|| value.clone());
        }
    }

    /// Whether the field is left out of a part of the panel: `viz`, `legend` or `tooltip`.
    pub fn hidden_from(&self, part: &str) -> bool {
        self.custom
            .at(&["hideFrom", part])
            .and_then(flag_of)
            .unwrap_or(false)
            || part == "viz" && self.custom.is("hidden")
    }
}

/// Sets a value at a path of keys parted by dots.
fn set_path(object: &mut Object, path: &str, value: &Value) {
    match path.split_once('.') {
        Some((key, rest)) => with_object(object, key, |inner| set_path(inner, rest, value)),
        None => {
            object.insert(path.to_owned(), value.clone());
        }
    }
}
