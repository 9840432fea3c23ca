"""A service of fakes in a process of its own, to be killed: `desk_process.py HOME PORT`."""

import sys
from pathlib import Path

import uvicorn

from bot import trial
from bot.running.warmup import Warmup
from bot.service.app import create

if __name__ == "__main__":
    concierge = trial.build(Path(sys.argv[1]))
    application = create(Warmup.done(concierge))
    uvicorn.run(application, host="127.0.0.1", port=int(sys.argv[2]), log_level="warning")
