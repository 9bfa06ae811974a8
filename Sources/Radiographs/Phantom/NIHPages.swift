import Basics

/// ChestX-ray14: frontal pictures as 8-bit PNG in numbered folders, labels joined with `|`, the
/// official lists and a few boxes.
struct NIHPages: PhantomPages {
  let encoding = PhantomEncoding.png(bits: 8)

  private static let root = PhantomLayout.nih.root
  /// What the findings are called there; those it lacks are not told.
  private static let names = [
    "Atelectasis": "Atelectasis", "Cardiomegaly": "Cardiomegaly", "Pleural Effusion": "Effusion",
    "Lung Opacity": "Infiltration", "Lung Lesion": "Nodule", "Pneumonia": "Pneumonia",
    "Pneumothorax": "Pneumothorax", "Consolidation": "Consolidation", "Edema": "Edema",
    "Pleural Other": "Pleural_Thickening",
  ]

  var tables: [(path: String, header: [String])] {
    [
      (
        "\(Self.root)/Data_Entry_2017_v2020.csv",
        [
          "Image Index", "Finding Labels", "Follow-up #", "Patient ID", "Patient Age",
          "Patient Gender", "View Position", "OriginalImage[Width", "Height]",
          "OriginalImagePixelSpacing[x", "y]",
        ]
      ),
      ("\(Self.root)/train_val_list.txt", []), ("\(Self.root)/test_list.txt", []),
      (
        "\(Self.root)/BBox_List_2017.csv",
        ["Image Index", "Finding Label", "Bbox [x", "y", "w", "h]", "", "", ""]
      ),
      PhantomTruthTable.table,
    ]
  }

  func page(of patient: PhantomPatient, numbered number: Int, in subset: Subset) -> PhantomPage {
    var page = PhantomPage(tables: 5)
    let digits = String(number)
    let id = String(repeating: "0", count: max(0, 8 - digits.count)) + digits
    var followUp = 0
    for (index, study) in patient.studies.enumerated() {
      for (view, shown) in study.views.enumerated() where !shown.isLateral {
        let count = String(followUp)
        let image =
          "\(id)_\(String(repeating: "0", count: max(0, 3 - count.count)))\(count).png"
        let labels = zip(PhantomFinding.all, study.labels).filter { $1 == .positive }
          .compactMap { Self.names[$0.0.name] }.sorted()
        page.append(
          [
            image, labels.isEmpty ? "No Finding" : labels.joined(separator: "|"), count, digits,
            String(min(95, study.age)), patient.sex == "Female" ? "F" : "M",
            shown.projection == "PA" ? "PA" : "AP", "2500", "2048", "0.168", "0.168",
          ], to: 0)
        // The valid patients of a phantom, of whom all is known, are the official test set.
        page.rows[subset == .train ? 1 : 2] += Array("\(image)\n".utf8)
        if let first = labels.first, number.isMultiple(of: 20) {
          let name = first == "Infiltration" ? "Infiltrate" : first
          page.append([image, name, "225.1", "547.0", "86.8", "79.2", "", "", ""], to: 3)
        }
        page.append(PhantomTruthTable.row(image, digits, study), to: 4)
        let part = number % 12 + 1
        let folder = "images_0\(part < 10 ? "0" : "")\(part)/images"
        page.pictures.append(("\(Self.root)/\(folder)/\(image)", index, view))
        followUp += 1
      }
    }
    return page
  }
}
