"""The machine that the benchmark runs on."""

import os
import platform
from pathlib import Path

import psutil

CPU_INFO = Path("/proc/cpuinfo")


def describe_machine() -> str:
    """One line about the hardware, the system, and how busy it is now."""
    lines = CPU_INFO.read_text().splitlines() if CPU_INFO.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    name = names[0] if names else platform.processor() or platform.machine()
    memory = psutil.virtual_memory().total / 1e9
    system = f"{platform.system()}, Python {platform.python_version()}"
    load = f"load before the start {os.getloadavg()[0]:.1f}"
    return f"{os.cpu_count()} × {name}, {memory:.0f} GB, {system}; {load}"
