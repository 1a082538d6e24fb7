"""The blueprint of the room; every module of views adds its pages to it."""

from flask import Blueprint

bp = Blueprint("incubation", __name__)
