#include <ATen/core/Reduction.h>
#include <ATen/ops/_upsample_bicubic2d_aa.h>
#include <ATen/ops/adaptive_avg_pool2d.h>
#include <ATen/ops/avg_pool2d.h>
#include <ATen/ops/batch_norm.h>
#include <ATen/ops/binary_cross_entropy_with_logits.h>
#include <ATen/ops/conv2d.h>
#include <ATen/ops/cross_entropy_loss.h>
#include <ATen/ops/layer_norm.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/max_pool2d.h>
#include <ATen/ops/scaled_dot_product_attention.h>

#include "Boundary.hpp"

using namespace ctorch;

ct_tensor ct_linear(ct_tensor input, ct_tensor weight, ct_tensor bias) {
  return guard([&] { return at::linear(input->value, weight->value, optional(bias)); });
}

ct_tensor ct_conv2d(ct_tensor input, ct_tensor weight, ct_tensor bias, const int64_t stride[2],
                    const int64_t padding[2], const int64_t dilation[2], int64_t groups) {
  return guard([&] {
    return at::conv2d(input->value, weight->value, optional(bias), list(stride, 2),
                      list(padding, 2), list(dilation, 2), groups);
  });
}

ct_tensor ct_batch_norm(ct_tensor input, ct_tensor weight, ct_tensor bias, ct_tensor running_mean,
                        ct_tensor running_var, bool training, double momentum, double epsilon) {
  return guard([&] {
    return at::batch_norm(input->value, optional(weight), optional(bias), optional(running_mean),
                          optional(running_var), training, momentum, epsilon, true);
  });
}

ct_tensor ct_layer_norm(ct_tensor input, const int64_t *shape, size_t rank, ct_tensor weight,
                        ct_tensor bias, double epsilon) {
  return guard([&] {
    return at::layer_norm(input->value, list(shape, rank), optional(weight), optional(bias),
                          epsilon);
  });
}

ct_tensor ct_max_pool2d(ct_tensor input, const int64_t kernel[2], const int64_t stride[2],
                        const int64_t padding[2], bool ceil_mode) {
  return guard([&] {
    return at::max_pool2d(input->value, list(kernel, 2), list(stride, 2), list(padding, 2), 1,
                          ceil_mode);
  });
}

ct_tensor ct_avg_pool2d(ct_tensor input, const int64_t kernel[2], const int64_t stride[2],
                        const int64_t padding[2], bool ceil_mode, bool count_padding) {
  return guard([&] {
    return at::avg_pool2d(input->value, list(kernel, 2), list(stride, 2), list(padding, 2),
                          ceil_mode, count_padding);
  });
}

ct_tensor ct_adaptive_avg_pool2d(ct_tensor input, const int64_t size[2]) {
  return guard([&] { return at::adaptive_avg_pool2d(input->value, list(size, 2)); });
}

ct_tensor ct_resize_bicubic(ct_tensor input, const int64_t size[2]) {
  return guard([&] {
    return at::_upsample_bicubic2d_aa(input->value, list(size, 2), false, std::nullopt,
                                      std::nullopt);
  });
}

ct_tensor ct_attention(ct_tensor query, ct_tensor key, ct_tensor value, ct_tensor bias) {
  return guard([&] {
    return at::scaled_dot_product_attention(query->value, key->value, value->value,
                                            optional(bias));
  });
}

ct_tensor ct_cross_entropy(ct_tensor logits, ct_tensor target, ct_tensor class_weights,
                           int64_t ignored, double label_smoothing) {
  return guard([&] {
    return at::cross_entropy_loss(logits->value, target->value, optional(class_weights),
                                  at::Reduction::None, ignored, label_smoothing);
  });
}

ct_tensor ct_binary_cross_entropy(ct_tensor logits, ct_tensor target, ct_tensor weight,
                                  ct_tensor positive_weight) {
  return guard([&] {
    return at::binary_cross_entropy_with_logits(logits->value, target->value, optional(weight),
                                                optional(positive_weight), at::Reduction::None);
  });
}
