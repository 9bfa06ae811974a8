import Catalogue
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
}
