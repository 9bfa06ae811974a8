import Basics
import Testing

@testable import Radiographs

@Suite struct PhantomPictureTests {
  private static let size = 64
  private let options = PhantomOptions(patients: 400, size: size, seed: 2, dials: .none)

  /// A patient with one study of a frontal and a lateral picture, in which `present` is there.
  private func patient(_ number: Int, with present: [String]) -> PhantomPatient {
    var patient = PhantomPatient(
      number, of: "train", numbered: number, options: options,
      devices: DeviceChance(options.dials))
    var study = patient.studies[0]
    study.views = [
      PhantomPatient.View(isLateral: false, projection: "PA"),
      PhantomPatient.View(isLateral: true, projection: ""),
    ]
    study.truth = PhantomFinding.all.map { present.contains($0.name) }
    study.isUncertain = study.truth.map { _ in false }
    patient.studies = [study]
    return patient
  }

  private func picture(_ number: Int, with present: [String], view: Int) -> [UInt8] {
    PhantomPicture.draw(patient(number, with: present), study: 0, view: view, options: options)
  }

  private func mean(_ pixels: [UInt8], x: ClosedRange<Double>, y: ClosedRange<Double>) -> Double {
    var (sum, count) = (0, 0)
    for (index, level) in pixels.enumerated() {
      let place = (Double(index % Self.size) / 64, Double(index / Self.size) / 64)
      guard x.contains(place.0), y.contains(place.1) else { continue }
      (sum, count) = (sum + Int(level), count + 1)
    }
    return Double(sum) / Double(max(1, count))
  }

  @Test(arguments: PhantomFinding.all.map(\.name).dropFirst(), [0, 1])
  /// Each finding can be seen from the front and from the side, in every patient.
  func `findings are drawn`(finding: String, view: Int) {
    for number in 1...12 {
      let (without, with) = (
        picture(number, with: [], view: view), picture(number, with: [finding], view: view)
      )
      let changes = zip(without, with).map { abs(Int($0) - Int($1)) }
      // A nodule of 4 pixels across at 64 changes about a dozen pixels by more than the noise.
      #expect(changes.count { $0 > 12 } >= 8, "patient \(number)")
      #expect(changes.count { $0 > 2 } < 64 * 64 * 6 / 10, "patient \(number)")
    }
  }

  /// The signs by which a reader knows a finding are there: fluid whitens the base of a lung, air
  /// blackens its top, a large heart is broad, a device is the brightest thing there is.
  @Test func `findings look like themselves`() {
    func difference(
      _ finding: String, x: ClosedRange<Double>, y: ClosedRange<Double>
    ) -> Double {
      let numbers = 1...40
      return numbers.map { number in
        mean(picture(number, with: [finding], view: 0), x: x, y: y)
          - mean(picture(number, with: [], view: 0), x: x, y: y)
      }.reduce(0, +) / Double(numbers.count)
    }
    #expect(difference("Pleural Effusion", x: 0.2...0.8, y: 0.6...0.72) > 10)
    #expect(abs(difference("Pleural Effusion", x: 0.2...0.8, y: 0.2...0.4)) < 1)
    #expect(difference("Pneumothorax", x: 0.15...0.85, y: 0.18...0.35) < -2)
    #expect(difference("Cardiomegaly", x: 0.62...0.75, y: 0.55...0.7) > 25)
    #expect(difference("Edema", x: 0.25...0.75, y: 0.4...0.55) > 12)
    let (bare, tubes) = (
      picture(3, with: [], view: 0), picture(3, with: ["Support Devices"], view: 0)
    )
    #expect(tubes.count { $0 > 215 } > bare.count { $0 > 215 } + 8)
  }

  /// What is uncertain is drawn fainter than what is certain, and the same whether it is there or
  /// not.
  @Test func `uncertain findings are faint`() {
    for number in 1...12 {
      var faint = patient(number, with: ["Pleural Effusion"])
      faint.studies[0].isUncertain = faint.studies[0].truth
      let drawn = PhantomPicture.draw(faint, study: 0, view: 0, options: options)
      faint.studies[0].truth = faint.studies[0].truth.map { _ in false }
      #expect(PhantomPicture.draw(faint, study: 0, view: 0, options: options) == drawn)
      let levels = [
        picture(number, with: [], view: 0), drawn,
        picture(number, with: ["Pleural Effusion"], view: 0),
      ].map { mean($0, x: 0.15...0.85, y: 0.5...0.8) }
      #expect(levels[0] + 0.3 < levels[1] && levels[1] + 0.3 < levels[2], "\(levels)")
    }
  }

  /// The group's pictures hold the pattern with the amplitude planted, after JPEG as well; without
  /// the dial there is no difference.
  @Test(arguments: [0.0, 3.0])
  func `the pattern is in the pixels`(amplitude: Double) throws {
    var options = PhantomOptions(patients: 150, size: Self.size, seed: 4)
    options.dials.signal.amplitude = amplitude
    let folder = try TemporaryFolder()
    try writePhantom(options, to: folder.path, threads: 2)
    let (cohort, _) = try CohortSource(source: "chexpert", views: ["frontal"])
      .read(root: folder.path)
    let sexes = try cohort.attribute("sex")
    let wave = (0..<Self.size * Self.size).map { index in
      let place = (x: Float(index % Self.size) + 0.5, y: Float(index / Self.size) + 0.5)
      return 2 * Double(PhantomPattern.value(place.x / 64, place.y / 64)) / 4096
    }
    var levels: [String: [Double]] = [:]
    for row in 0..<cohort.count {
      let file = try MappedFile(folder.file(cohort.paths[row]))
      let picture = try Picture(decoding: file.bytes)
      #expect(picture.width == Self.size && picture.height == Self.size)
      levels[sexes[row], default: []].append(
        zip(wave, picture.pixels).reduce(0) { $0 + $1.0 * Double($1.1) })
    }
    func mean(_ values: [Double]?) -> Double {
      (values ?? []).reduce(0, +) / Double(max(1, values?.count ?? 0))
    }
    #expect(abs(mean(levels["F"]) - mean(levels["M"]) - amplitude) < 0.25)
  }

  /// Any size is drawn, and the same chest at each.
  @Test(arguments: [16, 33, 96])
  func `a chest looks the same at any size`(size: Int) throws {
    var sized = options
    sized.size = size
    let small = PhantomPicture.draw(patient(1, with: []), study: 0, view: 0, options: sized)
    #expect(small.count == size * size)
    let level = small.map(Double.init).reduce(0, +) / Double(small.count)
    let reference = picture(1, with: [], view: 0).map(Double.init).reduce(0, +) / 4096
    #expect(abs(level - reference) < 4)
  }
}
