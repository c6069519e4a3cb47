extension Framework {
  /// The function that the framework calls.
  func entry(comparesGroup: Bool) -> String {
    switch self {
    case .trl: Self.trlSource
    case .verl: comparesGroup ? Self.verlGroupSource : Self.verlSource
    }
  }

  /// The modules that it needs.
  func imports(comparesGroup: Bool) -> [String] { self == .verl && comparesGroup ? ["import asyncio"] : [] }

  private static let trlSource = #"""
    def reward_function(tokenizer, ends):
        """What GRPOTrainer calls with the completions of whole prompts, one after the other.

        `ends` are the tokens that a model ends its turn with: a completion without one of them was cut.
        """

        def encode(text):
            return tokenizer.encode(text, add_special_tokens=False)

        def tandem_reward(completion_ids, answer, index, split, **columns):
            found = []
            start = 0
            while start < len(index):
                size = 1 if split[start] == "validation" else GROUP_SIZE
                places = range(start, start + size)
                if places.stop > len(index) or {index[place] for place in places} != {index[start]}:
                    raise ValueError(
                        f"prompt {index[start]} came without all its {size} completions: "
                        "per_device_train_batch_size must be a multiple of num_generations"
                    )
                group = []
                for place in places:
                    ids = list(completion_ids[place])
                    is_complete = bool(ids) and ids[-1] in ends
                    text = tokenizer.decode(ids[:-1] if is_complete else ids, skip_special_tokens=False)
                    group.append(read(text, is_complete, encode, answer[place]))
                row = {name: values[start] for name, values in columns.items() if name in COLUMNS}
                if split[start] == "validation":
                    found.append(float(group[0].is_correct))
                else:
                    found.extend(rewards(group, context_of(row)))
                start += size
            return found

        return tandem_reward


    COLUMNS = ("level", "budget", "reference_length", "reference_accuracy")
    """#

  private static let verlReading = #"""
    _encoders = {}


    def encoder(tokenizer):
        """Text to tokens, by the tokenizer of that name or path: verl hands over text, and lengths are tokens."""
        if tokenizer not in _encoders:
            from transformers import AutoTokenizer

            loaded = AutoTokenizer.from_pretrained(tokenizer)
            _encoders[tokenizer] = lambda text: loaded.encode(text, add_special_tokens=False)
        return _encoders[tokenizer]


    def outcome_of(text, answer, tokenizer):
        encode = encoder(tokenizer) if isinstance(tokenizer, str) else tokenizer
        return read(text, len(encode(text)) < LIMIT, encode, answer)


    def scored(score, outcome):
        """What verl logs of a completion, and the score that it learns from."""
        return {"score": float(score), "acc": float(outcome.is_correct), "length": float(outcome.length)}
    """#

  private static let verlSource = #"""
    \#(verlReading)


    def compute_score(data_source, solution_str, ground_truth, extra_info, tokenizer, **_):
        """What verl calls with one completion. In validation, the score is the accuracy alone."""
        outcome = outcome_of(solution_str, ground_truth, tokenizer)
        if extra_info["split"] == "validation":
            return scored(outcome.is_correct, outcome)
        return scored(rewards([outcome], context_of(extra_info))[0], outcome)
    """#

  private static let verlGroupSource = #"""
    \#(verlReading)


    # The longest that a completion waits for the others of its prompt, in seconds.
    PATIENCE = 3600
    _waiting = {}


    async def compute_score(data_source, solution_str, ground_truth, extra_info, tokenizer, group_size=GROUP_SIZE, **_):
        """What verl calls with one completion; it waits until all completions of its prompt have come.

        In validation, the score is the accuracy alone.
        """
        if extra_info["split"] == "validation":
            outcome = outcome_of(solution_str, ground_truth, tokenizer)
            return scored(outcome.is_correct, outcome)
        index = extra_info["index"]
        group, done = _waiting.setdefault(index, ([], asyncio.get_running_loop().create_future()))
        place = len(group)
        group.append(None)
        if len(group) == group_size:
            del _waiting[index]
        # What goes wrong with one completion ends all of its prompt, also those that are still to come.
        try:
            group[place] = outcome_of(solution_str, ground_truth, tokenizer)
            if len(group) == group_size and not done.done():
                done.set_result(rewards(group, context_of(extra_info)))
        except Exception as error:
            if not done.done():
                done.set_exception(error)
        await asyncio.wait([done], timeout=PATIENCE)
        if not done.done():
            del _waiting[index]
            message = (
                f"only {len(group)} of {group_size} completions of prompt {index} came: "
                "reward.num_workers must be 1, and rollout.n the size of a group"
            )
            done.set_exception(TimeoutError(message))
        return scored(done.result()[place], group[place])
    """#
}
