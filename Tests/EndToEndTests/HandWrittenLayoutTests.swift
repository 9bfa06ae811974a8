import Basics
import Foundation
import Testing

extension EndToEndTests {
  /// The layouts that no phantom writes, by hand: BRAX and CheXpert Plus, whole and broken.
  @Suite struct HandWrittenLayoutTests {
    /// A layout with its tables, and what a careless hand makes of one of them.
    struct Layout: Sendable, CustomTestStringConvertible {
      let name, table: String
      var wrong: (from: String, to: String)
      let message, place, column: String
      var testDescription: String { name }
    }

    private static let layouts = [
      Layout(
        name: "brax", table: "master_spreadsheet_update.csv", wrong: (",M,45,", ",M,forty,"),
        message: "`forty` is no age", place: "master_spreadsheet_update.csv:3",
        column: "AccessionNumber"),
      Layout(
        name: "chexpert-plus", table: "df_chexpert_plus_240401.csv", wrong: (",valid", ",later"),
        message: "`later` is no subset", place: "df_chexpert_plus_240401.csv:110",
        column: "deid_patient_id"),
    ]

    private static let findings = [
      "No Finding", "Enlarged Cardiomediastinum", "Cardiomegaly", "Lung Opacity", "Lung Lesion",
      "Edema", "Consolidation", "Pneumonia", "Atelectasis", "Pneumothorax", "Pleural Effusion",
      "Pleural Other", "Fracture", "Support Devices",
    ]

    /// The labels of a picture: every third patient has an oedema, the next one perhaps.
    private func labels(_ number: Int) -> [String] {
      Self.findings.map { finding in
        switch (finding, number % 3) {
        case ("Edema", 0): "1.0"
        case ("Edema", 1): number % 2 == 0 ? "-1.0" : "0.0"
        case ("No Finding", 2): "1.0"
        default: ""
        }
      }
    }

    private func world(_ layout: Layout) throws -> World {
      let world = try World(
        PaintedCohort(patients: 2),
        spec: """
          name: layout
          cohort: {source: \(layout.name), root: data}
          split: {seed: 1}
          labels: {findings: [Edema, No Finding], uncertain: u-ones}
          images: {size: 16}
          train: {arch: simple, epochs: 1}
          eval: {bootstrap: 0}
          fairness: {by: [sex], min_group: 2}

          """)
      try FileManager.default.removeItem(atPath: world.path("data"))
      try layout.name == "brax" ? writeBRAX(world) : writePlus(world)
      return world
    }

    private func paint(_ number: Int, _ path: String, _ world: World) throws {
      try Files.makeFolder(Files.parent(of: world.path(path)))
      let pixels = (0..<16 * 16).map { UInt8(($0 * 7 + number * 31) % 251) }
      try Files.write(PNGFile.bytes(pixels, width: 16), to: world.path(path))
    }

    private func writeBRAX(_ world: World) throws {
      var lines = [
        "DicomPath,PngPath,PatientID,PatientSex,PatientAge,AccessionNumber,StudyDate,"
          + Self.findings.joined(separator: ",") + ",ViewPosition,Rows,Columns,Manufacturer"
      ]
      for number in 0..<60 {
        let path = "images/id_\(number)/Study_1/Series_2/image-3.png"
        let age = number == 5 ? "85 or more" : "45"
        lines.append(
          "Anonymized_DICOMs/\(number).dcm,\(path),id_\(number),\(number % 2 == 0 ? "F" : "M"),"
            + "\(age),acc\(number),20080101,\(labels(number).joined(separator: ",")),AP,16,16,1")
        try paint(number, "data/\(path)", world)
      }
      try world.write(
        lines.joined(separator: "\n") + "\n", to: "data/master_spreadsheet_update.csv")
    }

    private func writePlus(_ world: World) throws {
      var lines = [
        "path_to_image,path_to_dcm,frontal_lateral,ap_pa,deid_patient_id,patient_report_date_order,"
          + "report,section_narrative,section_clinical_history,section_history,section_comparison,"
          + "section_technique,section_procedure_comments,section_findings,section_impression,"
          + "section_end_of_impression,section_summary,section_accession_number,age,sex,race,"
          + "ethnicity,interpreter_needed,insurance_type,recent_bmi,deceased,split"
      ]
      var objects = ""
      for number in 0..<60 {
        let path = "train/patient\(64_000 + number)/study1/view1_frontal"
        // Reports have line breaks: a row takes two lines.
        lines.append(
          "\(path).jpg,\(path).dcm,Frontal,AP,patient\(64_000 + number),1,\"clear, \"\"dry\"\"\nlungs\","
            + ",,,,,,,,,,,45.0,\(number % 2 == 0 ? "Female" : "Male"),White,Unknown,No,Medicare,20,No,"
            + (number < 54 ? "train" : "valid"))
        let cells = zip(Self.findings, labels(number)).map { name, label in
          "\"\(name)\": \(label.isEmpty ? "null" : label)"
        }
        objects += "{\"path_to_image\": \"\(path).jpg\", \(cells.joined(separator: ", "))}\n"
        try paint(number, "data/PNG/PNG_chunk_\(number % 2)/\(path).png", world)
      }
      try world.write(
        lines.joined(separator: "\n") + "\n", to: "data/df_chexpert_plus_240401.csv")
      try world.write(objects, to: "data/report_fixed.json")
    }

    /// From the tables to scores, by labels as they stand in the table.
    @Test("A data set that is written by hand is examined and trained on", arguments: layouts)
    func whole(layout: Layout) throws {
      let world = try world(layout)
      let examined = try world.start(["data", "doctor", "data"]).end()
      #expect(examined.code == 0, "\(examined.output)")
      #expect(examined.output.contains("60 pictures of 60 patients in 60 studies"))
      let ended = try world.run()
      #expect(ended.code == 0, "\(ended.errors)")
      let truth = try CSV(path: world.path("runs/layout/base,seed=0/truth.csv"))
      #expect(truth.cells("Edema").count { $0 == "1" } == 20)
      #expect(truth.cells("No Finding").count { $0 == "1" } == 20)
    }

    /// One wrong cell stops the run at its line.
    @Test("A broken row of such a data set is named at its line", arguments: layouts)
    func broken(layout: Layout) throws {
      let world = try world(layout)
      let text = try world.text("data/\(layout.table)")
      try world.write(
        text.replacing(layout.wrong.from, with: layout.wrong.to, maxReplacements: 1),
        to: "data/\(layout.table)")
      let ended = try world.run()
      #expect(ended.code == 1)
      #expect(ended.reports.map(\.message) == [layout.message], "\(ended.errors)")
      #expect(ended.reports.map(\.place) == ["data/\(layout.place)"])
    }

    /// A header that is not the data set's is said before anything runs, by the doctor, too.
    @Test("A missing column of such a data set is named", arguments: layouts)
    func header(layout: Layout) throws {
      let world = try world(layout)
      try world.edit("data/\(layout.table)", "\(layout.column),", "Other,")
      let ended = try world.cxr("validate", "spec.yaml")
      #expect(ended.code == 64)
      #expect(
        ended.reports.map(\.message)
          == ["no column `\(layout.column)` in `data/\(layout.table)`"])
      let examined = try world.start(["data", "doctor", "data"]).end()
      #expect(examined.output.contains("no column `\(layout.column)`"), "\(examined.output)")
    }
  }
}
