import Basics

/// The split as a table: `image,patient,study,subset`, where an empty subset means none.
extension Split {
  /// Writes the table.
  public func write(to path: String) throws(Diagnostic) {
    var writer = CSVWriter(header: ["image", "patient", "study", "subset"])
    for row in images.indices {
      writer.append([images[row], patients[row], studies[row], subsets[row]?.rawValue ?? ""])
    }
    try writer.write(to: path)
  }

  /// Reads a table written by ``write(to:)`` and checks it by itself once more.
  ///
  /// - Throws: all pictures listed twice, all subsets that are none, and all patients in two subsets.
  public init(path: String) throws(Diagnostics) {
    let (csv, columns) = try several { () throws(Diagnostic) in
      let csv = try CSV(path: path)
      return (
        csv,
        try ["image", "patient", "study", "subset"].map { name throws(Diagnostic) in
          try csv.requiredColumn(name)
        }
      )
    }
    var wrong = DiagnosticList()
    var joining = PatientSubsets()
    var (images, patients, studies): ([String], [String], [String]) = ([], [], [])
    var subsets: [Subset?] = []
    var seen: Set<String> = []
    for row in 0..<csv.rowCount {
      let (image, patient, name) = (
        csv[row, columns[0]], csv[row, columns[1]], csv[row, columns[3]]
      )
      let subset = Subset(rawValue: name)
      if !seen.insert(image).inserted {
        wrong.add("image `\(image)` is listed a second time", at: csv.place(row))
      }
      if subset == nil, !name.isEmpty { wrong.add(unknownSubset(name, csv.place(row))) }
      if let subset, let other = joining.add(patient, subset) {
        wrong.add("patient `\(patient)` is in `\(other)` and `\(subset)`", at: csv.place(row))
      }
      images.append(image)
      patients.append(patient)
      studies.append(csv[row, columns[2]])
      subsets.append(subset)
    }
    try wrong.throwIfAny()
    self.init(images: images, patients: patients, studies: studies, subsets: subsets)
  }

  init(images: [String], patients: [String], studies: [String], subsets: [Subset?]) {
    self.images = images
    self.patients = patients
    self.studies = studies
    self.subsets = subsets
  }
}

func unknownSubset(_ name: String, _ place: Place) -> Diagnostic {
  Diagnostic("`\(name)` is no subset", at: place, hint: "a subset is `train`, `valid` or `test`")
}

/// The subset that each patient was met in first.
struct PatientSubsets {
  private var subsets: [String: Subset] = [:]

  /// Returns the subset in which `patient` was met before, where it is another one.
  mutating func add(_ patient: String, _ subset: Subset) -> Subset? {
    guard let known = subsets[patient] else {
      subsets[patient] = subset
      return nil
    }
    return known == subset ? nil : known
  }
}
