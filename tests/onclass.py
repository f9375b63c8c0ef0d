"""A class's server as a process that can be killed and started again, and phones that keep what is not taken yet."""

import json
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request


class ClassServer:
    """`abm lesson NAME --class` on a port of its own."""

    def __init__(self, lesson, store):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.lesson, self.store, self.key = lesson, store, ""
        self.url = f"http://127.0.0.1:{self.port}"
        self.process = None

    def start(self):
        words = ["lesson", self.lesson, "--class", "--store", str(self.store), "--port", str(self.port), "--no-browser"]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "abm", *words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            start_new_session=True,
        )  # fmt: skip
        for line in self.process.stdout:
            if found := re.search(r"/teacher\?key=(\S+)", line):
                self.key = found[1]
                break
        threading.Thread(target=self.process.stdout.read, daemon=True).start()  # a full pipe would stop the server
        for _ in range(240):
            try:
                urllib.request.urlopen(f"{self.url}/readyz", timeout=2).read()
                return self
            except OSError:
                assert self.process.poll() is None, "the server stopped"
                time.sleep(0.25)
        raise AssertionError("the server did not come up")

    def kill(self):
        """Without a chance to put anything in order."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(timeout=30)

    def stop(self):
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            self.process.wait(timeout=30)

    def ask(self, path, content=None):
        """Status and answer of the class; 0 where nobody answers."""
        data = None if content is None else json.dumps(content).encode()
        request = urllib.request.Request(f"{self.url}/class/api/{path}", data, {"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, json.loads(answer.read())
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read() or b"{}")
        except (OSError, ValueError):
            return 0, {}


class Phone(threading.Thread):
    """A student's phone: joins, predicts and moves a lever, and sends each again until it is taken or refused."""

    def __init__(self, server, name, group, value, moves=(), pause=0.0):
        super().__init__(daemon=True)
        self.server, self.name_, self.group, self.value, self.moves, self.pause = (
            server,
            name,
            group,
            value,
            moves,
            pause,
        )
        self.token, self.taken, self.refused, self.tries = secrets.token_hex(16), [], [], 0

    def run(self):
        time.sleep(self.pause)
        self.send("join", {"name": self.name_, "group": self.group})
        number = self.round()
        for lever, level in self.moves:
            self.send("move", {"round": number, "lever": lever, "level": level})
        self.send("predict", {"round": number, "value": self.value})

    def round(self):
        while True:
            status, state = self.server.ask(f"state?token={self.token}")
            if status == 200 and state["stage"] == "open":
                return state["round"]
            time.sleep(0.1)

    def send(self, path, content):
        while True:
            self.tries += 1
            status, answer = self.server.ask(path, {**content, "token": self.token})
            if status == 200:
                self.taken.append((path, content))
                return
            if status not in (0, 503):
                self.refused.append((status, answer))
                return
            time.sleep(0.1)
