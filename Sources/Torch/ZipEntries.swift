/// The entries of a zip archive, which in the checkpoints of PyTorch are stored as they are.
struct ZipEntries {
  /// Where the bytes of each entry lie in the file.
  private(set) var ranges: [String: Range<Int>] = [:]
  /// In the order of the archive, those that are packed among them.
  private(set) var names: [String] = []
  /// Those that are compressed, whose bytes are not looked at.
  private(set) var packed: [String] = []

  /// Reads the directory at the end of `file` (APPNOTE 6.3, with the fields of ZIP64).
  init(_ file: UnsafeRawBufferPointer) throws(TorchError) {
    func number(_ place: Int, _ length: Int) throws(TorchError) -> Int {
      guard place >= 0, length <= file.count, place <= file.count - length else {
        throw TorchError("its directory lies outside of the file")
      }
      var value: UInt64 = 0
      for index in 0..<length { value |= UInt64(file[place + index]) << UInt64(8 * index) }
      guard let value = Int(exactly: value) else {
        throw TorchError("its directory has an impossible length")
      }
      return value
    }
    func ends(_ place: Int) -> Bool {
      file[place] == 0x50 && file[place + 1] == 0x4b && file[place + 2] == 5 && file[place + 3] == 6
    }
    // The end record has 22 bytes and a comment of at most 65,535.
    let last = file.count - 22
    guard last >= 0,
      let end = stride(from: last, through: max(0, last - 65_535), by: -1).first(where: ends)
    else { throw TorchError("it has no directory: it was cut short") }
    var count = try number(end + 10, 2)
    var place = try number(end + 16, 4)
    if end >= 20, try number(end - 20, 4) == 0x0706_4b50 {
      let wide = try number(end - 12, 8)
      count = try number(wide + 32, 8)
      place = try number(wide + 48, 8)
    }
    for _ in 0..<min(count, file.count) {
      guard try number(place, 4) == 0x0201_4b50 else {
        throw TorchError("its directory is broken")
      }
      let method = try number(place + 10, 2)
      var size = try number(place + 24, 4)
      var local = try number(place + 42, 4)
      let nameLength = try number(place + 28, 2)
      let extraLength = try number(place + 30, 2)
      let commentLength = try number(place + 32, 2)
      _ = try number(place + 46 + nameLength + extraLength, 0)
      let name = String(decoding: file[place + 46..<place + 46 + nameLength], as: UTF8.self)
      defer { place += 46 + nameLength + extraLength + commentLength }
      guard method == 0 else {
        packed.append(name)
        names.append(name)
        continue
      }
      // ZIP64: eight bytes for each of size, packed size and place that did not fit four.
      var extra = place + 46 + nameLength
      let extraEnd = extra + extraLength
      while extra + 4 <= extraEnd {
        let length = try number(extra + 2, 2)
        if try number(extra, 2) == 1 {
          var field = extra + 4
          if size == 0xffff_ffff {
            size = try number(field, 8)
            field += 8
          }
          if try number(place + 20, 4) == 0xffff_ffff { field += 8 }
          if local == 0xffff_ffff { local = try number(field, 8) }
        }
        extra += 4 + length
      }
      guard try number(local, 4) == 0x0403_4b50 else {
        throw TorchError("its entry `\(name)` is not where the directory says")
      }
      let start = try local + 30 + number(local + 26, 2) + number(local + 28, 2)
      guard start <= file.count, size <= file.count - start else {
        throw TorchError("its entry `\(name)` lies outside of the file")
      }
      if ranges.updateValue(start..<start + size, forKey: name) == nil { names.append(name) }
    }
  }
}
