// Puts the guarded nodes of nodes.h in the place of the engine's own.
#include "guard.h"

#include "nodes.h"

#include <map>

namespace cjinja {

namespace {

template <typename New, typename... Arguments>
void replace(statement_ptr &node, Arguments &&...arguments) {
  auto made = std::make_unique<New>(std::forward<Arguments>(arguments)...);
  made->pos = node->pos;
  node = std::move(made);
}

template <typename New>
void wrap(statement_ptr &node) {
  const size_t pos = node->pos;
  node = std::make_unique<New>(std::move(node));
  node->pos = pos;
}

void guard(statement_ptr &node);

void guard_all(statements &nodes) {
  for (auto &node : nodes) guard(node);
}

void guard_body(statements &body, bool repeats) {
  for (auto &node : body) {
    guard(node);
    if (is_stmt<expression>(node)) wrap<output_statement>(node);
  }
  if (!repeats) return;
  auto step = std::make_unique<step_statement>();
  step->pos = 0;
  body.insert(body.begin(), std::move(step));
}

template <typename Node>
bool guard_growing(statement_ptr &node, Node *found) {
  if (!found) return false;
  replace<growing<Node>>(node, std::move(*found));
  return true;
}

void guard_filter(statement_ptr &node, statement_ptr operand, statement_ptr &filter) {
  auto *call = cast_stmt<call_expression>(filter);
  auto *id = cast_stmt<identifier>(call ? call->callee : filter);
  if (!id) throw std::runtime_error("A filter must be named");
  static const std::map<std::string, std::string> aliases = {
      {"count", "length"}, {"d", "default"}, {"e", "escape"}, {"trim", "strip"}};
  const auto alias = aliases.find(id->val);
  statements arguments;
  if (call) arguments = std::move(call->args);
  guard(operand);
  guard_all(arguments);
  const std::string name = alias == aliases.end() ? id->val : alias->second;
  replace<filter_guard>(node, std::move(operand), name, std::move(arguments));
}

void guard_test(test_expression *test) {
  guard(test->operand);
  auto *call = cast_stmt<call_expression>(test->test);
  auto *id = cast_stmt<identifier>(call ? call->callee : test->test);
  if (call) guard_all(call->args);
  if (!id || id->val != "divisibleby") return;
  // Division by zero, and of the least integer by -1, are signals, not exceptions.
  auto *divisor = call && call->args.size() == 1 ? cast_stmt<integer_literal>(call->args[0]) : nullptr;
  if (!divisor || divisor->val <= 0) throw std::runtime_error("'divisibleby' takes a positive number");
}

void guard_set(statement_ptr &node, set_statement *set) {
  guard(set->val);
  guard_body(set->body, false);
  auto *member = cast_stmt<member_expression>(set->assignee);
  if (!member || member->computed) return;
  auto *id = cast_stmt<identifier>(member->property);
  if (!id) return;
  statement_ptr operand = std::move(set->val);
  if (!operand) {
    operand = std::make_unique<block_expression>(std::move(set->body));
    operand->pos = node->pos;
  }
  guard(member->object);
  const std::string name = id->val;
  replace<set_member>(node, statement_ptr(std::move(member->object)), name, std::move(operand));
}

bool guard_statement(statement_ptr &node) {
  if (auto *found = cast_stmt<if_statement>(node)) {
    guard(found->test);
    guard_body(found->body, false);
    guard_body(found->alternate, false);
  } else if (auto *found = cast_stmt<for_statement>(node)) {
    guard(found->iterable);
    guard_body(found->body, true);
    guard_body(found->default_block, false);
  } else if (auto *found = cast_stmt<set_statement>(node)) {
    guard_set(node, found);
  } else if (auto *found = cast_stmt<macro_statement>(node)) {
    guard_all(found->args);
    guard_body(found->body, true);
  } else if (auto *found = cast_stmt<call_statement>(node)) {
    guard_all(found->caller_args);
    guard_body(found->body, true);
    auto *call = cast_stmt<call_expression>(found->call);
    guard_all(call->args);
    wrap<macro_expression>(call->callee);
  } else if (auto *found = cast_stmt<filter_statement>(node)) {
    guard_body(found->body, false);
    auto block = std::make_unique<block_expression>(std::move(found->body));
    block->pos = node->pos;
    statement_ptr filter = std::move(found->filter);
    guard_filter(node, std::move(block), filter);
  } else {
    return false;
  }
  return true;
}

void guard_operands(statement_ptr &node) {
  if (auto *found = cast_stmt<binary_expression>(node)) {
    guard(found->left);
    guard(found->right);
    const std::string op = found->op.value;
    if (op == "*") replace<product_expression>(node, std::move(*found));
    if (op == "+" || op == "~") replace<concatenation_expression>(node, std::move(*found));
  } else if (auto *found = cast_stmt<unary_expression>(node)) {
    guard(found->argument);
  } else if (auto *found = cast_stmt<ternary_expression>(node)) {
    guard(found->condition);
    guard(found->true_expr);
    guard(found->false_expr);
  } else if (auto *found = cast_stmt<select_expression>(node)) {
    guard(found->lhs);
    guard(found->test);
  } else if (auto *found = cast_stmt<test_expression>(node)) {
    guard_test(found);
  } else if (auto *found = cast_stmt<keyword_argument_expression>(node)) {
    guard(found->val);
  } else if (auto *found = cast_stmt<slice_expression>(node)) {
    guard(found->start_expr);
    guard(found->stop_expr);
    guard(found->step_expr);
  }
}

bool guard_literal(statement_ptr &node) {
  if (auto *found = cast_stmt<array_literal>(node)) {
    guard_all(found->val);
    return guard_growing(node, found);
  }
  if (auto *found = cast_stmt<tuple_literal>(node)) {
    guard_all(found->val);
    return guard_growing(node, found);
  }
  auto *found = cast_stmt<object_literal>(node);
  if (!found) return false;
  for (auto &pair : found->val) {
    guard(pair.first);
    guard(pair.second);
  }
  return guard_growing(node, found);
}

void guard(statement_ptr &node) {
  if (!node || guard_statement(node) || guard_literal(node)) return;
  if (auto *found = cast_stmt<call_expression>(node)) {
    statement_ptr callee = std::move(found->callee);
    statements arguments = std::move(found->args);
    guard(callee);
    guard_all(arguments);
    replace<call_guard>(node, std::move(callee), std::move(arguments));
  } else if (auto *found = cast_stmt<filter_expression>(node)) {
    statement_ptr operand = std::move(found->operand);
    statement_ptr filter = std::move(found->filter);
    guard_filter(node, std::move(operand), filter);
  } else if (auto *found = cast_stmt<member_expression>(node)) {
    guard(found->object);
    if (found->computed) guard(found->property);
    if (is_stmt<slice_expression>(found->property)) {
      replace<slice_guard>(node, std::move(found->object), std::move(found->property));
    } else if (found->computed) {
      replace<index_guard>(node, std::move(found->object), std::move(found->property));
    }
  } else {
    guard_operands(node);
  }
}

}  // namespace

void guard(program &parsed) { guard_body(parsed.body, false); }

}  // namespace cjinja
