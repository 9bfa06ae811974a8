/// A chest from the side: the breastbone is on the left of the picture, the spine on its right.
struct LateralChest {
  private let anatomy: PhantomAnatomy
  private let left: Float
  private let top: Float

  init(_ anatomy: PhantomAnatomy, shift: (x: Float, y: Float)) {
    self.anatomy = anatomy
    left = shift.x
    top = shift.y
  }

  private var lung: Ellipse {
    Ellipse(left + 0.5, top + 0.47, 0.27, 0.35 * anatomy.lungHeight, turned: -0.12)
  }

  func draw(_ signs: [PhantomSign], size: Int) -> PhantomCanvas {
    var canvas = PhantomCanvas(size: size, level: 16)
    drawBody(&canvas)
    drawLung(signs, &canvas)
    drawHeart(signs, &canvas)
    drawBones(signs, &canvas)
    drawOpacities(signs, &canvas)
    drawPleura(signs, &canvas)
    if signs[13].isSeen { drawDevices(signs[13], &canvas) }
    return canvas
  }

  private func drawBody(_ canvas: inout PhantomCanvas) {
    let tissue = 140 + anatomy.density
    canvas.ellipse(Ellipse(left + 0.45, top + 0.06, 0.15, 0.2), soft: 0.1, .blend(tissue))
    canvas.ellipse(
      Ellipse(left + 0.5, top + 0.5, 0.38 * anatomy.breadth, 0.42), soft: 0.06, .blend(tissue))
    canvas.paint(y: 0.5...1, .blend(tissue)) { x, y in
      ramp((0.36 * anatomy.breadth - abs(x - left - 0.5)) / 0.02) * ramp((y - 0.5 - top) / 0.1)
    }
    canvas.paint(y: 0.68...1, .add(36)) { x, y in
      ramp((0.35 - abs(x - left - 0.5)) / 0.05) * ramp((y - top - 0.7) / 0.15)
    }
  }

  /// The height of the diaphragm at `x`: it falls towards the back.
  private func dome(_ x: Float, _ signs: [PhantomSign]) -> Float {
    let off = x - left - 0.4
    return top + 0.7 + anatomy.diaphragm - (signs[8].isEquivocal ? 0 : 0.04 * signs[8].severity)
      + 0.9 * off * off
      + (off > 0 ? 0.12 * off : 0)
  }

  private func drawLung(_ signs: [PhantomSign], _ canvas: inout PhantomCanvas) {
    canvas.ellipse(lung, soft: 0.05, .blend(62 + anatomy.density / 2)) { x, y in
      ramp((dome(x, signs) - y) / 0.02)
    }
    let hilum = (x: left + 0.5, y: top + 0.45)
    canvas.spot(Ellipse(hilum.x, hilum.y, 0.085, 0.085), .add(44))
    for end in [
      (Float(-0.12), Float(-0.15)), (0.04, -0.19), (0.13, -0.08), (0.13, 0.12), (0.03, 0.18),
    ] {
      canvas.line([hilum, (hilum.x + end.0, hilum.y + end.1)], width: 0.012, .add(13))
    }
  }

  private func drawHeart(_ signs: [PhantomSign], _ canvas: inout PhantomCanvas) {
    let (wide, big) = (signs[1].severity, signs[2].severity)
    let heart = Ellipse(
      left + 0.405 + 0.03 * big, top + 0.635 - 0.01 * big, 0.125 * anatomy.heart * (1 + 0.45 * big),
      0.115 * anatomy.heart * (1 + 0.3 * big), turned: 0.5)
    canvas.ellipse(heart, soft: 0.08, .blend(165))
    canvas.ellipse(
      Ellipse(left + 0.43, top + 0.28, 0.07 * (1 + 0.7 * wide), 0.16), soft: 0.3, strength: 0.6,
      .blend(140))
    // The windpipe.
    canvas.line(
      [(left + 0.45, top), (left + 0.49, top + 0.2), (left + 0.5, top + 0.4)], width: 0.03,
      .add(-26))
  }

