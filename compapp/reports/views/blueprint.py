"""The blueprint of figures and of the record."""

from flask import Blueprint

bp = Blueprint("reports", __name__)
