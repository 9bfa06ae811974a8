/// A chest from the front, or from behind: the patient's right is on the left of the picture.
struct FrontalChest {
  private let anatomy: PhantomAnatomy
  private let centre: Float
  private let top: Float
  /// From the front the heart is nearer to the tube and the patient breathes in less.
  private let isAP: Bool

  init(_ anatomy: PhantomAnatomy, isAP: Bool, shift: (x: Float, y: Float)) {
    self.anatomy = anatomy
    self.isAP = isAP
    centre = 0.5 + shift.x
    top = shift.y
  }

  private func x(_ offset: Float) -> Float { centre + offset * anatomy.breadth }

  private func lung(_ side: Float) -> Ellipse {
    let height = 0.335 * anatomy.lungHeight * (isAP ? 0.95 : 1)
    return Ellipse(x(side * 0.2), top + 0.48, 0.15 * anatomy.breadth, height, turned: side * 0.1)
  }

  /// The height of the dome of the diaphragm at `x`.
  private func dome(_ side: Float, _ x: Float, _ signs: [PhantomSign]) -> Float {
    let atelectasis = signs[8]
    let raised =
      atelectasis.side == side && !atelectasis.isEquivocal ? 0.05 * atelectasis.severity : 0
    let off = (x - self.x(side * 0.19)) / 0.17
    let base: Float = (side < 0 ? 0.71 : 0.735) + anatomy.diaphragm - raised - (isAP ? 0.02 : 0)
    return top + base + 0.075 * off * off
  }

  func draw(_ signs: [PhantomSign], size: Int) -> PhantomCanvas {
    var canvas = PhantomCanvas(size: size, level: 16)
    drawBody(&canvas)
    for side in [Float(-1), 1] { drawLung(side, signs, &canvas) }
    drawMiddle(signs, &canvas)
    drawRibs(&canvas)
    drawOpacities(signs, &canvas)
    drawPleura(signs, &canvas)
    drawBones(signs, &canvas)
    if signs[13].isSeen { drawDevices(signs[13], &canvas) }
    return canvas
  }

  private func drawBody(_ canvas: inout PhantomCanvas) {
    let tissue = 132 + anatomy.density
    canvas.ellipse(Ellipse(x(0), top + 0.06, 0.13, 0.2), soft: 0.1, .blend(tissue))
    canvas.ellipse(
      Ellipse(x(0), top + 0.34, 0.49 * anatomy.breadth, 0.2), soft: 0.08, .blend(tissue))
    let half = 0.45 * anatomy.breadth
    canvas.paint(y: 0.3...1, .blend(tissue)) { x, y in
      ramp((half - abs(x - centre) - 0.02 * (1 - y)) / 0.02) * ramp((y - 0.3 - top) / 0.06)
    }
    // The belly lets less through than the chest.
    canvas.paint(y: 0.7...1, .add(34)) { x, y in
      ramp((half - abs(x - centre)) / 0.05) * ramp((y - top - 0.7) / 0.15)
    }
  }

  private func drawLung(_ side: Float, _ signs: [PhantomSign], _ canvas: inout PhantomCanvas) {
    let lung = lung(side)
    canvas.ellipse(lung, soft: 0.06, .blend(50 + anatomy.density / 2)) { x, y in
      ramp((dome(side, x, signs) - y) / 0.02)
    }
    // Vessels fan out from the hilum.
    let hilum = (x: x(side * 0.075), y: top + 0.47)
    canvas.spot(Ellipse(hilum.x, hilum.y, 0.065, 0.09), .add(38))
    for (index, angle) in [
      (Float(-0.13), Float(-0.2)), (0.05, -0.24), (0.15, -0.1), (0.17, 0.04),
      (0.12, 0.15), (0.05, 0.21),
    ].enumerated() {
      let end = (x: hilum.x + side * angle.0 * 0.8, y: hilum.y + angle.1 * 0.8)
      canvas.line([hilum, end], width: index < 2 ? 0.009 : 0.012, .add(13))
    }
  }

