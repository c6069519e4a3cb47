import Crypto

/// Which problems are for training and which are held out, told by the problem alone.
///
/// One in ten is held out. Nothing has to be remembered for it, and the order of the numbers does not matter: no
/// problem is on both sides, whoever generates them with whatever seed. SHA-256, because the published lists of
/// held-out problems were made with it.
package enum CountdownSplit: String, Sendable, Hashable, Codable, CaseIterable {
  case training
  case heldOut = "held-out"

  package init(_ problem: Countdown) {
    let key = problem.numbers.sorted().map(String.init).joined(separator: ",") + "=\(problem.target)"
    // The digest read as one large number, modulo ten.
    let remainder = SHA256.hash(data: Array(key.utf8)).reduce(0) { ($0 * 256 + Int($1)) % 10 }
    self = remainder == 0 ? .heldOut : .training
  }
}
