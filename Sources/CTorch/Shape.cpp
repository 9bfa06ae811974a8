#include <ATen/ops/amax.h>
#include <ATen/ops/amin.h>
#include <ATen/ops/argmax.h>
#include <ATen/ops/as_strided.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/constant_pad_nd.h>
#include <ATen/ops/equal.h>
#include <ATen/ops/flatten.h>
#include <ATen/ops/flip.h>
#include <ATen/ops/gather.h>
#include <ATen/ops/index_select.h>
#include <ATen/ops/linalg_vector_norm.h>
#include <ATen/ops/mean.h>
#include <ATen/ops/narrow.h>
#include <ATen/ops/permute.h>
#include <ATen/ops/reshape.h>
#include <ATen/ops/roll.h>
#include <ATen/ops/squeeze.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/sum.h>
#include <ATen/ops/unsqueeze.h>

#include "Boundary.hpp"

using namespace ctorch;

namespace {
at::Tensor norm(const at::Tensor &input, at::IntArrayRef dimensions, bool keep) {
  using Dimensions = at::OptionalIntArrayRef;
  return at::linalg_vector_norm(
      input, 2, dimensions.empty() ? Dimensions() : Dimensions(dimensions), keep);
}
using at::amax;
using at::amin;
using at::mean;
using at::sum;
}  // namespace

#define DEFINE(op)                                                                              \
  ct_tensor ct_##op(ct_tensor input, const int64_t *dimensions, size_t count, bool keep) {      \
    return guard([&] { return ::op(input->value, list(dimensions, count), keep); });              \
  }
CT_REDUCTION(DEFINE)
#undef DEFINE

ct_tensor ct_argmax(ct_tensor input, int64_t dimension) {
  return guard([&] { return at::argmax(input->value, dimension); });
}

int ct_equal(ct_tensor left, ct_tensor right, bool *equal) {
  return guard([&] { *equal = at::equal(left->value, right->value); });
}

ct_tensor ct_reshape(ct_tensor input, const int64_t *shape, size_t rank) {
  return guard([&] { return at::reshape(input->value, list(shape, rank)); });
}

ct_tensor ct_as_strided(ct_tensor input, const int64_t *shape, const int64_t *strides, size_t rank,
                        int64_t offset) {
  return guard([&] {
    return at::as_strided(input->value, list(shape, rank), list(strides, rank), offset);
  });
}

ct_tensor ct_permute(ct_tensor input, const int64_t *order, size_t rank) {
  return guard([&] { return at::permute(input->value, list(order, rank)); });
}

ct_tensor ct_expand(ct_tensor input, const int64_t *shape, size_t rank) {
  return guard([&] { return input->value.expand(list(shape, rank)); });
}

ct_tensor ct_flatten(ct_tensor input, int64_t first, int64_t last) {
  return guard([&] { return at::flatten(input->value, first, last); });
}

ct_tensor ct_squeeze(ct_tensor input, int64_t dimension) {
  return guard([&] { return at::squeeze(input->value, dimension); });
}

ct_tensor ct_unsqueeze(ct_tensor input, int64_t dimension) {
  return guard([&] { return at::unsqueeze(input->value, dimension); });
}

ct_tensor ct_narrow(ct_tensor input, int64_t dimension, int64_t start, int64_t length) {
  return guard([&] { return at::narrow(input->value, dimension, start, length); });
}

ct_tensor ct_flip(ct_tensor input, const int64_t *dimensions, size_t count) {
  return guard([&] { return at::flip(input->value, list(dimensions, count)); });
}

ct_tensor ct_roll(ct_tensor input, const int64_t *shifts, const int64_t *dimensions, size_t count) {
  return guard(
      [&] { return at::roll(input->value, list(shifts, count), list(dimensions, count)); });
}

ct_tensor ct_pad(ct_tensor input, const int64_t *amounts, size_t count) {
  return guard([&] { return at::constant_pad_nd(input->value, list(amounts, count), 0); });
}

ct_tensor ct_index_select(ct_tensor input, int64_t dimension, ct_tensor index) {
  return guard([&] { return at::index_select(input->value, dimension, index->value); });
}

ct_tensor ct_gather(ct_tensor input, int64_t dimension, ct_tensor index) {
  return guard([&] { return at::gather(input->value, dimension, index->value); });
}

ct_tensor ct_cat(const ct_tensor *tensors, size_t count, int64_t dimension) {
  return guard([&] { return at::cat(ctorch::tensors(tensors, count), dimension); });
}

ct_tensor ct_stack(const ct_tensor *tensors, size_t count, int64_t dimension) {
  return guard([&] { return at::stack(ctorch::tensors(tensors, count), dimension); });
}
