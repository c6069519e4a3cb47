import Testing

@Suite struct `The draws of a seed` {
  private static let golden: [GoldenDraws.Kind: UInt64] = [
    .flat: 0x859b_ffb6_bd17_971c,
    .real: 0xc670_650c_2eba_64e7,
    .peaked: 0x101d_0e2e_cb47_57a1,
    .wide: 0xebef_d7d1_75e6_ebad,
    .tied: 0x1a0e_2492_9605_447f,
    .equal: 0x86bf_fea0_ff71_08cb,
    .holed: 0xb143_4fb8_74d9_0142,
    .sparse: 0x44de_0693_3191_f0af,
  ]

  @Test(arguments: GoldenDraws.Kind.allCases)
  func `are the same as ever`(kind: GoldenDraws.Kind) {
    let draws = GoldenDraws(sizes: [5, 8, 61, 333, 1003], stride: 7)
    #expect(draws.digest(kind) == Self.golden[kind])
  }
}
