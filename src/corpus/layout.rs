//! Lays JSON out for people: what fits on a line stays on it, everything else gets a line a member.
//!
//! It works on read JSON and not on a map in memory, so that it changes nothing but white space: repeated members stay, and
//! numbers keep their source text.

use crate::iam::json::{Json, Shape, Value};

/// The longest line, indentation included, that an array or object may share with its members.
const WIDTH: usize = 118;

/// The same JSON, laid out, with a line feed at its end.
pub(super) fn laid_out(json: &Json<'_>) -> String {
    let mut out = String::new();
    // The top object is always opened: a case is a column of its fields.
    write(json.top().value(), 0, WIDTH, &mut out);
    out.push('\n');
    out
}

/// Writes a value that starts `used` columns into its line.
fn write(value: &Value<'_>, indent: usize, used: usize, out: &mut String) {
    let one_line = compact(value);
    if used + one_line.chars().count() <= WIDTH {
        out.push_str(&one_line);
        return;
    }
    let deeper = indent + 2;
    let padding = " ".repeat(deeper);
    match &value.shape {
        Shape::Array(items) if !items.is_empty() => {
            for (index, item) in items.iter().enumerate() {
                out.push_str(if index == 0 { "[\n" } else { ",\n" });
                out.push_str(&padding);
                write(item, deeper, deeper + 1, out);
            }
            out.push('\n');
            out.push_str(&" ".repeat(indent));
            out.push(']');
        }
        Shape::Object(members) if !members.is_empty() => {
            for (index, member) in members.iter().enumerate() {
                out.push_str(if index == 0 { "{\n" } else { ",\n" });
                let name = quoted(&member.name);
                out.push_str(&padding);
                out.push_str(&name);
                out.push_str(": ");
                write(&member.value, deeper, deeper + name.chars().count() + 3, out);
            }
            out.push('\n');
            out.push_str(&" ".repeat(indent));
            out.push('}');
        }
        Shape::Null
        | Shape::Bool(_)
        | Shape::Number(_)
        | Shape::String(_)
        | Shape::Array(_)
        | Shape::Object(_) => out.push_str(&one_line),
    }
}

/// A value without any white space between its tokens.
pub(super) fn without_space(value: &Value<'_>) -> String {
    match &value.shape {
        Shape::Array(items) => {
            let items: Vec<String> = items.iter().map(without_space).collect();
            format!("[{}]", items.join(","))
        }
        Shape::Object(members) => {
            let members: Vec<String> = members
                .iter()
                .map(|member| format!("{}:{}", quoted(&member.name), without_space(&member.value)))
                .collect();
            format!("{{{}}}", members.join(","))
        }
        Shape::Null | Shape::Bool(_) | Shape::Number(_) | Shape::String(_) => compact(value),
    }
}

/// A value on one line.
fn compact(value: &Value<'_>) -> String {
    match &value.shape {
        Shape::Null => "null".to_owned(),
        Shape::Bool(value) => value.to_string(),
        Shape::Number(source) => (*source).to_owned(),
        Shape::String(text) => quoted(text),
        Shape::Array(items) => {
            let items: Vec<String> = items.iter().map(compact).collect();
            format!("[{}]", items.join(", "))
        }
        Shape::Object(members) if members.is_empty() => "{}".to_owned(),
        Shape::Object(members) => {
            let members: Vec<String> = members
                .iter()
                .map(|member| format!("{}: {}", quoted(&member.name), compact(&member.value)))
                .collect();
            format!("{{ {} }}", members.join(", "))
        }
    }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
