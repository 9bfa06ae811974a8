#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Context.h>
#include <ATen/ops/bernoulli.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/randperm.h>

#include <algorithm>

#include "Boundary.hpp"

using namespace ctorch;

ct_generator ct_generator_make(uint64_t seed, int device) {
  ct_generator made = nullptr;
  guard([&] {
    if (device < 0) {
      made = new ct_generator_box{at::detail::createCPUGenerator(seed)};
      return;
    }
    auto &context = at::globalContext();
    context.lazyInitDevice(at::kCUDA);
    auto generator = context.getAcceleratorHooksInterface(at::kCUDA).getNewGenerator(
        static_cast<at::DeviceIndex>(device));
    generator.set_current_seed(seed);
    made = new ct_generator_box{std::move(generator)};
  });
  return made;
}

ct_generator ct_generator_of_device(uint64_t seed, int device) {
  ct_generator made = nullptr;
  guard([&] {
    auto generator = at::globalContext().defaultGenerator(ctorch::device(device));
    generator.set_current_seed(seed);
    made = new ct_generator_box{std::move(generator)};
  });
  return made;
}

void ct_generator_free(ct_generator generator) { delete generator; }

ct_tensor ct_generator_state(ct_generator generator) {
  return guard([&] { return generator->value.get_state(); });
}

int ct_generator_restore(ct_generator generator, ct_tensor state) {
  return guard([&] { generator->value.set_state(state->value); });
}

int ct_uniform_(ct_tensor tensor, double low, double high, ct_generator generator) {
  return guard([&] { tensor->value.uniform_(low, high, generator->value); });
}

int ct_normal_(ct_tensor tensor, double mean, double deviation, ct_generator generator) {
  return guard([&] { tensor->value.normal_(mean, deviation, generator->value); });
}

int ct_bernoulli_(ct_tensor tensor, double probability, ct_generator generator) {
  return guard([&] { tensor->value.bernoulli_(probability, generator->value); });
}

ct_tensor ct_randperm(int64_t count, ct_generator generator) {
  return guard([&] {
    return at::randperm(count, generator->value,
                        at::TensorOptions(at::kLong).device(generator->value.device()));
  });
}

// libtorch's own dropout draws from the global generator of the device, which no checkpoint holds.
ct_tensor ct_dropout(ct_tensor input, double probability, bool whole_samples,
                     ct_generator generator) {
  return guard([&] {
    const auto &value = input->value;
    TORCH_CHECK(probability >= 0 && probability < 1, "dropout of ", probability,
                " is outside [0, 1)");
    std::vector<int64_t> shape(value.sizes().begin(), value.sizes().end());
    if (whole_samples) std::fill(shape.begin() + std::min<size_t>(1, shape.size()), shape.end(), 1);
    auto kept = at::empty(shape, value.options().requires_grad(false));
    kept.bernoulli_(1 - probability, generator->value).div_(1 - probability);
    return value.mul(kept);
  });
}
