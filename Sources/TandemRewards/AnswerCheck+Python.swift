extension AnswerCheck {
  /// `def judge(output, answer)` of this check. The twins of `isRight(_:_:)`, but for mathematics.
  package var python: String {
    switch self {
    case .countdown: Self.countdownSource
    case .exact: Self.exactSource
    case .mathematics: Self.mathematicsSource
    }
  }

  /// The modules that it needs.
  package var imports: [String] {
    switch self {
    case .countdown: ["import re"]
    case .exact: []
    case .mathematics:
      ["import json", "import os", "import re", "import urllib.request", "from fractions import Fraction"]
    }
  }

  private static let exactSource = #"""
    def judge(output, answer):
        """Whether the output is the answer, but for white space around it."""
        return output.strip() == answer.strip()
    """#

  private static let countdownSource = #"""
    def judge(output, answer):
        """Whether the last line after "Answer:" derives the target: "Answer: 5 - 2 = 3, 8 * 3 = 24."

        `answer` is the problem: "8-5-2=24".
        """
        numbers, target = answer.split("=")
        lines = [line.strip() for line in output.splitlines()]
        found = [line for line in lines if line.startswith("Answer:")]
        return bool(found) and derives(found[-1][len("Answer:") :], [int(n) for n in numbers.split("-")], int(target))


    def derives(steps, numbers, target):
        """Each step takes two numbers that are there, computes them rightly and puts the result in their place."""
        numbers = list(numbers)
        for step in (steps[:-1] if steps.endswith(".") else steps).split(","):
            match = STEP.fullmatch(step)
            if match is None:
                return False
            left, right, result = int(match[1]), int(match[3]), int(match[4])
            if compute(left, match[2], right) != result:
                return False
            for number in (left, right):
                if number not in numbers:
                    return False
                numbers.remove(number)
            numbers.append(result)
        return numbers == [target]


    NUMBER = r"([+-]?0{0,99}[0-9]{1,19})"
    STEP = re.compile(rf" *{NUMBER} +([*+/-]) +{NUMBER} *=\s*{NUMBER}\s*")


    def compute(left, operation, right):
        """The result; None for a division with a remainder or by zero, and for what no Int of Swift holds."""
        if operation == "/":
            value = left // right if right != 0 and left % right == 0 else None
        else:
            value = {"*": left * right, "+": left + right, "-": left - right}[operation]
        fits = all(n is not None and -(2**63) <= n < 2**63 for n in (left, right, value))
        return value if fits else None
    """#

  private static let mathematicsSource = #"""
    def judge(output, answer):
        """Whether the output's answer is `answer`.

        With TANDEM_REWARDS_URL=http://HOST:PORT, `tandem rewards serve` judges it as `tandem evaluate` does. Without, only
        equal texts and equal rational numbers are right.
        """
        url = os.environ.get("TANDEM_REWARDS_URL")
        if url:
            body = json.dumps({"check": "mathematics", "answer": answer, "outputs": [output]}).encode()
            request = urllib.request.Request(url + "/v1/judgements", body, {"Content-Type": "application/json"})
            with urllib.request.urlopen(request, timeout=60) as response:
                return json.load(response)["judgements"][0]["isRight"]
        found = final_answer(output)
        return found is not None and (plain(found) == plain(answer) or rational(found) == rational(answer) is not None)


    def final_answer(output):
        """What the last \\boxed{} holds, or else the last number."""
        start = output.rfind("\\boxed{")
        if start >= 0:
            start, depth = start + len("\\boxed{"), 1
            for place in range(start, len(output)):
                depth += {"{": 1, "}": -1}.get(output[place], 0)
                if depth == 0:
                    return output[start:place]
            return None
        numbers = re.findall(r"-?[0-9][0-9,]*(?:\.[0-9]+)?(?:/[0-9]+)?", output)
        return numbers[-1] if numbers else None


    def plain(text):
        """The text without what only sets it: spaces, dollars, \\left and \\right, and a dot at the end."""
        for mark in ("\\left", "\\right", "\\!", "\\,", "$", " "):
            text = text.replace(mark, "")
        return text.replace("\\dfrac", "\\frac").replace("\\tfrac", "\\frac").rstrip(".")


    def rational(text):
        """The number that the text is; None if it is not one."""
        text = re.sub(r"\\frac\{(-?[0-9]+)\}\{([0-9]+)\}", r"\1/\2", plain(text))
        text = re.sub(r",(?=[0-9]{3}(?![0-9]))", "", text)
        if not re.fullmatch(r"[+-]?[0-9]{1,99}(\.[0-9]{1,99}|/[1-9][0-9]{0,98})?", text):
            return None
        return Fraction(text)
    """#
}
