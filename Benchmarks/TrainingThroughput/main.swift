// How many pictures per second a network trains on: 32 gray pictures a step, channels-last, Adam.
// The same loop in PyTorch stands beside it in `training_throughput.py`, with the same arguments:
//
//   OMP_WAIT_POLICY=PASSIVE OMP_NUM_THREADS=2 TrainingThroughput [arch [size [steps]]]
//
// Passive as in the workers: threads that spin while they wait for each other lose an order of
// magnitude as soon as something else wants a core.

import Torch
import Zoo

func measure(_ arch: String, _ size: Int, _ dtype: ScalarType?, steps: Int) throws -> Double {
  let store = ParameterStore()
  let generator = try Generator(seed: 1)
  let network = try Zoo.make(
    arch, Blueprint(channels: 1, outputs: 2, size: size), in: store, generator: generator)
  let optimizer = try Adam(store.parameters)
  let x = try Tensor.zeros([32, 1, size, size])
  try x.fillNormal(generator)
  let pictures = try x.to(.channelsLast)
  let target = try Tensor((0..<32).map { Int64($0 % 2) })
  func step() throws {
    let loss = try withAutocast(dtype, .cpu) {
      try network(pictures, .training(generator)).crossEntropy(target).mean()
    }
    try store.clearGradients()
    try loss.backward()
    try optimizer.step(learningRate: 1e-4)
    _ = try loss.item()
  }
  for _ in 0..<2 { try step() }
  let clock = ContinuousClock()
  var best = Duration.seconds(1_000_000)
  for _ in 0..<steps { best = min(best, try clock.measure { try step() }) }
  return 32 / (best / .seconds(1))
}

func argument(_ place: Int) -> String? {
  CommandLine.arguments.indices.contains(place) ? CommandLine.arguments[place] : nil
}

let arch = argument(1) ?? "resnet18"
let size = argument(2).flatMap { Int($0) } ?? 224
let steps = argument(3).flatMap { Int($0) } ?? 8

Backend.keepFreedMemory()
print("\(arch), 1x\(size)x\(size), threads \(Backend.threads), best of \(steps) steps")
for (name, dtype) in [("float32", nil), ("bfloat16", ScalarType.bfloat16)] {
  let rate = try measure(arch, size, dtype, steps: steps)
  print(name, (rate * 10).rounded() / 10, "pictures/s")
}
