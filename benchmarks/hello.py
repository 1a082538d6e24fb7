"""The floor: the barest page under the same server."""

from flask import Flask

app = Flask(__name__)


@app.get("/")
def hello() -> str:
    """Answer with two words."""
    return "hello world"
