#include <ATen/ops/arange.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/full.h>
#include <ATen/ops/zeros_like.h>

#include <cstring>

#include "Boundary.hpp"

using namespace ctorch;

namespace {
thread_local std::string lastError;
}

void ctorch::remember(const char *message) noexcept {
  try {
    lastError = message;
  } catch (...) {
    lastError.clear();
  }
}

const char *ct_last_error() { return lastError.c_str(); }

ct_tensor ct_from_bytes(const void *bytes, size_t length, const int64_t *shape, size_t rank,
                        int dtype) {
  return guard([&] {
    auto tensor = at::empty(list(shape, rank), static_cast<at::ScalarType>(dtype));
    TORCH_CHECK(tensor.nbytes() == length, "the shape needs ", tensor.nbytes(),
                " bytes, but there are ", length);
    if (length > 0) std::memcpy(tensor.mutable_data_ptr(), bytes, length);
    return tensor;
  });
}

ct_tensor ct_full(const int64_t *shape, size_t rank, double value, int dtype, int device) {
  return guard([&] {
    const auto options = at::TensorOptions(static_cast<at::ScalarType>(dtype));
    return at::full(list(shape, rank), value, options.device(ctorch::device(device)));
  });
}

ct_tensor ct_arange(int64_t end, int device) {
  return guard([&] {
    return at::arange(end, at::TensorOptions(at::kLong).device(ctorch::device(device)));
  });
}

ct_tensor ct_zeros_like(ct_tensor input) {
  return guard([&] { return at::zeros_like(input->value); });
}

void ct_free(ct_tensor tensor) { delete tensor; }

int64_t ct_rank(ct_tensor tensor) { return tensor->value.dim(); }

int64_t ct_size(ct_tensor tensor, int64_t dimension) {
  const auto sizes = tensor->value.sizes();
  return dimension >= 0 && dimension < tensor->value.dim() ? sizes[dimension] : -1;
}

int64_t ct_element_count(ct_tensor tensor) { return tensor->value.numel(); }

size_t ct_byte_count(ct_tensor tensor) { return tensor->value.nbytes(); }

int ct_dtype(ct_tensor tensor) { return static_cast<int>(tensor->value.scalar_type()); }

int ct_device(ct_tensor tensor) {
  return tensor->value.is_cuda() ? tensor->value.device().index() : -1;
}

bool ct_is_channels_last(ct_tensor tensor) {
  return tensor->value.suggest_memory_format() == at::MemoryFormat::ChannelsLast;
}

int ct_to_bytes(ct_tensor tensor, void *bytes, size_t length) {
  return guard([&] {
    const auto host = tensor->value.detach().to(at::kCPU).contiguous();
    TORCH_CHECK(host.nbytes() == length, "the tensor holds ", host.nbytes(),
                " bytes, but there is room for ", length);
    if (length > 0) std::memcpy(bytes, host.const_data_ptr(), length);
  });
}

int ct_item(ct_tensor tensor, double *value) {
  return guard([&] { *value = tensor->value.item().toDouble(); });
}

ct_tensor ct_to_device(ct_tensor tensor, int device) {
  return guard([&] { return tensor->value.to(ctorch::device(device)); });
}

ct_tensor ct_to_dtype(ct_tensor tensor, int dtype) {
  return guard([&] { return tensor->value.to(static_cast<at::ScalarType>(dtype)); });
}

ct_tensor ct_to_format(ct_tensor tensor, bool channels_last) {
  // Not `contiguous`: that leaves one channel as it is, since both orders are alike then, and the
  // first convolution would take the slow order from its strides and hand it on.
  return guard([&] {
    const auto format =
        channels_last ? at::MemoryFormat::ChannelsLast : at::MemoryFormat::Contiguous;
    return tensor->value.to(tensor->value.scalar_type(), false, false, format);
  });
}

int ct_copy_(ct_tensor destination, ct_tensor source) {
  return guard([&] { destination->value.copy_(source->value); });
}

int ct_fill_(ct_tensor tensor, double value) {
  return guard([&] { tensor->value.fill_(number(value, tensor->value)); });
}

int ct_add_(ct_tensor tensor, double value) {
  return guard([&] { tensor->value.add_(number(value, tensor->value)); });
}