  private func drawBones(_ signs: [PhantomSign], _ canvas: inout PhantomCanvas) {
    canvas.paint(x: 0.55...0.85, y: 0.1...1, .add(34)) { x, y in
      let bend: Float = y < 0.5 ? 0.8 : 0.15
      let off = abs(x - left - 0.74 + bend * (y - 0.5) * (y - 0.5))
      let disc = abs((y * 15).truncatingRemainder(dividingBy: 1) - 0.5)
      return ramp((0.05 - off) / 0.015) * (0.45 + disc) * ramp((y - 0.1) / 0.1)
    }
    canvas.line(
      [(left + 0.27, top + 0.2), (left + 0.21, top + 0.42), (left + 0.22, top + 0.58)],
      width: 0.028, .add(34))
    canvas.paint(x: 0.2...0.75, y: 0.1...0.85, .add(13)) { x, y in
      let inside = lung.cover(x, y, soft: 0.1)
      guard inside > 0 else { return 0 }
      let phase = (y - top - anatomy.ribStart + 0.45 * (x - 0.5)) / anatomy.ribGap
      return inside * ramp((0.24 - abs(phase - phase.rounded())) / 0.1)
    }
    let fracture = signs[12]
    guard fracture.isSeen else { return }
    let spot = (x: left + 0.62, y: top + 0.36 + 0.24 * fracture.a)
    canvas.ellipse(Ellipse(spot.x, spot.y, 0.04, 0.026), soft: 0.25, .add(80 * fracture.severity))
    canvas.line(
      [(spot.x, spot.y - 0.03), (spot.x, spot.y + 0.03)], width: 0.012,
      .add(-90 * fracture.severity))
  }

  private func drawOpacities(_ signs: [PhantomSign], _ canvas: inout PhantomCanvas) {
    func spot(_ sign: PhantomSign, _ radius: Float, _ level: Float) {
      guard sign.isSeen else { return }
      canvas.spot(
        Ellipse(left + 0.42 + 0.2 * sign.a, top + 0.3 + 0.28 * sign.b, radius, radius),
        .add(level * sign.severity))
    }
    spot(signs[3], 0.14, 55)
    if signs[5].isSeen {
      canvas.spot(Ellipse(left + 0.5, top + 0.46, 0.24, 0.25), .add(62 * signs[5].severity))
    }
    let consolidation = signs[6]
    if consolidation.isSeen {
      let zone: Float = consolidation.isEquivocal ? 0.56 : consolidation.b < 0.5 ? 0.3 : 0.44
      let y = top + zone + 0.06 * consolidation.c
      canvas.ellipse(
        Ellipse(left + 0.56, y, 0.11, 0.08), soft: 0.3, strength: 0.85 * consolidation.severity,
        .blend(165))
    }
    if signs[7].isSeen {
      for (dx, dy) in [(Float(-0.04), Float(0)), (0.04, 0.03), (0, 0.075)] {
        canvas.spot(
          Ellipse(left + 0.57 + dx, top + 0.55 + dy, 0.055, 0.055), .add(66 * signs[7].severity))
      }
    }
    let atelectasis = signs[8]
    if atelectasis.isSeen {
      for index in 0..<3 {
        let y = top + (atelectasis.isEquivocal ? 0.3 : 0.57) + 0.035 * Float(index)
        canvas.line(
          [(left + 0.52, y), (left + 0.66, y + 0.02)], width: 0.014, .add(58 * atelectasis.severity)
        )
      }
    }
    let lesion = signs[4]
    if lesion.isSeen {
      let radius = 0.03 + 0.022 * lesion.c
      canvas.ellipse(
        Ellipse(left + 0.42 + 0.2 * lesion.a, top + 0.28 + 0.33 * lesion.b, radius, radius),
        soft: 0.2, .add(78 * lesion.severity))
    }
  }

  private func drawPleura(_ signs: [PhantomSign], _ canvas: inout PhantomCanvas) {
    let (pneumothorax, effusion, thickening) = (signs[9], signs[10], signs[11])
    if effusion.isSeen {
      // Fluid gathers at the back.
      let level = top + 0.81 - 0.25 * effusion.severity
      canvas.ellipse(lung, soft: 0.05, strength: 0.92, .blend(170)) { x, y in
        ramp((y - level + 0.35 * (x - left - 0.5)) / 0.04)
      }
    }
    if thickening.isSeen {
      let inner = Ellipse(lung.x - 0.03, lung.y, lung.rx, lung.ry, turned: -0.12)
      canvas.ellipse(lung, soft: 0.05, strength: 0.8 * thickening.severity, .blend(155)) { x, y in
        1 - inner.cover(x, y, soft: 0.05)
      }
    }
    if pneumothorax.isSeen {
      canvas.ellipse(lung, soft: 0.05, strength: 0.8 * pneumothorax.severity, .blend(26)) { x, y in
        ramp((top + 0.18 + 0.1 * pneumothorax.severity - y) / 0.03)
      }
    }
  }

  private func drawDevices(_ sign: PhantomSign, _ canvas: inout PhantomCanvas) {
    canvas.line(
      [(left + 0.4, 0), (left + 0.47, top + 0.25), (left + 0.45, top + 0.5)], width: 0.012, .add(85)
    )
    if sign.b < 0.35 {
      canvas.ellipse(Ellipse(left + 0.24, top + 0.26, 0.03, 0.05), soft: 0.06, .blend(236))
    }
    for (x, y) in [(Float(0.2), Float(0.4)), (0.72, 0.3)] {
      canvas.ellipse(Ellipse(left + x, top + y, 0.02, 0.02), soft: 0.15, .blend(228))
    }
  }
}
