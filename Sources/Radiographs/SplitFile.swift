import Basics

/// The split as a table: `image,patient,subset`, where an empty subset means none.
extension Split {
  /// Writes the table.
  public func write(to path: String) throws(Diagnostic) {
    var writer = CSVWriter(header: ["image", "patient", "subset"])
    for row in images.indices {
      writer.append([images[row], patients[row], subsets[row]?.rawValue ?? ""])
    }
    try writer.write(to: path)
  }

  /// Reads a table written by ``write(to:)`` and checks it against `cohort` once more.
  ///
  /// - Throws: all pictures that are not in the cohort, listed twice, of another patient or not
  ///   listed, all subsets that are none, and all patients in two subsets.
  public init(path: String, cohort: Cohort) throws(Diagnostics) {
    let (csv, image, patient, subset) = try several { () throws(Diagnostic) in
      let csv = try CSV(path: path)
      return (
        csv, try csv.requiredColumn("image"), try csv.requiredColumn("patient"),
        try csv.requiredColumn("subset")
      )
    }
    let position = Dictionary(zip(cohort.images, cohort.images.indices)) { first, _ in first }
    var wrong = DiagnosticList()
    var subsets: [Subset??] = Array(repeating: nil, count: cohort.count)
    var joining = PatientSubsets()
    for row in 0..<csv.rowCount {
      let (key, name, place) = (csv[row, image], csv[row, subset], csv.place(row))
      guard let index = position[key] else {
        wrong.add("image `\(key)` is not in the cohort", at: place)
        continue
      }
      guard cohort.patients[index] == csv[row, patient] else {
        wrong.add(
          "image `\(key)` is of patient `\(cohort.patients[index])`, not `\(csv[row, patient])`",
          at: place)
        continue
      }
      guard subsets[index] == nil else {
        wrong.add("image `\(key)` is listed a second time", at: place)
        continue
      }
      let known = Subset(rawValue: name)
      if known == nil, !name.isEmpty {
        wrong.add(unknownSubset(name, place))
      }
      subsets[index] = .some(known)
      if let known, let other = joining.add(cohort.patients[index], known) {
        wrong.add("patient `\(cohort.patients[index])` is in `\(other)` and `\(known)`", at: place)
      }
    }
    let missing = subsets.indices.filter { subsets[$0] == nil }.map { cohort.images[$0] }
    if wrong.isEmpty, !missing.isEmpty {
      wrong.add("`\(path)` does not list \(missing.quotedFew())")
    }
    try wrong.throwIfAny()
    self.init(
      images: cohort.images, patients: cohort.patients, subsets: subsets.map { $0 ?? nil })
  }

  /// Reads a table written by ``write(to:)`` and checks it by itself once more.
  ///
  /// - Throws: all pictures listed twice, all subsets that are none, and all patients in two subsets.
  public init(path: String) throws(Diagnostics) {
    let (csv, columns) = try several { () throws(Diagnostic) in
      let csv = try CSV(path: path)
      return (
        csv,
        try ["image", "patient", "subset"].map { name throws(Diagnostic) in
          try csv.requiredColumn(name)
        }
      )
    }
    var wrong = DiagnosticList()
    var joining = PatientSubsets()
    var (images, patients, subsets): ([String], [String], [Subset?]) = ([], [], [])
    var seen: Set<String> = []
    for row in 0..<csv.rowCount {
      let (image, patient, name) = (
        csv[row, columns[0]], csv[row, columns[1]], csv[row, columns[2]]
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
      subsets.append(subset)
    }
    try wrong.throwIfAny()
    self.init(images: images, patients: patients, subsets: subsets)
  }

  init(images: [String], patients: [String], subsets: [Subset?]) {
    self.images = images
    self.patients = patients
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
