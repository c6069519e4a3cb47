import Tandem
import TandemInference

extension RunOptions: OptionKeys {
  package static let groups: [String: any OptionKeys.Type] = [
    CodingKeys.sampling.stringValue: Sampling.self, CodingKeys.limits.stringValue: Limits.self,
    CodingKeys.servers.stringValue: Servers.self,
  ]
  package static let words = [
    CodingKeys.flashAttention.stringValue: FlashAttention.allCases.map(\.rawValue),
    CodingKeys.cacheTypeK.stringValue: CacheType.allCases.map(\.rawValue),
    CodingKeys.cacheTypeV.stringValue: CacheType.allCases.map(\.rawValue),
    CodingKeys.thinkingFormat.stringValue: ThinkingFormat.names,
  ]
}

extension RunOptions.Sampling: OptionKeys {}

extension RunOptions.Servers: OptionKeys {}

extension RunOptions.Limits: OptionKeys {
  package static let words = [CodingKeys.whenSpent.stringValue: Budget.WhenSpent.allCases.map(\.rawValue)]
}

extension RoleSettings: OptionKeys {
  package static let words = [
    CodingKeys.stopMeasure.stringValue: StopTemperature.Measure.allCases.map(\.rawValue),
    CodingKeys.draft.stringValue: Draft.allCases.map(\.rawValue),
  ]
}
