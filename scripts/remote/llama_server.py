"""llama-server in this process, by the wheel xllamacpp: serves one model until standard input ends.

    python llama_server.py MODEL [--port N] [--parallel N] [--context N] [--lora FILE] [--key KEY]

Prints the port on a line of its own as soon as it listens.
"""
import argparse
import os
import pathlib
import socket
import sys

import xllamacpp

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("model", type=pathlib.Path)
parser.add_argument("--port", type=int, default=0)
parser.add_argument("--parallel", type=int, default=4)
parser.add_argument("--context", type=int, default=512, help="of one sequence")
parser.add_argument("--lora")
parser.add_argument("--key")
parser.add_argument("--threads", type=int, default=1)
arguments = parser.parse_args()

port = arguments.port
if not port:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

parameters = xllamacpp.CommonParams()
parameters.model.path = str(arguments.model)
parameters.model_alias = {arguments.model.stem}
parameters.port = port
parameters.hostnames = ["127.0.0.1"]
parameters.n_parallel = arguments.parallel
parameters.n_ctx = arguments.context * arguments.parallel
parameters.cpuparams.n_threads = arguments.threads
parameters.cpuparams_batch.n_threads = arguments.threads
parameters.endpoint_metrics = True
parameters.endpoint_slots = True
parameters.use_jinja = True
if arguments.key:
    parameters.api_keys = [arguments.key]
if arguments.lora:
    adapter = xllamacpp.CommonAdapterLoraInfo()
    adapter.path, adapter.scale = arguments.lora, 0.0
    parameters.lora_adapters = [adapter]

server = xllamacpp.Server(parameters)
print(port, flush=True)
sys.stdin.read()
os._exit(0)  # its destructor may wait for a client
