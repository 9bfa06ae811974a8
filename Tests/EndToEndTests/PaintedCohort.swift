import Basics

/// Patients who do not exist: 32 × 32 pictures in which a finding shows as a bright upper and a
/// dark lower half of the chest, its absence as the reverse, so that no mean gives it away.
struct PaintedCohort {
  /// A picture and its row in the table.
  struct Row {
    var image: String
    var patient: String
    var sex: String
    var age: String
    var view: String
    /// As written: `1`, `0`, `-1` or nothing.
    var label: String
    var pixels: [UInt8]
  }

  var rows: [Row] = []

  /// 120 patients with one to three pictures each, a tenth of the labels uncertain or blank, and a
  /// tenth of the pictures painted against their label.
  init(patients: Int = 120, hasUncertain: Bool = true) {
    var stream = RandomStream("world", seed: 1)
    for patient in 0..<patients {
      let (sex, age) = (stream.below(2) == 0 ? "F" : "M", "\(20 + stream.below(70))")
      for picture in 0..<1 + stream.below(3) {
        let isPositive = stream.uniform() < 0.45
        let isPaintedSo = stream.uniform() < 0.9 ? isPositive : !isPositive
        let doubt = stream.uniform()
        let label = doubt < 0.06 ? "-1" : doubt < 0.1 ? "" : isPositive ? "1" : "0"
        rows.append(
          Row(
            image: "p\(1000 + patient)_\(picture)", patient: "p\(1000 + patient)", sex: sex,
            age: age, view: stream.below(2) == 0 ? "PA" : "AP",
            label: label == "-1" && !hasUncertain ? "0" : label,
            pixels: Self.paint(isPaintedSo, &stream)))
      }
    }
  }

  private static func paint(_ isPositive: Bool, _ stream: inout RandomStream) -> [UInt8] {
    (0..<32 * 32).map { index in
      let (y, x) = (index / 32, index % 32)
      let isChest = (8..<24).contains(x) && (6..<26).contains(y)
      let sign = !isChest ? 0 : (y < 16) == isPositive ? 1 : -1
      return UInt8(100 + stream.below(60) + 20 * sign)
    }
  }

  /// The table, with a header.
  var table: String {
    (["image,path,patient,sex,age,view,Edema"]
      + rows.map {
        "\($0.image),pictures/\($0.image).png,\($0.patient),\($0.sex),\($0.age),\($0.view),\($0.label)"
      }).joined(separator: "\n") + "\n"
  }

  /// Writes `metadata.csv` and `pictures/` into `folder`.
  func write(to folder: String) throws {
    try Files.makeFolder(folder + "/pictures")
    try Files.write(table, to: folder + "/metadata.csv")
    for row in rows {
      try Files.write(
        PNGFile.bytes(row.pixels, width: 32), to: "\(folder)/pictures/\(row.image).png")
    }
  }
}
