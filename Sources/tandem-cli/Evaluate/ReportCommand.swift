import ArgumentParser
import Foundation
import Tandem
import TandemCommandLine
import TandemEvaluation
import TandemSetup
import TandemSupport

struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Compare the results of `tandem evaluate` runs, with intervals.",
    discussion: """
      Each row gets its accuracy with two 95 % intervals and is compared with a baseline on the same problems and seeds. \
      Thinking that was cut off, answers that can't be read and jobs that failed are counted separately. Runs under \
      different conditions are not compared. An unfinished run is reported up to where it is.

      EXAMPLES
        tandem report runs/countdown
        tandem report runs/seed1 runs/seed2 --baseline large-only \\
          --html report.html
        tandem report runs/gsm8k --price small=0.1,large=2 --format markdown
        tandem report --paper speculative-thinking runs/math500

      Prices are for a million tokens that a model samples (output) or evaluates (input), or for a second of it, in any \
      currency. Give them with --price, or in a file in YAML or JSON:
        small: {output: 0.1}
        large: {output: 2, input: 0.5, second: 0.001}

      The same with --price:
        --price small=0.1,large=2,large.input=0.5,large.second=0.001

      With --intensity, costs have the traffic of the key-value caches in them (Kinetics, arXiv:2506.05333), and a table and a \
      plot show which size of model, how many tokens and how many tries are worth it. `tandem doctor` measures the number.

      With --paper, the figures of a paper stand beside those of runs whose tasks and labels are the paper's, as in the \
      plans of recipes/. Without a run, its columns are empty. Papers: \(Paper.all.map(\.name).joined(separator: ", ")).
      """)

  @Argument(help: ArgumentHelp("Folders of runs.", valueName: "run")) var runs: [String] = []
  @Option(help: "The row to compare with. Default: the most accurate row of a single model.") var baseline: String?
  @Option(help: "The order of the rows: plan, accuracy, seconds or tokens.") var sort = Report.Order.plan
  @Option(help: ArgumentHelp("Prices of a million tokens, or a second.", valueName: "role=price,…")) var price: String?
  @Option(help: ArgumentHelp("Prices in YAML or JSON.", valueName: "file")) var priceFile: String?
  @Option(help: "Operations that the device makes while it reads a byte from memory, as `tandem doctor` measures them.")
  var intensity: Double?
  @Option(help: "text, markdown or json.") var format = Format.text
  @Option(help: ArgumentHelp("Also write an HTML page with plots.", valueName: "file")) var html: String?
  @Option(help: ArgumentHelp("Show the figures of a paper beside those of runs.", valueName: "name")) var paper: String?
  @Flag(help: "Show runs under different conditions side by side, with the differences.") var allowDifferent = false

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, markdown, json }

  func validate() throws {
    guard
      paper == nil
        || baseline == nil && sort == .plan && price == nil && priceFile == nil && intensity == nil && html == nil
    else {
      throw ValidationError(
        "--baseline, --sort, --price, --price-file, --intensity and --html have no effect with --paper.")
    }
    if let intensity, !(intensity > 0 && intensity <= 1e6) {
      throw ValidationError("--intensity must be above 0 and at most 1e6, not \(intensity).")
    }
    guard !runs.isEmpty || paper != nil else {
      throw ValidationError("There is no run to report on: tandem report FOLDER.")
    }
    let folders = runs.map { URL(filePath: $0).resolvingSymlinksInPath().path }
    guard Set(folders).count == runs.count else { throw ValidationError("A run is named twice: leave one out.") }
    guard price == nil || priceFile == nil else {
      throw ValidationError("--price and --price-file can't be used together: leave one out.")
    }
  }

  func run() throws {
    if let paper {
      let report = try PaperReport(.named(paper), runs.map { try ReportedRun(reading: $0) })
      return try show(report, report.text(.current()), report.markdown)
    }
    let prices = try prices()
    let report = try Report(
      runs.map { try ReportedRun(reading: $0) }, baseline: baseline, prices: prices, intensity: intensity,
      allowsDifferent: allowDifferent
    ).sorted(by: sort)
    try show(report, report.text(.current()), report.markdown)
    if let html { try Self.write(report, to: html) }
  }

  private func show(_ report: some Encodable, _ text: StyledText, _ markdown: String) throws {
    switch format {
    case .text: Console.write(text)
    case .markdown: Console.write(markdown)
    case .json: try printJSON(report)
    }
  }

  /// Writes the page with the plots.
  static func write(_ report: Report, to path: String) throws {
    try DurableFile.write(Data(report.html.utf8), to: path)
  }

  private func prices() throws -> PriceTable? {
    if let price { return try PriceTable(parsing: price) }
    guard let priceFile else { return nil }
    return try OptionFile(priceFile).value()
  }
}