  private func drawMiddle(_ signs: [PhantomSign], _ canvas: inout PhantomCanvas) {
    let wide = 1 + 0.85 * signs[1].severity
    canvas.ellipse(
      Ellipse(x(0.005), top + 0.33, 0.062 * wide, 0.27), soft: 0.15, .blend(158))
    canvas.ellipse(Ellipse(x(0.05), top + 0.31, 0.045 * wide, 0.05), soft: 0.2, .blend(160))
    let grown = anatomy.heart * (isAP ? 1.07 : 1)
    let big = signs[2].severity
    let heart = Ellipse(
      x(0.05 + 0.02 * big), top + 0.635 - 0.01 * big, 0.152 * grown * (1 + 0.5 * big),
      0.115 * grown * (1 + 0.32 * big), turned: -anatomy.heartTilt)
    canvas.ellipse(heart, soft: 0.08, .blend(170))
    // The spine with its discs, and the windpipe before it.
    canvas.paint(x: x(-0.04)...x(0.04), .add(17)) { x, y in
      let disc = abs((y * 17).truncatingRemainder(dividingBy: 1) - 0.5)
      return ramp((0.036 - abs(x - self.x(0))) / 0.01) * (0.5 + disc)
    }
    canvas.paint(x: x(-0.03)...x(0.03), y: 0...0.34, .add(-32)) { x, y in
      ramp((0.021 - abs(x - self.x(0))) / 0.012) * ramp((top + 0.33 - y) / 0.04)
    }
  }

  private func drawRibs(_ canvas: inout PhantomCanvas) {
    let reach = 0.37 * anatomy.breadth
    canvas.paint(y: 0.08...0.86, .add(19)) { x, y in
      let off = abs(x - centre)
      guard off > 0.06, off < reach else { return 0 }
      let phase =
        (y - top - 0.13 - anatomy.ribStart - 0.9 * off * off - 0.05 * off) / anatomy.ribGap
      let nearest = phase.rounded()
      guard nearest >= 0, nearest <= 8 else { return 0 }
      let gap = abs(phase - nearest) / 0.24
      // A rib is densest along its edges.
      return gap < 1 ? (0.45 + 0.55 * gap) * ramp((1 - gap) / 0.3) * ramp((reach - off) / 0.02) : 0
    }
  }

  private func drawOpacities(_ signs: [PhantomSign], _ canvas: inout PhantomCanvas) {
    func centre(_ sign: PhantomSign, spread: Float = 0.1) -> Float {
      x(sign.side * 0.21 + (sign.a - 0.5) * spread)
    }
    let (opacity, lesion, edema) = (signs[3], signs[4], signs[5])
    let (consolidation, pneumonia, atelectasis) = (signs[6], signs[7], signs[8])
    if opacity.isSeen {
      canvas.spot(
        Ellipse(centre(opacity), top + 0.33 + 0.25 * opacity.b, 0.13, 0.12 + 0.05 * opacity.c),
        .add(62 * opacity.severity))
    }
    if edema.isSeen {
      for side in [Float(-1), 1] where !edema.isEquivocal || side == edema.side {
        canvas.spot(Ellipse(x(side * 0.15), top + 0.48, 0.17, 0.23), .add(62 * edema.severity))
        if edema.isEquivocal { continue }
        for index in 0..<4 {
          let y = top + 0.56 + 0.035 * Float(index)
          canvas.line(
            [(x(side * 0.29), y), (x(side * 0.335), y + 0.004)], width: 0.008,
            .add(42 * edema.severity))
        }
      }
    }
    if consolidation.isSeen {
      let zone: Float = consolidation.isEquivocal ? 0.56 : consolidation.b < 0.5 ? 0.3 : 0.44
      let y = top + zone + 0.06 * consolidation.c
      canvas.ellipse(
        Ellipse(
          centre(consolidation, spread: 0.05), y, 0.1, 0.075, turned: consolidation.side * 0.3),
        soft: 0.3, strength: 0.9 * consolidation.severity, .blend(172))
    }
    if pneumonia.isSeen {
      for (index, offset) in [(Float(-0.05), Float(0)), (0.04, 0.03), (-0.01, 0.075), (0.06, 0.09)]
        .enumerated()
      {
        let radius = 0.045 + 0.012 * Float(index % 2)
        canvas.spot(
          Ellipse(
            centre(pneumonia, spread: 0.04) + offset.0, top + 0.54 + offset.1 + 0.03 * pneumonia.b,
            radius, radius),
          .add(78 * pneumonia.severity))
      }
    }
    if atelectasis.isSeen {
      let side = atelectasis.side
      for index in 0..<3 {
        let zone: Float = atelectasis.isEquivocal ? 0.3 : 0.575
        let y = top + zone + 0.035 * Float(index) + 0.02 * atelectasis.b
        canvas.line(
          [(x(side * 0.12), y + 0.012), (x(side * (0.26 + 0.05 * atelectasis.a)), y)],
          width: 0.014, .add(68 * atelectasis.severity))
      }
    }
    if lesion.isSeen {
      let radius = 0.03 + 0.022 * lesion.c
      canvas.ellipse(
        Ellipse(centre(lesion), top + 0.28 + 0.33 * lesion.b, radius, radius), soft: 0.2,
        .add(85 * lesion.severity))
    }
  }

