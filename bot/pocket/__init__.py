"""The embedded LLM: model, output language, weights, training material, training, evaluation."""
