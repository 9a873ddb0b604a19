"""The process of the demonstration model: llama.cpp's OpenAI-compatible server, on a port that it picks and prints.

    python -m local.demo_model_process FOLDER GGUF NAME THREADS VERBOSITY

FOLDER holds the `xllamacpp` package. The key that requests have to carry comes in the environment, as MODEL_KEY. Ends
when its standard input does, so it cannot outlive the process that started it.
"""

import importlib
import os
import sys

_CONTEXT_TOKENS = 8192  # what SmolLM2 was trained for; shared by the slots
_SLOTS = 2


def main() -> None:
    """Serve until standard input ends."""
    folder, gguf, name, threads, verbosity = sys.argv[1:]
    sys.path.insert(0, folder)
    port_report = os.dup(1)
    os.dup2(2, 1)  # llama.cpp may print what it likes: the pipe is for the port alone

    xllamacpp = importlib.import_module("xllamacpp")  # can be found only now
    parameters = xllamacpp.CommonParams()
    parameters.model.path = gguf
    parameters.model_alias = {name}
    parameters.hostnames = ["127.0.0.1"]
    parameters.port = 0
    parameters.api_keys = [os.environ["MODEL_KEY"]]
    parameters.n_ctx = _CONTEXT_TOKENS
    parameters.n_parallel = _SLOTS
    parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = int(threads)
    parameters.sampling.temp = 0.2  # what the model's card advises
    parameters.sampling.top_p = 0.9
    parameters.sampling.penalty_repeat = 1.1  # it is small enough to go round in circles
    parameters.ui = False
    parameters.verbosity = int(verbosity)
    server = xllamacpp.Server(parameters)
    os.write(port_report, f"{server.listening_address.rpartition(':')[2]}\n".encode())
    os.close(port_report)
    sys.stdin.buffer.read()
    os._exit(0)  # its threads need no farewell


if __name__ == "__main__":
    main()
