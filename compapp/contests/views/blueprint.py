"""The blueprint of contests."""

from flask import Blueprint

bp = Blueprint("contests", __name__)
