#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/cpu/Utils.h>
#include <ATen/detail/CUDAHooksInterface.h>
#include <dlfcn.h>
#include <malloc.h>
#include <torch/headeronly/version.h>

#include <climits>
#include <cstdlib>

#include "Boundary.hpp"

using namespace ctorch;

namespace {

// Nothing here calls into libtorch_cuda by name, so that a linker with --as-needed leaves it out;
// loading it registers its kernels. It is absent from CPU wheels.
const bool cudaLoaded = [] {
  // cuBLAS reads this once, when it starts; without it its results may differ from run to run.
  setenv("CUBLAS_WORKSPACE_CONFIG", ":4096:8", 0);
  return dlopen("libtorch_cuda.so", RTLD_NOW | RTLD_GLOBAL) != nullptr;
}();

bool cpuHas(const char *capability) {
  const auto all = at::cpu::get_cpu_capabilities();
  const auto found = all.find(capability);
  return found != all.end() && found->second.isBool() && found->second.toBool();
}

}  // namespace

const char *ct_version() { return TORCH_VERSION; }

int ct_cuda_count() {
  int count = 0;
  guard([&] {
    if (cudaLoaded && at::hasCUDA()) count = at::detail::getCUDAHooks().deviceCount();
  });
  return count;
}

bool ct_supports_bfloat16(int device) {
  bool supported = false;
  guard([&] {
    supported = device < 0 ? cpuHas("avx512_bf16") || cpuHas("amx_bf16") || cpuHas("bf16")
                           : at::detail::getCUDAHooks().supportsBFloat16ConvolutionWithCuDNNv8();
  });
  return supported;
}

int ct_threads() { return at::get_num_threads(); }

int ct_set_threads(int count) {
  return guard([&] {
    TORCH_CHECK(count > 0, "a thread count of ", count, " is not positive");
    at::set_num_threads(count);
  });
}

void ct_keep_freed_memory() {
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  mallopt(M_TRIM_THRESHOLD, INT_MAX);
}

int ct_set_deterministic(bool wanted) {
  return guard([&] {
    auto &context = at::globalContext();
    context.setDeterministicAlgorithms(wanted, false);
    context.setDeterministicCuDNN(wanted);
    context.setBenchmarkCuDNN(!wanted);
    context.setDeterministicMkldnn(wanted);
    context.setDeterministicFillUninitializedMemory(false);
  });
}

int ct_synchronize(int device) {
  return guard([&] {
    if (device >= 0) {
      at::detail::getCUDAHooks().deviceSynchronize(static_cast<at::DeviceIndex>(device));
    }
  });
}
