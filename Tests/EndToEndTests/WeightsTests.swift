import Basics
import Foundation
import Testing

extension EndToEndTests {
  /// Weights of timm: where they come from, and that they are what they were.
  @Suite struct WeightsTests {
    /// A safetensors file with the first tensor of ResNets and some bytes of another.
    private static func file(_ count: Int = 300_000, of byte: UInt8 = 7) -> [UInt8] {
      let header =
        #"{"conv1.weight":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"#
        + #""rest":{"dtype":"U8","shape":[\#(count)],"data_offsets":[4,\#(count + 4)]}}"#
      let length = (0..<8).map { UInt8(truncatingIfNeeded: header.utf8.count >> (8 * $0)) }
      return length + Array(header.utf8) + [UInt8](repeating: byte, count: count + 4)
    }

    private static func environment(_ world: World, _ server: FileServer) -> [String: String] {
      [
        "CXR_WEIGHTS": world.path("weights"), "no_proxy": "127.0.0.1",
        "CXR_WEIGHTS_URL": "http://127.0.0.1:\(server.port)/mirror/",
      ]
    }

    private static let name = "weights/resnet18.tv_in1k.safetensors"

    /// One download serves for ever, and a file that changed is not used.
    @Test("`weights pull` downloads once and notes the digest, and a file that changed is an error")
    func pull() throws {
      let world = try World(PaintedCohort(patients: 0))
      let file = Self.file()
      let server = try FileServer(file, .init(digest: Digest(of: file).hex))
      let environment = Self.environment(world, server)
      let first = try world.cxr("weights", "pull", "resnet18", environment: environment)
      #expect(first.code == 0, "\(first.errors)")
      #expect(
        server.requests
          == [.init(path: "/mirror/resnet18.tv_in1k/resolve/main/model.safetensors", range: nil)])
      #expect(try Files.read(world.path(Self.name)) == file)
      let record = "\(Digest(of: file).hex)  resnet18.tv_in1k.safetensors\n"
      #expect(try world.text(Self.name + ".sha256") == record)
      let again = try world.cxr("weights", "pull", "resnet18.tv_in1k", environment: environment)
      #expect(again.code == 0)
      #expect(server.requests.count == 1)
      try Files.write(Self.file(of: 8), to: world.path(Self.name))
      let changed = try world.cxr("weights", "pull", "resnet18", environment: environment)
      #expect(changed.code == 1)
      #expect(changed.errors.contains("is not what was downloaded: its digest is"))
    }

    /// Files are large and lines break.
    @Test("A download that broke off is continued where it was, and ends in the same file")
    func resume() throws {
      let world = try World(PaintedCohort(patients: 0))
      let file = Self.file()
      let server = try FileServer(file, .init(breaksAfter: 100_000))
      let environment = Self.environment(world, server)
      let broken = try world.cxr("weights", "pull", "resnet18", environment: environment)
      #expect(broken.code == 1)
      #expect(broken.errors.contains("run it again to continue"))
      #expect(!Files.exists(world.path(Self.name)))
      let run = try world.cxr("weights", "pull", "resnet18", environment: environment)
      #expect(run.code == 0, "\(run.errors)")
      #expect(server.requests.map(\.range) == [nil, "bytes=100000-"])
      #expect(try Files.read(world.path(Self.name)) == file)
    }

