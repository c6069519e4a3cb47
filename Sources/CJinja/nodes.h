// Guarded forms of the nodes in the engine's syntax tree: each counts what it does in the budget of its rendering.
#pragma once

#include "guard.h"
#include "values.h"

#include <set>

namespace cjinja {

using namespace jinja;

constexpr size_t max_repeated = 32 * megabyte;

inline jinja::value taken(jinja::value result) {
  budget::current->take(weight(result));
  return result;
}

// One turn of a loop, or one call of a macro.
struct step_statement : statement {
  value execute_impl(context &) const override {
    budget::current->step();
    return mk_val<value_undefined>();
  }
};

// Text that is written out.
struct output_statement : statement {
  statement_ptr inner;
  explicit output_statement(statement_ptr &&inner) : inner(std::move(inner)) {}
  value execute_impl(context &ctx) const override { return taken(inner->execute(ctx)); }
};

// An engine's node that makes new values.
template <typename Node>
struct growing : Node {
  explicit growing(Node &&node) : Node(std::move(node)) {}
  jinja::value execute_impl(context &ctx) const override { return taken(Node::execute_impl(ctx)); }
};

struct constant_expression : expression {
  value result;
  explicit constant_expression(value result) : result(std::move(result)) {}
  value execute_impl(context &) const override { return result; }
};

// The engine repeats a string any number of times before anyone could look at it.
struct product_expression : binary_expression {
  explicit product_expression(binary_expression &&node) : binary_expression(std::move(node)) {}
  value execute_impl(context &ctx) const override {
    value a = left->execute(ctx);
    value b = right->execute(ctx);
    const value &text = is_val<value_string>(a) ? a : b;
    const value &times = is_val<value_string>(a) ? b : a;
    if (is_val<value_string>(text) && is_val<value_int>(times)) {
      const int64_t most = static_cast<int64_t>(max_repeated / weight(text));
      if (times->as_int() > most) throw failure{"it builds data that is too large"};
    }
    binary_expression product(
        op, std::make_unique<constant_expression>(a), std::make_unique<constant_expression>(b));
    return taken(product.execute_impl(ctx));
  }
};

// The engine forgets the marks of what is no text when it appends it to one.
struct concatenation_expression : binary_expression {
  explicit concatenation_expression(binary_expression &&node) : binary_expression(std::move(node)) {}
  value execute_impl(context &ctx) const override {
    value a = left->execute(ctx);
    value b = right->execute(ctx);
    if (is_val<value_string>(a)) b = written(b);
    if (is_val<value_string>(b)) a = written(a);
    binary_expression sum(op, std::make_unique<constant_expression>(a), std::make_unique<constant_expression>(b));
    return taken(sum.execute_impl(ctx));
  }

