#include <ATen/autocast_mode.h>
#include <ATen/ops/_foreach_add.h>
#include <ATen/ops/_fused_adam.h>
#include <ATen/ops/_fused_adamw.h>
#include <ATen/ops/_fused_sgd.h>
#include <ATen/ops/empty_like.h>
#include <c10/core/GradMode.h>

#include "Boundary.hpp"

using namespace ctorch;

namespace {

using Tensors = std::vector<at::Tensor>;

/// The gradient in the memory order of its parameter: the fused kernels walk both as flat arrays
/// and would silently pair wrong elements otherwise.
at::Tensor alignedGradient(const at::Tensor &parameter) {
  const auto found = parameter.grad();
  if (!found.defined() || found.strides() == parameter.strides()) return found;
  return at::empty_like(parameter).copy_(found);
}

/// Collects what has a gradient from `columns` (parameters first) and hands it to `step`.
template <typename Step>
int fused(std::initializer_list<const ct_tensor *> columns, size_t count, Step step) {
  return guard([&] {
    c10::AutoGradMode off(false);
    std::vector<Tensors> picked(columns.size());
    Tensors gradients;
    for (size_t row = 0; row < count; ++row) {
      auto found = alignedGradient((*columns.begin())[row]->value);
      if (!found.defined()) continue;
      gradients.push_back(std::move(found));
      auto column = picked.begin();
      for (const auto *handles : columns) (column++)->push_back(handles[row]->value);
    }
    if (!gradients.empty()) step(picked, gradients);
    // The weights have changed, so that any low-precision copy of them is stale.
    at::autocast::clear_cache();
  });
}

}  // namespace

int ct_adam_step(const ct_tensor *parameters, const ct_tensor *first_moments,
                 const ct_tensor *second_moments, const ct_tensor *steps, size_t count,
                 double learning_rate, double beta1, double beta2, double weight_decay,
                 double epsilon, bool decoupled) {
  return fused({parameters, first_moments, second_moments, steps}, count,
               [&](std::vector<Tensors> &of, Tensors &gradients) {
                 at::_foreach_add_(of[3], 1);
                 if (decoupled) {
                   at::_fused_adamw_(of[0], gradients, of[1], of[2], {}, of[3], learning_rate,
                                     beta1, beta2, weight_decay, epsilon, false, false);
                 } else {
                   at::_fused_adam_(of[0], gradients, of[1], of[2], {}, of[3], learning_rate,
                                    beta1, beta2, weight_decay, epsilon, false, false);
                 }
               });
}

// The buffers start at zero, which with no dampening equals PyTorch's first step.
int ct_sgd_step(const ct_tensor *parameters, const ct_tensor *buffers, size_t count,
                double learning_rate, double momentum, double weight_decay, bool nesterov) {
  const bool plain = momentum == 0;
  return fused({parameters, plain ? parameters : buffers}, count,
               [&](std::vector<Tensors> &of, Tensors &gradients) {
                 at::_fused_sgd_(of[0], gradients, plain ? at::TensorList() : at::TensorList(of[1]),
                                 weight_decay, momentum, learning_rate, 0, nesterov, false, false);
               });
}
