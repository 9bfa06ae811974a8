import Basics
import Pipeline
import Radiographs

extension StudySpec {
  /// The JSON Schema of specs, made by letting the reader read specs that lead it through all of its
  /// branches.
  package static var schema: SpecSchema {
    let recorder = KeyRecorder()
    let machine = Machine(device: "cpu", hasBFloat16: false, runs: "") {
      _, _ throws(Diagnostics) in throw Diagnostics([Diagnostic("nothing is drawn for a schema")])
    }
    for text in branches {
      let ignored = DiagnosticList()
      guard let root = SpecFile.parse(text: text, file: "schema", diagnostics: ignored)?.root else {
        continue
      }
      let reader = ExperimentReader(
        SweepPoint(settings: [], seed: 0, root: root), diagnostics: ignored, machine: machine,
        recorder: recorder)
      var headers: [ExperimentReader.HeaderKey: CohortHeader] = [:]
      _ = reader.read(headers: &headers)
      _ = CompareSection.read(reader.top, [])
      _ = retries(reader.top)
    }
    let kinds = StageKind.all.map { ("retry.\($0.name)", "for the stages of this kind") }
    return SpecSchema(
      recorder, descriptions: descriptions.merging(kinds) { first, _ in first },
      fixedKeys: fixedKeys)
  }

  /// One of each: a section that is absent is read as an empty one here.
  private static let branches = [
    "cohort: {source: csv, columns: {image: a}, rename: {a: b}, groups: {a: {b: c}}}\n",
    "cohort: {source: folder, root: a, patient: b}\n",
    "split: {hold_out: {a: b}, balance: {by: a}, match: {by: a, on: b}}\n",
    "split: {balance: a}\nsample: {counts: {positive: 1}}\n",
    "cohort: {source: phantom, dials: {present_if_uncertain: {A: 0.5}}}\n",
    "labels: {attribute: A, classes: B}\n",
    "labels: {findings: A, uncertain: {soft: 0.5}}\n",
    "labels: {findings: A, uncertain: {smooth: {to: [0, 0.3]}}}\n",
    "labels: {findings: A, uncertain: {best-of: [u-zeros, u-ones], resplit: {below: 5}}}\n",
    "labels: {findings: A, uncertain: {A: u-ones}}\ntrain: {class_weights: {A: [1, 1]}}\n",
    "train: {class_weights: [1, 1], weights: {from: a}}\n",
    "train: {arch: {combined: [{arch: a, weights: {from: a}}]}}\n",
    "train: {arch: {torchscript: a}}\n",
    "train: {class_weights: none}\ncompare: {baseline: {a: b}}\n",
    "eval: {means: {a: [b]}}\nfairness: {by: a, privileged: {a: b}}\n",
    "compare: {baseline: a}\n",
  ]

