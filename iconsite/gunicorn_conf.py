"""Settings of the web server, for `gunicorn -c python:iconsite.gunicorn_conf iconsite.wsgi`."""

import ctypes
import os

from iconsite.patient_worker import MOST_OF_ONE_ADDRESS, PatientWorker

bind = os.environ.get("BIND", "127.0.0.1:8000")
workers = int(os.environ.get("WEB_PROCESSES", "1"))  # each holds the network, in some 700 MB
# One thread is done with one of TensorFlow's operations on a small picture before several have shared it out, and
# takes two thirds of the processor's time. Several searches at once still have several threads.
os.environ.setdefault("TF_NUM_INTRAOP_THREADS", "1")
worker_class = "iconsite.patient_worker.PatientWorker"
PatientWorker.answering_threads = int(os.environ.get("WEB_THREADS", "4"))  # of each process
threads = MOST_OF_ONE_ADDRESS + 100  # that read requests; they are started as they are needed
# Programs on this machine, such as a proxy that passes on what strangers send, must not say that the site is elsewhere
# (SCRIPT_NAME, PATH_INFO), or that a request is secure: settings.SECURE_PROXY_SSL_HEADER sees to that.
forwarder_headers = ""
secure_scheme_headers: dict[str, str] = {}
control_socket_disable = True  # all sites of a user would share it; `make run` starts and stops the server
timeout = 60  # seconds after which a process that does not answer is killed
# A process that waited for a disk would be taken for dead.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None


M_ARENA_MAX, ARENAS = -8, 4  # the option of mallopt, as malloc.h of glibc has it, and areas of memory: fewer take time


def post_fork(server: object, worker: object) -> None:
    """Have all threads of the worker share their memory: each of its own would keep what its largest search took."""
    libc = ctypes.CDLL(None)
    if hasattr(libc, "gnu_get_libc_version"):
        libc.mallopt(M_ARENA_MAX, ARENAS)


def post_worker_init(worker: object) -> None:
    """Begin to load what searches need; only now can it be imported, since it needs the settings."""
    from iconsite import warm_up

    warm_up.begin()
