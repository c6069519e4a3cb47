/// The last number of a text, with its sign, its fraction, its power of ten and its percent sign.
///
/// Where a number ends is decided by the rule that answers are read by, so `1{,}200`, `3 × 10^8` and `2 3/4` are one
/// number each. Digits of a name, a unit or a formula of chemistry, `cm2`, `m^3`, `CO2`, are none.
enum LastNumber {
  static func last(in output: String) -> String? {
    // The end of a long text is enough, unless there is no number in it.
    let tail = output.utf8.count > 2_400 ? String(decoding: output.utf8.suffix(2_000), as: UTF8.self) : output
    return NumberSearch(tail).last ?? (tail.utf8.count < output.utf8.count ? NumberSearch(output).last : nil)
  }
}
