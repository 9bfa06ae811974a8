import Basics
import Dispatch
import Synchronization

/// What decoding pictures shows.
public struct PictureSurvey: Sendable {
  /// Why each picture cannot be read, by its row; `nil` where it can.
  public var problems: [Diagnostic?]
  /// The rows of pictures of which there is no file.
  public var missing: [Int]
  /// The digest of each picture's size and gray pixels.
  public var digests: [Digest?]
  /// The rows of pictures that look like negatives.
  public var inverted: [Int] = []
  /// How many pictures have each size, by frequency.
  public var sizes: [(width: Int, height: Int, pictures: Int)] = []

  private typealias Seen = (
    problem: Diagnostic?, digest: Digest?, isInverted: Bool, width: Int, height: Int
  )

  /// Decodes the pictures at `paths` below `root` at their full size, `threads` at a time.
  public init(
    _ paths: [String], root: String, threads: Int,
    progress: @escaping @Sendable (_ done: Int) -> Void = { _ in }
  ) {
    let none: Seen = (nil, nil, false, 0, 0)
    var seen = [Seen](repeating: none, count: paths.count)
    seen.withUnsafeMutableBufferPointer { seen in
      // Each index is drawn by one thread only, so that no two write to the same place.
      nonisolated(unsafe) let seen = seen
      let next = Atomic<Int>(0)
      DispatchQueue.concurrentPerform(iterations: max(1, min(threads, paths.count))) { _ in
        while true {
          let row = next.add(1, ordering: .relaxed).oldValue
          guard row < seen.count else { return }
          seen[row] = Self.look(Files.join(root, paths[row]))
          progress(row + 1)
        }
      }
    }
    problems = seen.map(\.problem)
    missing = seen.indices.filter { row in
      seen[row].problem != nil && !Files.exists(Files.join(root, paths[row]))
    }
    digests = seen.map(\.digest)
    inverted = seen.indices.filter { seen[$0].isInverted }
    var counts: [String: (width: Int, height: Int, pictures: Int)] = [:]
    for picture in seen where picture.digest != nil {
      let key = "\(picture.width)x\(picture.height)"
      counts[key, default: (picture.width, picture.height, 0)].pictures += 1
    }
    sizes = counts.values.sorted {
      ($1.pictures, $0.width, $0.height) < ($0.pictures, $1.width, $1.height)
    }
  }

  private static func look(_ path: String) -> Seen {
    do throws(Diagnostic) {
      let file = try MappedFile(path)
      let picture = try Picture(decoding: file.bytes)
      var hash = SHA256()
      hash.update(Array("\(picture.width) \(picture.height)\n".utf8))
      hash.update(UnsafeRawBufferPointer(picture.pixels))
      var small = [UInt8](repeating: 0, count: 32 * 32)
      var isInverted = false
      var problem: Diagnostic?
      small.withUnsafeMutableBufferPointer { pixels in
        do throws(Diagnostic) {
          try picture.resize(PictureForm(size: 32), into: pixels)
          isInverted = GrayLevels.looksInverted(pixels, size: 32)
        } catch {
          problem = error
        }
      }
      return (problem, hash.finish(), isInverted, picture.width, picture.height)
    } catch {
      return (error, nil, false, 0, 0)
    }
  }

  /// The rows of pictures that have the same pixels, groups of two and more in their first rows'
  /// order.
  public var identical: [[Int]] { identicalRows(digests) }
}

/// The rows that have the same digest, groups of two and more in their first rows' order.
public func identicalRows(_ digests: [Digest?]) -> [[Int]] {
  var rows: [Digest: [Int]] = [:]
  for (row, digest) in digests.enumerated() {
    if let digest { rows[digest, default: []].append(row) }
  }
  return rows.values.filter { $0.count > 1 }.sorted { $0[0] < $1[0] }
}
