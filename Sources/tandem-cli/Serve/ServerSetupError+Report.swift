#if Servers
package import TandemCommandLine
package import TandemServer

extension ServerSetupError: ReportableError {
  package var exitStatus: ExitStatus {
    switch self {
    case .needsKey: .wrongUsage
    case .invalidKey, .invalidTLS: .badInput
    case .cannotListen: .unavailable
    }
  }

  package var hint: String? {
    switch self {
    case .needsKey: "Give --keys, or --insecure if they may."
    case .cannotListen: "Another --port may be free; 0 picks one that is."
    case .invalidKey, .invalidTLS: nil
    }
  }
}
#endif