  private func drawPleura(_ signs: [PhantomSign], _ canvas: inout PhantomCanvas) {
    let (pneumothorax, effusion, thickening) = (signs[9], signs[10], signs[11])
    for side in [Float(-1), 1] {
      let lung = lung(side)
      if effusion.isSeen, effusion.side == side || effusion.a < 0.4 {
        // Fluid stands higher along the wall.
        let level = top + 0.77 - 0.27 * effusion.severity
        canvas.ellipse(lung, soft: 0.06, strength: 0.95, .blend(168)) { x, y in
          let out = (x - self.x(side * 0.06)) * side
          return ramp((y - level - 0.08 + 0.5 * out) / 0.04)
        }
      }
      if thickening.isSeen, thickening.side == side {
        canvas.ellipse(lung, soft: 0.06, strength: 0.9 * thickening.severity, .blend(160)) { x, y in
          let inner = Ellipse(lung.x - side * 0.03, lung.y, lung.rx, lung.ry, turned: side * 0.1)
          return (1 - inner.cover(x, y, soft: 0.05)) * ramp((y - top - 0.3) / 0.05)
            * ramp((top + 0.66 - y) / 0.05)
        }
      }
      if pneumothorax.isSeen, pneumothorax.side == side {
        let collapse = 0.35 + 0.4 * pneumothorax.severity
        let left = Ellipse(
          lung.x - side * 0.05 * collapse, lung.y + 0.13 * collapse,
          lung.rx * (1 - 0.25 * collapse),
          lung.ry * (1 - 0.2 * collapse), turned: side * 0.1)
        canvas.ellipse(lung, soft: 0.05, strength: 0.9, .blend(22)) { x, y in
          (1 - left.cover(x, y, soft: 0.04)) * ramp((top + 0.66 - y) / 0.06)
            * ramp(((x - self.x(side * 0.11)) * side + (top + 0.42 - y) * 0.6) / 0.05)
        }
        canvas.ellipse(lung, soft: 0.05, .add(46)) { x, y in
          let edge = abs(left.squared(x, y).squareRoot() - 1)
          return ramp((0.05 - edge) / 0.03) * ramp((top + 0.6 - y) / 0.06)
            * ramp(((x - self.x(side * 0.1)) * side + (top + 0.42 - y) * 0.6) / 0.05)
        }
      }
    }
  }

  private func drawBones(_ signs: [PhantomSign], _ canvas: inout PhantomCanvas) {
    for side in [Float(-1), 1] {
      canvas.line(
        [(x(side * 0.04), top + 0.2), (x(side * 0.16), top + 0.175), (x(side * 0.33), top + 0.13)],
        width: 0.03, .add(24))
    }
    let fracture = signs[12]
    guard fracture.isSeen else { return }
    // Callus about a gap, on the side of the chest.
    let spot = (x: x(fracture.side * 0.315), y: top + 0.36 + 0.24 * fracture.a)
    canvas.ellipse(
      Ellipse(spot.x, spot.y, 0.04, 0.026, turned: fracture.side * 0.6), soft: 0.25,
      .add(95 * fracture.severity))
    canvas.line(
      [(spot.x - 0.012, spot.y - 0.03), (spot.x + 0.012, spot.y + 0.03)], width: 0.012,
      .add(-110 * fracture.severity))
  }

  private func drawDevices(_ sign: PhantomSign, _ canvas: inout PhantomCanvas) {
    let side = sign.side
    // A central line from under the clavicle to the heart.
    canvas.line(
      [
        (x(side * 0.36), top + 0.12), (x(side * 0.22), top + 0.2), (x(side * 0.07), top + 0.23),
        (x(-0.045), top + 0.36), (x(-0.045), top + 0.5),
      ],
      width: 0.012, .add(88))
    if sign.a < 0.5 {
      // A tube in the windpipe.
      canvas.line([(x(0.005), 0), (x(0), top + 0.31)], width: 0.014, .add(85))
    }
    if sign.b < 0.35 {
      // A pacemaker.
      canvas.ellipse(Ellipse(x(0.3), top + 0.24, 0.055, 0.04), soft: 0.06, .blend(236))
    }
    // Electrodes.
    for (dx, y) in [(Float(-0.3), Float(0.27)), (0.32, 0.5), (-0.28, 0.68)] {
      canvas.ellipse(
        Ellipse(x(dx + 0.03 * (sign.c - 0.5)), top + y, 0.02, 0.02), soft: 0.15, .blend(228))
    }
  }
}
