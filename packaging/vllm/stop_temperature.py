"""A temperature of single tokens for vLLM: what `tandem` asks for with `--stop-measure sign-safe`.

vLLM reports log-probabilities, which have lost the constant that raw logits have, so that no client can divide a logit. This
logits processor does it in the server. Copy the file to where Python finds it, and start vLLM with it:

    PYTHONPATH=/path/to/this/folder vllm serve MODEL --logits-processors stop_temperature:StopTemperature

A request then says which tokens, and which temperature T:

    {"prompt": [1, 410, 204], "vllm_xargs": {"stop_tokens": [4], "stop_temperature": 0.8}, …}

The logit z of each of the tokens becomes z / T if it is above 0 and z * T if it is below, before the sampling temperature and all
filters: T < 1 always makes the tokens likelier, T > 1 less likely. All other logits, and the log-probabilities that vLLM reports, stay
as they are. Requests without these arguments are not touched. A wrong argument is an error, by which `tandem` also finds out whether the
processor is there.

Temperature Scaling: Making Small Language Models Efficient Reasoners, arXiv:2505.07961, Sec. 3.
Needs vLLM 0.10 or later; run with 0.32.
"""

try:
    import torch
    from vllm.v1.sample.logits_processor import AdapterLogitsProcessor
except ImportError:  # its arithmetic and its checks need neither
    torch = None
    AdapterLogitsProcessor = object


def arguments(extra):
    """The tokens and the temperature that a request asks for; None if it asks for nothing.

    Raises ValueError for arguments that make no sense.
    """
    extra = extra or {}
    if "stop_tokens" not in extra and "stop_temperature" not in extra:
        return None
    tokens, temperature = extra.get("stop_tokens"), extra.get("stop_temperature")
    if not isinstance(tokens, list) or not tokens or not all(isinstance(t, int) and t >= 0 for t in tokens):
        raise ValueError("stop_tokens must be a list of token ids")
    if isinstance(temperature, bool) or not isinstance(temperature, (int, float)) or not temperature > 0:
        raise ValueError("stop_temperature must be a number above 0")
    return tokens, float(temperature)


def scaled(z, temperature, where):
    """z / T where z is above 0, z * T where it is not. `where` is torch.where, or the same for numbers."""
    return where(z > 0, z / temperature, z * temperature)


class StopTemperature(AdapterLogitsProcessor):
    """Scales the logits of a request's `stop_tokens`."""

    @classmethod
    def validate_params(cls, params):
        arguments(params.extra_args)

    def is_argmax_invariant(self):
        return False

    def new_req_logits_processor(self, params):
        found = arguments(params.extra_args)
        if found is None:
            return None
        tokens, temperature = found

        def process(output_ids, logits):
            # −∞ forbids a token, and stays: z * T is −∞ too.
            logits[tokens] = scaled(logits[tokens], temperature, torch.where)
            return logits

        return process
