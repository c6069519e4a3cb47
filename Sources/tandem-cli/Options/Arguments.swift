public import ArgumentParser
public import Tandem
package import TandemEvaluation
public import TandemInference
public import TandemSetup

// Options of the library that can be given on the command line as they are.
extension Budget.WhenSpent: ExpressibleByArgument {}
extension FlashAttention: ExpressibleByArgument {}
extension Report.Order: ExpressibleByArgument {}
extension RoleSettings.Draft: ExpressibleByArgument {}
extension StopTemperature.Measure: ExpressibleByArgument {}
extension CacheLayout: ExpressibleByArgument {}
extension CacheType: ExpressibleByArgument {}
