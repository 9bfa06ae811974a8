// The one place where exceptions of libtorch end: every exported function runs inside `guard`.
#pragma once

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>
#include <c10/util/Exception.h>

#include <exception>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "CTorch.h"

struct ct_tensor_box {
  at::Tensor value;
};

struct ct_generator_box {
  at::Generator value;
};

namespace ctorch {

void remember(const char *message) noexcept;

inline ct_tensor box(at::Tensor value) { return new ct_tensor_box{std::move(value)}; }

/// Runs `body`; a tensor becomes a handle (NULL when it throws), nothing becomes 0 (-1).
template <typename Body>
auto guard(Body &&body) noexcept {
  using Result = std::invoke_result_t<Body>;
  try {
    if constexpr (std::is_void_v<Result>) {
      body();
      return 0;
    } else {
      return box(body());
    }
  } catch (const c10::Error &error) {
    remember(error.what_without_backtrace());
  } catch (const std::exception &error) {
    remember(error.what());
  } catch (...) {
    remember("an exception of unknown type");
  }
  if constexpr (std::is_void_v<Result>) {
    return -1;
  } else {
    return static_cast<ct_tensor>(nullptr);
  }
}

inline std::optional<at::Tensor> optional(ct_tensor tensor) {
  return tensor ? std::optional<at::Tensor>(tensor->value) : std::nullopt;
}

inline at::Device device(int index) {
  return index < 0 ? at::Device(at::kCPU) : at::Device(at::kCUDA, static_cast<int8_t>(index));
}

inline at::IntArrayRef list(const int64_t *values, size_t count) { return {values, count}; }

inline std::vector<at::Tensor> tensors(const ct_tensor *handles, size_t count) {
  std::vector<at::Tensor> values;
  values.reserve(count);
  for (size_t i = 0; i < count; ++i) values.push_back(handles[i]->value);
  return values;
}

/// A whole number stays whole beside an integral tensor, so that counting does not turn it to
/// float.
inline at::Scalar number(double value, const at::Tensor &beside) {
  const auto whole = static_cast<int64_t>(value);
  if (at::isIntegralType(beside.scalar_type(), true) && static_cast<double>(whole) == value) {
    return whole;
  }
  return value;
}

}  // namespace ctorch
