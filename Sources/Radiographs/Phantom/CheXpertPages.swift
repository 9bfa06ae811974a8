import Basics

/// CheXpert: `train.csv` and `valid.csv`, JPEG pictures, demographics in a table of their own.
struct CheXpertPages: PhantomPages {
  let encoding = PhantomEncoding.jpeg(quality: 92)

  var tables: [(path: String, header: [String])] {
    let header = CheXpertReader.leading + PhantomFinding.all.map(\.name)
    return [
      ("\(PhantomFiles.dataSet)/train.csv", header), ("\(PhantomFiles.dataSet)/valid.csv", header),
      (PhantomFiles.pictures, header),
      (
        PhantomFiles.demographics, ["PATIENT", "GENDER", "AGE_AT_CXR", "PRIMARY_RACE", "ETHNICITY"]
      ),
    ]
  }

  func page(of patient: PhantomPatient, numbered number: Int, in subset: Subset) -> PhantomPage {
    var page = PhantomPage(tables: 4)
    let table = subset == .train ? 0 : 1
    page.append(
      [
        patient.id, patient.sex, String(patient.studies.first?.age ?? 0), patient.race,
        patient.ethnicity,
      ], to: 3)
    for (index, study) in patient.studies.enumerated() {
      let folder = "\(PhantomFiles.dataSet)/\(subset)/\(patient.id)/study\(index + 1)"
      for (view, shown) in study.views.enumerated() {
        let path = "\(folder)/view\(view + 1)_\(shown.isLateral ? "lateral" : "frontal").jpg"
        let side = shown.isLateral ? "Lateral" : "Frontal"
        let head = [path, patient.sex, String(study.age), side, shown.projection]
        page.append(head + study.labels.map { $0.cell(".0") }, to: table)
        page.append(head + study.present.map { $0.cell(".0") }, to: 2)
        page.pictures.append((path, index, view))
      }
    }
    return page
  }
}

/// What every layout but CheXpert's says of the truth: a row for each picture.
enum PhantomTruthTable {
  static let table = (
    path: PhantomFiles.pictures, header: ["image", "patient"] + PhantomFinding.all.map(\.name)
  )

  static func row(_ image: String, _ patient: String, _ study: PhantomPatient.Study) -> [String] {
    [image, patient] + study.present.map { $0.cell() }
  }
}