    /// Halves of two files are no file.
    @Test(
      "A download is begun anew where the file has changed since, or cannot be continued",
      arguments: [
        (FileServer.Manners(), FileServer.Manners(entityTag: "\"2\"")),
        (FileServer.Manners(), FileServer.Manners(hasRanges: false)),
        (
          FileServer.Manners(entityTag: "W/\"1\"", lastModified: "Mon, 01 Jan 2024 00:00:00 GMT"),
          FileServer.Manners(entityTag: "W/\"1\"", lastModified: "Tue, 02 Jan 2024 00:00:00 GMT")
        ),
        (FileServer.Manners(entityTag: nil), FileServer.Manners(entityTag: nil)),
      ])
    func changed(_ before: FileServer.Manners, _ manners: FileServer.Manners) throws {
      let world = try World(PaintedCohort(patients: 0))
      var broken = before
      broken.breaksAfter = 100_000
      let server = try FileServer(Self.file(of: 1), broken)
      let environment = Self.environment(world, server)
      _ = try world.cxr("weights", "pull", "resnet18", environment: environment)
      server.change(Self.file(of: 2), manners)
      let run = try world.cxr("weights", "pull", "resnet18", environment: environment)
      #expect(run.code == 0, "\(run.errors)")
      #expect(try Files.read(world.path(Self.name)) == Self.file(of: 2))
      #expect(
        world.files(below: "weights").sorted()
          == ["resnet18.tv_in1k.safetensors", "resnet18.tv_in1k.safetensors.sha256"])
    }

    /// The header of the file knows where it ends, whatever the server says.
    @Test("An answer that ends early without a length is continued, one that is too long refused")
    func ends() throws {
      let world = try World(PaintedCohort(patients: 0))
      let file = Self.file()
      let server = try FileServer(file, .init(breaksAfter: 100_000, hasLength: false))
      let environment = Self.environment(world, server)
      let broken = try world.cxr("weights", "pull", "resnet18", environment: environment)
      #expect(broken.code == 1)
      #expect(
        broken.errors.contains("broke off, \(file.count - 100_000) bytes before its end"),
        "\(broken.errors)")
      let run = try world.cxr("weights", "pull", "resnet18", environment: environment)
      #expect(run.code == 0, "\(run.errors)")
      #expect(server.requests.map(\.range) == [nil, "bytes=100000-"])
      #expect(try Files.read(world.path(Self.name)) == file)
      server.change(file + Array("more".utf8))
      let long = try world.cxr("weights", "pull", "resnet18.a1_in1k", environment: environment)
      #expect(long.code == 1)
      #expect(long.errors.contains("has 4 bytes behind its end"), "\(long.errors)")
    }

    /// A mirror that lacks a file is not a machine without internet.
    @Test("What the server answers is said, and a part that it no longer has is begun anew")
    func refused() throws {
      let world = try World(PaintedCohort(patients: 0))
      let server = try FileServer(Self.file(), .init(status: 404))
      let environment = Self.environment(world, server)
      let none = try world.cxr("weights", "pull", "resnet18", environment: environment)
      #expect(none.code == 1)
      #expect(none.errors.contains("the server answers 404 to http://127.0.0.1:"))
      #expect(none.errors.contains("`CXR_WEIGHTS_URL` names another mirror"), "\(none.errors)")
      server.change(nil, .init(breaksAfter: 100_000))
      _ = try world.cxr("weights", "pull", "resnet18", environment: environment)
      // The first answer to the part is 416, all others are the file.
      server.change(nil, .init(refusesRanges: true))
      let run = try world.cxr("weights", "pull", "resnet18", environment: environment)
      #expect(run.code == 0, "\(run.errors)")
      #expect(server.requests.suffix(2).map(\.range) == ["bytes=100000-", nil])
    }

    /// What a server says is not taken on trust.
    @Test("What is no file of weights, is another network or has another digest is not kept")
    func wrong() throws {
      let world = try World(PaintedCohort(patients: 0))
      let server = try FileServer(Array("<html>not found</html>".utf8))
      let environment = Self.environment(world, server)
      let page = try world.cxr("weights", "pull", "resnet18", environment: environment)
      #expect(page.code == 1)
      #expect(page.errors.contains("is no safetensors file"))
      server.change(Self.file())
      let other = try world.cxr("weights", "pull", "densenet121", environment: environment)
      #expect(other.errors.contains("has no tensor `features.conv0.weight`"))
      server.change(nil, .init(digest: Digest(of: "another").hex))
      let digest = try world.cxr("weights", "pull", "resnet18", environment: environment)
      #expect(digest.errors.contains("and the server says \(Digest(of: "another").hex)"))
      #expect(world.files(below: "weights") == [], "\(world.files(below: "weights"))")
    }

    /// Hospitals have no internet.
    @Test("Offline it is said which file to put where, and a file that was put there is taken")
    func offline() throws {
      let world = try World(PaintedCohort(patients: 2))
      let environment = [
        "CXR_WEIGHTS": world.path("weights"), "no_proxy": "127.0.0.1",
        "CXR_WEIGHTS_URL": "http://127.0.0.1:1",
      ]
      try world.write(
        World.one.replacing(
          "arch: simple", with: "arch: resnet18.a1_in1k, weights: imagenet"
        ).replacing("size: 16", with: "size: 32"), to: "spec.yaml")
      let where_ =
        "put http://127.0.0.1:1/resnet18.a1_in1k/resolve/main/model.safetensors at "
        + "`\(world.path("weights/resnet18.a1_in1k.safetensors"))`"
      let ended = try world.cxr("validate", "spec.yaml", environment: environment)
      #expect(ended.code == 64)
      let report = try #require(ended.reports.first)
      #expect(report.message == "the weights `resnet18.a1_in1k` are not on this machine")
      #expect(report.marked == "imagenet")
      #expect(
        report.hint
          == "`cxr-pipeline weights pull resnet18.a1_in1k` downloads them; offline, \(where_)")
      let pull = try world.cxr("weights", "pull", "resnet18.a1_in1k", environment: environment)
      #expect(pull.code == 1)
      #expect(pull.errors.contains("hint: offline, \(where_)"))
      try Files.makeFolder(world.path("weights"))
      try Files.write(Self.file(), to: world.path("weights/resnet18.a1_in1k.safetensors"))
      #expect(try world.cxr("validate", "spec.yaml", environment: environment).code == 0)
      let noted = try world.cxr("weights", "pull", "resnet18.a1_in1k", environment: environment)
      #expect(noted.code == 0 && noted.errors.contains("its digest is noted"), "\(noted.errors)")
      let none = try world.cxr("weights", "pull", "simple", environment: environment)
      #expect(none.code == 64 && none.errors.contains("there are no weights for `simple`"))
    }

    /// From a file of three channels and another head to a training.
    @Test("`weights: imagenet` starts from the file, says what was replaced, and checks the digest")
    func imagenet() throws {
      let world = try World(PaintedCohort(patients: 30))
      let folder = world.path("weights")
      let environment = ["CXR_WEIGHTS": folder]
      let mobile = World.one.replacing("arch: simple", with: "arch: mobilevit_xs")
        .replacing("size: 16", with: "size: 64")
      try world.write(mobile.replacing("size: 64", with: "size: 64, channels: 3"), to: "spec.yaml")
      let source = try world.run()
      #expect(source.code == 0, "\(source.errors)")
      let name = "mobilevit_xs.cvnets_in1k"
      try Files.makeFolder(folder)
      try Files.write(
        Files.read(world.path("runs/small/base,seed=0/model.safetensors")),
        to: "\(folder)/\(name).safetensors")
      #expect(try world.cxr("weights", "pull", name, environment: environment).code == 0)
      try world.write(
        mobile.replacing("epochs: 1", with: "weights: imagenet, rgb_kernels: sum, epochs: 1")
          .replacing("[Edema]}", with: "[Edema], head: softmax}"),
        to: "spec.yaml")
      let run = try world.start(
        ["run", "spec.yaml", "--threads", "1"], environment: environment
      ).end()
      #expect(run.code == 0, "\(run.errors)")
      #expect(
        run.errors.contains(
          "`head.fc.weight`, `head.fc.bias` keep their first values: the file has another size"))
      // MobileViT was trained on pixels as they are, and so are the sums of its kernels.
      let model = try Files.read(world.path("runs/small/base,seed=0/model.safetensors"))
      let header = String(decoding: model.prefix(4000), as: UTF8.self)
      #expect(header.contains(#""mean":"[0]""#) && header.contains(#""std":"[1]""#), "\(header)")
      let resolved = try world.cxr(
        "plan", "runs/small/base,seed=0/experiment.yaml", environment: environment)
      #expect(resolved.output.contains(", 0 to run"), "\(resolved.output)")
      // Another byte, and nothing is trained on it.
      var bytes = try Files.read("\(folder)/\(name).safetensors")
      bytes[bytes.count - 1] ^= 1
      try Files.write(bytes, to: "\(folder)/\(name).safetensors")
      let again = try world.start(
        ["run", "spec.yaml", "--threads", "1"], environment: environment
      ).end()
      #expect(again.code == 1)
      #expect(again.errors.contains("is not what was downloaded"), "\(again.errors)")
    }
  }
}