  /// What each key is, for those who read a spec in an editor.
  static let descriptions: [String: String] = [
    "name": "names the folder in runs/; the name of the file by default",
    "seed": "the seed where the sweep has no seed axis",
    "extends": "another spec, which this one is laid over",
    "cohort": "whose pictures",
    "cohort.source": "the layout on disk",
    "cohort.root": "the folder of the data set",
    "cohort.table": "its table, where it is not the one the data set ships",
    "cohort.demographics":
      "for chexpert: its table of demographics, CSV or XLSX; for mimic-cxr: the folder of MIMIC-IV",
    "cohort.labeler": "whose labels, where the data set ships several",
    "cohort.contradictions": "what is done about a patient of whom the tables say two things",
    "cohort.patient": "for folder: a regular expression whose first group in a path is the patient",
    "cohort.groups": "what texts of attributes stand for, beside the tables in docs/cohorts.md",
    "cohort.rename": "findings under another name than the data set's",
    "cohort.name": "what the source is called, where there are several",
    "cohort.layout": "for phantom: the data set in whose layout it is written",
    "cohort.patients": "for phantom: how many patients are drawn",
    "cohort.size": "for phantom: width and height of the pictures",
    "cohort.seed": "for phantom: which draw",
    "cohort.dials": "for phantom: what is planted",
    "cohort.dials.signal": "a faint pattern in one group",
    "cohort.dials.signal.attribute": "whose groups",
    "cohort.dials.signal.group": "the group that has the pattern",
    "cohort.dials.signal.amplitude": "in gray levels",
    "cohort.dials.noise": "wrong labels in one group",
    "cohort.dials.noise.attribute": "whose groups",
    "cohort.dials.noise.group": "the group with the wrong labels",
    "cohort.dials.noise.finding": "the finding whose labels are wrong",
    "cohort.dials.noise.probability": "how often, in the group",
    "cohort.dials.noise.elsewhere": "how often, in the other groups",
    "cohort.dials.shortcut": "devices that appear with a finding",
    "cohort.dials.shortcut.finding": "the finding",
    "cohort.dials.shortcut.odds_ratio": "the odds of a device with the finding over without",
    "cohort.dials.present_if_uncertain": "how often an uncertain finding is present",
    "cohort.columns": "for csv: which column is which",
    "cohort.views": "the views to keep; all by default",
    "cohort.on_bad_image": "what a bad picture does: all are listed, or left out and counted",
    "split": "who is in train, valid and test",
    "split.by": "patients by chance, or the split of the data's owners",
    "split.fractions": "the share of the patients in each subset, adding up to 1",
    "split.fractions.train": "the share of train",
    "split.fractions.valid": "the share of valid",
    "split.fractions.test": "the share of test",
    "split.seed": "seeds the streams of the split",
    "split.stratify":
      "findings and attributes whose shares are kept equal; the findings of labels by default",
    "split.file": "a split made elsewhere",
    "split.folds": "in place of fractions: how many equal parts",
    "split.fold": "the part that is test, from 0; the next one is valid",
    "split.hold_out": "an attribute with the value that is test: leave one site out",
    "split.valid": "for official: the share of train that becomes valid where there is none",
    "split.max_per_patient": "the most pictures of a patient; the others are in no subset",
    "split.balance": "an attribute: each group is cut to the smallest, in every subset",
    "split.balance.by": "an attribute or a crossing",
    "split.balance.groups": "the groups that are kept; all by default",
    "split.match": "groups that are made alike in test",
    "split.match.by": "an attribute or a crossing",
    "split.match.on": "findings and attributes whose shares are the same in every group",
    "split.match.groups": "the groups that are kept; all by default",
    "split.age_edges": "inner edges of age groups in years, where something is by age",
    "labels": "what is learned",
    "labels.findings": "the findings, in the order of the outputs",
    "labels.uncertain": "-1 in training, for all findings or for each",
    "labels.blank": "blank in training",
    "labels.uncertain.soft": "a probability in place of each uncertain label",
    "labels.uncertain.smooth": "a probability drawn from an interval",
    "labels.uncertain.smooth.to": "the interval",
    "labels.uncertain.smooth.draw": "once for each picture, or anew in each epoch",
    "labels.uncertain.best-of": "each is tried, and valid chooses one for each finding",
    "labels.uncertain.choose": "by the higher AUROC, or only where its interval says so",
    "labels.uncertain.resplit":
      "train and valid shared out again by patients, where valid has too few cases to choose by",
    "labels.uncertain.resplit.below": "fewer patients with the finding, or without, are too few",
    "labels.uncertain.resplit.valid": "the share of the patients that valid gets",
    "labels.no_finding": "whether No Finding is read or follows from the other findings",
    "labels.attribute": "an attribute that is learned in place of findings",
    "labels.classes": "its values, one output for each; pictures with others are not used",
    "labels.age_edges": "inner edges of age groups in years, where age is learned",
    "labels.head": "one logit or two, for findings that are not 3-class",
    "sample": "what a training sees of its subset",
    "sample.method": "what makes classes or groups equally large",
    "sample.finding": "whose classes",
    "sample.counts": "how many of each class are drawn before that",
    "sample.counts.positive": "of the positive class; all by default",
    "sample.counts.negative": "of the negative class; all by default",
    "sample.by": "for group-balanced: an attribute or a crossing",
    "sample.groups": "the groups that are kept; all by default",
    "sample.age_edges": "inner edges of age groups in years, where by has age",
    "images": "how the network sees a picture",
    "images.size": "width and height in pixels; as the network was trained by default",
    "images.channels": "input channels; the gray picture stands in each",
    "images.fit": "how a picture becomes a square",
    "images.filter": "how it is resized",
    "images.decode": "whether large JPEG files are decoded at a fraction of their size",
    "images.equalize": "whether its histogram is equalised after resizing",
    "images.bits": "of a gray level in the pack, 8 or 16",
    "train": "the network and how it learns",
    "images.normalize":
      "(x - mean) / std for pixels from 0 to 1, imagenet, or training for what is measured there",
    "images.normalize.mean": "one number, or one for each channel",
    "images.normalize.std": "one number, or one for each channel",
    "train.arch": "a name of `cxr-pipeline models`, several joined, or a network from Python",
    "train.arch.combined": "networks whose features are joined under one linear layer",
    "train.arch.combined.arch": "a name of `cxr-pipeline models`",
    "train.arch.combined.weights": "what this part starts from",
    "train.arch.combined.weights.from":
      "the arm, which has the same seed and shares the other axes",
    "train.arch.torchscript": "a file of TorchScript",
    "train.weights": "random, imagenet, a file of weights, or the network of another arm",
    "train.rgb_kernels": "what kernels of three channels become for fewer",
    "train.weights.from": "the arm, which has the same seed and shares the other axes",
    "train.freeze":
      "parts by name or pattern, a number of layers, or backbone for all but the last layer",
    "train.stochastic_depth": "the share of residual branches left out in the last block",
    "train.dropout": "the share of values dropped inside of the network",
    "train.head_dropout": "the share of features dropped before the last layer",
    "train.class_weights": "how much a case of each class counts in the loss",
    "train.epochs": "passes over the sample",
    "train.batch": "pictures in a step",
    "train.optimizer": "which step is taken",
    "train.optimizer.name": "the method",
    "train.optimizer.lr": "the learning rate of the first epoch",
    "train.optimizer.weight_decay": "L2 penalty, or decoupled decay with adamw",
    "train.optimizer.momentum": "for sgd",
    "train.schedule": "how the learning rate falls; it does not by default",
    "train.schedule.step": "after how many epochs",
    "train.schedule.gamma": "what the rate is multiplied by",
    "train.select": "the validation metric that chooses the epoch to keep",
    "train.checkpoint_seconds": "how long between checkpoints; changes no result",
    "train.precision": "auto is bfloat16 where the hardware has it",
    "eval": "the truth, the unit and the threshold",
    "eval.per": "the unit of the main figures",
    "eval.aggregate": "the score of a study or patient over its pictures",
    "eval.uncertain": "-1 in valid and test",
    "eval.adjudicated": "the table that decides what uncertain labels are",
    "eval.blank": "blank in valid and test",
    "eval.threshold": "how the threshold is found",
    "eval.threshold.rule":
      "youden, f1, prevalence, fixed t, fpr <= a, sensitivity >= a, specificity >= a",
    "eval.threshold.on": "the subset on which it is fitted; test only by name",
    "eval.at": "rates at which the other one is measured",
    "eval.at.sensitivity": "sensitivities at which the specificity is measured",
    "eval.at.specificity": "specificities at which the sensitivity is measured",
    "eval.means": "means over lists of findings, by name",
    "eval.interval": "how an interval is made of replicates",
    "eval.strata": "findings and attributes within whose values patients are drawn",
    "eval.bootstrap": "replicates of the patient bootstrap, 0 for none",
    "eval.seed": "seeds the stream bootstrap",
    "compare": "which arm each arm is held against",
    "compare.baseline":
      "an arm, or values of axes: each arm is compared with the arm that has them",
    "retry": "how often a stage is tried again after a failure, by kind; changes no result",
    "fairness": "the groups",
    "fairness.by": "attributes and crossings: sex, sex x age",
    "fairness.age_edges": "inner edges of the age groups in years",
    "fairness.age_bins": "the age groups: 0-18-40-60-80+, or quantiles 4",
    "fairness.min_group": "patients below which a group gets a dash",
    "fairness.thresholds": "one threshold for all groups, or one for each",
    "fairness.privileged": "the group of an attribute that the others are held against",
    "fairness.also": "forms of other programs",
  ]
}
