import Basics

/// What a patient's chest looks like without any finding.
struct PhantomAnatomy {
  let breadth: Float
  let lungHeight: Float
  let heart: Float
  let heartTilt: Float
  let diaphragm: Float
  let ribStart: Float
  let ribGap: Float
  let density: Float

  init(_ draw: inout RandomStream) {
    func within(_ low: Float, _ high: Float) -> Float {
      low + (high - low) * Float(draw.uniform())
    }
    breadth = within(0.93, 1.07)
    lungHeight = within(0.94, 1.06)
    heart = within(0.94, 1.06)
    heartTilt = within(-0.55, -0.35)
    diaphragm = within(-0.015, 0.015)
    ribStart = within(-0.02, 0.02)
    ribGap = within(0.074, 0.084)
    density = within(-8, 8)
  }
}

/// How a finding looks in one study, in all of its pictures.
struct PhantomSign {
  /// 0 where there is nothing to see; 0.65 to 1 where it is there, 0.4 to 0.65 where it may be.
  let severity: Float
  /// Whether it is uncertain: fainter, of some findings in another place, and the same whether it
  /// is there or not, so that no picture says more than the label.
  let isEquivocal: Bool
  /// −1 is the left of the picture, 1 its right.
  let side: Float
  /// Where and how, each 0 to 1.
  let a: Float
  let b: Float
  let c: Float

  /// Whether there is something to draw.
  var isSeen: Bool { severity > 0 }

  /// The signs of a study in the order of ``PhantomFinding/all``; each draws the same numbers
  /// whether it is there or not, so that one never moves another.
  static func all(_ study: PhantomPatient.Study, _ draw: inout RandomStream) -> [PhantomSign] {
    zip(study.truth, study.isUncertain).map { isPresent, isUncertain in
      let u = (0..<5).map { _ in Float(draw.uniform()) }
      let severity = isUncertain ? 0.4 + 0.25 * u[0] : 0.65 + 0.35 * u[0]
      return PhantomSign(
        severity: isPresent || isUncertain ? severity : 0, isEquivocal: isUncertain,
        side: u[1] < 0.5 ? -1 : 1, a: u[2], b: u[3], c: u[4])
    }
  }
}

/// One picture before and after it is exposed.
struct PhantomPicture {
  private static let deviation: Float = 4

  /// Draws picture `view` of `study`.
  static func draw(
    _ patient: PhantomPatient, study: Int, view: Int, options: PhantomOptions
  ) -> [UInt8] {
    let (seed, signal) = (options.seed, options.dials.signal)
    var body = RandomStream(patient.stream + "/anatomy", seed: seed)
    var signs = RandomStream(patient.stream + "/study\(study + 1)", seed: seed)
    var taken = RandomStream(patient.stream + "/study\(study + 1)/view\(view + 1)", seed: seed)
    let subject = patient.studies[study]
    let anatomy = PhantomAnatomy(&body)
    let found = PhantomSign.all(subject, &signs)
    func within(_ low: Float, _ high: Float) -> Float {
      low + (high - low) * Float(taken.uniform())
    }
    let shift = (x: within(-0.015, 0.015), y: within(-0.015, 0.015))
    let (gain, offset) = (within(0.92, 1.06), within(-7, 7))
    var canvas: PhantomCanvas
    if subject.views[view].isLateral {
      canvas = LateralChest(anatomy, shift: shift).draw(found, size: options.size)
    } else {
      let isAP = subject.views[view].projection == "AP"
      canvas = FrontalChest(anatomy, isAP: isAP, shift: shift).draw(found, size: options.size)
    }
    canvas.expose(gain: gain, offset: offset)
    if patient.group(signal.attribute) == signal.group {
      canvas.paint(.add(Float(signal.amplitude))) { PhantomPattern.value($0, $1) }
    }
    canvas.addNoise(deviation, &taken)
    return canvas.bytes
  }
}
