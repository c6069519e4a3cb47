#!/usr/bin/env python3
"""Makes Tests/TandemTrainingTests/Golden/preference.json: losses and gradients of pairs, by TRL's own code.

    python3 -m venv .trl && .trl/bin/pip install trl==1.16.0 torch peft
    .trl/bin/python scripts/golden/preference.py

The numbers come from DPOTrainer._compute_loss and CPOTrainer.cpo_loss, called with a model that is a table of logits. TRL
has no SimPO without length normalisation: that case is CPO's loss on sums instead of means.
"""

import json
import pathlib
from collections import defaultdict
from types import SimpleNamespace

import torch
from trl import DPOTrainer
from trl.experimental.cpo import CPOTrainer

VOCABULARY = 5
PROMPT = 2
# Tokens of chosen and rejected answers.
CHOSEN, REJECTED = [3, 6, 2], [5, 2, 4]


def main():
    torch.manual_seed(8)
    lengths = CHOSEN + REJECTED
    width = PROMPT + max(lengths)
    ids = torch.randint(VOCABULARY, (len(lengths), width))
    mask = torch.zeros_like(ids)
    for row, length in enumerate(lengths):
        mask[row, PROMPT : PROMPT + length] = 1
    logits = torch.randn(len(lengths), width, VOCABULARY, dtype=torch.float64)
    reference = torch.randn(len(lengths), width, VOCABULARY, dtype=torch.float64)
    # As Tandem has it: chosen and rejected in turn.
    order = [row for pair in zip(range(3), range(3, 6)) for row in pair]
    places = [(row, PROMPT + token - 1) for row in order for token in range(lengths[row])]
    cases = []
    for rule, beta, margin, normalized in [
        ("dpo", 0.1, 0, False), ("dpo", 0.5, 0, False), ("dpo", 2, 0, True),
        ("simpo", 2, 1, True), ("simpo", 2.5, 0.3, True), ("simpo", 0.2, 0.5, False),
    ]:
        z = logits.clone().requires_grad_()
        loss = (dpo if rule == "dpo" else simpo)(z, reference, ids, mask, beta, margin, normalized)
        loss.backward()
        cases.append({
            "rule": rule, "beta": beta, "margin": margin, "isLengthNormalized": normalized, "loss": loss.item(),
            "gradient": [z.grad[place].tolist() for place in places],
        })
    golden = {
        "lengths": [lengths[row] for row in order],
        "targets": [ids[row, place + 1].item() for row, place in places],
        "logits": [logits[place].tolist() for place in places],
        "reference": [token_logps(reference, ids, mask)[place].item() for place in places],
        "cases": cases,
    }
    path = pathlib.Path(__file__).parents[2] / "Tests/TandemTrainingTests/Golden/preference.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(golden) + "\n")


def token_logps(logits, ids, mask):
    """ln p of each token of the answers, 0 elsewhere: what TRL's models return as `log_probs`."""
    found = logits[:, :-1].log_softmax(-1).gather(-1, ids[:, 1:, None]).squeeze(-1)
    return found * mask[:, 1:]


def dpo(logits, reference, ids, mask, beta, margin, normalized):
    def model(of):
        flat = torch.zeros(mask[:, 1:].shape)
        return lambda **_: SimpleNamespace(
            log_probs=token_logps(of, ids, mask), entropy=flat, mean_logits=flat, is_top1=flat.bool())

    alone = SimpleNamespace(device="cpu", gather=lambda x: x, gather_for_metrics=lambda x: x)
    policy = model(logits)
    trainer = SimpleNamespace(
        model=SimpleNamespace(training=True), ref_model=model(reference), accelerator=alone, aux_loss_enabled=False,
        ld_alpha=None, precompute_ref_logps=True, f_divergence_type="reverse_kl", beta=beta,
        loss_types=["sigmoid_norm" if normalized else "sigmoid"], loss_weights=[1.0], label_smoothing=0.0,
        use_weighting=False, _metrics={"train": defaultdict(list)}, _total_train_tokens=0, _tp_size=1,
        args=SimpleNamespace(gradient_checkpointing_kwargs=None))
    chosen, rejected = token_logps(reference, ids, mask).sum(1).chunk(2)
    inputs = {
        "input_ids": ids, "attention_mask": torch.ones_like(ids), "completion_mask": mask, "ref_chosen_logps": chosen,
        "ref_rejected_logps": rejected,
    }
    return DPOTrainer._compute_loss(trainer, policy, inputs, return_outputs=False)


def simpo(logits, _, ids, mask, beta, margin, normalized):
    labels = ids.masked_fill(mask == 0, -100)
    chosen, rejected = CPOTrainer.get_batch_logps(logits, labels, average_log_prob=normalized).chunk(2)
    trainer = SimpleNamespace(
        alpha=0.0, accelerator=SimpleNamespace(device="cpu"), loss_type="simpo", simpo_gamma=margin, beta=beta,
        label_smoothing=0.0)
    losses, *_ = CPOTrainer.cpo_loss(trainer, chosen, rejected)
    return losses.mean()


if __name__ == "__main__":
    main()
