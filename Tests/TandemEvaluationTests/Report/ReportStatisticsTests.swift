import Testing

@testable import TandemEvaluation

@Suite struct `Statistics of a report` {
  /// Newcombe 1998 (Statistics in Medicine 17:857), table I, method 3; all digits from statsmodels 0.15
  /// (`proportion_confint(method="wilson")`).
  private static let wilson: [(hits: Int, trials: Int, lower: Double, upper: Double)] = [
    (81, 263, 0.2552885198782742, 0.36620957698280004), (15, 148, 0.06238639953073628, 0.16048724172330803),
    (1, 29, 0.006113214292762667, 0.17175521879320294), (0, 10, 0, 0.27753279986288926),
    (10, 10, 0.7224672001371106, 1), (250, 500, 0.4563412653024843, 0.5436587346975157),
    (3, 7, 0.15821985525146964, 0.7495416354723428),
  ]

  @Test(arguments: wilson)
  func `Wilson's interval is that of the literature`(_ hits: Int, _ trials: Int, _ lower: Double, _ upper: Double) {
    let interval = Interval.wilson(successes: hits, trials: trials)
    #expect(abs(interval.lower - lower) < 1e-12)
    #expect(abs(interval.upper - upper) < 1e-12)
  }

  /// statsmodels 0.15, `mcnemar(exact=True)`.
  @Test(arguments: [
    (0, 0, 1.0), (5, 1, 0.21875), (10, 3, 0.09228515625), (20, 35, 0.05806414679240905), (1, 0, 1), (7, 7, 1),
  ])
  func `with one seed the test is McNemar's`(_ won: Int, _ lost: Int, _ p: Double) {
    let differences = [Int](repeating: 1, count: won) + [Int](repeating: -1, count: lost) + [0, 0, 0]
    #expect(abs(SignFlipTest.pValue(differences) - p) < 1e-12)
  }

  /// scipy 1.17, `permutation_test(permutation_type="samples", n_resamples=inf)`.
  @Test(arguments: [
    ([3, -1, 2, 0, 1, 1, -2, 2, 3, 1], 0.125), ([2, 2, -1, 3, 1, 0, -1, 2, 1, 1, 4, -3], 0.16796875),
  ])
  func `with several seeds the test is the exact permutation test`(_ differences: [Int], _ expected: Double) {
    let p = SignFlipTest.pValue(differences)
    #expect(abs(p - expected) < 1e-12)
    #expect(SignFlipTest.pValue(differences.map { -$0 }) == p)
  }

  @Test func `a thousand problems are no matter for the test`() {
    // 600 against 400 of 1000: scipy's binomtest gives 2.7e-10.
    let p = SignFlipTest.pValue((0..<1000).map { $0 < 600 ? 1 : -1 })
    #expect(abs(p - 2.728e-10) < 1e-12)
  }

  /// numpy, 400,000 samples of the same ratio: 0.46875 and 0.89655.
  @Test func `the bootstrap draws problems with all their runs`() throws {
    let sums = [3.0, 0, 2, 1, 3, 3, 0, 2, 1, 3, 2, 3]
    let counts = [3, 3, 3, 2, 3, 3, 3, 3, 1, 3, 3, 3]
    let clusters = zip(sums, counts).map { Bootstrap.Cluster(sum: $0, count: $1) }
    let interval = try #require(Bootstrap(resamples: 8000, seed: 3).interval(ofMean: clusters))
    #expect(abs(interval.lower - 0.46875) < 0.015)
    #expect(abs(interval.upper - 0.89655) < 0.015)
    let alone = zip(sums, counts).flatMap { sum, count in
      (0..<count).map { Bootstrap.Cluster(sum: Double($0) < sum ? 1 : 0, count: 1) }
    }
    let narrow = try #require(Bootstrap(resamples: 8000, seed: 3).interval(ofMean: alone))
    #expect(narrow.upper - narrow.lower < interval.upper - interval.lower)
  }

  @Test func `the bootstrap gives the same interval for the same seed, and none for one problem`() {
    let clusters = [1.0, 0, 1, 1].map { Bootstrap.Cluster(sum: $0, count: 1) }
    let bootstrap = Bootstrap(resamples: 500, seed: 9)
    #expect(bootstrap.interval(ofMean: clusters) == bootstrap.interval(ofMean: clusters))
    #expect(bootstrap.interval(ofMean: [clusters[0]]) == nil)
    #expect(bootstrap.interval(ofMean: [clusters[0], .init(sum: 0, count: 0)]) == nil)
  }

  /// numpy's `percentile` of 1, 2, 4, 8.
  @Test(arguments: [(0.0, 1.0), (0.025, 1.075), (0.5, 3), (0.975, 7.7), (1, 8)])
  func `quantiles lie between values`(_ fraction: Double, _ value: Double) {
    #expect(abs(Bootstrap.quantile(fraction, of: [1, 2, 4, 8]) - value) < 1e-12)
  }

  /// The code of Chen et al. 2021, Fig. 3, in numpy.
  private static let passes: [(answers: Int, correct: Int, k: Int, value: Double)] = [
    (10, 3, 1, 0.3), (10, 3, 5, 0.9166666666666666), (200, 7, 100, 0.9929911172418123), (5, 0, 3, 0), (5, 5, 1, 1),
    (4, 1, 4, 1), (200, 1, 10, 0.05), (6, 3, 3, 0.95),
  ]

  @Test(arguments: passes)
  func `pass@k is the unbiased estimator`(_ answers: Int, _ correct: Int, _ k: Int, _ value: Double) {
    #expect(abs(PassAtK.estimate(answers: answers, correct: correct, k: k) - value) < 1e-12)
  }

  @Test func `pass@k has columns for powers of two and for all`() {
    #expect(PassAtK.columns(upTo: 0) == [])
    #expect(PassAtK.columns(upTo: 1) == [1])
    #expect(PassAtK.columns(upTo: 5) == [1, 2, 4, 5])
    #expect(PassAtK.columns(upTo: 8) == [1, 2, 4, 8])
  }

  /// By going through all choices in Python, with fractions.
  private static let majorities: [(correct: Int, others: [Int], abstaining: Int, k: Int, value: Double)] = [
    (3, [2], 0, 5, 1.0), (3, [2], 0, 3, 0.7), (2, [2, 1], 1, 4, 41.0 / 90), (2, [2, 1], 1, 6, 0.5),
    (4, [3, 3, 2], 2, 7, 775.0 / 1716), (1, [1, 1, 1], 0, 2, 0.25), (0, [2], 1, 2, 0), (2, [], 3, 3, 0.9),
  ]

  @Test(arguments: majorities)
  func `majority@k is the mean over all choices`(
    _ correct: Int, _ others: [Int], _ abstaining: Int, _ k: Int, _ value: Double
  ) {
    let found = MajorityAtK.estimate(correct: correct, others: others, abstaining: abstaining, k: k)
    #expect(abs(found - value) < 1e-12)
  }

  @Test func `busy time counts what overlaps once`() {
    #expect(BusyTime.seconds([]) == 0)
    #expect(BusyTime.seconds([(10, 4), (0, 5), (1, 2), (3, 4)]) == 11)
    #expect(BusyTime.seconds([(0, 10), (2, 1), (20, 1)]) == 11)
  }
}
