#!/usr/bin/env python3
"""Prints a trace whose every text means ill: markup, scripts, an end of a script, reversed and invisible characters."""
import json

ILL = ("</script><script>document.title='owned';alert(1)</script><img src=x onerror=alert(2)>"
       "<svg onload=alert(3)></svg><!--<script>{{7*7}} javascript:alert(4) \u202egnp.exe\u202c \x1b]0;owned\x07 "
       "\u2028 \U000e0041 ${alert(5)} \"'`&lt; \\u003c")


def thought(author, text, segment="thinking"):
    return {"author": author, "segment": segment, "text": text, "ending": "boundary", "tokens": 3}


counts = ("prompt", "handedOver", "inserted", "reevaluated", "thinking", "answer", "discarded")
usage = {name: 1 for name in counts} | {"seconds": 0.5}
budget = {"thinkingTokens": 9, "answerTokens": 9, "whenSpent": "answer"}
header = {"version": 1, "strategy": ILL, "settings": {"x": ILL}, "small": ILL, "large": ILL, "seed": 1, "budget": budget,
          "problem": {"id": "", "question": ILL, "history": []}}
outcome = {"finish": "stop", "answer": ILL, "isTruncated": False, "seconds": 1.5, "usage": {"small": usage, "large": usage}}
selection = {"method": ILL, "scores": [0.2, 0.7], "chosen": 1, "order": [0, 1], "isTuned": False}
for at, event in enumerate([
        {"event": "started", "header": header},
        {"event": "selected", "selection": selection},
        {"event": "rejected", "thought": thought("small", ILL), "reason": ILL},
        {"event": "accepted", "thought": thought("small", ILL)},
        {"event": "handed-over", "to": "large", "reason": ILL},
        {"event": "rejected", "thought": thought("small", ILL), "reason": ILL},
        {"event": "accepted", "thought": thought("large", ILL)},
        {"event": "accepted", "thought": thought("inserted", ILL)},
        {"event": "accepted", "thought": thought("large", ILL, "answer")},
        {"event": "finished", "outcome": outcome}]):
    print(json.dumps(event | {"at": at / 4}))
