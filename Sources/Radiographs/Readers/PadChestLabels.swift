/// The labels of PadChest as the table spells them (Bustos et al. 2020).
enum PadChestLabels {
  /// Those that are findings here.
  static let findings = [
    "normal", "COPD signs", "air trapping", "alveolar pattern", "aortic atheromatosis",
    "aortic elongation", "apical pleural thickening", "atelectasis", "atypical pneumonia",
    "bronchiectasis", "bronchovascular markings", "bullas", "calcified densities",
    "calcified granuloma", "cardiomegaly", "cavitation", "central venous catheter",
    "chest drain tube", "chronic changes", "consolidation", "costophrenic angle blunting",
    "emphysema", "endotracheal tube", "fibrotic band", "flattened diaphragm", "fracture",
    "granuloma", "ground glass pattern", "heart insufficiency", "hemidiaphragm elevation",
    "hiatal hernia", "hilar congestion", "hilar enlargement", "hyperinflated lung",
    "hypoexpansion", "increased density", "infiltrates", "interstitial pattern", "kerley lines",
    "kyphosis", "laminar atelectasis", "lobar atelectasis", "mass", "mediastinal enlargement",
    "metal", "multiple nodules", "NSG tube", "nodule", "pacemaker", "pleural effusion",
    "pleural thickening", "pneumonia", "pneumothorax", "pseudonodule", "pulmonary edema",
    "pulmonary fibrosis", "pulmonary mass", "reticular interstitial pattern", "rib fracture",
    "scoliosis", "sternotomy", "subcutaneous emphysema", "superior mediastinal enlargement",
    "supra aortic elongation", "suture material", "tracheostomy tube", "tuberculosis",
    "tuberculosis sequelae", "unchanged", "vascular hilar enlargement",
    "vertebral degenerative changes", "volume loss",
  ]

  /// Those that are no pathologies: what was put in or taken out, what a picture shows of its making,
  /// and remarks on the report. A picture with these alone is without a finding.
  static let asides: Set<String> = [
    "normal", "unchanged", "nipple shadow", "end on vessel",
    // Devices and material.
    "NSG tube", "artificial aortic heart valve", "artificial heart valve",
    "artificial mitral heart valve", "aortic endoprosthesis", "bone cement", "catheter",
    "central venous catheter", "central venous catheter via jugular vein",
    "central venous catheter via subclavian vein", "central venous catheter via umbilical vein",
    "chest drain tube", "dai", "double J stent", "dual chamber device", "electrical device",
    "endoprosthesis", "endotracheal tube", "external foreign body", "gastrostomy tube",
    "humeral prosthesis", "mammary prosthesis", "metal", "nephrostomy tube",
    "osteosynthesis material", "pacemaker", "prosthesis", "reservoir central venous catheter",
    "single chamber device", "suture material", "tracheostomy tube",
    "ventriculoperitoneal drain tube",
    // Traces of surgery.
    "mastectomy", "sternotomy", "surgery", "surgery breast", "surgery heart", "surgery humeral",
    "surgery lung", "surgery neck",
  ]

  /// Those whose pictures are left out: nothing can be said from them.
  static let excluding = ["exclude", "suboptimal study"]
}
