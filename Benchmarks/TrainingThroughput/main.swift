// How many pictures per second resnet18 trains on: 32 gray pictures of 224 x 224 a step,
// channels-last, Adam. The same loop in PyTorch stands beside it in `training_throughput.py`.

import Torch
import Zoo

func measure(_ dtype: ScalarType?, steps: Int) throws -> Double {
  let store = ParameterStore()
  let generator = try Generator(seed: 1)
  let network = try Zoo.make("resnet18", channels: 1, outputs: 2, in: store, generator: generator)
  let optimizer = try Adam(store.parameters)
  let x = try Tensor.zeros([32, 1, 224, 224])
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

Backend.keepFreedMemory()
print("threads \(Backend.threads), best of 8 steps")
for (name, dtype) in [("float32", nil), ("bfloat16", ScalarType.bfloat16)] {
  print(name, Int(try measure(dtype, steps: 8)), "pictures/s")
}
