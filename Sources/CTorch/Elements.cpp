#include <ATen/ops/abs.h>
#include <ATen/ops/add.h>
#include <ATen/ops/clamp.h>
#include <ATen/ops/div.h>
#include <ATen/ops/eq.h>
#include <ATen/ops/exp.h>
#include <ATen/ops/floor.h>
#include <ATen/ops/ge.h>
#include <ATen/ops/gelu.h>
#include <ATen/ops/gt.h>
#include <ATen/ops/hardswish.h>
#include <ATen/ops/isfinite.h>
#include <ATen/ops/isnan.h>
#include <ATen/ops/le.h>
#include <ATen/ops/log.h>
#include <ATen/ops/log_softmax.h>
#include <ATen/ops/logical_and.h>
#include <ATen/ops/logical_not.h>
#include <ATen/ops/logical_or.h>
#include <ATen/ops/lt.h>
#include <ATen/ops/masked_fill.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/maximum.h>
#include <ATen/ops/minimum.h>
#include <ATen/ops/mul.h>
#include <ATen/ops/ne.h>
#include <ATen/ops/neg.h>
#include <ATen/ops/pow.h>
#include <ATen/ops/relu.h>
#include <ATen/ops/round.h>
#include <ATen/ops/sigmoid.h>
#include <ATen/ops/silu.h>
#include <ATen/ops/softmax.h>
#include <ATen/ops/sqrt.h>
#include <ATen/ops/square.h>
#include <ATen/ops/sub.h>
#include <ATen/ops/tanh.h>
#include <ATen/ops/where.h>

#include "Boundary.hpp"

using namespace ctorch;

#define DEFINE(op) \
  ct_tensor ct_##op(ct_tensor input) { return guard([&] { return at::op(input->value); }); }
CT_UNARY(DEFINE)
#undef DEFINE

#define DEFINE(op)                                              \
  ct_tensor ct_##op(ct_tensor left, ct_tensor right) {          \
    return guard([&] { return at::op(left->value, right->value); }); \
  }
CT_BINARY(DEFINE)
#undef DEFINE

#define DEFINE(op)                                                               \
  ct_tensor ct_##op##_number(ct_tensor left, double right) {                     \
    return guard([&] { return at::op(left->value, number(right, left->value)); }); \
  }
CT_BINARY_NUMBER(DEFINE)
#undef DEFINE

ct_tensor ct_relu_(ct_tensor input) {
  return guard([&] { return at::relu_(input->value); });
}

ct_tensor ct_accumulate_(ct_tensor input, ct_tensor other) {
  return guard([&] { return input->value.add_(other->value); });
}

ct_tensor ct_clamp(ct_tensor input, double low, double high) {
  return guard([&] {
    const auto &value = input->value;
    return at::clamp(value, number(low, value), number(high, value));
  });
}

ct_tensor ct_where(ct_tensor condition, ct_tensor yes, ct_tensor no) {
  return guard([&] { return at::where(condition->value, yes->value, no->value); });
}

ct_tensor ct_masked_fill(ct_tensor input, ct_tensor mask, double value) {
  return guard([&] {
    return at::masked_fill(input->value, mask->value, number(value, input->value));
  });
}

ct_tensor ct_gelu(ct_tensor input, bool tanh_approximation) {
  return guard([&] { return at::gelu(input->value, tanh_approximation ? "tanh" : "none"); });
}

ct_tensor ct_softmax(ct_tensor input, int64_t dimension) {
  return guard([&] { return at::softmax(input->value, dimension); });
}

ct_tensor ct_log_softmax(ct_tensor input, int64_t dimension) {
  return guard([&] { return at::log_softmax(input->value, dimension); });
}
