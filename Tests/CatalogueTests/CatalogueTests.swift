import Catalogue
import Foundation
import Testing

@Suite struct CatalogueTests {
  /// A spec names an architecture, so a name must mean one row.
  @Test func `Names are unique and find their row`() {
    #expect(Set(Catalogue.names).count == Catalogue.all.count)
    for architecture in Catalogue.all {
      #expect(Catalogue.find(architecture.name) == architecture)
    }
    #expect(Catalogue.find("resnet") == nil)
  }

  /// System A needs these, each with gray and with colour input.
  @Test(arguments: ["simple", "medium", "resnet18", "densenet121"])
  func `System A's networks take one to three channels`(name: String) throws {
    let architecture = try #require(Catalogue.find(name))
    #expect(architecture.channels == 1...3)
    #expect(architecture.minimumSize <= architecture.defaultSize)
  }

  /// System C's list as it was written: timm's names with tags, and older spellings.
  @Test(arguments: [
    ("convnext_large.fb_in22k_ft_in1k", "convnext_large"),
    ("convnext_base.fb_in22k_ft_in1k", "convnext_base"),
    ("convnext_base_384_in22ft1k", "convnext_base"), ("efficientnet_b0.ra_in1k", "efficientnet_b0"),
    ("resmlp_36_distilled_224", "resmlp_36_224"),
    ("beit_base_patch16_224.in22k_ft_in22k", "beit_base_patch16_224"),
    ("levit_256.fb_dist_in1k", "levit_256"), ("levit_384", "levit_384"),
    ("regnety_008.pycls_in1k", "regnety_008"), ("densenet121", "densenet121"),
    ("convnext_tiny.fb_in1k", "convnext_tiny"), ("vit_base_patch16_224", "vit_base_patch16_224"),
    ("mobilevit_xs.cvnets_in1k", "mobilevit_xs"),
    ("deit3_small_patch16_224.fb_in22k_ft_in1k", "deit3_small_patch16_224"),
    ("efficientformer_l1", "efficientformer_l1"), ("mixer_b16_224", "mixer_b16_224"),
    ("resnet50.tv_in1k", "resnet50"), ("beit_large_patch16_224", "beit_large_patch16_224"),
    ("swin_base_patch4_window7_224", "swin_base_patch4_window7_224"),
  ])
  func `System C's names are known`(written: String, name: String) {
    #expect(Catalogue.find(written)?.name == name)
  }

  /// Pixels are given to a network as they were when its weights were trained
  /// (`scripts/reference/catalogue.py`).
  @Test func `Pixels are scaled and pictures sized as timm says for every tag`() throws {
    let golden = URL(filePath: #filePath).deletingLastPathComponent().appending(
      path: "Golden/weights.tsv")
    let lines = try String(contentsOf: golden, encoding: .utf8).split(separator: "\n").dropFirst()
    #expect(lines.count == Catalogue.all.reduce(0) { $0 + $1.tags.count })
    for line in lines {
      let words = line.split(separator: "\t").map(String.init)
      func numbers(_ text: String) -> [Double] {
        text.split(separator: " ").compactMap { Double($0) }
      }
      let row = try #require(Catalogue.find(words[0]))
      let scale = row.pixelScale(of: words[1])
      #expect(scale.mean == numbers(words[2]) && scale.deviation == numbers(words[3]), "\(line)")
      #expect("\(row.size(of: words[1]))" == words[4], "\(line)")
      #expect(row.takes(size: row.size(of: words[1])), "\(line)")
    }
  }

  /// Every spelling means one row, a tag that nobody published none.
  @Test func `Spellings are unambiguous`() {
    let spellings = Catalogue.all.flatMap { row in
      [row.name] + row.aliases.keys.sorted() + row.tags.map { "\(row.name).\($0)" }
    }
    #expect(Set(spellings).count == spellings.count)
    #expect(Catalogue.find("resnet50.mine") == nil)
    for row in Catalogue.all {
      for tag in row.aliases.values { #expect(row.tags.contains(tag)) }
    }
  }
}
