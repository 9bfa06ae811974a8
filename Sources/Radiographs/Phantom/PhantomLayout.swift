import Basics

/// The data set in whose layout a phantom is written.
public enum PhantomLayout: String, Codable, Sendable, CaseIterable {
  case chexpert
  case mimic = "mimic-cxr"
  case nih
  case padchest
  case folder

  /// The name of the reader that reads it.
  public var reader: String { rawValue }

  /// The folder below the phantom that the reader takes as its root; "" for the phantom itself.
  public var root: String {
    switch self {
    // Its reader takes the folder above it, too.
    case .chexpert: ""
    case .mimic: "MIMIC-CXR-JPG"
    case .nih: "ChestX-ray14"
    case .padchest: "PadChest"
    case .folder: "chest_xray"
    }
  }

  /// The demographics below the phantom, where the data set has them apart.
  public var demographics: String? {
    switch self {
    case .chexpert: PhantomFiles.demographics
    case .mimic: "MIMIC-IV"
    default: nil
    }
  }

  func pages(_ options: PhantomOptions) -> any PhantomPages {
    switch self {
    case .chexpert: CheXpertPages()
    case .mimic: MIMICPages(options)
    case .nih: NIHPages()
    case .padchest: PadChestPages(options)
    case .folder: FolderPages()
    }
  }
}

/// What a layout makes of a patient.
struct PhantomPage {
  /// The rows for each of the layout's tables, in their order.
  var rows: [[UInt8]]
  /// Where each picture lies below the phantom.
  var pictures: [(path: String, study: Int, view: Int)] = []

  init(tables: Int) { rows = Array(repeating: [], count: tables) }

  mutating func append(_ cells: [String], to table: Int) {
    var writer = CSVWriter()
    writer.append(cells)
    rows[table] += writer.bytes
  }
}

/// Writes patients as a data set lists them.
protocol PhantomPages: Sendable {
  /// The tables below the phantom; the first is written last, and a header of none is that of a list.
  var tables: [(path: String, header: [String])] { get }
  var encoding: PhantomEncoding { get }
  func page(of patient: PhantomPatient, numbered number: Int, in subset: Subset) -> PhantomPage
}

enum PhantomEncoding {
  case jpeg(quality: Int32)
  case png(bits: Int32)
}

extension RawLabel {
  /// The label with so many digits after the point.
  func cell(_ digits: String = "") -> String {
    switch self {
    case .positive: "1" + digits
    case .negative: "0" + digits
    case .uncertain: "-1" + digits
    case .blank: ""
    }
  }
}

extension PhantomPatient.Study {
  /// The findings that are there, as labels.
  var present: [RawLabel] { truth.map { $0 ? .positive : .negative } }
}
