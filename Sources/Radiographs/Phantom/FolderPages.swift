import Basics

/// Frontal pictures sorted into `train/NORMAL`, `train/PNEUMONIA` and so on, as the pneumonia data sets
/// of many courses are.
struct FolderPages: PhantomPages {
  let encoding = PhantomEncoding.jpeg(quality: 92)

  private static let root = PhantomLayout.folder.root
  private static let finding = PhantomFinding.index("Pneumonia") ?? 0

  var tables: [(path: String, header: [String])] { [PhantomTruthTable.table] }

  func page(of patient: PhantomPatient, numbered number: Int, in subset: Subset) -> PhantomPage {
    var page = PhantomPage(tables: 1)
    let folder = subset == .valid ? "test" : number.isMultiple(of: 8) ? "val" : "train"
    for (index, study) in patient.studies.enumerated() {
      let name = study.labels[Self.finding] == .positive ? "PNEUMONIA" : "NORMAL"
      for (view, shown) in study.views.enumerated() where !shown.isLateral {
        let image = "\(folder)/\(name)/person\(number)_\(index + 1)_\(view + 1).jpeg"
        page.append(PhantomTruthTable.row(image, "person\(number)", study), to: 0)
        page.pictures.append(("\(Self.root)/\(image)", index, view))
      }
    }
    return page
  }
}
