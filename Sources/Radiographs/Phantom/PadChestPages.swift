import Basics

/// PadChest: 16-bit PNG, labels as a Python list with stray spaces, a row here and there that is
/// excluded or has no label.
struct PadChestPages: PhantomPages {
  let encoding = PhantomEncoding.png(bits: 16)
  private let seed: Int

  init(_ options: PhantomOptions) { seed = options.seed }

  private static let root = PhantomLayout.padchest.root
  private static let names = [
    "No Finding": "normal", "Enlarged Cardiomediastinum": "mediastinal enlargement",
    "Cardiomegaly": "cardiomegaly", "Lung Opacity": "infiltrates", "Lung Lesion": "nodule",
    "Edema": "pulmonary edema", "Consolidation": "consolidation", "Pneumonia": "pneumonia",
    "Atelectasis": "atelectasis", "Pneumothorax": "pneumothorax",
    "Pleural Effusion": "pleural effusion", "Pleural Other": "pleural thickening",
    "Fracture": "rib fracture", "Support Devices": "central venous catheter",
  ]

  var tables: [(path: String, header: [String])] {
    [
      (
        "\(Self.root)/PADCHEST_chest_x_ray_images_labels_160K_01.02.19.csv",
        [
          "", "ImageID", "ImageDir", "StudyDate_DICOM", "StudyID", "PatientID", "PatientBirth",
          "PatientSex_DICOM", "ViewPosition_DICOM", "Projection", "MethodProjection", "Pediatric",
          "Modality_DICOM", "Manufacturer_DICOM", "ReportID", "Report", "MethodLabel", "Labels",
          "Localizations", "LabelsLocalizationsBySentence", "labelCUIS", "LocalizationsCUIS",
        ]
      ),
      PhantomTruthTable.table,
    ]
  }

  func page(of patient: PhantomPatient, numbered number: Int, in subset: Subset) -> PhantomPage {
    var page = PhantomPage(tables: 2)
    var draw = RandomStream(patient.stream + "/padchest", seed: seed)
    let id = "\(839_860_488_694_292 + number)"
    // The year of the first study and that of birth, which some rows lack.
    let first = 2009 + draw.below(6)
    let birth = first - (patient.studies.first?.age ?? 0)
    let isBirthKnown = draw.uniform() >= 0.01
    for (index, study) in patient.studies.enumerated() {
      let years = study.age - (patient.studies.first?.age ?? 0)
      let day = 1 + draw.below(28)
      let date = "\(first + years)\(10 + draw.below(3))\(day < 10 ? "0" : "")\(day)"
      var labels = zip(PhantomFinding.all, study.labels).filter { $1 == .positive }
        .compactMap { Self.names[$0.0.name] }
      if labels.isEmpty { labels = ["unchanged"] }
      // The table is not free of blanks, nor of rows to leave out.
      if draw.uniform() < 0.1 { labels[labels.count - 1] = " \(labels[labels.count - 1]) " }
      let odd = draw.uniform()
      if odd < 0.01 { labels = ["exclude"] } else if odd < 0.012 { labels = [] }
      let list = "[\(labels.map { "'\($0)'" }.joined(separator: ", "))]"
      for (view, shown) in study.views.enumerated() {
        let image = "\(id)_\(index + 1)_\(view + 1).png"
        let folder = number % 55
        let projection =
          shown.isLateral ? "L" : shown.projection == "PA" ? "PA" : "AP_horizontal"
        page.append(
          [
            String(number), image, String(folder), date, "\(id)-\(index + 1)", id,
            isBirthKnown ? "\(birth).0" : "", patient.sex == "Female" ? "F" : "M",
            shown.isLateral ? "LATERAL" : "POSTEROANTERIOR", projection,
            "Manual review of DICOM fields", "No", "DX", "PhilipsMedicalSystems",
            String(4_000_000 + number), "", "Physician", list, "[]", "", "", "",
          ], to: 0)
        page.append(PhantomTruthTable.row(image, id, study), to: 1)
        page.pictures.append(("\(Self.root)/\(folder)/\(image)", index, view))
      }
    }
    return page
  }
}
