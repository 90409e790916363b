//! Guardrails: CEL rules, compiled once, which fail closed.

use super::facts;
use crate::registry::Guardrail;
use cel::common::ast::{EntryExpr, Expr, IdedExpr};
use cel::{Context, Program, Value};
use std::sync::Arc;

/// More text than a rule ever needs; beyond it parsing could take long.
const LONGEST: usize = 4_000;
/// The engine has no limit of cost, so that loops in loops in loops are not compiled (SPEC §2).
const DEEPEST_LOOPS: usize = 2;
/// Deeper nesting could exhaust the parser's stack.
const DEEPEST_BRACKETS: usize = 24;
/// So many operators in a chain, each a level of the tree, still fit a small thread's stack.
const MOST_OPERATORS: usize = 240;

/// A guardrail whose expression has been compiled, or could not be.
#[derive(Debug, Clone)]
pub struct Compiled {
    guardrail: Arc<Guardrail>,
    program: Result<Arc<Ready>, GuardrailError>,
}

#[derive(Debug)]
struct Ready {
    program: Program,
    needs: facts::Needs,
}

/// Why an expression does not compile, or fails.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct GuardrailError {
    /// What is wrong, in a sentence.
    pub message: String,
    /// Where, as a byte of the expression, for errors of syntax.
    pub place: Option<usize>,
}

/// What a rule says of one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It does not match.
    Passes,
    /// It matches.
    Matches,
    /// It does not compile, yields no bool or fails: it denies.
    Fails(GuardrailError),
}

impl Compiled {
    /// Compiles a rule. One that does not compile is kept, and denies.
    #[must_use]
    pub fn new(guardrail: Arc<Guardrail>) -> Self {
        let program = compile(&guardrail.when).map(Arc::new);
        Self { guardrail, program }
    }

    /// The rule.
    #[must_use]
    pub fn guardrail(&self) -> &Arc<Guardrail> {
        &self.guardrail
    }

    /// Why it does not compile.
    #[must_use]
    pub fn error(&self) -> Option<&GuardrailError> {
        self.program.as_ref().err()
    }

    /// Whether its answer can change with the instant alone.
    #[must_use]
    pub fn reads_clock(&self) -> bool {
        self.needs().now()
    }

    /// What it needs to see; nothing where it does not compile.
    pub(super) fn needs(&self) -> facts::Needs {
        self.program.as_ref().map(|ready| ready.needs).unwrap_or_default()
    }

    pub(super) fn evaluate(&self, context: &Context<'_, '_>) -> Verdict {
        let ready = match &self.program {
            Ok(ready) => ready,
            Err(error) => return Verdict::Fails(error.clone()),
        };
        match ready.program.execute(context) {
            Ok(Value::Bool(true)) => Verdict::Matches,
            Ok(Value::Bool(false)) => Verdict::Passes,
            Ok(_) => Verdict::Fails(sentence(
                "the expression yields no bool; compare something, for example `lifetime > 600`",
            )),
            Err(error) => Verdict::Fails(sentence(error)),
        }
    }
}

/// Tells whether an expression compiles.
///
/// # Errors
/// [`GuardrailError`] with a sentence, and the place for errors of syntax.
pub fn check(source: &str) -> Result<(), GuardrailError> {
    compile(source).map(|_| ())
}

fn compile(source: &str) -> Result<Ready, GuardrailError> {
    if source.trim().is_empty() {
        return Err(sentence("the expression is empty; write a condition, for example `lifetime > 600`"));
    }
    if source.len() > LONGEST {
        return Err(sentence(format_args!(
            "the expression is longer than {LONGEST} bytes; split it into several rules"
        )));
    }
    if brackets(source) > DEEPEST_BRACKETS {
        return Err(sentence("brackets are nested too deeply; write the expression flatter"));
    }
    if operators(source) > MOST_OPERATORS {
        return Err(sentence(format_args!(
            "more than {MOST_OPERATORS} signs of operators; split the expression into several rules"
        )));
    }
    let program = Program::compile(source).map_err(|errors| syntax(source, &errors))?;
    if loops(program.expression()) > DEEPEST_LOOPS {
        return Err(sentence(
            "more than two nested `exists`, `all`, `map` or `filter`; write the rule flatter",
        ));
    }
    let references = program.references();
    let unknown = references
        .variables()
        .into_iter()
        .filter(|name| !facts::NAMES.contains(name) && !name.starts_with('@'))
        .find(|name| !is_bound(program.expression(), name));
    if let Some(name) = unknown {
        return Err(sentence(format_args!("`{name}` is not known; use {}", facts::NAMES.join(", "))));
    }
    drop(references);
    let mut needs = facts::Needs::default();
    collect_needs(program.expression(), &mut needs);
    Ok(Ready { program, needs })
}

