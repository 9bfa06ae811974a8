/// Checkpoints that PyTorch wrote, `.pth`, `.pt`, `.bin` or a `.ckpt` of Lightning: the zip archives
/// since version 1.6 and the files before.
///
/// They are pickles, which Python runs as programs. Here they are only read: tensors and their names
/// come out, whatever else is in them is passed over, and nothing is run.
public enum TorchCheckpoint {
  /// The names under which trainings keep the state of the network among other things.
  private static let stateNames = ["state_dict", "model_state_dict", "model", "net"]

  /// Whether the file at `path` begins as a zip archive or as a pickle.
  public static func isOne(_ path: String) throws(TorchError) -> Bool {
    try withMappedFile(path) { file in
      // The ninth byte of a safetensors file opens its header.
      guard file.count > 8, file[8] != UInt8(ascii: "{") else { return false }
      return file[0] == 0x50 && file[1] == 0x4b || file[0] == 0x80
    }
  }

  /// Says from all names in a file how each is called, `nil` for a tensor that is not wanted.
  public typealias Naming = ([String]) -> (String) -> String?

  /// The tensors of the network in the file at `path`, with the names that `naming` gives, in order.
  /// What is not wanted is not looked at.
  public static func read(
    _ path: String, naming: Naming = { _ in { $0 } }
  ) throws(TorchError) -> [(name: String, tensor: Tensor)] {
    try withMappedFile(path) { file throws(TorchError) in
      do throws(TorchError) {
        let isZip = file.count >= 4 && file[0] == 0x50 && file[1] == 0x4b
        return try isZip ? archive(file, naming) : legacy(file, naming)
      } catch {
        throw TorchError("`\(path)` is not a checkpoint of PyTorch: \(error.description)")
      }
    }
  }

  /// An archive with one pickle and an entry for each storage.
  private static func archive(
    _ file: UnsafeRawBufferPointer, _ naming: Naming
  ) throws(TorchError) -> [(name: String, tensor: Tensor)] {
    let entries = try ZipEntries(file)
    let pickleName = "data.pkl"
    guard
      let name = entries.names.first(where: { $0 == pickleName || $0.hasSuffix("/" + pickleName) })
    else { throw TorchError("it has no `data.pkl`") }
    let folder = String(name.dropLast(pickleName.count))
    if entries.names.contains(where: { $0.hasPrefix(folder + "code/") }) {
      throw TorchError("it is a TorchScript program, which `arch: {torchscript: …}` names")
    }
    // The code of a program may be compressed; a state never is.
    if let packed = entries.packed.first {
      throw TorchError("its entry `\(packed)` is compressed")
    }
    guard let range = entries.ranges[name] else { throw TorchError("it has no `data.pkl`") }
    var pickle = Unpickler(UnsafeRawBufferPointer(rebasing: file[range]))
    defer { pickle.dissolve() }
    return try tensors(of: pickle.value(), naming) { storage in
      entries.ranges["\(folder)data/\(storage.key)"].map {
        UnsafeRawBufferPointer(rebasing: file[$0])
      }
    }
  }

  /// Pickles one behind the other (a magic number, a version, facts of the system, the state, the
  /// keys of the storages), then each storage behind its number of elements.
  private static func legacy(
    _ file: UnsafeRawBufferPointer, _ naming: Naming
  ) throws(TorchError) -> [(name: String, tensor: Tensor)] {
    var place = 0
    var pickles: [Unpickler] = []
    defer { for index in pickles.indices { pickles[index].dissolve() } }
    func next() throws(TorchError) -> PickleValue {
      var pickle = Unpickler(file, from: place)
      defer { pickles.append(pickle) }
      let value = try pickle.value()
      place = pickle.place
      return value
    }
    // The low eight bytes of 0x1950a86a20f9469cfc6c.
    guard case .int(let magic) = try next(),
      UInt64(bitPattern: Int64(magic)) == 0xa86a_20f9_469c_fc6c,
      case .int(1001) = try next()
    else { throw TorchError("it does not begin as one") }
    _ = try next()
    let state = try next()
    guard case .sequence(let keys) = try next() else {
      throw TorchError("it does not list its storages")
    }
    let storages = pickles.reduce(into: [:]) { $0.merge($1.storages) { $1 } }
    var ranges: [String: Range<Int>] = [:]
    for case .text(let key) in keys.items {
      guard file.count - place >= 8 else { throw TorchError("it ends before storage `\(key)`") }
      let count = UnsafeRawBufferPointer(rebasing: file[place..<place + 8])
        .loadUnaligned(as: Int64.self)
      place += 8
      guard let storage = storages[key] else { throw TorchError("storage `\(key)` has no type") }
      let length = Int(count).multipliedReportingOverflow(by: storage.dtype.byteCount)
      guard count >= 0, !length.overflow, length.partialValue <= file.count - place else {
        throw TorchError("it ends within storage `\(key)`")
      }
      ranges[key] = place..<place + length.partialValue
      place += length.partialValue
    }
    return try tensors(of: state, naming) { storage in
      ranges[storage.key].map { UnsafeRawBufferPointer(rebasing: file[$0]) }
    }
  }

  private static func tensors(
    of value: PickleValue, _ naming: Naming, _ bytes: (PickledStorage) -> UnsafeRawBufferPointer?
  ) throws(TorchError) -> [(name: String, tensor: Tensor)] {
    var made: [(name: String, tensor: Tensor)] = []
    let entries = try entries(of: value)
    let ownName = naming(entries.map(\.name))
    for (name, tensor) in entries {
      guard let ownName = ownName(name) else { continue }
      let storage = tensor.storage
      let length = storage.count.multipliedReportingOverflow(by: storage.dtype.byteCount)
      guard let memory = bytes(storage), !length.overflow, memory.count >= length.partialValue
      else {
        throw TorchError("the memory of `\(name)` is missing or too short")
      }
      guard tensor.shape.count == tensor.strides.count,
        (tensor.shape + tensor.strides + [tensor.offset]).allSatisfy({ $0 >= 0 })
      else { throw TorchError("`\(name)` has an impossible shape") }
      // With strides of 0 a few bytes would become as much memory as the shape says.
      let count = tensor.shape.reduce((1, false)) { count, length in
        let (product, overflows) = count.0.multipliedReportingOverflow(by: length)
        return (product, count.1 || overflows)
      }
      guard !count.1, count.0 <= storage.count else {
        throw TorchError("`\(name)` has the shape \(tensor.shape), for \(storage.count) values")
      }
      let whole = try Tensor(
        bytes: UnsafeRawBufferPointer(rebasing: memory[..<length.partialValue]),
        shape: [storage.count], dtype: storage.dtype)
      made.append(
        (
          ownName,
          try whole.strided(tensor.shape, strides: tensor.strides, offset: tensor.offset).copied()
        ))
    }
    return made
  }

  /// The tensors of the state that `value` is or has.
  private static func entries(
    of value: PickleValue
  ) throws(TorchError) -> [(name: String, tensor: PickledTensor)] {
    guard case .table(let table) = value else {
      throw TorchError("it holds no state by name; save `model.state_dict()`")
    }
    for name in stateNames {
      if case .table(let inner)? = table[name] { return named(inner) }
    }
    let found = named(table)
    guard !found.isEmpty else { throw TorchError("it holds no tensors by name") }
    return found
  }

  private static func named(_ table: PickleTable) -> [(name: String, tensor: PickledTensor)] {
    table.entries.compactMap { key, value in
      guard case .text(let name) = key, case .tensor(let tensor) = value else { return nil }
      return (name, tensor)
    }
  }
}
