import Foundation
import Radiographs

/// A symmetric matrix of κ as a picture: blue above 0, orange below, gray where there is none.
struct HeatMap {
  /// The names of the rows, which are numbered; columns have the numbers only.
  let names: [String]
  /// The numbers, `[row][column]`, from −1 to 1.
  let values: [[Double?]]

  /// The picture.
  func draw() -> ColourPicture {
    let count = max(1, names.count)
    let side = min(64, max(4, 1200 / count))
    let scale = side >= 52 ? 2 : 1
    // Smaller cells have no room for labels; the table beside the picture has them all.
    let isLabelled = side >= 9
    let labels = names.enumerated().map { "\($0 + 1) \($1.prefix(60))" }
    let margin = 8 * scale
    let left =
      margin
      + (isLabelled
        ? (labels.map { ColourPicture.size(of: $0, scale: scale).width }.max() ?? 0) + margin : 0)
    let letter = ColourPicture.size(of: "0", scale: scale)
    let top = margin + (isLabelled ? letter.height + margin : 0)
    let bar = (x: left + count * side + 2 * margin, width: 2 * letter.width)
    let size = max(count * side, 12 * letter.height)
    var picture = ColourPicture(
      width: bar.x + bar.width + 4 * letter.width + margin, height: top + size + margin)
    for (row, line) in values.enumerated() {
      let y = top + row * side
      if isLabelled {
        picture.write(
          labels[row], x: margin, y: y + (side - letter.height) / 2, scale: scale, Self.black)
        let number = "\(row + 1)"
        let width = ColourPicture.size(of: number, scale: scale).width
        // Numbers that would touch are left out, but for every tenth.
        if width + letter.width <= side || (row + 1) % 10 == 0 {
          picture.write(
            number, x: left + row * side + (side - width) / 2, y: margin, scale: scale, Self.black)
        }
      }
      for (column, value) in line.enumerated() {
        let x = left + column * side
        picture.fill(x: x, y: y, width: side - 1, height: side - 1, Self.colour(value))
        guard let value else { continue }
        let text = String(format: "%.2f", value)
        let width = ColourPicture.size(of: text, scale: scale).width
        guard width + 2 <= side else { continue }
        picture.write(
          text, x: x + (side - width) / 2, y: y + (side - letter.height) / 2, scale: scale,
          abs(value) > 0.5 ? Self.white : Self.black)
      }
    }
    for y in 0..<size {
      let value = 1 - 2 * Double(y) / Double(size - 1)
      picture.fill(x: bar.x, y: top + y, width: bar.width, height: 1, Self.colour(value))
    }
    for (text, share) in [("1", 0.0), ("0", 0.5), ("-1", 1.0)] {
      picture.write(
        text, x: bar.x + bar.width + letter.width,
        y: top + Int(share * Double(size - letter.height)), scale: scale, Self.black)
    }
    return picture
  }

  private static let black = ColourPicture.Colour(0, 0, 0)
  private static let white = ColourPicture.Colour(255, 255, 255)

  private static func colour(_ value: Double?) -> ColourPicture.Colour {
    guard let value, value.isFinite else { return .init(221, 221, 221) }
    let end = value < 0 ? [179.0, 88, 6] : [8.0, 48, 107]
    let share = min(abs(value), 1)
    let parts = end.map { UInt8(255 + ($0 - 255) * share) }
    return .init(parts[0], parts[1], parts[2])
  }
}
