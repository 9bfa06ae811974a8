#include <ATen/autocast_mode.h>
#include <c10/core/GradMode.h>

#include "Boundary.hpp"

using namespace ctorch;

bool ct_requires_grad(ct_tensor tensor) { return tensor->value.requires_grad(); }

int ct_set_requires_grad(ct_tensor tensor, bool wanted) {
  return guard([&] { tensor->value.set_requires_grad(wanted); });
}

int ct_retain_grad(ct_tensor tensor) {
  return guard([&] { tensor->value.retain_grad(); });
}

ct_tensor ct_detach(ct_tensor tensor) {
  return guard([&] { return tensor->value.detach(); });
}

int ct_backward(ct_tensor tensor, bool keep_graph) {
  return guard([&] { tensor->value.backward({}, keep_graph); });
}

bool ct_has_grad(ct_tensor tensor) { return tensor->value.grad().defined(); }

ct_tensor ct_grad(ct_tensor tensor) {
  return guard([&] {
    auto gradient = tensor->value.grad();
    TORCH_CHECK(gradient.defined(), "the tensor has no gradient");
    return gradient;
  });
}

int ct_clear_grad(ct_tensor tensor) {
  return guard([&] { tensor->value.mutable_grad() = at::Tensor(); });
}

bool ct_set_grad_enabled(bool enabled) {
  const bool before = c10::GradMode::is_enabled();
  c10::GradMode::set_enabled(enabled);
  return before;
}

int ct_autocast_enter(int device, bool enabled, int dtype, ct_autocast *before) {
  return guard([&] {
    const auto type = ctorch::device(device).type();
    before->enabled = at::autocast::is_autocast_enabled(type);
    before->dtype = static_cast<int>(at::autocast::get_autocast_dtype(type));
    if (enabled) at::autocast::set_autocast_dtype(type, static_cast<at::ScalarType>(dtype));
    at::autocast::set_autocast_enabled(type, enabled);
    at::autocast::increment_nesting();
  });
}

// The outermost scope drops the cached low-precision copies of the weights, as Python's does:
// without it the next step would compute with the weights of this one.
void ct_autocast_leave(int device, ct_autocast before) {
  const auto type = ctorch::device(device).type();
  if (at::autocast::decrement_nesting() == 0) at::autocast::clear_cache();
  at::autocast::set_autocast_enabled(type, before.enabled);
  at::autocast::set_autocast_dtype(type, static_cast<at::ScalarType>(before.dtype));
}
