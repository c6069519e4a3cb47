"""python3 packaging/vllm/test_stop_temperature.py: tests the arithmetic and the checks, and with torch installed the processor too."""

import math
import unittest

import stop_temperature
from stop_temperature import arguments, scaled


def where(condition, yes, no):
    return yes if condition else no


class Params:
    def __init__(self, extra_args):
        self.extra_args = extra_args


class StopTemperatureTest(unittest.TestCase):
    def test_makes_a_token_likelier_below_1_whatever_the_sign(self):
        for z in (-8.0, -0.5, 0.0, 0.5, 8.0):
            self.assertGreaterEqual(scaled(z, 0.5, where), z)
            self.assertLessEqual(scaled(z, 2.0, where), z)
            self.assertEqual(scaled(z, 1.0, where), z)
        self.assertEqual(scaled(8.0, 0.5, where), 16.0)
        self.assertEqual(scaled(-8.0, 0.5, where), -4.0)

    def test_keeps_a_forbidden_token_forbidden(self):
        self.assertEqual(scaled(-math.inf, 0.5, where), -math.inf)

    def test_leaves_other_requests_alone(self):
        self.assertIsNone(arguments(None))
        self.assertIsNone(arguments({"another": 1}))

    def test_reads_what_it_is_asked_for(self):
        self.assertEqual(arguments({"stop_tokens": [4, 7], "stop_temperature": 1}), ([4, 7], 1.0))

    def test_refuses_what_makes_no_sense(self):
        for extra in (
            {"stop_tokens": [4]},
            {"stop_temperature": 0.5},
            {"stop_tokens": [], "stop_temperature": 0.5},
            {"stop_tokens": 4, "stop_temperature": 0.5},
            {"stop_tokens": [-4], "stop_temperature": 0.5},
            {"stop_tokens": [4], "stop_temperature": 0},
            {"stop_tokens": [4], "stop_temperature": -1},
            {"stop_tokens": [4], "stop_temperature": math.nan},
            {"stop_tokens": [4], "stop_temperature": True},
            {"stop_tokens": [4], "stop_temperature": "0.5"},
        ):
            with self.assertRaisesRegex(ValueError, "stop_t"):
                stop_temperature.StopTemperature.validate_params(Params(extra))

    @unittest.skipIf(stop_temperature.torch is None, "torch and vLLM are not installed")
    def test_changes_the_tokens_and_nothing_else(self):
        import torch

        processor = stop_temperature.StopTemperature.__new__(stop_temperature.StopTemperature)
        process = processor.new_req_logits_processor(Params({"stop_tokens": [1, 3], "stop_temperature": 0.5}))
        row = process([], torch.tensor([1.0, 2.0, -3.0, -4.0, 5.0]))
        self.assertEqual(row.tolist(), [1.0, 4.0, -3.0, -2.0, 5.0])
        self.assertIsNone(processor.new_req_logits_processor(Params({})))


if __name__ == "__main__":
    unittest.main()
