import Torch

/// What a network is built for, beside its architecture.
public struct Blueprint: Equatable, Sendable {
  /// Channels of the pictures.
  public let channels: Int
  /// Logits.
  public let outputs: Int
  /// The side of the pictures in pixels; only networks with positions depend on it.
  public let size: Int
  /// The share of residual branches that training leaves out in the last block; earlier ones are
  /// left out in proportion to their depth (Huang et al. 2016).
  public let stochasticDepth: Double
  /// The share of values that training drops inside of the network, where it has such places: behind
  /// each projection of a transformer, each layer of a DenseNet, the first wide layer of a VGG (timm's
  /// `proj_drop_rate`, and `drop_rate` of VGG).
  public let dropout: Double
  /// The share of features that training drops before the last layer; nil is the architecture's.
  public let headDropout: Double?
  /// Whether it gives its features to another head, and so has no hidden layers behind them.
  let isPart: Bool

  /// A network for square pictures of `size` pixels.
  public init(
    channels: Int, outputs: Int, size: Int, stochasticDepth: Double = 0, dropout: Double = 0,
    headDropout: Double? = nil
  ) {
    self.init(
      channels: channels, outputs: outputs, size: size, stochasticDepth: stochasticDepth,
      dropout: dropout, headDropout: headDropout, isPart: false)
  }

  private init(
    channels: Int, outputs: Int, size: Int, stochasticDepth: Double, dropout: Double,
    headDropout: Double?, isPart: Bool
  ) {
    self.dropout = dropout
    self.channels = channels
    self.outputs = outputs
    self.size = size
    self.stochasticDepth = stochasticDepth
    self.headDropout = headDropout
    self.isPart = isPart
  }

  /// The same as a part of a larger network.
  var part: Blueprint {
    Blueprint(
      channels: channels, outputs: 1, size: size, stochasticDepth: stochasticDepth,
      dropout: dropout, headDropout: headDropout, isPart: true)
  }

  /// Stochastic depth of block `index` of `count`.
  func branch(_ index: Int, of count: Int) -> Dropout {
    Dropout(
      count > 1 ? stochasticDepth * Double(index) / Double(count - 1) : 0, wholeSamples: true)
  }

  /// Dropout inside of the network.
  var inside: Dropout { Dropout(dropout) }

  /// Dropout before the last layer, of share `own` unless another is asked for.
  func head(_ own: Double = 0) -> Dropout { Dropout(headDropout ?? own) }
}
