import Glibc

/// Runs `body` on the bytes of the file at `path`, which are not valid after it.
func withMappedFile<Result>(
  _ path: String, _ body: (UnsafeRawBufferPointer) throws(TorchError) -> Result
) throws(TorchError) -> Result {
  // A pipe without a writer would let the opening wait for ever.
  let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
  guard descriptor >= 0 else { throw .system("cannot read", path) }
  defer { close(descriptor) }
  var status = stat()
  guard fstat(descriptor, &status) == 0 else { throw .system("cannot read", path) }
  guard status.st_mode & S_IFMT == S_IFREG else {
    throw TorchError("cannot read `\(path)`: it is not a file")
  }
  let length = Int(status.st_size)
  guard length > 0 else { return try body(UnsafeRawBufferPointer(start: nil, count: 0)) }
  guard let memory = mmap(nil, length, PROT_READ, MAP_PRIVATE, descriptor, 0),
    memory != MAP_FAILED
  else { throw .system("cannot read", path) }
  defer { munmap(memory, length) }
  return try body(UnsafeRawBufferPointer(start: memory, count: length))
}
