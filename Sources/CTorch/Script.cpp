#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/passes/tensorexpr_fuser.h>
#include <torch/csrc/jit/python/update_graph_executor_opt.h>
#include <torch/csrc/jit/runtime/graph_executor.h>
#include <torch/csrc/jit/serialization/import.h>

#include <unordered_set>

#include "Boundary.hpp"

using namespace ctorch;

struct ct_script_box {
  struct Entry {
    std::string name;
    at::Tensor tensor;
    bool isParameter;
  };
  torch::jit::Module module;
  std::vector<Entry> entries;
};

namespace {

// A profiling executor rewrites the graph after some calls, and so a training that is continued would
// compute otherwise than one that was not interrupted.
void plainInterpreter() {
  torch::jit::getProfilingMode() = false;
  torch::jit::getExecutorMode() = false;
  torch::jit::setTensorExprFuserEnabled(false);
  torch::jit::setGraphExecutorOptimize(false);
}

// Batch normalisation that is frozen stays as in evaluation.
void setTraining(const torch::jit::Module &module, bool training) {
  torch::jit::Module(module).train(training);
  if (!training) return;
  for (auto part : module.modules()) {
    if (!part.hasattr("running_mean")) continue;
    bool isTrained = false, hasParameters = false;
    for (const auto &parameter : part.parameters(false)) {
      hasParameters = true;
      isTrained = isTrained || parameter.requires_grad();
    }
    if (hasParameters && !isTrained) part.train(false);
  }
}

}  // namespace

ct_script ct_script_load(const char *path, int device) {
  ct_script made = nullptr;
  guard([&] {
    plainInterpreter();
    auto module = torch::jit::load(path, ctorch::device(device));
    std::vector<ct_script_box::Entry> entries;
    // A tensor that has several names is trained under the first: an optimizer would move it by as
    // many steps. Under the others it is only saved.
    std::unordered_set<const c10::TensorImpl *> known;
    for (const auto &entry : module.named_parameters()) {
      const bool isFirst = known.insert(entry.value.unsafeGetTensorImpl()).second;
      entries.push_back({entry.name, entry.value, isFirst});
    }
    for (const auto &entry : module.named_buffers()) {
      entries.push_back({entry.name, entry.value, false});
    }
    made = new ct_script_box{std::move(module), std::move(entries)};
  });
  return made;
}

void ct_script_free(ct_script script) { delete script; }

size_t ct_script_count(ct_script script) { return script->entries.size(); }

const char *ct_script_name(ct_script script, size_t index) {
  return index < script->entries.size() ? script->entries[index].name.c_str() : "";
}

bool ct_script_is_parameter(ct_script script, size_t index) {
  return index < script->entries.size() && script->entries[index].isParameter;
}

ct_tensor ct_script_tensor(ct_script script, size_t index) {
  return guard([&] { return script->entries.at(index).tensor; });
}

ct_tensor ct_script_forward(ct_script script, ct_tensor input, bool training) {
  return guard([&] {
    setTraining(script->module, training);
    const auto output = script->module.forward({input->value});
    TORCH_CHECK(output.isTensor(), "the network gives a ", output.tagKind(), ", not a tensor");
    return output.toTensor();
  });
}
