import ArgumentParser

/// What a command prints: lines for people, or JSON for programs.
package enum OutputFormat: String, ExpressibleByArgument, CaseIterable { case text, json }
