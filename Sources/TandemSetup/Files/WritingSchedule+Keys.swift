import Tandem

extension WritingSchedule: OptionKeys {
  package static let groups: [String: any OptionKeys.Type] = [
    CodingKeys.cues.stringValue: Cues.self, CodingKeys.uncertain.stringValue: Uncertain.self,
  ]
}

extension WritingSchedule.Cues: OptionKeys {}

extension WritingSchedule.Uncertain: OptionKeys {}
