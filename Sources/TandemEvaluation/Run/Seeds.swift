import TandemInference

extension Record.Key {
  /// The seed of a job's run: made of the plan's seed and the problem's id alone, so that neither the order of jobs nor
  /// their number at once matters, and all rows of a problem draw the same numbers.
  var runSeed: UInt64 { SplitMix64.derive(seed, problem.digest) }
}

extension String {
  /// A number for this text, the same on every machine.
  var digest: UInt64 {
    var print = Fingerprint()
    print.combine(utf8)
    return print.value
  }
}
