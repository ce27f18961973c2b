"""What agents read that does not come from the model file or the table of operations."""

from __future__ import annotations

INSTRUCTIONS = (
    "Sorts customers of {name} into segments. Call describe_segments first to learn the columns and what the "
    "segments mean, then predict_segment with what is known about a customer, or predict_batch for many; "
    "explain_segment gives the reasons. Nothing that is sent is stored."
)
CONTRACT_RESOURCE = (
    "Contract of the model",
    "Everything the model file says about itself: columns, segments, thresholds, evaluation, known answers.",
)
SEGMENTS_RESOURCE = (
    "Segments",
    "The segments with profile, share, tier and suggested action, as in describe_segments.",
)
MODEL_CARD_RESOURCE = (
    "Model card",
    "What the model is for, how it was made and how well it does, in Markdown.",
)
CARD_RESOURCE = ("Prediction as a card", "Shows an answer of predict_segment in clients with MCP Apps.")
PROMPT_TITLE = "Advise on a customer"
PROMPT_ABOUT = "From what is known about a customer to their segment, the reasons, and what to do."
PROMPT_CUSTOMER = "What is known about the customer, in any words."
PROMPT = (
    "This is known about a customer:\n\n{known}\n\nTake from it the values of these columns: {columns}. "
    "Leave out what is not known; guess nothing. Call predict_segment with them, then explain_segment. Name "
    "the segment, its probability, the two strongest reasons and the suggested action. If 'enough' is false, "
    "name the likely segments instead and say which missing value would help most. If 'novelty' is above 1, "
    "say that the customer is unlike those in training."
)
OTHER_ORIGIN = (
    "A web page that calls the tools must be of an origin in MCP_ALLOWED_ORIGINS, but this one is of {seen}; "
    "add it where the app is started, or call from a program."
)
ONE_MESSAGE = "The body must be one JSON-RPC request, an object with a method, but it is not."
MESSAGE_ID = "The id of a request must be text or a whole number, but it is not."
NO_META = "params._meta must have the keys of revision 2026-07-28, but these are missing: {missing}."
OTHER_HEADER = "The header {header} must be given once and agree with the body, but it does not."
OTHER_VERSION = "The revision of the protocol must be {known}, or one with a handshake; see supported."
NO_METHOD = "There is no method {seen} in revision 2026-07-28 here; server/discover says what there is."
NO_TEXT_PARAMETER = "params.{name} must be text, but it is missing or something else."
NO_ARGUMENTS = "params.arguments must be an object, with texts only for a prompt, but it is not."

# Discovery

TITLE = "Customer segments"
ABOUT = "Sorts a shop's customers into segments, with reasons and a suggested action."
LLMS = """\
# Customer segments: {name}

> Sorts customers into {segments} segments from what is known about them, says how certain that is and why, \
and scores files. Unknown values are left out. A prediction stores nothing.

## API

- [How to call it]({base}/agents.md): operations, columns and what the answers mean
- [OpenAPI document]({base}/v1/openapi.json): every operation of the REST API with its schemas
- [The model]({base}/v1/model): segments with profile, share and action; columns with units and valid values
"""
LLMS_MCP = """
## MCP

- [Tools]({address}): streamable HTTP
- [Server card]({card}): protocol revisions and address
"""
AGENTS = """\
# Customer segments: {name}

Predicts which segment a customer belongs to. Leave out what is not known, or send null; never guess a value.
If `enough` is false in an answer, what is known does not show one segment: use the ranked `probabilities`. If
`novelty` is above 1, the customer is unlike those in training: say so.

    curl {base}/v1/predict --json '{{}}'

## Operations

{table}
`{base}/v1/openapi.json` has the schemas. Send many customers in one batch or file, not in many calls.
Errors are `application/problem+json` with a message per field. 429 and 503 say in `Retry-After` when to call
again.
"""
AGENTS_COLUMNS = """
## Columns

{columns}"""
AGENTS_MCP = """
## MCP

Streamable HTTP at `{address}`, revisions {versions}. Tools: {tools}.
"""
