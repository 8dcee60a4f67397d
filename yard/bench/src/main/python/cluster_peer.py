"""What Dask and Celery do with three worker processes on this machine, as the first argument says."""

import atexit
import shutil
import socket
import subprocess
import sys
import tempfile
import time

import peer

WORKERS = 3
PATIENCE = 30


def plus_one(number):
    return number + 1


class Dask:
    """dask.distributed, a scheduler and worker processes with a thread each."""

    def __init__(self):
        from distributed import Client, LocalCluster

        self.cluster = LocalCluster(
            n_workers=WORKERS, threads_per_worker=1, processes=True, dashboard_address=None, host="127.0.0.1")
        self.client = Client(self.cluster)
        atexit.register(self.close)

    def all_of(self, bodies):
        futures = [self.client.submit(plus_one, i, pure=False) for i in range(bodies)]
        return self.client.gather(futures)

    def close(self):
        self.client.close()
        self.cluster.close()


class Celery:
    """Celery over Redis, worker processes with a process each."""

    def __init__(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.directory = tempfile.mkdtemp()
        self.children = [subprocess.Popen(
            ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", self.directory],
            stdout=subprocess.DEVNULL)]
        atexit.register(self.close)
        url = f"redis://127.0.0.1:{port}/0"
        for i in range(WORKERS):
            self.children.append(subprocess.Popen(
                [sys.executable, "-B", __file__, "celery-worker", url, f"worker{i}"], stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL))
        self.task = celery_task(url)
        give_up = time.monotonic() + PATIENCE
        while True:
            try:
                if len(self.task.app.control.ping(timeout=1)) == WORKERS:
                    return
            except OSError:
                pass  # Redis is not there yet
            if time.monotonic() > give_up:
                raise RuntimeError("the workers of Celery have not come")
            time.sleep(0.1)

    def all_of(self, bodies):
        results = [self.task.delay(i) for i in range(bodies)]
        return [result.get() for result in results]

    def close(self):
        for child in reversed(self.children):
            child.terminate()
            child.wait()
        shutil.rmtree(self.directory, ignore_errors=True)


def celery_task(url):
    import celery

    app = celery.Celery("bench", broker=url, backend=url)
    app.conf.update(task_ignore_result=False, worker_prefetch_multiplier=16)
    return app.task(plus_one, name="plus_one")


def work_for_celery(url, name):
    celery_task(url).app.worker_main(["worker", "--concurrency=1", f"--hostname={name}", "--loglevel=ERROR"])


clusters = []


def tiny(bodies):
    if not clusters:
        clusters.append({"dask": Dask, "celery": Celery}[sys.argv[1]]())
    start = time.perf_counter()
    results = clusters[0].all_of(bodies)
    taken = time.perf_counter() - start
    assert results == list(range(1, bodies + 1))
    return (taken * peer.NANOS / bodies,)


if __name__ == "__main__":
    if sys.argv[1] == "celery-worker":
        work_for_celery(*sys.argv[2:])
    else:
        peer.serve(globals().__getitem__)