fn sentence(message: impl ToString) -> GuardrailError {
    GuardrailError { message: message.to_string(), place: None }
}

fn syntax(source: &str, errors: &cel::ParseErrors) -> GuardrailError {
    let Some(first) = errors.errors.first() else {
        return sentence("the expression is not CEL");
    };
    let (line, column) = first.pos;
    let (line, column) =
        (usize::try_from(line).unwrap_or(1).max(1), usize::try_from(column).unwrap_or_default());
    let start: usize = source.split_inclusive('\n').take(line - 1).map(str::len).sum();
    let within = source.get(start..).unwrap_or_default();
    let offset: usize = within.chars().take(column).map(char::len_utf8).sum();
    // The parser lists every token that it would have taken, which helps nobody.
    let said = first.msg.trim();
    let said = said.strip_prefix("Syntax error: ").unwrap_or(said);
    let said = said.split(" expecting {").next().unwrap_or(said);
    GuardrailError {
        message: format!("line {line}, column {}: {said}", column + 1),
        place: Some((start + offset).min(source.len())),
    }
}

/// How deeply brackets and the operators before an operand are nested, whatever stands in strings: an upper bound.
fn brackets(source: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    for byte in source.bytes() {
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

/// How many operators there are, whatever stands in strings: a chain of them is a tree as deep as it is long.
fn operators(source: &str) -> usize {
    source.bytes().filter(|byte| b".[+-*/%?!&|<>=".contains(byte)).count() + source.matches("in").count()
}

/// How deeply macros that loop are nested.
fn loops(expression: &IdedExpr) -> usize {
    let deepest = children(expression).into_iter().map(loops).max().unwrap_or_default();
    deepest + usize::from(matches!(expression.expr, Expr::Comprehension(_)))
}

/// Whether a macro binds this name.
fn is_bound(expression: &IdedExpr, name: &str) -> bool {
    let here = match &expression.expr {
        Expr::Comprehension(c) => {
            c.iter_var == name || c.accu_var == name || c.iter_var2.as_deref() == Some(name)
        }
        _ => false,
    };
    here || children(expression).into_iter().any(|child| is_bound(child, name))
}

/// Which names and which of their fields an expression uses. A macro's variable of the same name only adds to it.
fn collect_needs(expression: &IdedExpr, needs: &mut facts::Needs) {
    match &expression.expr {
        Expr::Ident(name) => needs.add_whole(name),
        Expr::Select(select) => match &select.operand.expr {
            Expr::Ident(name) => needs.add_field(name, &select.field),
            _ => collect_needs(&select.operand, needs),
        },
        _ => children(expression).into_iter().for_each(|child| collect_needs(child, needs)),
    }
}

fn children(expression: &IdedExpr) -> Vec<&IdedExpr> {
    match &expression.expr {
        Expr::Call(call) => call.target.as_deref().into_iter().chain(&call.args).collect(),
        Expr::Comprehension(c) => {
            vec![&c.iter_range, &c.accu_init, &c.loop_cond, &c.loop_step, &c.result]
        }
        Expr::List(list) => list.elements.iter().collect(),
        Expr::Map(map) => map.entries.iter().flat_map(|entry| entry_children(&entry.expr)).collect(),
        Expr::Struct(fields) => fields.entries.iter().flat_map(|entry| entry_children(&entry.expr)).collect(),
        Expr::Select(select) => vec![&select.operand],
        Expr::Unspecified | Expr::Ident(_) | Expr::Literal(_) => Vec::new(),
    }
}

fn entry_children(entry: &EntryExpr) -> Vec<&IdedExpr> {
    match entry {
        EntryExpr::StructField(field) => vec![&field.value],
        EntryExpr::MapEntry(entry) => vec![&entry.key, &entry.value],
    }
}
