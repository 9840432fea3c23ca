"""Random-weight checkpoints of real architectures and a tokenizer, all made on the spot."""

from pathlib import Path

CHATML = (
    "{% for m in messages %}<|im_start|>{{ m['role'] }}\n{{ m['content'] }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
NO_SYSTEM = (
    "{% if messages[0]['role'] == 'system' %}{{ raise_exception('no system role') }}{% endif %}"
    + CHATML
)


def tokenizer(template: str | None):
    """A byte-level BPE tokenizer trained on our own prompts."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    import prompts

    texts = [p.read_text(encoding="utf-8") for p in Path(prompts.__path__[0]).glob("*.*")]
    made = Tokenizer(models.BPE())
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=8000,
        special_tokens=["<|end|>", "<|im_start|>", "<|im_end|>", "[INST]"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    made.train_from_iterator(texts, trainer)
    fast = PreTrainedTokenizerFast(
        tokenizer_object=made, eos_token="<|im_end|>", model_max_length=8192
    )
    fast.chat_template = template
    return fast


def save(folder: Path, architecture: str, template: str | None, window: int = 8192) -> Path:
    """Save a tiny `qwen3` or `llama` with random weights, and return its folder."""
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM, Qwen3Config, Qwen3ForCausalLM

    kinds = {"qwen3": (Qwen3Config, Qwen3ForCausalLM), "llama": (LlamaConfig, LlamaForCausalLM)}
    config, model = kinds[architecture]
    words = tokenizer(template)
    torch.manual_seed(7)
    shape = config(
        vocab_size=len(words) + 24,  # embeddings padded beyond the tokenizer, as real ones are
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=1,
        head_dim=16,
        max_position_embeddings=window,
        bos_token_id=None,
        eos_token_id=words.eos_token_id,
        initializer_range=0.3,
    )
    model(shape).save_pretrained(folder)
    words.save_pretrained(folder)
    return folder