 private:
  static value written(const value &operand) {
    if (is_val<value_string>(operand) || !has_input(operand)) return operand;
    auto text = mk_val<value_string>(operand->as_string());
    text->mark_input();
    return text;
  }
};

struct call_guard : expression {
  statement_ptr callee;
  statements arguments;
  call_guard(statement_ptr &&callee, statements &&arguments)
      : callee(std::move(callee)), arguments(std::move(arguments)) {}
  std::string type() const override { return "CallExpression"; }
  value execute_impl(context &ctx) const override {
    budget::current->step();
    func_args values(ctx);
    for (const auto &argument : arguments) values.push_back(argument->execute(ctx));
    return taken(invoke(callee->execute(ctx), values));
  }
};

// A filter, as the engine applies it, but called through `invoke`.
struct filter_guard : expression {
  statement_ptr operand;
  std::string name;
  statements arguments;
  filter_guard(statement_ptr &&operand, std::string name, statements &&arguments)
      : operand(std::move(operand)), name(std::move(name)), arguments(std::move(arguments)) {}
  std::string type() const override { return "FilterExpression"; }
  value execute_impl(context &ctx) const override {
    budget::current->step();
    value input = operand->execute(ctx);
    static const std::set<std::string> of_text = {
        "capitalize", "lower", "replace", "strip", "title", "upper", "wordcount"};
    if (of_text.count(name) > 0 && !input->is_undefined() && !is_val<value_string>(input)) {
      auto text = mk_val<value_string>(input->as_string());
      if (has_input(input)) text->mark_input();
      input = text;
    }
    const auto &builtins = input->get_builtins();
    const auto found = builtins.find(name);
    if (found == builtins.end()) {
      throw std::runtime_error("Unknown filter '" + name + "' for type " + input->type());
    }
    func_args values(ctx);
    for (const auto &argument : arguments) values.push_back(argument->execute(ctx));
    return taken(invoke(mk_val<value_func>(name, found->second, input), values));
  }
};

// `text[index]`, of which the engine forgets the mark.
struct index_guard : expression {
  statement_ptr object;
  statement_ptr property;
  index_guard(statement_ptr &&object, statement_ptr &&property)
      : object(std::move(object)), property(std::move(property)) {}
  std::string type() const override { return "MemberExpression"; }
  value execute_impl(context &ctx) const override {
    value subject = object->execute(ctx);
    member_expression member(
        std::make_unique<constant_expression>(subject),
        std::make_unique<constant_expression>(property->execute(ctx)), true);
    value result = member.execute_impl(ctx);
    if (is_val<value_string>(subject) && is_val<value_string>(result) && has_input(subject)) {
      result->val_str.mark_input();
    }
    return result;
  }
};

// `text[start:stop:step]`, as the engine evaluates it, but called through `invoke`.
struct slice_guard : expression {
  statement_ptr object;
  statement_ptr property;
  slice_guard(statement_ptr &&object, statement_ptr &&property)
      : object(std::move(object)), property(std::move(property)) {}
  std::string type() const override { return "MemberExpression"; }
  value execute_impl(context &ctx) const override {
    budget::current->step();
    value input = object->execute(ctx);
    const auto *slice = cast_stmt<slice_expression>(property);
    const int64_t size = input->val_arr.size() + input->val_str.length();
    const auto bound = [&](const statement_ptr &given, int64_t otherwise) {
      return given ? given->execute(ctx) : mk_val<value_int>(otherwise);
    };
    const value step = bound(slice->step_expr, 1);
    const bool is_backwards = step->as_int() < 0;
    func_args values(ctx);
    values.push_back(bound(slice->start_expr, is_backwards ? size - 1 : 0));
    values.push_back(bound(slice->stop_expr, is_backwards ? -1 : size));
    values.push_back(step);
    const auto &builtins = input->get_builtins();
    const auto found = builtins.find("slice");
    if (found == builtins.end()) throw std::runtime_error("Cannot slice " + input->type());
    return taken(invoke(mk_val<value_func>("slice", found->second, input), values));
  }
};

// The text of several statements.
struct block_expression : expression {
  statements body;
  explicit block_expression(statements &&body) : body(std::move(body)) {}
  value execute_impl(context &ctx) const override {
    auto written = mk_val<value_array>();
    for (const auto &each : body) written->push_back(each->execute(ctx));
    auto text = mk_val<value_string>();
    gather_string_parts_recursive(written, text);
    return text;
  }
};

// `{% set object.name = … %}`, the one way besides `append` to change data that exists.
struct set_member : statement {
  statement_ptr object;
  std::string name;
  statement_ptr operand;
  set_member(statement_ptr &&object, std::string name, statement_ptr &&operand)
      : object(std::move(object)), name(std::move(name)), operand(std::move(operand)) {}
  std::string type() const override { return "Set"; }
  value execute_impl(context &ctx) const override {
    value stored = operand->execute(ctx);
    value target = object->execute(ctx);
    if (!is_val<value_object>(target)) throw std::runtime_error("Cannot assign to member of non-object");
    check_storable(stored, target);
    cast_val<value_object>(target)->insert(name, stored);
    weight(target);
    return mk_val<value_undefined>();
  }
};

// `{% call %}` invokes its callee inside the engine: macros only, whose bodies count their steps.
struct macro_expression : expression {
  statement_ptr callee;
  explicit macro_expression(statement_ptr &&callee) : callee(std::move(callee)) {}
  value execute_impl(context &ctx) const override {
    value found = callee->execute(ctx);
    const auto *function = cast_val<value_func>(found);
    if (function && (function->arg0 || global_builtins().count(function->name) > 0)) {
      throw std::runtime_error("'call' takes a macro, not '" + function->name + "'");
    }
    return found;
  }
};

}  // namespace cjinja
